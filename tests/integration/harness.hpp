#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "vajrapulse/http/demo_server.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::integration {

/// No step of an integration test takes longer than this: what does, hangs.
inline constexpr std::chrono::seconds kStepLimit{15};

/// Says that `step` hangs and ends the process; what it waits for lies on this stack.
[[noreturn]] void give_up(const std::string& step);

namespace detail {
template <class T>
runtime::Co<void> fulfil(runtime::Co<T> work, std::promise<T>& done) {
  if constexpr (std::is_void_v<T>) {
    co_await work;
    done.set_value();
  } else {
    T value = co_await work;
    done.set_value(std::move(value));
  }
}
}  // namespace detail

/// A reactor on a thread of its own, as a shard is.
class ReactorThread {
 public:
  explicit ReactorThread(runtime::IoKind kind);
  ~ReactorThread();
  ReactorThread(const ReactorThread&) = delete;
  ReactorThread& operator=(const ReactorThread&) = delete;

  [[nodiscard]] runtime::Reactor& reactor() noexcept { return *reactor_; }

  /// Runs `what(reactor)` on the reactor's thread and waits for it.
  template <class F>
  auto call(F what) {
    using T = decltype(what(*reactor_));
    std::promise<T> done;
    auto result = done.get_future();
    reactor_->post([&] {
      if constexpr (std::is_void_v<T>) {
        what(*reactor_);
        done.set_value();
      } else {
        done.set_value(what(*reactor_));
      }
    });
    return wait(result);
  }

  /// Runs the coroutine that `make(reactor)` returns to its end, and waits for it.
  template <class F>
  auto await(F make) {
    using T = typename decltype(make(*reactor_))::value_type;
    std::promise<T> done;
    auto result = done.get_future();
    reactor_->post([&] { runtime::spawn(detail::fulfil<T>(make(*reactor_), done)); });
    return wait(result);
  }

 private:
  template <class T>
  static T wait(std::future<T>& result) {
    if (result.wait_for(kStepLimit) != std::future_status::ready) give_up("a step on a reactor's thread");
    return result.get();
  }

  runtime::Reactor* reactor_ = nullptr;
  std::thread thread_;
};

/// The demo server on a reactor of its own.
class DemoHost {
 public:
  explicit DemoHost(runtime::IoKind kind, http::DemoSettings settings = {});
  ~DemoHost();

  [[nodiscard]] const runtime::Address& address() const noexcept { return address_; }
  /// "http://127.0.0.1:8080"
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
  [[nodiscard]] http::ServerCounts counts();
  [[nodiscard]] std::uint64_t requests_to(std::string_view endpoint);
  [[nodiscard]] std::vector<http::StallRecord> stalls();
  /// Waits until the server's counts are so; a close of the peer's takes a moment to arrive.
  void wait_for(const std::function<bool(const http::ServerCounts&)>& so);
  ReactorThread& thread() noexcept { return thread_; }

 private:
  ReactorThread thread_;
  std::unique_ptr<http::DemoServer> server_;
  runtime::Address address_;
  std::string origin_;
};

/// A directory of the test's own, removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// A program of someone else's, ended by its process id.
class Process {
 public:
  Process() = default;
  Process(const std::vector<std::string>& arguments, const std::filesystem::path& output);
  ~Process();
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] bool running() const;

 private:
  pid_t pid_ = -1;
};

/// A real nginx on a free loopback port, with counts of its own.
class Nginx {
 public:
  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t handled = 0;
    std::uint64_t requests = 0;
  };

  /// Nothing where nginx is not installed.
  static std::unique_ptr<Nginx> start();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// From stub_status, over a connection of its own: each call adds one connection and one request.
  [[nodiscard]] Counts counts() const;
  /// Files below this folder are served.
  [[nodiscard]] std::filesystem::path root() const { return folder_.path() / "www"; }

 private:
  Nginx() = default;
  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  Process process_;
};

/// A port of 127.0.0.1 that nothing listens on now.
std::uint16_t free_port();

/// Sends `request` to a loopback port with plain blocking sockets and returns all that comes until the end.
std::string exchange(std::uint16_t port, std::string_view request);

/// "io_uring" or "epoll": names of parameterised tests, and what reactor.name() has to say.
std::string_view name_of(runtime::IoKind kind);

}  // namespace vajrapulse::integration
