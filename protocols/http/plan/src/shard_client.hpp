#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/cookie_jar.hpp"

namespace vajrapulse::http_plan {

/// What one step needs of memory while its request is on the way: used again by the next one.
struct Workspace {
  std::string text;                       ///< URL, header values and body, one behind the other
  std::vector<std::string_view> headers;  ///< parts of it
  std::vector<std::size_t> ends;
  http::Kept kept;
};

/// The client of one shard, for all http steps of a plan. Made on the shard; ends there with the last of its steps.
class ShardClient {
 public:
  explicit ShardClient(http::Client made) : client(std::move(made)) {}

  /// A workspace for as long as this lives.
  class Borrowed {
   public:
    explicit Borrowed(ShardClient& of) : of_(of), it_(of.take()) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() { of_.give_back(std::move(it_)); }
    Workspace* operator->() const noexcept { return it_.get(); }
    Workspace& operator*() const noexcept { return *it_; }

   private:
    ShardClient& of_;
    std::unique_ptr<Workspace> it_;
  };

  /// The jar of a user, which stays between iterations.
  http::CookieJar& jar_of(std::string_view scenario, std::uint64_t user);

  /// Steps that use it come and go; with the last, idle connections are closed.
  void enter() noexcept { ++steps_; }
  void leave() {
    if (--steps_ == 0) client.close_idle();
  }

  http::Client client;
  extract::Reader reader;

 private:
  static constexpr std::size_t kKeptBytes = 4 * 1024 * 1024;  // a workspace that has grown beyond is let go
  std::unique_ptr<Workspace> take();
  void give_back(std::unique_ptr<Workspace> workspace);

  std::vector<std::unique_ptr<Workspace>> spare_;
  std::map<std::string, std::unordered_map<std::uint64_t, std::unique_ptr<http::CookieJar>>, std::less<>> jars_;
  std::size_t steps_ = 0;
};

/// The clients of a run's shards. Any thread.
class ShardClients {
 public:
  /// This shard's: made when the first step asks, with its share of the connections.
  Expected<std::shared_ptr<ShardClient>> of(TaskContext& context, const http::ClientSettings& settings);

 private:
  std::mutex mutex_;
  std::map<std::size_t, std::weak_ptr<ShardClient>> clients_;
};

}  // namespace vajrapulse::http_plan
