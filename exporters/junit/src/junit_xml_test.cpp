#include "vajrapulse/junit/junit_xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "xml_text.hpp"

namespace vajrapulse::junit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

// 1,767,225,600 s after the epoch: date -u -d 2026-01-01 +%s
constexpr WallTime kNewYear{seconds(1'767'225'600)};

JunitReport checkout() {
  JunitReport report{.run_name = "checkout", .started_at = kNewYear, .duration_s = 61.5, .cases = {}};
  report.cases.push_back({.group = "",
                          .text = "p99 < 500ms",
                          .passed = false,
                          .observed = "612 ms",
                          .reason = "",
                          .expected = "< 500 ms",
                          .by_how_much = "22.4 % above",
                          .broke_at = seconds(42)});
  report.cases.push_back({.group = "steady-state",
                          .text = "p95(\"GET /cart\") < 80ms",
                          .passed = true,
                          .observed = "12.1 ms",
                          .reason = "",
                          .expected = "",
                          .by_how_much = "",
                          .broke_at = std::nullopt});
  report.cases.push_back({.group = "",
                          .text = "errors < 1%",
                          .passed = false,
                          .observed = "",
                          .reason = "nothing was measured",
                          .expected = "",
                          .by_how_much = "",
                          .broke_at = std::nullopt});
  return report;
}

TEST(JunitXml, HasASuiteForEachGroupAndACaseForEachAssertion) {
  EXPECT_EQ(junit_xml(checkout()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="checkout" tests="3" failures="1" errors="1" time="61.500">
  <testsuite name="whole run" tests="2" failures="1" errors="1" skipped="0" time="61.500" timestamp="2026-01-01T00:00:00Z">
    <testcase name="p99 &lt; 500ms" classname="checkout.whole run" time="0.000">
      <failure type="assertion" message="p99 &lt; 500ms: observed 612 ms, 22.4 % above">assertion: p99 &lt; 500ms
expected: &lt; 500 ms
observed: 612 ms
by: 22.4 % above
broke at: 42 s into the run
</failure>
    </testcase>
    <testcase name="errors &lt; 1%" classname="checkout.whole run" time="0.000">
      <error type="no-value" message="errors &lt; 1%: nothing was measured">assertion: errors &lt; 1%
no value: nothing was measured
</error>
    </testcase>
  </testsuite>
  <testsuite name="steady-state" tests="1" failures="0" errors="0" skipped="0" time="61.500" timestamp="2026-01-01T00:00:00Z">
    <testcase name="p95(&quot;GET /cart&quot;) &lt; 80ms" classname="checkout.steady-state" time="0.000">
      <system-out>assertion: p95("GET /cart") &lt; 80ms
observed: 12.1 ms
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitXml, OfARunWithoutAssertionsIsEmptyNotBroken) {
  EXPECT_EQ(junit_xml({.run_name = "", .started_at = kNewYear, .duration_s = 0, .cases = {}}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"\" tests=\"0\" failures=\"0\" errors=\"0\" time=\"0.000\">\n</testsuites>\n");
}

TEST(JunitXml, WritesTimesThatASchemaTakes) {
  JunitReport report = checkout();
  report.started_at += milliseconds(999);
  for (const double length :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    report.duration_s = length;
    EXPECT_THAT(junit_xml(report), HasSubstr("time=\"0.000\" timestamp=\"2026-01-01T00:00:00Z\"")) << length;
  }
}

// XML 1.0, section 2.2: Char is #x9 | #xA | #xD | #x20-#xD7FF | #xE000-#xFFFD | #x10000-#x10FFFF.
TEST(XmlText, ReplacesWhatXmlCannotHold) {
  constexpr std::string_view kOther = "\xEF\xBF\xBD";
  const auto replaced = [&](std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
      text += kOther;
    return text;
  };
  EXPECT_EQ(xml_text(std::string_view("\0\x01\x1f", 3)), replaced(3));
  EXPECT_EQ(xml_text("\x7f"), "\x7f");
  EXPECT_EQ(xml_text("\xEF\xBF\xBE"), replaced(1)) << "U+FFFE";
  EXPECT_EQ(xml_text("\xEF\xBF\xBF"), replaced(1)) << "U+FFFF";
  EXPECT_EQ(xml_text("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF");
  EXPECT_EQ(xml_text("\xED\xA0\x80"), replaced(3)) << "a surrogate";
  EXPECT_EQ(xml_text("\xF4\x90\x80\x80"), replaced(4)) << "above U+10FFFF";
  EXPECT_EQ(xml_text("\xC0\x80"), replaced(2)) << "longer than need be";
  EXPECT_EQ(xml_text("a\xE2\x82"), "a" + replaced(2)) << "cut off";
  EXPECT_EQ(xml_text("é€𝄞"), "é€𝄞");
}

TEST(XmlText, EscapesMarkupAndWhatAnAttributeWouldTurnIntoBlanks) {
  constexpr std::string_view kText = "<a b=\"c\">&'\t\n\r]]>";
  EXPECT_EQ(xml_attribute(kText), "&lt;a b=&quot;c&quot;&gt;&amp;'&#9;&#10;&#13;]]&gt;");
  EXPECT_EQ(xml_text(kText), "&lt;a b=\"c\"&gt;&amp;'\t\n&#13;]]&gt;");
}

/// By libxml2, which shares no code with us. Its exit code; nothing where it is not installed.
std::optional<int> validated(const std::string& xml) {
  if (std::system("command -v xmllint > /dev/null") != 0) return std::nullopt;
  const auto file = std::filesystem::path(testing::TempDir()) / ("junit." + std::to_string(getpid()) + ".xml");
  std::ofstream(file) << xml;
  const std::string command =
      "xmllint --noout --nonet --schema '" + std::string(VP_JUNIT_SCHEMA) + "' '" + file.string() + "' 2> /dev/null";
  const int code = std::system(command.c_str());
  std::filesystem::remove(file);
  return code;
}

TEST(JunitXml, IsValidAgainstTheSchemaWhateverTextsHold) {
  JunitReport report = checkout();
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte)
    all_bytes += static_cast<char>(byte);
  report.run_name = all_bytes;
  report.cases.push_back({.group = all_bytes,
                          .text = all_bytes,
                          .passed = false,
                          .observed = "]]>",
                          .reason = all_bytes,
                          .expected = "<!--",
                          .by_how_much = "&nope;",
                          .broke_at = std::nullopt});
  const auto code = validated(junit_xml(report));
  ASSERT_TRUE(code) << "xmllint is missing: ./dev test installs it (libxml2-utils)";
  EXPECT_EQ(code, 0);
  EXPECT_EQ(validated(junit_xml({})), 0);
  EXPECT_NE(validated("<testsuites name=\"\" tests=\"x\"/>"), 0) << "the schema refuses something";
}

}  // namespace
}  // namespace vajrapulse::junit
