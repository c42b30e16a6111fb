#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <utility>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/run.hpp"

/// A load test as a unit test: matchers for GoogleTest's EXPECT_THAT and ASSERT_THAT, of a RunResult or of what run()
/// returns. They need no header of GoogleTest's, and so no certain version: it knows them by how they are made.
namespace vajrapulse {

/// Matches a run of which something is true. Where there was no run, nothing is.
class RunMatcher {
 public:
  using Judge = std::function<RunResult::Outcome(const RunResult&)>;
  RunMatcher(std::string meaning, Judge judge) : meaning_(std::move(meaning)), judge_(std::move(judge)) {}

  // What GoogleTest calls, under the names that it calls them by.
  using is_gtest_matcher = void;
  bool MatchAndExplain(const RunResult& result, std::ostream* told) const {
    const RunResult::Outcome outcome = judge_(result);
    if (told) *told << outcome.said;
    return outcome.holds;
  }
  bool MatchAndExplain(const Expected<RunResult>& result, std::ostream* told) const {
    return result && MatchAndExplain(*result, told);
  }
  void DescribeTo(std::ostream* text) const { *text << "is a run that " << meaning_; }
  void DescribeNegationTo(std::ostream* text) const { *text << "is no run that " << meaning_; }

 private:
  std::string meaning_;
  Judge judge_;
};

/// The verdict is VALID: the generator did not distort what was measured.
RunMatcher IsValid();

/// The plan has assertions, and all of them passed.
RunMatcher PassesAssertions();

/// A condition of the expression language: Holds("p99 < 50ms and errors < 1%").
RunMatcher Holds(std::string condition);

/// How GoogleTest prints what was matched.
inline void PrintTo(const RunResult& result, std::ostream* text) { *text << result.text(); }
inline void PrintTo(const Expected<RunResult>& result, std::ostream* text) {
  *text << (result ? result->text() : "no run: " + result.error().text());
}

}  // namespace vajrapulse
