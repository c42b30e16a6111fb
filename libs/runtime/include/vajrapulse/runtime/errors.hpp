#pragma once

#include <string>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/operation.hpp"

namespace vajrapulse::runtime {

// The kinds of failure the network can produce; the `kind` tag of vajrapulse.client.error.count.
inline constexpr ErrorKind kConnectionRefused{"connection-refused"};
inline constexpr ErrorKind kUnreachable{"unreachable"};
inline constexpr ErrorKind kDnsFailure{"dns-failure"};
inline constexpr ErrorKind kConnectTimeout{"connect-timeout"};
inline constexpr ErrorKind kConnectionReset{"connection-reset"};
inline constexpr ErrorKind kConnectionClosed{"connection-closed"};  ///< end of stream where more was due
inline constexpr ErrorKind kNoDescriptors{"no-file-descriptors"};   ///< EMFILE, ENFILE: ours, not the target's
inline constexpr ErrorKind kNoPorts{"no-local-ports"};              ///< EADDRNOTAVAIL: ours, not the target's
inline constexpr ErrorKind kTlsHandshake{"tls-handshake"};
inline constexpr ErrorKind kTlsWrongName{"tls-wrong-name"};
inline constexpr ErrorKind kTlsExpired{"tls-expired"};
inline constexpr ErrorKind kTlsUntrusted{"tls-untrusted"};  ///< self-signed or unknown issuer
inline constexpr ErrorKind kTlsNotTls{"tls-not-tls"};       ///< the peer answered in plain text
inline constexpr ErrorKind kTlsTruncated{"tls-truncated"};  ///< the peer closed without close_notify
inline constexpr ErrorKind kIo{"io"};                       ///< any other errno

/// The kind that an errno of connect, send or receive means.
[[nodiscard]] IoResult from_errno(int error) noexcept;

/// One sentence a person can act on: "connection refused: nothing listens there". No allocation of its own.
[[nodiscard]] std::string describe(IoResult result);

}  // namespace vajrapulse::runtime
