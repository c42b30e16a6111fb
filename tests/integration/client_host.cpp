#include "client_host.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace vajrapulse::integration {
namespace {

using runtime::Co;

Co<http::Response> fetch(http::Client& client, const Scope& scope, http::Request request) {
  const http::Caller caller(scope);
  Co<http::Response> work = client.send(caller, std::move(request));
  http::Response response = co_await work;
  co_return std::move(response);
}

/// Counts down until the last of several has ended.
struct Together : runtime::Operation {
  explicit Together(std::size_t n) : left(n) {}
  void ended() {
    if (--left == 0 && waiting) complete();
  }
  [[nodiscard]] bool await_ready() const noexcept { return left == 0; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept {
    waiting = true;
    resume_with(waiter);
  }
  static void await_resume() noexcept {}
  std::size_t left;
  bool waiting = false;
};

Co<void> fetch_into(http::Client& client, const Scope& scope, http::Request request, std::vector<http::Response>& all,
                    Together& together) {
  Co<http::Response> work = fetch(client, scope, std::move(request));
  http::Response response = co_await work;
  all.push_back(std::move(response));
  together.ended();
}

Co<std::vector<http::Response>> fetch_all(http::Client& client, const Scope& scope, http::Request request,
                                          std::size_t count) {
  std::vector<http::Response> all;
  Together together(count);
  for (std::size_t i = 0; i < count; ++i)
    runtime::spawn(fetch_into(client, scope, request, all, together));
  co_await together;
  co_return std::move(all);
}

Co<std::uint64_t> read_all(http::Client& client, const Scope& scope, http::Request request, http::Response& end) {
  const auto prepared = client.prepare(request);
  if (!prepared) co_return 0;
  const http::Caller caller(scope);
  Co<http::ResponseStream> opening = client.open(caller, *prepared);
  http::ResponseStream stream = co_await opening;
  std::uint64_t bytes = 0;
  while (true) {
    Co<std::string_view> reading = stream.read();
    const std::string_view piece = co_await reading;
    if (piece.empty()) break;
    bytes += piece.size();
  }
  end = stream.finish();
  co_return bytes;
}

}  // namespace

ClientHost::ClientHost(runtime::IoKind kind, http::ClientSettings settings) : thread_(kind) {
  thread_.call([&](runtime::Reactor& reactor) {
    recorder_ = std::make_unique<metrics::Recorder>(registry_, reactor.now());
    scope_ = std::make_unique<Scope>(reactor, *recorder_, cancellation_, random_);
    auto client = http::Client::create(*scope_, std::move(settings));
    if (!client) {
      std::fprintf(stderr, "integration: %s\n", client.error().text().c_str());
      std::abort();
    }
    client_ = std::move(*client);
  });
}

ClientHost::~ClientHost() {
  thread_.call([this](runtime::Reactor&) { client_ = http::Client(); });
}

http::Response ClientHost::get(const std::string& url, http::Keep keep) { return send({.url = url, .keep = keep}); }

http::Response ClientHost::send(http::Request request) {
  return thread_.await([&](runtime::Reactor&) { return fetch(client_, *scope_, request); });
}

std::vector<http::Response> ClientHost::get_at_once(const std::string& url, std::size_t count) {
  const http::Request request{.url = url};
  return thread_.await([&](runtime::Reactor&) { return fetch_all(client_, *scope_, request, count); });
}

std::uint64_t ClientHost::stream(const std::string& url, http::Response& end) {
  const http::Request request{.url = url};
  return thread_.await([&](runtime::Reactor&) { return read_all(client_, *scope_, request, end); });
}

metrics::Snapshot ClientHost::snapshot() {
  return thread_.call([this](runtime::Reactor& reactor) {
    const auto interval = recorder_->swap(reactor.now(), nullptr);
    metrics::Snapshot snapshot;
    snapshot.add(*interval);
    return snapshot;
  });
}

void ClientHost::close_idle() {
  thread_.call([this](runtime::Reactor&) { client_.close_idle(); });
}

}  // namespace vajrapulse::integration
