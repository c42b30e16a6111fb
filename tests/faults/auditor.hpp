#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::faults {

/// Checks the equations of the accounts at every step, and keeps what it found wrong.
class Auditor final : public engine::RunObserver {
 public:
  void on_progress(const engine::Progress& progress) override;
  /// The accounts at the end: nothing is queued or in flight, and the metrics say the same.
  void close(const engine::RunSummary& summary);
  void complain(std::string what) { violations_.push_back(std::move(what)); }

  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }

 private:
  void check(const engine::LoadCounts& load, const std::string& when);
  std::uint64_t steps_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace vajrapulse::faults
