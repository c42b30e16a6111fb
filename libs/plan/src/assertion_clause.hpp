#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assertion_seconds.hpp"
#include "vajrapulse/criteria/assertion.hpp"
#include "vajrapulse/criteria/tally.hpp"
#include "vajrapulse/plan/assertions.hpp"

namespace vajrapulse::plan {

/// How many iterations have still to end, of each scenario.
class Outlook {
 public:
  explicit Outlook(std::vector<AssertedScenario> scenarios) : scenarios_(std::move(scenarios)) {}

  void ended(const std::string& scenario, const metrics::Snapshot& interval);
  /// Somebody changed the load: the plan no longer says how much will come.
  void steered() noexcept { steered_ = true; }
  /// Of one scenario; empty: of the whole run.
  [[nodiscard]] criteria::Outstanding of(std::string_view scenario) const;
  [[nodiscard]] const std::vector<AssertedScenario>& scenarios() const noexcept { return scenarios_; }
  [[nodiscard]] const AssertedScenario* find(std::string_view name) const;

 private:
  [[nodiscard]] std::optional<double> outstanding(const AssertedScenario& scenario) const;

  std::vector<AssertedScenario> scenarios_;
  std::map<std::string, std::uint64_t, std::less<>> ended_;
  bool steered_ = false;
};

/// One condition, and what has been seen of it so far.
class Clause {
 public:
  /// Null when something is wrong, which is reported. `terms`: its own, and those of the groups around it.
  static std::unique_ptr<Clause> compile(const AssertionSpec& spec, const AssertionTerms& terms,
                                         const std::vector<AssertedScenario>& scenarios,
                                         document::Diagnostics& diagnostics);
  Clause(const Clause&) = delete;
  Clause& operator=(const Clause&) = delete;

  [[nodiscard]] bool has_window() const noexcept { return window_ > 0; }
  [[nodiscard]] bool follows() const noexcept { return followed_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// It is looked at while the run goes on, without a window.
  void follow_from_now_on() noexcept { followed_ = true; }

  void add(const Span& span, const metrics::Snapshot& interval);
  void add(const Second& second);
  /// It cannot pass any more.
  [[nodiscard]] bool lost(const Outlook& outlook) const;
  /// What it is at, for a message: "812 ms".
  [[nodiscard]] std::string now() const;
  [[nodiscard]] engine::AssertionResult judge(const engine::RunSummary& summary);

 private:
  explicit Clause(std::vector<criteria::RunNames::Scenario> scenarios) : names_(std::move(scenarios)) {}

  /// The figures of one second of a window.
  struct Part {
    std::int64_t number = 0;
    std::vector<Span> spans;
    std::vector<criteria::Tally> tallies;  ///< by slot
  };
  class Tallied;

  bool check(const AssertionSpec& spec, const AssertionTerms& terms, document::Diagnostics& diagnostics);
  [[nodiscard]] std::vector<Span> own(const std::vector<Span>& spans) const;
  [[nodiscard]] bool too_early(double begin);
  [[nodiscard]] std::vector<criteria::Tally> tallies_of(const metrics::Snapshot& snapshot) const;
  void look_at_window();
  void judge_whole(const engine::RunSummary& summary, engine::AssertionResult& result) const;
  void judge_windows(const engine::RunSummary& summary, engine::AssertionResult& result);
  void judge_rest(const engine::RunSummary& summary, engine::AssertionResult& result) const;
  [[nodiscard]] std::string stranger(const engine::RunSummary& summary) const;
  [[nodiscard]] double measured_s(const engine::RunSummary& summary) const;

  criteria::RunNames names_;
  std::optional<criteria::Expression> expression_;
  std::string text_;
  std::string scenario_;  ///< the only one it is about; empty: several, or the whole run
  std::string task_;
  std::int64_t window_ = 0;  ///< seconds; 0: none
  double after_ = 0;         ///< seconds
  bool followed_ = false;

  std::optional<double> origin_;  ///< when what it is about began to be measured
  std::vector<criteria::Tally> whole_;
  double whole_s_ = 0;
  std::deque<Part> parts_;
  std::size_t windows_ = 0;  ///< that were judged
  double worst_margin_ = 0;
  std::optional<criteria::AssertionOutcome> worst_;
  std::optional<double> broke_at_;
};

/// The figures of a finished run, with its scenarios; keeps what it refers to.
class FinishedRun {
 public:
  FinishedRun(const engine::RunSummary& summary, const criteria::RunNames& names);
  [[nodiscard]] const criteria::RunValues& values() const noexcept { return values_; }

 private:
  std::deque<std::string> absences_;
  criteria::RunValues values_;
};

}  // namespace vajrapulse::plan
