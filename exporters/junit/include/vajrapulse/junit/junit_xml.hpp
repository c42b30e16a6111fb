#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::junit {

/// How one assertion came out, in words for people.
struct AssertionCase {
  std::string group;                 ///< the scenario it is about; empty: the whole run
  std::string text;                  ///< as written: "p99 < 500ms"
  bool passed = false;               ///< false also where it had no value
  std::string observed;              ///< "612 ms"; empty: no value
  std::string reason;                ///< why there was no value; else empty
  std::string expected;              ///< "< 500 ms"; may be empty
  std::string by_how_much;           ///< "22.4 % above"; may be empty
  std::optional<Duration> broke_at;  ///< from the run's start: when it began not to hold
};

struct JunitReport {
  std::string run_name;
  WallTime started_at;
  double duration_s = 0;  ///< of the measured window
  std::vector<AssertionCase> cases;
};

/// The report as JUnit XML, UTF-8, one <testsuite> for each group in the order in which they come first, one <testcase>
/// for each assertion. Valid against Jenkins' xunit schema (types/model/xsd/junit-10.xsd of its xunit plugin): each
/// suite has name, tests, failures, errors, time and timestamp, a case name, classname and time; an assertion that did
/// not hold is a <failure>, one that never got a value an <error>.
///
/// What XML 1.0 cannot hold (section 2.2), and bytes that are not UTF-8, become U+FFFD.
std::string junit_xml(const JunitReport& report);

}  // namespace vajrapulse::junit
