#include "vajrapulse/plan/step.hpp"

#include <algorithm>

#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {

Flow Step::settle(Moment& moment, Flow flow) const noexcept {
  if (!moment.failing()) [[likely]]
    return flow;
  switch (on_failure_) {
    case OnFailure::carry_on:
      // An end that the failure brought about is taken back; one of the scenario or the run has another reason.
      if (flow > Flow::stop_iteration) return flow;
      moment.carry_on();
      return Flow::next;
    case OnFailure::stop_run: return Flow::stop_run;
    default: return std::max(flow, Flow::stop_iteration);
  }
}

runtime::Co<Flow> run_all(Steps& steps, Moment& moment) {
  for (auto& step : steps) {
    Flow flow = Flow::next;
    if (!moment.spend()) [[unlikely]] {
      moment.overspent();
      co_return Flow::stop_iteration;
    }
    if (step->waits()) {
      auto running = step->run(moment);
      flow = co_await running;
      if (moment.iteration().cancellation().requested()) co_return Flow::stop_iteration;
    } else {
      flow = step->now(moment);
    }
    flow = step->settle(moment, flow);
    if (flow != Flow::next) co_return flow;
  }
  co_return Flow::next;
}

Flow run_all_now(Steps& steps, Moment& moment) {
  for (auto& step : steps) {
    if (!moment.spend()) [[unlikely]] {
      moment.overspent();
      return Flow::stop_iteration;
    }
    const Flow flow = step->settle(moment, step->now(moment));
    if (flow != Flow::next) return flow;
  }
  return Flow::next;
}

bool any_waits(const Steps& steps) noexcept {
  return std::ranges::any_of(steps, [](const auto& step) { return step->waits(); });
}

runtime::Co<Status> init_all(Steps& steps, TaskContext& context) {
  for (auto& step : steps) {
    auto beginning = step->init(context);
    Status status = co_await beginning;
    if (!status) co_return status;
  }
  co_return Status{};
}

runtime::Co<void> teardown_all(Steps& steps) {
  for (auto& step : steps) {
    auto ending = step->teardown();
    co_await ending;
  }
}

}  // namespace vajrapulse::plan
