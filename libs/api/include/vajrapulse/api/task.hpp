#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "vajrapulse/api/result.hpp"
#include "vajrapulse/api/scope.hpp"

namespace vajrapulse {

/// One execution of a task. Its identity is (scenario, index), the same whatever the number of shards.
class Iteration : public Scope {
 public:
  struct Identity {
    std::string_view scenario;
    std::string_view task;
    std::uint64_t index = 0;
    TimePoint intended_start;  ///< closed model without pacing: the actual start
    std::uint64_t user = 0;    ///< closed model: which user; open model: 0
  };
  Iteration(const Scope& scope, const Identity& identity) : Scope(scope), identity_(identity) {}

  [[nodiscard]] std::string_view scenario() const noexcept { return identity_.scenario; }
  [[nodiscard]] std::string_view task() const noexcept { return identity_.task; }
  [[nodiscard]] std::uint64_t index() const noexcept { return identity_.index; }
  [[nodiscard]] std::uint64_t user() const noexcept { return identity_.user; }
  [[nodiscard]] TimePoint intended_start() const noexcept { return identity_.intended_start; }

 private:
  Identity identity_;
};

/// What `init` gets, once a shard: who we are, and a Scope whose recordings are kept out of the results.
class TaskContext : public Scope {
 public:
  struct Identity {
    std::string_view scenario;
    std::string_view task;
    std::size_t shard = 0;
    std::size_t shards = 1;
  };
  TaskContext(const Scope& scope, const Identity& identity) : Scope(scope), identity_(identity) {}

  [[nodiscard]] std::string_view scenario() const noexcept { return identity_.scenario; }
  [[nodiscard]] std::string_view task() const noexcept { return identity_.task; }
  [[nodiscard]] std::size_t shard() const noexcept { return identity_.shard; }
  [[nodiscard]] std::size_t shards() const noexcept { return identity_.shards; }
  /// This shard's part of a total: ⌊n/S⌋, plus one for the first n mod S shards.
  [[nodiscard]] std::size_t share_of(std::size_t total) const noexcept {
    return total / shards() + (shard() < total % shards() ? 1 : 0);
  }

 private:
  Identity identity_;
};

/// What one virtual user does once. Each shard has an instance of its own, so members need no locks;
/// `execute` runs many times at once on it, each a coroutine.
class Task {
 public:
  template <class T = void>
  using Co = runtime::Co<T>;
  using Status = vajrapulse::Status;
  using Result = vajrapulse::Result;
  using Iteration = vajrapulse::Iteration;
  using TaskContext = vajrapulse::TaskContext;

  virtual ~Task() = default;

  /// Once a shard, before the run; an error here ends the run before it starts.
  virtual Co<Status> init(TaskContext& context);
  virtual Co<Result> execute(Iteration& iteration) = 0;
  /// Once a shard, after the last iteration.
  virtual Co<void> teardown();
};

/// A task whose `execute` may block its thread: it runs on a pool of `threads()` platform threads per
/// process, and what waits for one of them is measured as client.queue.*{queue=worker}.
/// One instance serves all pool threads: `execute` must be safe to call from several at once. `init` and
/// `teardown` run once a process, on a pool thread. What `execute` throws is a failure of kind `exception`.
class BlockingTask {
 public:
  using Status = vajrapulse::Status;
  using Result = vajrapulse::Result;

  /// What a blocking iteration may know; it may not touch the shard.
  struct Iteration {
    std::string_view scenario;
    std::string_view task;
    std::uint64_t index = 0;
    TimePoint intended_start;
  };

  virtual ~BlockingTask() = default;
  /// How many platform threads serve this task; asked once, before the run.
  [[nodiscard]] virtual std::size_t threads() const { return 64; }
  virtual Status init() { return {}; }
  virtual Result execute(const Iteration& iteration) = 0;
  virtual void teardown() {}
};

/// How a shard gets its Task: called once a shard, on the shard's thread.
using MakeTask = std::function<std::unique_ptr<Task>()>;

/// A task under a name that command lines and plans can say.
struct NamedTask {
  std::string name;
  MakeTask make;
};

/// Makes the one instance of a BlockingTask; called once a process, on the first shard's thread.
using MakeBlockingTask = std::function<std::unique_ptr<BlockingTask>()>;

/// The Task of each shard that hands its iterations to one BlockingTask and its pool. The pool and the
/// task end with the last shard's Task.
MakeTask on_blocking_pool(MakeBlockingTask make);

/// `task<Checkout>("checkout")`: T is a Task or a BlockingTask; arguments are copied for every shard.
/// A BlockingTask's platform threads (`threads()`, default 64) are shared by the shards of the run.
template <class T, class... Args>
  requires std::derived_from<T, Task> || std::derived_from<T, BlockingTask>
NamedTask task(std::string name, Args... args) {
  if constexpr (std::derived_from<T, Task>) {
    return {std::move(name), [args...] { return std::make_unique<T>(args...); }};
  } else {
    return {std::move(name), on_blocking_pool([args...] { return std::make_unique<T>(args...); })};
  }
}

/// `task("ping", [](Iteration& it) -> Co<Result> { … })`: one copy of the function object a shard, which
/// lives as long as its coroutines do; what it captures is shared by the iterations of that shard.
NamedTask task(std::string name, std::function<runtime::Co<Result>(Iteration&)> execute);

}  // namespace vajrapulse
