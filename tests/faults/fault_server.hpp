#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "certificates.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::faults {

enum class Fault {
  none,
  // Before there is a connection: the test arranges these, no server takes part.
  refused,
  unreachable,
  unknown_name,
  connect_timeout,
  no_descriptors,
  no_ports,
  // What a server does.
  reset_before_head,
  reset_in_head,
  reset_in_body,
  closed_before_head,
  closed_in_head,
  never_answers,
  half_open,
  stops_in_body,
  one_byte_a_second,
  truncated_body,
  truncated_chunks,
  oversized_head,
  garbage,
  binary_garbage,
  bad_chunk,
  bad_content_length,
  contradicting_content_lengths,
  tls_none,  ///< TLS as it should be
  tls_wrong_name,
  tls_expired,
  tls_self_signed,
  tls_plain_text,
  tls_closed_in_handshake,
  tls_reset_in_handshake,
  tls_truncated,
};

/// How a server is to behave, from the first connection on.
struct Script {
  Fault fault = Fault::none;
  /// Every n-th connection misbehaves, the first of them the first; the others answer 200 with "hello".
  std::uint64_t every = 1;
  /// What it waits between the bytes of a slow answer.
  Duration pace = std::chrono::seconds(1);
  /// What it gives the network to carry what was said before it resets.
  Duration patience = std::chrono::milliseconds(20);
};

/// What a server saw, by its own count.
struct Counts {
  std::uint64_t connections = 0;
  std::uint64_t faults = 0;    ///< connections that were to misbehave
  std::uint64_t requests = 0;  ///< heads read to their end
  std::uint64_t tls_handshakes = 0;
  std::uint64_t tls_resumed = 0;
  std::uint64_t close_notify = 0;  ///< TLS connections that the peer ended in due form

  Counts& operator+=(const Counts& other) noexcept;
};

class FaultServer;

/// One connection, as a fault sees it.
struct Session {
  FaultServer& server;
  runtime::Reactor& reactor;
  runtime::Stream& stream;  ///< with TLS where the fault has it
  const Script& script;

  /// Reads one request's head (requests have no body here). False when the peer ended before.
  runtime::Co<bool> read_request();
  /// Sends; false when that failed.
  runtime::Co<bool> say(std::string text);
  /// Waits until the peer ends the connection, however it does that.
  runtime::Co<void> wait_for_the_end();
  /// Waits until the server stops: what the peer sends stays unread, and its end unnoticed.
  runtime::Co<void> ignore_the_peer();
  /// Waits until the peer's request has come, unread: to close then is to reset (RFC 1122, section 4.2.2.13).
  runtime::Co<void> leave_request_unread();
};

struct FaultCase {
  Fault fault;
  std::string_view name;
  ErrorKind expected;  ///< the kind an HTTP client with a time-out reports
  enum class Tls { no, yes, only_client } tls = Tls::no;
  /// What the server does with a connection; null where no server takes part or TLS fails by itself.
  runtime::Co<void> (*serve)(Session& session) = nullptr;
  std::string (Certificates::*certificate)() const = nullptr;

  [[nodiscard]] bool needs_server() const noexcept { return serve != nullptr; }
  [[nodiscard]] std::string_view scheme() const noexcept { return tls == Tls::no ? "http" : "https"; }
};

/// The table: every fault, and what people shall see of it.
std::span<const FaultCase> fault_cases();
const FaultCase& fault_case(Fault fault);

/// A server with one fault, on any reactor, real or simulated. Lives on that reactor's thread.
///
/// After `stop`, let the reactor turn until `ended()` before destroying it.
class FaultServer {
 public:
  static Expected<std::unique_ptr<FaultServer>> start(runtime::Reactor& reactor, const runtime::Address& at,
                                                      const Certificates& certificates, const Script& script);

  /// Ends what is pending; connections end with it.
  void stop();
  [[nodiscard]] bool ended() const noexcept { return stopped_ && !accepting_ && open_.empty(); }
  [[nodiscard]] const runtime::Address& address() const { return listener_->local(); }
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  friend struct Session;
  FaultServer(runtime::Reactor& reactor, const Script& script) : reactor_(reactor), script_(script) {}

  runtime::Co<void> accept();
  runtime::Co<void> serve(std::unique_ptr<runtime::Stream> transport, std::uint64_t number);
  runtime::Co<void> serve_tls(std::unique_ptr<runtime::Stream> transport, const FaultCase& what);
  runtime::Co<void> serve_open(runtime::Stream& stream, const FaultCase& what);

  runtime::Reactor& reactor_;
  Script script_;
  Counts counts_;
  std::unique_ptr<runtime::TlsContext> tls_;
  std::unique_ptr<runtime::Listener> listener_;
  std::vector<runtime::Stream*> open_;  ///< transports, to abort when it stops
  bool accepting_ = false;
  bool stopped_ = false;
};

}  // namespace vajrapulse::faults
