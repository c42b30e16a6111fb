#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::http {

/// What a scripted server does with one request.
struct Reply {
  enum class Then { keep, close, reset, stall };
  std::string bytes;
  Then then = Then::keep;
  Duration after{};        ///< thinks this long first
  std::size_t piece = 0;   ///< sends in pieces of this size, each waited for; 0: whole
  Duration close_after{};  ///< with keep: closes the idle connection this long after the answer
};

/// A server that answers by script, for tests: it knows nothing of HTTP but where a request ends.
class ScriptedServer {
 public:
  using Script = std::function<Reply(std::size_t connection, std::size_t request, const std::string& bytes)>;

  ScriptedServer(runtime::Reactor& reactor, const runtime::Address& at, Script script)
      : reactor_(reactor), script_(std::move(script)) {
    auto listener = reactor.listen(at);
    listener_ = std::move(*listener);
    runtime::spawn(accept());
  }
  /// Ends what is pending; let the world run afterwards.
  void stop() {
    stopped_ = true;
    listener_->abort(kCancelled);
    for (runtime::Stream* each : open_)
      each->abort(kCancelled);
  }

  [[nodiscard]] const runtime::Address& address() const { return listener_->local(); }
  std::size_t connections = 0;
  /// How a reply with Then::reset gets its reset: sets the probability that a segment is one.
  std::function<void(double probability)> storm;
  std::vector<std::string> requests;  ///< as they came, heads with bodies

 private:
  runtime::Co<void> accept() {
    while (!stopped_) {
      auto accepted = co_await listener_->accept();
      if (!accepted.result.ok()) break;
      runtime::spawn(serve(std::move(accepted.stream), connections++));
    }
  }

  static std::size_t request_size(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == bytes.npos) return std::string_view::npos;
    const std::string length(find_field(bytes.substr(0, end + 4), "content-length"));
    return end + 4 + (length.empty() ? 0 : std::stoul(length));
  }

  runtime::Co<void> serve(std::unique_ptr<runtime::Stream> stream, std::size_t connection) {
    open_.push_back(stream.get());
    std::string seen;
    for (std::size_t number = 0;;) {
      auto [result, data] = co_await stream->receive();
      if (!result.ok() || data.empty()) break;
      seen.append(reinterpret_cast<const char*>(data.data()), data.size());
      const std::size_t size = request_size(seen);
      if (size == std::string::npos || seen.size() < size) continue;
      requests.push_back(seen.substr(0, size));
      seen.erase(0, size);
      const Reply reply = script_(connection, number++, requests.back());
      bool goes_on = true;
      auto answering = answer(*stream, reply, goes_on);
      co_await answering;
      if (!goes_on) break;
    }
    std::erase(open_, stream.get());
  }

  runtime::Co<void> answer(runtime::Stream& stream, const Reply& reply, bool& goes_on) {
    if (reply.after > Duration::zero()) co_await reactor_.sleep_for(reply.after);
    const std::string_view all = reply.bytes;
    const std::size_t step = reply.piece > 0 ? reply.piece : all.size();
    for (std::size_t at = 0; at < all.size(); at += step) {
      const auto bytes = std::as_bytes(std::span(all.substr(at, step)));
      const auto sent = co_await stream.send(bytes);
      if (!sent.ok()) break;
      if (reply.piece > 0) co_await reactor_.sleep_for(std::chrono::microseconds(1));
    }
    if (reply.close_after > Duration::zero()) co_await reactor_.sleep_for(reply.close_after);
    if (reply.then == Reply::Then::reset) {
      co_await reactor_.sleep_for(std::chrono::milliseconds(1));
      storm(1);
      const auto byte = std::as_bytes(std::span("x", 1));
      co_await stream.send(byte);
      co_await reactor_.sleep_for(std::chrono::milliseconds(1));
      storm(0);
    }
    if (reply.then == Reply::Then::close || reply.close_after > Duration::zero()) stream.shutdown_send();
    goes_on = reply.then == Reply::Then::keep || reply.then == Reply::Then::stall;
    goes_on = goes_on && reply.close_after == Duration::zero();
  }

  runtime::Reactor& reactor_;
  Script script_;
  std::unique_ptr<runtime::Listener> listener_;
  std::vector<runtime::Stream*> open_;
  bool stopped_ = false;
};

}  // namespace vajrapulse::http
