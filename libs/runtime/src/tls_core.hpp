#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tls_failure.hpp"
#include "tls_openssl.hpp"
#include "tls_sessions.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::runtime::tls {

enum class Side { client, server };

struct CoreSettings {
  Side side;
  std::string host;                    ///< for messages; client only
  std::string session_key;             ///< client only
  std::shared_ptr<Sessions> sessions;  ///< client only
};

class HandshakeOp : public Operation {
 public:
  IoResult result;
};

/// A TLS session over a transport: OpenSSL between two directions of bytes, driven by operations.
///
/// OpenSSL reads straight from what the transport received and writes into `outbound_`; it never waits.
/// Separate from the TlsStream so that it can outlive it while the last bytes leave (`abandon`).
class Core {
 public:
  Core(Reactor& reactor, Ssl ssl, std::unique_ptr<Stream> transport, CoreSettings settings);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// Frees `core` now, or as soon as its transport has let go of it.
  static void abandon(Core* core);

  bool start_handshake(HandshakeOp& op);
  bool start_receive(ReceiveOp& op);
  bool start_send(SendOp& op);
  void shutdown_send();
  void abort(ErrorKind why);
  bool idle_ok();

  [[nodiscard]] const Address& peer() const { return transport_->peer(); }
  [[nodiscard]] const TlsFacts& facts() const noexcept { return facts_; }
  [[nodiscard]] std::string_view failure() const noexcept { return failure_; }

  // For OpenSSL's callbacks:
  static Core& of(const SSL* ssl) { return *static_cast<Core*>(SSL_get_app_data(ssl)); }
  int read_inbound(char* to, int size);
  int write_outbound(const char* from, int size);
  void keep_session(Session session);
  void refuse(Failure failure) { refusal_ = std::move(failure); }
  [[nodiscard]] std::string_view host() const noexcept { return settings_.host; }

 private:
  struct TransportReceive : ReceiveOp {
    Core* core = nullptr;
  };
  struct TransportSend : SendOp {
    Core* core = nullptr;
  };
  struct LingerTimer : Timer {
    explicit LingerTimer(Core& c)
        : Timer([](Timer& timer) { static_cast<LingerTimer&>(timer).core.transport_->abort(kTimeout); }), core(c) {}
    Core& core;
  };
  ~Core();

  bool advance_handshake();
  void end_handshake();
  bool advance_receive();
  std::size_t read_plain();
  bool fetch();
  void take_fetched();
  void on_fetched();
  bool holds_plain();
  void end(IoResult how, std::string text = {});
  void end_broken();

  bool advance_send();
  bool prepare_outbound();
  void encrypt_some();
  [[nodiscard]] Bytes next_piece();
  void consume(std::size_t sent);
  [[nodiscard]] bool has_unencrypted() const;
  void on_sent();
  void free_if_let_go();

  Reactor& reactor_;
  std::unique_ptr<Stream> transport_;
  CoreSettings settings_;
  Ssl ssl_;
  TlsFacts facts_;
  std::string failure_;
  std::optional<Failure> refusal_;  ///< why the certificate was refused, told by the verification

  // What callers wait for; null: nobody.
  HandshakeOp* handshake_ = nullptr;
  ReceiveOp* receive_ = nullptr;
  SendOp* send_ = nullptr;

  bool established_ = false;
  bool heard_ = false;  ///< the peer's first bytes were looked at
  bool abandoned_ = false;
  ErrorKind aborted_;

  // In: from the transport to OpenSSL to `plain_`.
  TransportReceive fetching_op_;
  bool fetching_ = false;
  Bytes inbound_;                  ///< the transport's; read by OpenSSL before the next fetch
  std::optional<IoResult> ended_;  ///< how receiving ended
  std::unique_ptr<std::byte[]> plain_;
  std::size_t plain_capacity_ = 0;

  // Out: from the caller to OpenSSL to `outbound_`, and from `leaving_` to the transport.
  TransportSend sending_op_;
  bool sending_ = false;
  std::array<Bytes, 2> unencrypted_{};
  std::vector<std::byte> gathered_;
  std::vector<std::byte> outbound_;
  std::vector<std::byte> leaving_;
  IoResult send_failure_;
  bool shutdown_wanted_ = false;
  bool close_notify_made_ = false;
  bool transport_shut_ = false;
  LingerTimer linger_{*this};
};

/// The BIO through which OpenSSL reads and writes a Core.
BIO* new_core_bio(Core& core);

}  // namespace vajrapulse::runtime::tls
