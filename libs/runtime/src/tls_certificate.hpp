#pragma once

#include <string>

#include "tls_openssl.hpp"

namespace vajrapulse::runtime::tls {

struct KeyedCertificate {
  Certificate certificate;
  Key key;
};

struct CertificateSpec {
  std::string common_name;
  std::string alternative_names;  ///< as OpenSSL writes them: "DNS:localhost,IP:::1"; empty: none
  long begins_s = -86'400;        ///< from now; a day back, for clocks that are not quite right
  long ends_s = 365L * 86'400;
  bool authority = false;                    ///< may sign others
  const KeyedCertificate* issuer = nullptr;  ///< null: self-signed
};

/// A new EC P-256 key and its certificate; empty members when OpenSSL fails.
KeyedCertificate make_certificate(const CertificateSpec& spec);

std::string pem(X509* certificate);
std::string pem(EVP_PKEY* key);

}  // namespace vajrapulse::runtime::tls
