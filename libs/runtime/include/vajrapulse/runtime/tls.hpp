#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime {

enum class TlsVerify { peer, nothing };
enum class TlsVersion { tls12, tls13 };

struct TlsClientSettings {
  TlsVerify verify = TlsVerify::peer;
  std::string ca_file;           ///< PEM; empty: the system's store
  std::string certificate_file;  ///< PEM chain shown when the server asks for one
  std::string key_file;          ///< empty: in the certificate's file
  std::vector<std::string> alpn = {"http/1.1"};
  TlsVersion highest = TlsVersion::tls13;  ///< 1.2 is the lowest, always
};

struct TlsServerSettings {
  std::string certificate_file;  ///< empty: a self-signed one for localhost is made at start
  std::string key_file;          ///< empty: in the certificate's file
  std::vector<std::string> alpn = {"http/1.1"};
  TlsVersion highest = TlsVersion::tls13;
  /// PEM; when given, clients must show a certificate that it signed.
  std::string request_client_certificate_ca;
};

struct TlsFacts {
  std::string version;  ///< "TLSv1.3"
  std::string cipher;
  std::string alpn;
  bool resumed = false;
};

/// A stream with a TLS session (1.2 or 1.3, OpenSSL) over another stream of any kind.
///
/// A receive that ends because the peer closed without close_notify (RFC 8446, section 6.1) ends with
/// `tls-truncated`; after close_notify with an empty, ok result. May be destroyed at once after
/// `shutdown_send`: what is still being sent then has a second to leave.
class TlsStream : public Stream {
 public:
  /// Completes once the handshake has ended; the kind says what failed (wrong name, expired, untrusted …).
  virtual Co<IoResult> handshake() = 0;
  [[nodiscard]] virtual const TlsFacts& facts() const = 0;
  /// What failed, in words: why the peer's certificate was refused, which alert came; empty otherwise.
  [[nodiscard]] virtual std::string_view failure() const = 0;
};

/// One per shard and set of settings: trust store, client certificate, and the sessions to resume by host
/// and port. Streams may outlive it.
class TlsContext {
 public:
  /// Fails with `usage` when a file cannot be read or holds something else.
  static Expected<std::unique_ptr<TlsContext>> client(const TlsClientSettings& settings);
  static Expected<std::unique_ptr<TlsContext>> server(const TlsServerSettings& settings);
  virtual ~TlsContext() = default;

  /// Client side: SNI and verification use `host`. Nothing is sent before `handshake()`.
  virtual std::unique_ptr<TlsStream> wrap(Reactor& reactor, std::unique_ptr<Stream> transport,
                                          std::string_view host) = 0;
  /// Server side.
  virtual std::unique_ptr<TlsStream> accept(Reactor& reactor, std::unique_ptr<Stream> transport) = 0;
  /// The certificate shown to peers, PEM; empty when there is none.
  [[nodiscard]] virtual std::string certificate_pem() const = 0;
};

}  // namespace vajrapulse::runtime
