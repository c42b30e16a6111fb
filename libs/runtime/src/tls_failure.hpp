#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tls_openssl.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime::tls {

struct Failure {
  ErrorKind kind;
  std::string text;
};

/// Why OpenSSL's verification stopped at a certificate; `host` is what was asked for.
Failure refused_certificate(X509_STORE_CTX* verification, std::string_view host);

/// What OpenSSL's error queue says of a broken session; empties the queue.
Failure broken_session();

/// When the first bytes a peer sends are no TLS record (RFC 8446, section 5.1): what they are instead.
std::optional<Failure> not_tls(Bytes first);

}  // namespace vajrapulse::runtime::tls
