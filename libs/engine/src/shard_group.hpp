#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "gate.hpp"
#include "shard_run.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::engine {

/// The run's shards as the control thread sees them: questions are posted to each, answers posted back.
class ShardGroup {
 public:
  ShardGroup(const std::shared_ptr<const Scenario>& scenario, std::uint64_t seed, runtime::Reactor& control,
             std::vector<runtime::Reactor*> reactors, std::function<void()> on_all_finished);
  ~ShardGroup();

  [[nodiscard]] std::size_t size() const noexcept { return reactors_.size(); }
  [[nodiscard]] bool all_finished() const noexcept { return finished_ == size(); }
  [[nodiscard]] bool any_abandoned() const noexcept;

  /// Makes and initialises every shard's task; the first error, when there is one.
  runtime::Co<Status> prepare(HostProbe* host);
  runtime::Co<std::vector<ShardReport>> collect();
  runtime::Co<Opening> opening();
  runtime::Co<void> teardown();
  /// Hands reports back, for their memory.
  void reuse(std::vector<ShardReport> reports);

  void begin(const Schedule& schedule);
  void steer(const Course& course);
  void stop();
  void cut(Duration force_timeout);
  void drain_from(TimePoint moment);
  void cancel_prepare();

 private:
  template <class Work>
  void tell(Work work);
  template <class Answer, class Work>
  runtime::Co<std::vector<Answer>> ask(Work work);

  runtime::Reactor& control_;
  std::vector<runtime::Reactor*> reactors_;
  std::vector<std::unique_ptr<ShardRun>> shards_;
  std::function<void()> on_all_finished_;
  std::size_t finished_ = 0;
};

}  // namespace vajrapulse::engine
