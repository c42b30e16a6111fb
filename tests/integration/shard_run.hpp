#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "../faults/auditor.hpp"
#include "harness.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::integration {

/// A whole run on real shards, each on a thread of its own, controlled from this one; its accounts are audited at
/// every step.
class ShardRun {
 public:
  ShardRun(runtime::IoKind shards_on, std::size_t shards);
  ~ShardRun();

  /// Nothing when the run could not start; the auditor knows why.
  std::optional<engine::RunSummary> run(engine::Scenario scenario);
  /// As Ctrl-C does: once to drain, twice to cut that short. Any thread; heard while the run is under way.
  void stop();
  /// Any thread; heard while the run is under way. What is refused is the auditor's to tell.
  void control(const engine::Control& control);
  [[nodiscard]] const faults::Auditor& auditor() const noexcept { return auditor_; }

 private:
  std::unique_ptr<runtime::Reactor> control_;
  std::vector<std::unique_ptr<ReactorThread>> shards_;
  faults::Auditor auditor_;
  std::unique_ptr<engine::Run> run_;
};

}  // namespace vajrapulse::integration
