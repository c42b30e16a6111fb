#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/engine/adaptive.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::engine {

/// An adaptive load's control thread side: watches a run, decides once a ramp interval, and steers.
///
/// It sees the run as any observer does and changes it by holding a rate from now on (Run::control with
/// Control::rate_hold), which may be refused (too near the end). Each decision that changes something goes to `say` as
/// one line and is kept as an event.
class AdaptiveLoad final : public RunObserver {
 public:
  using Steer = std::function<Status(double tps, const std::string& reason)>;
  using Say = std::function<void(const std::string& line)>;

  AdaptiveLoad(const AdaptiveSettings& settings, Say say);
  /// Decisions go to `steer`; a run that begins puts itself there.
  void steer_by(Steer steer) { steer_ = std::move(steer); }

  void on_begin(Run& run) override;
  void on_progress(const Progress& progress) override;
  void on_interval(double t, Phase phase, const metrics::Snapshot& interval) override;

  /// A decision that changed the rate or the phase.
  struct Event {
    double t = 0;  ///< seconds from the start of measuring
    AdaptivePhase phase = AdaptivePhase::ramp_up;
    double tps = 0;
    std::string reason;
  };
  [[nodiscard]] const std::vector<Event>& events() const noexcept { return events_; }
  /// Puts the gauges `vajrapulse.adaptive.tps` and `vajrapulse.adaptive.phase` into what a run recorded, `end_s`
  /// being how long it was measured.
  void publish(metrics::Snapshot& metrics, double end_s);

 private:
  void decide(double t);
  void record(double t);

  AdaptiveSettings settings_;
  Adaptive machine_;
  Steer steer_;
  Say say_;
  metrics::Snapshot seen_;  ///< since the last decision
  double decided_at_ = 0;
  std::vector<Event> events_;
  metrics::Registry registry_;
  metrics::Recorder recorder_;
  metrics::GaugeId tps_, phase_;
};

}  // namespace vajrapulse::engine
