#include "tls_certificate.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>

namespace vajrapulse::runtime::tls {
namespace {

bool set_random_serial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

bool set_name(X509_NAME* name, const std::string& common_name) {
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1;
}

bool add_extension(X509* certificate, int nid, const std::string& value) {
  if (value.empty()) return true;
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateSpec& spec) {
  X509* issuer = spec.issuer ? spec.issuer->certificate.get() : certificate;
  return X509_set_version(certificate, X509_VERSION_3) && set_random_serial(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), spec.begins_s) &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), spec.ends_s) && X509_set_pubkey(certificate, key) &&
         set_name(X509_get_subject_name(certificate), spec.common_name) &&
         X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) &&
         add_extension(certificate, NID_basic_constraints, spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
         add_extension(certificate, NID_subject_alt_name, spec.alternative_names);
}

std::string written(Bio memory, int ok) { return ok == 1 ? text_of(memory.get()) : std::string(); }

}  // namespace

KeyedCertificate make_certificate(const CertificateSpec& spec) {
  KeyedCertificate made{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  if (!made.certificate || !made.key || !fill(made.certificate.get(), made.key.get(), spec)) return {};
  EVP_PKEY* signer = spec.issuer ? spec.issuer->key.get() : made.key.get();
  if (X509_sign(made.certificate.get(), signer, EVP_sha256()) == 0) return {};
  return made;
}

std::string pem(X509* certificate) {
  Bio memory(BIO_new(BIO_s_mem()));
  const int ok = PEM_write_bio_X509(memory.get(), certificate);
  return written(std::move(memory), ok);
}

std::string pem(EVP_PKEY* key) {
  Bio memory(BIO_new(BIO_s_mem()));
  const int ok = PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return written(std::move(memory), ok);
}

}  // namespace vajrapulse::runtime::tls
