#include "vajrapulse/plan/conditions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::plan {
namespace {

namespace names = metrics::names;
using testing::ElementsAre;

/// 1,000 iterations of 10 ms of which some failed.
metrics::Snapshot ran(std::uint64_t failed) {
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const metrics::Tags tags = {{"scenario", "steady-state"}, {"status", i < failed ? "failure" : "success"}};
    recorder.add(registry.counter(names::kExecutionTotal, tags));
    recorder.record(registry.histogram(names::kResponseTime, tags), std::chrono::milliseconds(10));
  }
  metrics::Snapshot snapshot;
  const auto interval = recorder.swap(TimePoint(std::chrono::seconds(10)), nullptr);
  snapshot.add(*interval);
  return snapshot;
}

const std::vector<AssertedScenario> kScenarios = {
    {.name = "warmup", .measured = false}, {.name = "steady-state"}, {.name = "spike"}};

std::optional<When> compiled(const std::string& text, document::Diagnostics& found) {
  const auto source = std::make_shared<document::Source>("plan.yml", "when: " + text + "\n");
  return compile_when({text, {.source = source, .line = 1, .column = 7, .length = text.size()}}, 2, kScenarios, found);
}

std::optional<std::string> why_not(const std::string& text, std::uint64_t failed, bool skipped = false) {
  document::Diagnostics found;
  const auto when = compiled(text, found);
  EXPECT_EQ(found.written(document::Format::text), "");
  if (!when) return "";
  const metrics::Snapshot nothing, all = ran(failed);
  const engine::LoadCounts none, load{.started = 1'000, .succeeded = 1'000 - failed, .failed = failed};
  const std::vector<engine::ScenarioResult> results = {
      {.name = "warmup", .load = none, .metrics = nothing},
      {.name = "steady-state",
       .skipped = skipped,
       .load = load,
       .metrics = all,
       .measured_s = 10,
       .verdict = failed > 500 ? engine::VerdictStatus::invalid : engine::VerdictStatus::valid},
      {.name = "spike", .load = none, .metrics = nothing}};
  return when->skip_when(results);
}

std::string refused(const std::string& text) {
  document::Diagnostics found;
  EXPECT_FALSE(compiled(text, found)) << text;
  const auto all = found.all();
  return all.empty() ? "" : all.front().place.text() + ": " + all.front().message + "; " + all.front().cure;
}

TEST(When, BeginsWhenTheConditionHoldsAndElseSaysWhyNot) {
  EXPECT_EQ(why_not("steady-state.errors < 1%", 0), std::nullopt);
  EXPECT_EQ(why_not("steady-state.errors < 1%", 32), "steady-state.errors < 1% does not hold: 3.20 %");
  EXPECT_EQ(why_not("steady-state.p99 < 50ms and steady-state.tps > 99/s", 0), std::nullopt);
  EXPECT_EQ(why_not("steady-state.verdict == 'VALID'", 0), std::nullopt);
  EXPECT_EQ(why_not("steady-state.verdict == 'VALID'", 501),
            "steady-state.verdict == 'VALID' does not hold: 'INVALID'");
}

TEST(When, WhatWasSkippedHasNoValues) {
  EXPECT_EQ(why_not("steady-state.errors < 1%", 0, true),
            "steady-state.errors < 1% has no value: steady-state was skipped");
  EXPECT_EQ(why_not("steady-state.failed == 0", 0, true),
            "steady-state.failed == 0 has no value: steady-state was skipped");
  EXPECT_EQ(why_not("warmup.errors < 1%", 0), "warmup.errors < 1% has no value: warmup has not run");
}

TEST(When, KnowsWhichScenariosItAsksAbout) {
  document::Diagnostics found;
  EXPECT_THAT(compiled("steady-state.errors < 1% and warmup.p99 < 1s", found)->scenarios, ElementsAre(0U, 1U));
}

TEST(When, SaysWhatIsWrongWhereItStands) {
  EXPECT_EQ(refused("errors < 1%"),
            "plan.yml:1:7: 'errors' does not say of which scenario; write for example warmup.errors");
  EXPECT_EQ(refused("steady-state.erors < 1%"),
            "plan.yml:1:7: 'steady-state.erors' is no figure of a run; did you mean steady-state.errors?");
  EXPECT_EQ(refused("warmup.errors < 1% and spike.errors < 1%"),
            "plan.yml:1:30: 'spike' cannot wait for what it has not done yet; ask about another scenario, or about the "
            "whole run");
  EXPECT_EQ(refused("steady-state.p99 < 500"),
            "plan.yml:1:24: a time and a number cannot be compared; write its unit, for example 500ms");
}

}  // namespace
}  // namespace vajrapulse::plan
