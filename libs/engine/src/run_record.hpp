#pragma once

#include <optional>
#include <vector>

#include "shard_run.hpp"
#include "steering.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/metrics/series.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::engine {

/// Adds a shard's or a scenario's counts to a sum.
void add_counts(LoadCounts& sum, const LoadCounts& part);

/// What the generator and its host used, between two readings.
class HostRecord {
 public:
  explicit HostRecord(HostProbe* probe) : probe_(probe) {}

  /// Measuring begins.
  void start();
  /// The facts from the start to now, over `measured_s` seconds.
  GeneratorFacts facts(double measured_s);
  /// What was used since the last call, in the published gauges.
  void publish(metrics::Recorder& recorder, const metrics::GaugeId& cpu, const metrics::GaugeId& wait, TimePoint now);

 private:
  HostProbe::Reading read() { return probe_ ? probe_->read() : HostProbe::Reading{}; }
  HostProbe* probe_;
  HostProbe::Reading first_, last_, published_;
  TimePoint published_at_;
};

/// One stretch of the run, a second or what a phase left of it.
struct Stretch {
  TimePoint begin, end;
  Phase phase = Phase::measure;
  [[nodiscard]] double seconds() const noexcept { return std::chrono::duration<double>(end - begin).count(); }
};

/// Everything the run has shown so far, merged over its shards.
class RunRecord {
 public:
  RunRecord(const RunSettings& settings, const Scenario& scenario, const runtime::Reactor& control,
            const Steering& steering);

  void plan(const Schedule& schedule) {
    schedule_ = schedule;
    planned_ = length_between(schedule.origin, schedule.end);
  }
  /// A control has moved the end.
  void steer(const Schedule& schedule) { schedule_ = schedule; }
  /// Measuring begins now (or has begun).
  void start_measuring();
  /// Measuring is over: later readings of the host do not count.
  void stop_measuring(TimePoint end);
  [[nodiscard]] TimePoint measured_until() const noexcept { return measured_until_; }

  /// Takes in what the shards handed over about `stretch`.
  void add(const std::vector<ShardReport>& reports, const Stretch& stretch);
  [[nodiscard]] Progress progress(Phase phase) const;
  [[nodiscard]] const metrics::Snapshot& interval() const noexcept { return interval_; }
  /// What ended in the last stretch though it began in the phase before, if anything did.
  struct Leftover {
    Phase phase;
    metrics::Snapshot snapshot;
  };
  [[nodiscard]] const std::optional<Leftover>& leftover() const noexcept { return leftover_; }
  [[nodiscard]] RunSummary summarize();

  [[nodiscard]] const std::vector<metrics::ErrorGroup>& errors(Phase phase) const;

  // What was measured so far:
  [[nodiscard]] TimePoint measured_end() const;
  [[nodiscard]] double measured_s() const {
    return std::chrono::duration<double>(measured_end() - schedule_.origin).count();
  }
  [[nodiscard]] const LoadCounts& measured_load() const noexcept { return load_[Part::measure]; }
  [[nodiscard]] const metrics::Snapshot& measured() const noexcept { return totals_[Part::measure]; }
  [[nodiscard]] Verdict judge_so_far() const;

 private:
  [[nodiscard]] std::optional<std::uint64_t> users(Phase phase, TimePoint time) const;
  [[nodiscard]] std::optional<metrics::Gauge> users_within(const Stretch& stretch) const;
  [[nodiscard]] double target_between(TimePoint begin, TimePoint end) const;
  [[nodiscard]] const LoadCounts& counts(Phase phase) const { return load_[part_of(phase)]; }
  [[nodiscard]] Duration clock_offset() const;
  [[nodiscard]] std::optional<PhaseCounts> beside(Part part, Duration length) const;
  void add_point(const Stretch& stretch, const LoadCounts& before, const metrics::Snapshot& snapshot);
  [[nodiscard]] std::vector<SeriesPoint> points() const;
  [[nodiscard]] bool open_model() const noexcept;
  [[nodiscard]] std::string load_text() const;

  const RunSettings& settings_;
  const Scenario& scenario_;
  const runtime::Reactor& control_;
  const Steering& steering_;
  Schedule schedule_;
  Duration planned_{};  ///< of the measured phase; the highest there is when iterations end it
  PerPart<LoadCounts> load_;
  LoadCounts before_;
  /// What a part has done and no point shows yet: shards begin the next part before the control thread has ended the
  /// last one's interval.
  PerPart<LoadCounts> shown_;
  PerPart<metrics::Snapshot> early_;
  PerPart<metrics::Snapshot> totals_;
  metrics::Snapshot interval_;
  std::optional<Leftover> leftover_;
  Stretch stretch_;
  metrics::Registry registry_;  ///< of what the control thread itself measures
  metrics::Recorder recorder_;
  metrics::GaugeId cpu_, host_wait_;
  metrics::Descriptor users_;
  HostRecord host_;
  GeneratorFacts facts_;
  std::size_t shards_ = 1;
  bool overflowed_ = false;
  bool measuring_ = false;
  bool measured_ = false;
  TimePoint measured_until_;
  Duration clock_offset_{};
  WallTime started_at_;
  std::string id_;
  metrics::Series series_;
};

}  // namespace vajrapulse::engine
