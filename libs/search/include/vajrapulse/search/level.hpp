#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/search/objectives.hpp"
#include "vajrapulse/search/observation.hpp"

namespace vajrapulse::search {

/// What a rate has turned out to be, as far as is known.
struct Finding {
  bool holds = false;
  double confidence = 0;    ///< that this is right, 0.5 to 1: of a normal error with the deviation seen between batches
  bool decided = false;     ///< confidence is high enough not to measure more
  bool overloaded = false;  ///< the target does less than is asked: the backlog grows
  std::string why;          ///< "p99 61.2 ms", "falls behind by 3.10 %; p99 61.2 ms"
};

/// Everything seen at one rate: all its runs together.
///
/// Each objective's margin is taken of all responses together; its standard error comes from the margins of the
/// batches (the method of batch means), widened by their correlation with their neighbours. A rate that the target
/// cannot carry has no steady state to measure: it shows in a backlog that grows throughout most runs (Mann and
/// Kendall's test), by more than `kUndone` of what was offered. What comes and goes by chance is about the root of
/// what is in flight at least.
class Level {
 public:
  /// What share of the offered load may stay undone before a growing backlog counts as overload.
  static constexpr double kUndone = 0.0025;

  Level(double rate, const Objectives& objectives);

  void add(const Observation& observation);

  [[nodiscard]] double rate() const noexcept { return rate_; }
  [[nodiscard]] double seconds() const noexcept { return seconds_; }
  [[nodiscard]] int runs() const noexcept { return runs_; }
  [[nodiscard]] const metrics::Snapshot& whole() const noexcept { return whole_; }
  [[nodiscard]] const std::string& verdict() const noexcept { return verdict_; }
  /// Share of the offered load that stayed undone, mean of all runs; below 0 where the backlog shrank.
  [[nodiscard]] double undone() const noexcept;
  [[nodiscard]] Finding finding() const;

 private:
  [[nodiscard]] criteria::RunView view() const { return {&whole_, seconds_, verdict_}; }
  [[nodiscard]] std::string observed() const;
  /// By how many standard errors the backlog has grown too much; negative where it has not.
  [[nodiscard]] double overload() const noexcept;

  double rate_;
  const Objectives* objectives_;
  metrics::Snapshot whole_;
  double seconds_ = 0;
  int runs_ = 0;
  int rising_runs_ = 0;
  double growth_ = 0;  ///< of the backlog, all runs together
  double chance_ = 0;  ///< the variance that it has anyway
  std::string verdict_;
  std::vector<std::vector<double>> margins_;  ///< by objective, of each batch that had one
};

}  // namespace vajrapulse::search
