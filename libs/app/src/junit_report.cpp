#include "junit_report.hpp"

#include <cmath>

#include "vajrapulse/junit/junit_xml.hpp"

namespace vajrapulse::app {

std::string junit_text(const engine::RunSummary& summary) {
  junit::JunitReport report{.run_name = summary.run.name,
                            .started_at = summary.run.started_at,
                            .duration_s = summary.run.duration_s,
                            .cases = {}};
  for (const engine::AssertionResult& result : summary.assertions) {
    report.cases.push_back({.group = result.scenario,
                            .text = result.text,
                            .passed = result.passed,
                            .observed = result.observed,
                            .reason = result.reason,
                            .expected = result.expected,
                            .by_how_much = result.by,
                            .broke_at = {}});
    if (result.broke_at) report.cases.back().broke_at = Duration(std::int64_t(std::llround(*result.broke_at * 1e9)));
  }
  return junit_xml(report);
}

}  // namespace vajrapulse::app
