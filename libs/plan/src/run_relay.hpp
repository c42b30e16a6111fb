#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::plan {

/// Through it, steps on shards' threads reach the run: they end a scenario or all of it, and say something.
class RunRelay final : public engine::RunObserver {
 public:
  void on_begin(engine::Run& run) override;
  void on_progress(const engine::Progress& /*progress*/) override {}
  void on_summary(const engine::RunSummary& /*summary*/) override;

  /// Any thread. `scenario`: empty for the whole run. Asked again it changes nothing.
  void stop(const std::string& scenario, const std::string& reason);
  /// Any thread. A line for who watches the run.
  void say(std::string line);

 private:
  void tell(std::move_only_function<void(engine::Run&)> what);

  std::mutex mutex_;
  engine::Run* run_ = nullptr;  ///< while it runs
};

}  // namespace vajrapulse::plan
