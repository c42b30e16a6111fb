#include "vajrapulse/junit/junit_xml.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "vajrapulse/base/units.hpp"
#include "xml_text.hpp"

namespace vajrapulse::junit {
namespace {

constexpr std::string_view kWholeRun = "whole run";

struct Suite {
  std::string name;
  std::vector<const AssertionCase*> cases;
};

std::vector<Suite> suites_of(const JunitReport& report) {
  std::vector<Suite> suites;
  for (const AssertionCase& each : report.cases) {
    const std::string_view name = each.group.empty() ? kWholeRun : std::string_view(each.group);
    auto found = std::ranges::find(suites, name, &Suite::name);
    if (found == suites.end()) found = suites.insert(suites.end(), {.name = std::string(name), .cases = {}});
    found->cases.push_back(&each);
  }
  return suites;
}

// It never got a value: the run could not say whether the assertion holds.
bool has_no_value(const AssertionCase& each) { return !each.passed && !each.reason.empty(); }
bool has_failed(const AssertionCase& each) { return !each.passed && each.reason.empty(); }

/// Seconds as SUREFIRE_TIME of the schema has them: digits, a point, at most three digits.
std::string seconds_text(double seconds) {
  return fmt::format("{:.3f}", std::isfinite(seconds) ? std::max(0.0, seconds) : 0.0);
}

/// xs:dateTime in UTC.
std::string timestamp(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", std::chrono::floor<std::chrono::seconds>(time));
}

std::string story(const AssertionCase& each) {
  std::string text = fmt::format("assertion: {}\n", each.text);
  const auto line = [&text](std::string_view what, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", what, value);
  };
  line("expected", each.expected);
  line("observed", each.observed);
  line("by", each.by_how_much);
  line("no value", each.reason);
  if (each.broke_at) line("broke at", format_duration(*each.broke_at) + " into the run");
  return text;
}

std::string message(const AssertionCase& each) {
  if (has_no_value(each)) return fmt::format("{}: {}", each.text, each.reason);
  std::string text = fmt::format("{}: observed {}", each.text, each.observed.empty() ? "nothing" : each.observed);
  if (!each.by_how_much.empty()) text.append(", ").append(each.by_how_much);
  return text;
}

void append_case(std::string& to, const AssertionCase& each, const std::string& class_name) {
  to +=
      fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0.000\">\n", xml_attribute(each.text), class_name);
  if (each.passed) {
    to += fmt::format("      <system-out>{}</system-out>\n", xml_text(story(each)));
  } else {
    const std::string_view element = has_failed(each) ? "failure" : "error";
    to += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element,
                      has_failed(each) ? "assertion" : "no-value", xml_attribute(message(each)), xml_text(story(each)));
  }
  to += "    </testcase>\n";
}

void append_suite(std::string& to, const JunitReport& report, const Suite& suite) {
  const auto count = [&suite](auto which) {
    return std::ranges::count_if(suite.cases, [which](const AssertionCase* each) { return which(*each); });
  };
  to += fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"{}\" "
      "timestamp=\"{}\">\n",
      xml_attribute(suite.name), suite.cases.size(), count(has_failed), count(has_no_value),
      seconds_text(report.duration_s), timestamp(report.started_at));
  const std::string class_name = xml_attribute(report.run_name + "." + suite.name);
  for (const AssertionCase* each : suite.cases)
    append_case(to, *each, class_name);
  to += "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const JunitReport& report) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml +=
      fmt::format("<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n",
                  xml_attribute(report.run_name), report.cases.size(), std::ranges::count_if(report.cases, has_failed),
                  std::ranges::count_if(report.cases, has_no_value), seconds_text(report.duration_s));
  for (const Suite& suite : suites_of(report))
    append_suite(xml, report, suite);
  return xml + "</testsuites>\n";
}

}  // namespace vajrapulse::junit
