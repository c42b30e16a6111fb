#include "run_relay.hpp"

#include <utility>

namespace vajrapulse::plan {

void RunRelay::on_begin(engine::Run& run) {
  const std::lock_guard lock(mutex_);
  run_ = &run;
}

void RunRelay::on_summary(const engine::RunSummary& /*summary*/) {
  const std::lock_guard lock(mutex_);
  run_ = nullptr;
}

/// On the control thread, if the run is still there by then.
void RunRelay::tell(std::move_only_function<void(engine::Run&)> what) {
  const std::lock_guard lock(mutex_);
  if (!run_) return;
  run_->reactor().post([this, what = std::move(what)]() mutable {
    engine::Run* run = nullptr;
    {
      const std::lock_guard again(mutex_);
      run = run_;
    }
    if (run) what(*run);
  });
}

void RunRelay::stop(const std::string& scenario, const std::string& reason) {
  tell([scenario, reason](engine::Run& run) {
    engine::Control stop = engine::Control::stop();
    stop.scenario = scenario;
    stop.reason = reason;
    (void)run.control(stop);  // refused when its end is nearer than a control's
  });
}

void RunRelay::say(std::string line) {
  tell([line = std::move(line)](engine::Run& run) { run.say(line); });
}

}  // namespace vajrapulse::plan
