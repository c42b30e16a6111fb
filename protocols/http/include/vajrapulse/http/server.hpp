#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "vajrapulse/http/request_parser.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::http {

namespace detail {
class ServerConnection;
struct ServerCore;
}  // namespace detail

struct ServerSettings {
  RequestLimits request;
  std::uint64_t body_bytes_max = 16 * 1024 * 1024;
  std::size_t connections_max = 10'000;              ///< more are answered 503 and closed
  std::uint64_t requests_per_connection = 0;         ///< 0: no limit
  Duration head_timeout = std::chrono::seconds(10);  ///< TLS handshake, and first to last byte of a head
  Duration idle_timeout = std::chrono::seconds(75);  ///< between requests
  Duration body_timeout = std::chrono::seconds(30);  ///< for each piece of a body that is waited for
  Duration send_timeout = std::chrono::seconds(30);  ///< for a peer that does not read
  Duration linger = std::chrono::seconds(1);         ///< how long a peer may go on sending after our last answer
  std::shared_ptr<runtime::TlsContext> tls;          ///< nothing: plain text
  std::string name = "vajrapulse";                   ///< the Server header
};

/// What the server itself saw, to be compared with what a client says it did.
struct ServerCounts {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_refused = 0;  ///< over the limit
  std::uint64_t requests = 0;             ///< with a complete head
  std::uint64_t answers_sent = 0;
  std::uint64_t answers_failed = 0;  ///< the peer went before it had its answer
  std::uint64_t bad_requests = 0;    ///< answered with an error by the server itself
  std::uint64_t timeouts = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t tls_handshakes = 0;
  std::uint64_t tls_resumed = 0;
  std::uint64_t tls_failed = 0;
  std::uint64_t closed_cleanly = 0;  ///< end of stream between requests; under TLS after close_notify
  std::uint64_t tls_truncated = 0;   ///< end of stream without close_notify
};

/// An answer put together once and sent often: status line, headers and body but the date.
struct PreparedAnswer {
  std::string head;
  std::string body;
};

/// `headers`: further lines, each "name: value\r\n".
PreparedAnswer prepare_answer(int status, std::string_view content_type, std::string body,
                              std::string_view headers = {});

/// One request, as a handler sees it. Views stay valid until the handler ends.
class ServerRequest {
 public:
  [[nodiscard]] const RequestHead& head() const noexcept;
  [[nodiscard]] std::string_view method() const noexcept { return head().method; }
  [[nodiscard]] std::string_view path() const noexcept { return head().path; }
  [[nodiscard]] std::string_view query() const noexcept { return head().query; }
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept { return head().field(name); }
  /// When the end of the head was seen.
  [[nodiscard]] TimePoint received() const noexcept;
  [[nodiscard]] const runtime::Address& peer() const noexcept;

  /// Sleeps without holding a thread; returns early when the server drops the connection.
  runtime::Co<void> sleep_until(TimePoint due);

  struct Piece {
    Status status;          ///< fails when the body is broken, too large, or does not come
    std::string_view data;  ///< empty with a good status: the body has ended
  };
  /// The next piece of the body, valid until the next call.
  runtime::Co<Piece> read();
  /// The whole body. On failure the handler may just return: the server answers with what fits.
  runtime::Co<Expected<std::string_view>> body();

 private:
  friend class detail::ServerConnection;
  explicit ServerRequest(detail::ServerConnection& connection) noexcept : connection_(connection) {}
  detail::ServerConnection& connection_;
};

/// The answer to one request. A handler that gives none answers an empty 200.
class ServerResponse {
 public:
  void status(int code) noexcept;
  void header(std::string_view name, std::string_view value);
  /// Ends the connection after this answer.
  void close() noexcept;

  /// Answers with `body`, which is copied: `write` is for large ones.
  void send(std::string_view content_type, std::string_view body);
  /// Answers with what was prepared; it must outlive the server.
  void send(const PreparedAnswer& answer);

  /// For a streamed answer: the length that the `write`s will sum to. Without it they are sent chunked.
  void length(std::uint64_t bytes) noexcept;
  /// Sends a piece of a streamed body, with the head before the first one. False: the peer has gone.
  runtime::Co<bool> write(std::string_view piece);
  /// Sends answers to earlier, pipelined requests now: to be awaited by a handler before it waits for long.
  runtime::Co<bool> flush();
  /// Drops the connection as a fault would: no further byte.
  void abandon();

 private:
  friend class detail::ServerConnection;
  explicit ServerResponse(detail::ServerConnection& connection) noexcept : connection_(connection) {}
  detail::ServerConnection& connection_;
};

/// The one HTTP/1.1 server of the house: demo server, /metrics, /health and web pages are handlers on it.
///
/// It runs on any reactor, on one shard. Pipelined requests are answered in order and their answers leave
/// together; a request in steady state allocates nothing. What an attacker or a broken client can hold is
/// bounded: heads, bodies, connections, and the time each may take.
///
/// Example:
///   Server server(reactor, settings, [](ServerRequest& request, ServerResponse& response) -> Co<void> {
///     response.send("text/plain", request.path());
///     co_return;
///   });
///   auto started = server.listen(*Address::parse("127.0.0.1:0"));
class Server {
 public:
  using Handler = std::function<runtime::Co<void>(ServerRequest&, ServerResponse&)>;

  Server(runtime::Reactor& reactor, ServerSettings settings, Handler handler);
  ~Server();  ///< aborts what is left; its connections end in the reactor's next turns
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Status listen(const runtime::Address& address);
  /// The address really bound.
  [[nodiscard]] const runtime::Address& address() const noexcept;
  [[nodiscard]] const ServerCounts& counts() const noexcept;

  /// Takes no more connections, closes idle ones, lets requests in flight end for at most `grace`, then
  /// drops them. Completes when no connection is left.
  runtime::Co<void> stop(Duration grace);

 private:
  std::shared_ptr<detail::ServerCore> core_;
};

}  // namespace vajrapulse::http
