#include "certificates.hpp"

#include <stdlib.h>

#include <fstream>

#include "tls_certificate.hpp"

namespace vajrapulse::faults {
namespace {

using runtime::tls::CertificateSpec;
using runtime::tls::KeyedCertificate;
using runtime::tls::make_certificate;
using runtime::tls::pem;

constexpr const char* kHere = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr long kDay = 86'400;

void write(const std::string& path, const CertificateSpec& spec) {
  const KeyedCertificate made = make_certificate(spec);
  std::ofstream(path) << pem(made.certificate.get()) << pem(made.key.get());
}

}  // namespace

Certificates::Certificates() {
  std::string pattern = (std::filesystem::temp_directory_path() / "vp-faults-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  const KeyedCertificate ca = make_certificate({.common_name = "Fault Authority", .authority = true});
  std::ofstream(authority()) << pem(ca.certificate.get());
  write(good(), {.common_name = "good", .alternative_names = kHere, .issuer = &ca});
  write(wrong_name(), {.common_name = "wrong", .alternative_names = "DNS:other.example", .issuer = &ca});
  write(expired(),
        {.common_name = "expired", .alternative_names = kHere, .begins_s = -2 * kDay, .ends_s = -kDay, .issuer = &ca});
  write(self_signed(), {.common_name = "self", .alternative_names = kHere});
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace vajrapulse::faults
