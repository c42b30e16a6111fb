#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::app {

/// One thread for each shard, turning its own reactor until it is stopped.
class ShardThreads {
 public:
  /// Makes the reactors on their own threads (io_uring belongs to one) and waits until all of them stand.
  static Expected<std::unique_ptr<ShardThreads>> start(std::size_t count, runtime::IoKind kind);
  /// Stops the reactors and joins the threads.
  ~ShardThreads();

  [[nodiscard]] std::vector<runtime::Reactor*> reactors() const;
  /// Why io_uring is not used although nobody asked for epoll; empty when it is.
  [[nodiscard]] const std::string& why_not_io_uring() const { return why_not_io_uring_; }

 private:
  struct Shard {
    runtime::Reactor* reactor = nullptr;  ///< lives on the thread's own stack
    std::thread thread;
  };
  ShardThreads() = default;
  std::vector<Shard> shards_;
  std::string why_not_io_uring_;
};

}  // namespace vajrapulse::app
