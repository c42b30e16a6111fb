#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/runtime/co.hpp"

namespace vajrapulse::plan {

class Moment;

/// How it goes on after a step.
enum class Flow : std::uint8_t {
  next,
  stop_iteration,  ///< this iteration ends; it failed if something has failed
  stop_scenario,   ///< and no further one begins in this scenario (data is used up)
  stop_run,        ///< nor in any other
};

/// What a failure within a step means for the steps after it: `on-failure`. The iteration counts as failed whatever is
/// chosen.
enum class OnFailure : std::uint8_t {
  unsaid,          ///< as stop_iteration, unless a step around this one says otherwise
  carry_on,        ///< `continue`
  stop_iteration,  ///< the same as unsaid, said
  stop_run,
};

/// One step of a task in a plan, ready to run: templates parsed, requests rendered, names resolved to slots.
///
/// Every shard compiles its own, so members need no locks; many iterations are in the same step at once.
class Step {
 public:
  virtual ~Step() = default;
  /// Once a shard, before the run: make clients, prepare requests. An error ends the run before it starts.
  virtual runtime::Co<Status> init(TaskContext& /*context*/) { co_return Status{}; }
  /// A step that never waits overrides `now` and says so by `waits() == false`; the program then makes no coroutine.
  [[nodiscard]] virtual bool waits() const noexcept { return true; }
  virtual Flow now(Moment& /*moment*/) { return Flow::next; }
  virtual runtime::Co<Flow> run(Moment& moment) { co_return now(moment); }
  /// Once a shard, after the last iteration.
  virtual runtime::Co<void> teardown() { co_return; }

  /// Set by the compiler from the step's `on-failure`.
  void on_failure(OnFailure what) noexcept { on_failure_ = what; }
  /// How it goes on after this step gave `flow`: whoever runs a step asks, see run_all.
  [[nodiscard]] Flow settle(Moment& moment, Flow flow) const noexcept;

 private:
  OnFailure on_failure_ = OnFailure::unsaid;
};

/// Steps, one after another.
using Steps = std::vector<std::unique_ptr<Step>>;
runtime::Co<Flow> run_all(Steps& steps, Moment& moment);
/// The same for steps none of which waits, without a coroutine.
Flow run_all_now(Steps& steps, Moment& moment);
[[nodiscard]] bool any_waits(const Steps& steps) noexcept;
runtime::Co<Status> init_all(Steps& steps, TaskContext& context);
runtime::Co<void> teardown_all(Steps& steps);

}  // namespace vajrapulse::plan
