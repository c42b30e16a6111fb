#pragma once

#include <string>
#include <vector>

#include "tls_openssl.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::runtime::tls {

// What client and server contexts have in common.

/// TLS 1.2 to `highest`, no renegotiation, buffers given back while idle.
void set_common(SSL_CTX* context, TlsVersion highest);
/// A certificate chain and its key, PEM; `what` names them in messages.
Status use_certificate(SSL_CTX* context, const std::string& certificate_file, const std::string& key_file);
/// The certificates to trust, PEM, in place of any other.
Status trust_file(SSL_CTX* context, const std::string& ca_file);
/// The system's trust store, wherever this distribution keeps it.
void trust_system(SSL_CTX* context);
/// Protocol names as ALPN sends them (RFC 7301, section 3.1): each after its length.
std::string alpn_wire(const std::vector<std::string>& protocols);
/// Tells the stream's Core why a certificate is refused; for SSL_CTX_set_verify.
int note_refusal(int accepted, X509_STORE_CTX* verification);

}  // namespace vajrapulse::runtime::tls
