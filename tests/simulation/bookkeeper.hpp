#pragma once

#include <cstdint>
#include <optional>

#include "auditor.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::simulation {

/// Adds up what observers were shown on the way, to hold it against what the run says at its end.
class Bookkeeper final : public engine::RunObserver {
 public:
  explicit Bookkeeper(const runtime::Reactor& control) : control_(control) {}

  void on_progress(const engine::Progress& progress) override;
  void on_interval(double t, engine::Phase phase, const metrics::Snapshot& interval) override;
  /// The series and the intervals add up to the totals.
  void close(const engine::RunSummary& summary, faults::Auditor& auditor) const;

  /// t = 0 of the run; nothing when its load never began.
  [[nodiscard]] std::optional<TimePoint> origin() const noexcept { return origin_; }

 private:
  const runtime::Reactor& control_;
  std::optional<TimePoint> origin_;
  std::uint64_t measured_ = 0;   ///< iterations that ended, by the histograms of the intervals
  std::uint64_t responses_ = 0;  ///< the same of those with an intended start
};

}  // namespace vajrapulse::simulation
