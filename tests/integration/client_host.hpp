#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::integration {

/// An HTTP client on a reactor of its own, with what a shard would give it.
class ClientHost {
 public:
  explicit ClientHost(runtime::IoKind kind, http::ClientSettings settings = {});
  ~ClientHost();

  http::Response get(const std::string& url, http::Keep keep = http::Keep::body);
  http::Response send(http::Request request);
  /// `count` requests in flight at the same time.
  std::vector<http::Response> get_at_once(const std::string& url, std::size_t count);
  /// What a body of any size sums to, read piece by piece.
  std::uint64_t stream(const std::string& url, http::Response& end);
  /// What was recorded since the last call.
  metrics::Snapshot snapshot();
  void close_idle();

  ReactorThread& thread() noexcept { return thread_; }
  const Scope& scope() const noexcept { return *scope_; }
  http::Client& client() noexcept { return client_; }

 private:
  ReactorThread thread_;
  metrics::Registry registry_;
  runtime::Cancellation cancellation_;
  Random random_{1};
  std::unique_ptr<metrics::Recorder> recorder_;
  std::unique_ptr<Scope> scope_;
  http::Client client_;
};

}  // namespace vajrapulse::integration
