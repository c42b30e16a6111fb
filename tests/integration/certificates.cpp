#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cctype>
#include <cstdio>
#include <memory>

namespace vajrapulse::integration {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string text_of(const ASN1_TIME* time) {
  char text[64] = {};
  BIO* const memory = BIO_new(BIO_s_mem());
  ASN1_TIME_print(memory, time);
  BIO_read(memory, text, sizeof text - 1);
  BIO_free(memory);
  return text;
}

}  // namespace

Certificate make_certificate(const std::filesystem::path& folder, const std::string& name, Validity validity) {
  constexpr long kDay = 24L * 60 * 60;
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), validity == Validity::now ? kDay : -kDay);
  X509_set_pubkey(certificate, key);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, bytes, -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  const bool numeric = std::isdigit(static_cast<unsigned char>(name.front())) != 0;
  add_extension(certificate, NID_subject_alt_name, (numeric ? "IP:" : "DNS:") + name);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate, key, EVP_sha256());
  const Certificate files{folder / (name + ".pem"), folder / (name + ".key"), text_of(X509_get0_notAfter(certificate))};
  const File certificate_file(std::fopen(files.certificate_file.c_str(), "w"));
  const File key_file(std::fopen(files.key_file.c_str(), "w"));
  PEM_write_X509(certificate_file.get(), certificate);
  PEM_write_PrivateKey(key_file.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace vajrapulse::integration
