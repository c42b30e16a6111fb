#include "vajrapulse/http/server.hpp"

#include <utility>

#include "server_connection.hpp"
#include "server_core.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http {
namespace {

using detail::ServerConnection;
using detail::ServerCore;
using runtime::Co;

/// Aborts what is left when the time for a graceful end is over.
struct Grace : runtime::Timer {
  explicit Grace(ServerCore& c) : Timer(&over), core(c) {}
  static void over(Timer& timer) { static_cast<Grace&>(timer).core.abort_all(); }
  ServerCore& core;
};

/// Waits until the last connection and the accept loop have gone.
struct Ended : runtime::Operation {
  explicit Ended(ServerCore& c) : core(c) {}
  [[nodiscard]] bool await_ready() const noexcept { return core.ended(); }
  void await_suspend(std::coroutine_handle<> waiter) noexcept {
    resume_with(waiter);
    core.waits_for_end = this;
  }
  static void await_resume() noexcept {}
  ServerCore& core;
};

/// Resumes in a later step of the loop: what completed us is still on the stack until then.
struct Later : runtime::Operation {
  explicit Later(runtime::Reactor& r) : reactor(r) {}
  static constexpr bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    resume_with(waiter);
    reactor.defer(*this);
  }
  static void await_resume() noexcept {}
  runtime::Reactor& reactor;
};

constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 22\r\nconnection: close\r\n\r\n"
    "too many connections.\n";

Co<void> turn_away(std::unique_ptr<runtime::Stream> stream) {
  const runtime::Bytes answer = std::as_bytes(std::span(kTooMany));
  const runtime::IoResult sent = co_await stream->send(answer);
  if (sent.ok()) stream->shutdown_send();
}

void admit(const std::shared_ptr<ServerCore>& core, std::unique_ptr<runtime::Stream> stream) {
  ++core->counts.connections_accepted;
  if (core->counts.connections_open >= core->settings.connections_max) {
    ++core->counts.connections_refused;
    if (!core->settings.tls) runtime::spawn(turn_away(std::move(stream)));
    return;
  }
  runtime::spawn(ServerConnection::serve(core, std::move(stream)));
}

Co<void> accept_connections(std::shared_ptr<ServerCore> core) {
  // Descriptors may be exhausted for a while; the backlog holds who comes meanwhile.
  constexpr Duration kPause = std::chrono::milliseconds(20);
  while (!core->stopping) {
    auto accepted = co_await core->listener->accept();
    if (core->stopping) break;
    if (accepted.result.ok()) {
      admit(core, std::move(accepted.stream));
    } else {
      co_await core->reactor.sleep_for(kPause);
    }
  }
  Later later(core->reactor);
  co_await later;
  core->listener.reset();
  core->accept_ended();
}

}  // namespace

Server::Server(runtime::Reactor& reactor, ServerSettings settings, Handler handler)
    : core_(std::make_shared<ServerCore>(reactor, std::move(settings), std::move(handler))) {}

Server::~Server() {
  core_->begin_stop();
  core_->abort_all();
}

Status Server::listen(const runtime::Address& address) {
  auto listener = core_->reactor.listen(address);
  if (!listener) return std::unexpected(listener.error());
  core_->listener = std::move(*listener);
  core_->address = core_->listener->local();
  core_->accepting = true;
  runtime::spawn(accept_connections(core_));
  return {};
}

const runtime::Address& Server::address() const noexcept { return core_->address; }
const ServerCounts& Server::counts() const noexcept { return core_->counts; }

Co<void> Server::stop(Duration grace) {
  const std::shared_ptr<ServerCore> core = core_;
  core->begin_stop();
  Grace timer(*core);
  core->reactor.timers().arm(timer, core->reactor.now() + grace);
  Ended ended(*core);
  co_await ended;
}

const RequestHead& ServerRequest::head() const noexcept { return connection_.head(); }
TimePoint ServerRequest::received() const noexcept { return connection_.received(); }
const runtime::Address& ServerRequest::peer() const noexcept { return connection_.peer(); }
Co<void> ServerRequest::sleep_until(TimePoint due) { return connection_.sleep_until(due); }
Co<ServerRequest::Piece> ServerRequest::read() { return connection_.read_piece(); }
Co<Expected<std::string_view>> ServerRequest::body() { return connection_.read_body(); }

void ServerResponse::status(int code) noexcept { connection_.set_status(code); }
void ServerResponse::header(std::string_view name, std::string_view value) { connection_.add_header(name, value); }
void ServerResponse::close() noexcept { connection_.close_after(); }
void ServerResponse::send(std::string_view content_type, std::string_view body) {
  connection_.send(content_type, body);
}
void ServerResponse::send(const PreparedAnswer& answer) { connection_.send(answer); }
void ServerResponse::length(std::uint64_t bytes) noexcept { connection_.set_length(bytes); }
Co<bool> ServerResponse::write(std::string_view piece) { return connection_.write(piece); }
Co<bool> ServerResponse::flush() { return connection_.flush(); }
void ServerResponse::abandon() { connection_.abandon(); }

}  // namespace vajrapulse::http
