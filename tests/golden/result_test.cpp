#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "golden_file.hpp"
#include "sample_runs.hpp"
#include "vajrapulse/metrics/hdr_encoding.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/result_file.hpp"

namespace vajrapulse::golden {
namespace {

using Json = nlohmann::ordered_json;

/// Compressed payloads differ between versions of zlib; what is in them is compared elsewhere.
std::string without_payloads(const std::string& json) {
  return std::regex_replace(json, std::regex("\"hdr\":( ?)\"HISTF[^\"]*\""), "\"hdr\":$1\"HISTF…\"");
}

const Json& find(const Json& result, std::string_view name, const Json& tags) {
  for (const Json& metric : result["metrics"])
    if (metric["name"] == name && metric["tags"] == tags) return metric;
  static const Json kNone;
  ADD_FAILURE() << name << " " << tags.dump() << " is missing";
  return kNone;
}

TEST(Result, OpenModel) { expect_golden("result_open.json", without_payloads(report::to_json(open_run()))); }
TEST(Result, ClosedModel) { expect_golden("result_closed.json", without_payloads(report::to_json(closed_run()))); }
TEST(Result, Errors) { expect_golden("result_errors.json", without_payloads(report::to_json(failing_run()))); }

TEST(Result, SaysWhatHadToHoldAndHowItCameOut) {
  const Json result = Json::parse(report::to_json(plan_run()));
  const Json& failed = result["assertions"][1];
  EXPECT_EQ(failed.dump(),
            R"({"text":"errors < 1%, for 2s","passed":false,"scenario":"cooldown","expected":"under 1 % in every 2 s",)"
            R"("observed":"4 %","by":"300 % over","reason":"","broke_at":8.0,"aborted":true})");
  EXPECT_TRUE(result["assertions"][0]["scenario"].is_null());
  EXPECT_TRUE(result["assertions"][0]["broke_at"].is_null());
  EXPECT_EQ(result["assertions"].size(), 5U);
}

TEST(Result, HasItsScenariosWhenThereAreSeveral) {
  const Json result = Json::parse(report::to_json(plan_run()));
  ASSERT_EQ(result["scenarios"].size(), 4U);
  const Json& steady = result["scenarios"][1];
  EXPECT_EQ(steady["name"], "steady-state");
  EXPECT_EQ(steady["load"], "static 1000/s for 6 s");
  EXPECT_EQ(steady["counts"]["succeeded"], 6'000);
  EXPECT_EQ(steady["verdict"]["status"], "VALID");
  EXPECT_TRUE(steady["skipped"].is_null());
  EXPECT_EQ(result["scenarios"][2]["skipped"], "steady-state.p99 < 1ms does not hold: 1.9 ms");
  EXPECT_TRUE(result["scenarios"][2]["t"].is_null());
  EXPECT_FALSE(result["scenarios"][0]["measured"].get<bool>());
  EXPECT_EQ(result["scenarios"][3]["t"], 6);
  EXPECT_EQ(result["series"][3]["scenario"], "steady-state");
  EXPECT_FALSE(Json::parse(report::to_json(open_run())).contains("scenarios"));
}

TEST(Result, HasItsFieldsInOrder) {
  const Json result = Json::parse(report::to_json(open_run()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : result.items())
    keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "run", "verdict", "load", "warmup", "cooldown", "metrics",
                                            "errors", "series", "controls", "assertions", "generator", "exit_code"}));
  EXPECT_EQ(result["schema"], "vajrapulse.result/1");
  EXPECT_EQ(result["run"]["started_at"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(result["warmup"]["started"], 2'000);
  EXPECT_EQ(result["cooldown"]["failed"], 3);
  EXPECT_EQ(result["load"]["completed"], 10'000);
  EXPECT_EQ(result["series"].size(), 12U);
  EXPECT_EQ(result["series"][0]["phase"], "warm-up");
}

TEST(Result, PayloadsHoldWhatTheFiguresSay) {
  const auto run = open_run();
  const Json result = Json::parse(report::to_json(run));
  const Json& metric = find(result, metrics::names::kResponseTime, Json::object());
  const auto decoded = metrics::decode_hdr(metric["hdr"].get<std::string>());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->count(), 10'000U);
  EXPECT_EQ(metric["count"], 10'000);
  for (const auto& [key, percentile] : {std::pair{"p50", 50.0}, {"p99", 99.0}, {"p99.9", 99.9}})
    EXPECT_EQ(metric[key], decoded->percentile(percentile)) << key;
}

TEST(Result, AClosedLoopHasNoTargetAndNoResponseTime) {
  const Json result = Json::parse(report::to_json(closed_run()));
  EXPECT_TRUE(result["load"]["target"].is_null());
  std::set<std::string> seen;
  for (const Json& metric : result["metrics"])
    seen.insert(metric["name"].get<std::string>());
  EXPECT_FALSE(seen.contains(std::string(metrics::names::kResponseTime)));
  EXPECT_TRUE(seen.contains(std::string(metrics::names::kExecutionDuration)));
}

TEST(Result, PhasesThatDidNotHappenAreAbsent) {
  for (const Json result = Json::parse(report::to_json(open_run())); const Json& metric : result["metrics"])
    EXPECT_NE(metric["tags"].value("phase", ""), "tls");
}

TEST(Result, TotalsAreTheSumsOfTheirParts) {
  const Json result = Json::parse(report::to_json(failing_run()));
  const auto total = [&](const Json& tags) {
    return find(result, metrics::names::kExecutionTotal, tags)["value"].get<int>();
  };
  EXPECT_EQ(total({{"status", "success"}}) + total({{"status", "failure"}}) + total({{"status", "interrupted"}}),
            total(Json::object()));
  int errors = 0;
  for (const Json& group : result["errors"])
    errors += group["count"].get<int>();
  EXPECT_EQ(errors, total({{"status", "failure"}}));
}

TEST(Result, BytesThatAreNoUtf8AreReplaced) {
  auto run = open_run();
  run.run.name = "GET /\xff";
  EXPECT_EQ(Json::parse(report::to_json(run))["run"]["name"], "GET /\xef\xbf\xbd");
}

TEST(Result, AThousandNamesStayReadable) {
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  for (int name = 0; name < 1'000; ++name)
    for (const char* phase : {"wait", "total"})
      recorder.record(registry.histogram(metrics::names::kRequestDuration, {{"name", "GET /" + std::to_string(name)},
                                                                            {"phase", phase},
                                                                            {"scenario", "s"},
                                                                            {"status", "success"},
                                                                            {"task", "t"}}),
                      std::int64_t{1'000} * (name + 1));
  engine::RunSummary run;
  run.metrics.add(*recorder.swap(TimePoint(std::chrono::seconds(1)), nullptr));
  const Json result = Json::parse(report::to_json(run));
  EXPECT_EQ(result["metrics"].size(),
            2U * 2U * (1'000U + 3U));  // by phase, with and without status; names and roll-ups
}

}  // namespace
}  // namespace vajrapulse::golden
