#include "tls_failure.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace vajrapulse::runtime::tls {
namespace {

std::string text_of_time(const ASN1_TIME* time) {
  const Bio memory(BIO_new(BIO_s_mem()));
  return ASN1_TIME_print(memory.get(), time) == 1 ? text_of(memory.get()) : "?";
}

std::string text_of_name(const X509_NAME* name) {
  const Bio memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  return text_of(memory.get());
}

std::string text_of_alternatives(const X509* certificate) {
  const int at = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  if (at < 0) return "none but " + text_of_name(X509_get_subject_name(certificate));
  const Bio memory(BIO_new(BIO_s_mem()));
  X509V3_EXT_print(memory.get(), X509_get_ext(certificate, at), 0, 0);
  return text_of(memory.get());
}

ErrorKind kind_of(int verify_error) {
  switch (verify_error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return kTlsWrongName;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return kTlsExpired;
    default: return kTlsUntrusted;
  }
}

std::string detail(int verify_error, const X509* certificate, std::string_view host) {
  switch (verify_error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return ": asked for '" + std::string(host) + "', the certificate names " + text_of_alternatives(certificate);
    case X509_V_ERR_CERT_HAS_EXPIRED: return ": it ended " + text_of_time(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID: return ": it begins " + text_of_time(X509_get0_notBefore(certificate));
    default: return ": issued by " + text_of_name(X509_get_issuer_name(certificate));
  }
}

bool is_alert(unsigned long code) {
  const int reason = ERR_GET_REASON(code);
  return ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + 255;
}

}  // namespace

Failure refused_certificate(X509_STORE_CTX* verification, std::string_view host) {
  const int error = X509_STORE_CTX_get_error(verification);
  const X509* certificate = X509_STORE_CTX_get_current_cert(verification);
  std::string text = X509_verify_cert_error_string(error);
  if (certificate) text += detail(error, certificate, host);
  return {kind_of(error), std::move(text)};
}

Failure broken_session() {
  const unsigned long code = ERR_peek_error();
  if (is_alert(code)) {
    std::string alert = take_error_text();  // "tlsv13 alert certificate required"
    if (const auto at = alert.find("alert "); at != std::string::npos) alert.erase(0, at + 6);
    return {kTlsHandshake, "the peer refused with the alert '" + alert + "'"};
  }
  return {kTlsHandshake, take_error_text()};
}

std::optional<Failure> not_tls(Bytes first) {
  const auto byte = [&](std::size_t i) { return std::to_integer<int>(first[i]); };
  constexpr int kFirstType = 20;  // change_cipher_spec
  constexpr int kLastType = 24;   // heartbeat
  constexpr int kMajorVersion = 3;
  const bool type_fits = first.empty() || (byte(0) >= kFirstType && byte(0) <= kLastType);
  const bool version_fits = first.size() < 2 || byte(1) == kMajorVersion;
  if (type_fits && version_fits) return std::nullopt;
  std::string head;
  for (std::size_t i = 0; i < std::min<std::size_t>(first.size(), 40) && byte(i) >= ' ' && byte(i) < 127; ++i) {
    head += char(byte(i));
  }
  return Failure{kTlsNotTls, head.empty() ? "the peer speaks something that is not TLS"
                                          : "the peer speaks no TLS but plain text: '" + head + "'"};
}

}  // namespace vajrapulse::runtime::tls
