#include "tls_settings.hpp"

#include <openssl/err.h>

#include <array>
#include <filesystem>

#include "tls_core.hpp"

namespace vajrapulse::runtime::tls {
namespace {

int no_passphrase(char*, int, int, void*) { return 0; }  // OpenSSL's own would ask on the terminal

std::unexpected<Error> cannot_use(std::string_view what, const std::string& file, std::string cure) {
  return fail(kUsage, "cannot use '" + file + "' as " + std::string(what) + ": " + take_error_text(), std::move(cure));
}

}  // namespace

void set_common(SSL_CTX* context, TlsVersion highest) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, highest == TlsVersion::tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
}

Status use_certificate(SSL_CTX* context, const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return cannot_use("a certificate", certificate_file, "give a file that can be read, in PEM form");
  }
  const std::string& key = key_file.empty() ? certificate_file : key_file;
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return cannot_use("the certificate's key", key, "give the matching key, in PEM form, without a passphrase");
  }
  return {};
}

Status trust_file(SSL_CTX* context, const std::string& ca_file) {
  ERR_clear_error();
  if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
    return cannot_use("certificates to trust", ca_file, "give a file that can be read, in PEM form");
  }
  return {};
}

void trust_system(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);  // also what SSL_CERT_FILE and SSL_CERT_DIR name
  std::error_code ignored;
  if (std::filesystem::exists(X509_get_default_cert_dir(), ignored)) return;
  // Linked statically, OpenSSL looks where Debian keeps them; others keep one file.
  constexpr std::array kBundles{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
  for (const char* bundle : kBundles) {
    if (std::filesystem::exists(bundle, ignored) && SSL_CTX_load_verify_file(context, bundle) == 1) return;
  }
}

std::string alpn_wire(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const auto& protocol : protocols)
    wire += char(protocol.size()) + protocol;
  return wire;
}

int note_refusal(int accepted, X509_STORE_CTX* verification) {
  if (accepted == 1) return 1;
  const void* ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
  Core& core = Core::of(static_cast<const SSL*>(ssl));
  core.refuse(refused_certificate(verification, core.host()));
  return 0;
}

}  // namespace vajrapulse::runtime::tls
