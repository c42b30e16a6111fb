#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "vajrapulse/api/scope.hpp"
#include "vajrapulse/api/task.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http/request.hpp"
#include "vajrapulse/http/response.hpp"
#include "vajrapulse/runtime/co.hpp"

namespace vajrapulse::http {

class Call;
class ClientCore;
class CookieJar;
struct PreparedRequest;

/// Who sends: an iteration, a task's init, or any other scope. Made from them; what it refers to must outlive the call.
struct Caller {
  Caller(const Scope& from) noexcept : scope(from) {}  // NOLINT(google-explicit-constructor): that is its use
  Caller(const Iteration& from) noexcept : scope(from), scenario(from.scenario()), task(from.task()) {}    // NOLINT
  Caller(const TaskContext& from) noexcept : scope(from), scenario(from.scenario()), task(from.task()) {}  // NOLINT

  const Scope& scope;
  std::string_view scenario;
  std::string_view task;
};

/// A request rendered once, with its origin and its metrics looked up: what to send many times.
/// Belongs to the client that prepared it, and must not outlive it.
class Prepared {
 public:
  Prepared() = default;

  [[nodiscard]] const std::string& name() const noexcept;
  /// The request head, byte for byte as it is sent.
  [[nodiscard]] std::string_view head() const noexcept;

 private:
  friend class Client;
  explicit Prepared(std::shared_ptr<PreparedRequest> request) : request_(std::move(request)) {}
  std::shared_ptr<PreparedRequest> request_;
};

/// What comes with one sending of a request whose parts vary. Only the body, the jar and the memory have to stay until
/// the response is there; the rest is read before `send` returns.
struct Varying {
  std::string_view url;                       ///< as `Varies::url` says: "/items/7?all", or a whole URL
  std::span<const std::string_view> headers;  ///< the values of `Varies::headers`, in that order
  std::string_view body;
  CookieJar* cookies = nullptr;  ///< sent, and added to; of every hop of a redirect
  Kept* kept = nullptr;          ///< where what is kept of the response goes, instead of memory of the response's own
};

/// A response whose body is read piece by piece, so that it may be of any size. It ends with the iteration (or `init`)
/// that opened it, or before.
///
/// Example:
///   auto stream = co_await client.open(iteration, request);
///   for (auto piece = co_await stream.read(); !piece.empty(); piece = co_await stream.read()) use(piece);
///   co_return stream.finish().result();
class ResponseStream {
 public:
  ResponseStream(ResponseStream&&) noexcept;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  /// One that was not read to its end costs the connection, and counts as interrupted.
  ~ResponseStream();

  /// 0 when no response head came: then `read` gives nothing and `finish` says why.
  [[nodiscard]] int status() const noexcept;
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  /// The next piece of the body, decoded when the client decompresses; valid until the next read. Empty at the end,
  /// and on failure.
  runtime::Co<std::string_view> read();
  /// Records the request, once, and gives what is known of it. Call it when `read` came to the end.
  Response finish();

 private:
  friend class Client;
  explicit ResponseStream(std::unique_ptr<Call> call);
  void abandon() noexcept;
  std::unique_ptr<Call> call_;
};

/// An HTTP/1.1 client for tasks: one per shard and task, with connections of its own that it keeps alive.
///
/// Every request is timed in phases and recorded (vajrapulse.request.*, vajrapulse.client.*) where its caller
/// records. What fails is a Response that says so. A request on a connection that the server closed just then is sent
/// once more on a fresh one when its method is idempotent (RFC 9110 section 9.2.2), and counted as a retry.
/// Lives on one shard; it may not end before the requests it sends.
///
/// Example:
///   class Home final : public vajrapulse::Task {
///     Co<Status> init(TaskContext& context) override {
///       auto client = http::Client::create(context, {.timeout = 5s});
///       if (!client) co_return std::unexpected(client.error());
///       client_ = std::move(*client);
///       co_return Status{};
///     }
///     Co<Result> execute(Iteration& iteration) override {
///       auto response = co_await client_.get(iteration, "http://127.0.0.1:8080/");
///       co_return response.result();
///     }
///     http::Client client_;
///   };
class Client {
 public:
  /// Empty: assign one that was created before use.
  Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  /// Fails when the TLS files named in `settings` cannot be read.
  static Expected<Client> create(const Scope& where_it_lives, ClientSettings settings = {});

  /// Renders `request` for many sends. Fails (kUsage) on a bad URL or header, or without a trust store for https.
  Expected<Prepared> prepare(const Request& request);

  /// The same where parts come with each sending. A name of its own, or one without the parts that vary, is the
  /// caller's to give: every sending is recorded under it.
  Expected<Prepared> prepare(const Request& request, const Varies& varies);

  /// The hot path: no allocation on a connection that is kept alive, unless something is kept of the response.
  runtime::Co<Response> send(Caller caller, const Prepared& request);
  /// With its parts filled in, without allocating either. What would end a line or the URL (a control character, a
  /// blank, what is not ASCII) is a failed response of kind `usage`, and nothing is sent.
  runtime::Co<Response> send(Caller caller, const Prepared& request, const Varying& varying);
  /// As it was prepared, with `cookies` of the sender's; as cheap as without while the jar is empty.
  runtime::Co<Response> send(Caller caller, const Prepared& request, CookieJar& cookies);
  /// Prepares and sends. What cannot be prepared is a failed response of kind `usage`.
  runtime::Co<Response> send(Caller caller, Request request);
  /// Requests by URL are prepared once and remembered (up to 1,000 of them).
  runtime::Co<Response> get(Caller caller, std::string_view url, Keep keep = Keep::nothing);
  runtime::Co<Response> post(Caller caller, std::string_view url, Body body,
                             std::string_view content_type = "text/plain", Keep keep = Keep::nothing);
  /// Sends and returns with the head; the body is read from what is returned.
  runtime::Co<ResponseStream> open(Caller caller, const Prepared& request);

  /// Closes idle connections; those in use close when their response ends.
  void close_idle();

 private:
  friend class ClientProbe;
  explicit Client(std::shared_ptr<ClientCore> core);
  std::shared_ptr<ClientCore> core_;
};

}  // namespace vajrapulse::http
