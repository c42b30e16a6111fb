#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime {

/// Threads for code that blocks. Work waits in one queue; who waited how long is reported, because a wait
/// here is the generator's doing, not the target's.
///
/// Threads start when work first needs them. The reactors that work was handed in from must outlive the pool.
///
/// Example:
///   BlockingPool pool{8};
///   std::function<void()> query = [&] { rows = database.query("…"); };
///   auto [waited] = co_await pool.run(reactor, query);
class BlockingPool {
 public:
  explicit BlockingPool(std::size_t threads);
  /// Lets running work end; queued work never starts, and who waits for it is not resumed: destroy those
  /// coroutines before or after, either is safe.
  ~BlockingPool();

  struct Done {
    Duration waited;  ///< in the queue, before a thread took it
  };
  /// Runs `work` on a pool thread and resumes the caller on `reactor`, its own shard. What `work` throws is
  /// rethrown to the caller. When the caller is destroyed meanwhile, work that has not started never does.
  Co<Done> run(Reactor& reactor, std::function<void()> work);

  [[nodiscard]] std::size_t queued() const noexcept;  ///< any thread
  [[nodiscard]] std::size_t threads() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::runtime
