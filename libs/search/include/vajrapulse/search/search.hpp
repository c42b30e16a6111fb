#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/search/level.hpp"
#include "vajrapulse/search/observation.hpp"

namespace vajrapulse::search {

struct Settings {
  double start_rate = 10;  ///< per second
  std::optional<double> max_rate;
  double precision = 0.02;       ///< the answer lies at most this share below a rate that fails
  double step_s = 5;             ///< how long a step measures before it is first judged
  int confirmations = 2;         ///< further runs at the answer; one at the rate that fails, unless 0
  std::optional<double> most_s;  ///< all steps together
};

/// What the next run is for.
enum class Purpose { grow, shrink, bisect, decide, confirm, repeat };
std::string_view name(Purpose purpose);

struct Step {
  double rate = 0;
  double seconds = 0;
  Purpose purpose = Purpose::grow;
};

/// Why a search is over.
enum class End {
  found,          ///< between a rate that holds and one that fails, as near as was asked
  most_rate,      ///< the highest rate that was allowed holds
  generator,      ///< the generator could do no more, the target perhaps could
  nothing_holds,  ///< not even the lowest rate holds that a step can measure
  out_of_time,    ///< the time allowed is over
  interrupted     ///< somebody stopped it
};
std::string_view name(End end);  ///< "found", "max-rate", "generator", "nothing-holds", "out-of-time", "interrupted"

/// The highest rate that holds its objectives, looked for step by step: exponentially, then by bisection, then
/// confirmed. It sends nothing: it says which rate to measure next and takes in what was seen.
///
/// All that was seen at one rate counts together. A rate that is not decided with 99 % confidence is measured again,
/// twice as long each time, up to `kMostLooks` times the step; then what is more likely counts. What the next step is
/// follows from what is known of all rates, so a confirmation that turns a finding over sends the search back.
///
/// Example:
///   Search search(objectives, {.start_rate = 10});
///   while (const auto step = search.next()) search.add(measure(step->rate, step->seconds));
class Search {
 public:
  static constexpr double kMostLooks = 8;  ///< of a step's length, at one rate
  static constexpr int kMostRepeats = 2;   ///< of a step that the host disturbed; then its rate is out of reach
  static constexpr double kGeneratorPrecision = 0.10;  ///< below a rate that the generator does not reach

  /// `objectives` must outlive this.
  Search(const Objectives& objectives, const Settings& settings);

  /// What to measure next; nothing when the search is over.
  std::optional<Step> next();
  /// Takes in what `next` asked for.
  void add(const Observation& observation);
  /// Somebody wants it to end: `next` gives nothing more.
  void stop() { end_ = End::interrupted; }

  [[nodiscard]] std::optional<End> end() const noexcept { return end_; }
  /// The highest rate that holds below all that fail; nothing when none was found.
  [[nodiscard]] const Level* answer() const;
  /// The lowest rate that fails.
  [[nodiscard]] const Level* failing() const;
  /// The lowest rate that the generator did not reach, and why.
  [[nodiscard]] std::optional<double> ceiling() const noexcept { return ceiling_; }
  [[nodiscard]] const std::string& ceiling_why() const noexcept { return ceiling_why_; }
  /// That `answer` holds and, where a rate failed, that `failing` does not: the lesser of both; 0 without an answer.
  [[nodiscard]] double confidence() const;
  /// By rate, ascending.
  [[nodiscard]] const std::vector<std::unique_ptr<Level>>& levels() const noexcept { return levels_; }
  [[nodiscard]] int steps() const noexcept { return steps_; }
  [[nodiscard]] double spent_s() const noexcept { return spent_s_; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const Objectives& objectives() const noexcept { return objectives_; }
  [[nodiscard]] double lowest_rate() const noexcept;

 private:
  std::optional<Step> choose();
  std::optional<Step> below(double failed);
  std::optional<Step> above(double held);
  std::optional<Step> between(double held, double failed);
  std::optional<Step> settled(const Level* held, const Level* failed, End how);
  std::optional<Step> undecided(const Level& level) const;
  [[nodiscard]] Step fresh(double rate, Purpose purpose) const { return {rate, step_s(rate), purpose}; }
  [[nodiscard]] double step_s(double rate) const;
  std::optional<Step> finish(End end);
  Level& level_at(double rate);

  const Objectives& objectives_;
  Settings settings_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::optional<double> ceiling_;
  std::string ceiling_why_;
  std::optional<Step> repeat_;
  int repeats_ = 0;
  int steps_ = 0;
  double spent_s_ = 0;
  double overhead_s_ = 0;  ///< what the last step took beyond its measured time
  std::optional<End> end_;
  std::optional<Step> asked_;
};

}  // namespace vajrapulse::search
