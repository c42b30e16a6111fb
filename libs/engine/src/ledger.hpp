#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "vajrapulse/api/result.hpp"
#include "vajrapulse/engine/summary.hpp"
#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::engine {

enum class Outcome : std::uint8_t { success, failure, interrupted };
inline constexpr std::size_t kOutcomes = 3;

/// Whether iterations have an intended start: open models and paced users do.
enum class Timetable : std::uint8_t { scheduled, unscheduled };

/// Why an arrival will never start.
enum class DropReason : std::uint8_t { limit, deadline };

/// The numbers of everything that is recorded about executions, registered once.
struct ExecutionIds {
  ExecutionIds(metrics::Registry& registry, std::string_view scenario, std::string_view task);

  std::array<metrics::CounterId, kOutcomes> total;
  std::array<metrics::HistogramId, kOutcomes> duration, response_time, response_time_less_lag;
  metrics::HistogramId start_delay, scheduler_lag, queue_wait, slot_wait;
  metrics::GaugeId queue_size, slot_queue_size, in_flight, target_tps, actual_tps;
  metrics::CounterId dropped_limit, dropped_deadline, missed;
  metrics::HistogramId turn;
};

/// The moments that an iteration's start consists of.
struct StartTimes {
  TimePoint intended;
  TimePoint reached;   ///< when the shard got to it; until then the delay was the scheduler's
  TimePoint began;     ///< when it had a slot; until then it waited in the queue
  TimePoint possible;  ///< when it would have had one, had the shard never been late
};

/// The moment at which an iteration's end was seen.
struct EndTime {
  TimePoint seen;
  /// Of the time until then, the generator's own: how long ago it may have ended while the shard did not look, and how
  /// long it waited before for something that only the shard could give.
  Duration late{};
  /// When that would have been, had the shard never been late, in this iteration or in one before it in its slot.
  [[nodiscard]] TimePoint possible(const StartTimes& times) const noexcept {
    return times.possible + std::max(seen - times.began - late, Duration::zero());
  }
};

/// How the first iterations of a run went: whether the target can be reached at all.
struct Opening {
  std::uint64_t completed = 0;
  std::uint64_t succeeded = 0;
  ErrorKind kind;      ///< of the failures, while all are of one kind
  bool mixed = false;  ///< failures of several kinds

  void add(ErrorKind failure) noexcept;
  void merge(const Opening& other) noexcept;
};

/// The accounts of one phase on one shard: counts that always add up, and the recorder beside them.
class Ledger {
 public:
  Ledger(metrics::Registry& registry, const ExecutionIds& ids, Timetable timetable, std::string_view error_name,
         TimePoint now);

  void reached(std::uint64_t arrivals = 1) noexcept { target_ += arrivals; }
  void queued(std::uint64_t size, TimePoint now) noexcept;
  void started(const StartTimes& times) noexcept;
  void landed(const StartTimes& times, const EndTime& end, const Result& result, Outcome outcome);
  void dropped(DropReason reason, std::uint64_t arrivals) noexcept;
  /// Arrivals that were due and never reached.
  void missed(std::uint64_t arrivals) noexcept;
  /// Paced users know their target and queue by arithmetic, not by counting events.
  void settle(std::uint64_t target, std::uint64_t queued, TimePoint now) noexcept;

  /// The measured window is over: what happens from now on is the drain's.
  void close_window() noexcept;

  [[nodiscard]] LoadCounts counts() const noexcept;
  [[nodiscard]] std::uint64_t in_flight() const noexcept { return counts_.in_flight; }
  [[nodiscard]] const Opening& opening() const noexcept { return opening_; }
  [[nodiscard]] metrics::Recorder& recorder() noexcept { return recorder_; }
  void turn(Duration busy) noexcept { recorder_.record(ids_.turn, busy); }
  void rates(double target_tps, double actual_tps, TimePoint now) noexcept;

 private:
  const ExecutionIds& ids_;
  Timetable timetable_;
  std::string_view error_name_;
  metrics::Recorder recorder_;
  LoadCounts counts_;
  std::uint64_t target_ = 0;
  bool window_closed_ = false;
  Opening opening_;
  TimePoint gauge_time_;
};

}  // namespace vajrapulse::engine
