#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>

#include "golden_file.hpp"
#include "vajrapulse/console/search.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/search_file.hpp"

// What people read of find-max: the lines while it searches, the answer, the file.
namespace vajrapulse::golden {
namespace {

using console::Colour;
using console::Style;

constexpr Style kPlain{.colour = Colour::off, .width = 100};

/// A target that answers in 12 to 21 ms, slower as the rate nears 400/s, and falls behind beyond it. Every 500th fails.
search::Observation observe(const search::Step& step) {
  constexpr int kBatches = 16;
  constexpr double kCapacity = 400;
  namespace names = metrics::names;
  search::Observation seen{
      .rate = step.rate, .seconds = step.seconds, .spent_s = step.seconds + 1.2, .verdict = "VALID"};
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  const double undone = std::max(step.rate - kCapacity, 0.0);
  const double slower = 1 / std::max(1 - std::min(step.rate, 0.98 * kCapacity) / kCapacity, 0.02);
  for (int i = 0; i < kBatches; ++i) {
    const int responses = int(step.rate * step.seconds / kBatches);
    const double waiting_ms = undone / kCapacity * step.seconds * 1e3 * i / kBatches;
    for (int k = 0; k < responses; ++k) {
      const bool failed = k % 500 == 499;
      recorder.add(registry.counter(names::kExecutionTotal, {{"status", failed ? "failure" : "success"}}));
      const double ms = 12 + 9.0 * k / responses * std::sqrt(slower) / 3 + waiting_ms;
      recorder.record(registry.histogram(names::kResponseTime), Duration(std::llround(ms * 1e6)));
    }
    const auto interval = recorder.swap(TimePoint(std::chrono::seconds(i + 1)), nullptr);
    search::Batch batch{.seconds = step.seconds / kBatches, .backlog = 5 + undone * step.seconds * i / kBatches};
    batch.snapshot.add(*interval);
    seen.whole.merge(batch.snapshot);
    seen.batches.push_back(std::move(batch));
  }
  return seen;
}

struct Found {
  search::Objectives objectives = *search::Objectives::compile({"p99<100ms", "errors<1%"});
  search::Search search{objectives, {.start_rate = 50, .step_s = 4}};
  std::string lines;

  explicit Found(const Style& style, int most_steps = 100) {
    while (const auto step = search.next()) {
      search::Observation seen = observe(*step);
      if (search.steps() == 2) seen.generator = search::Generator::disturbed;
      search.add(seen);
      lines += console::render_step(*step, search, style);
      if (search.steps() >= most_steps) search.stop();
    }
  }
  [[nodiscard]] std::string text(const Style& style) const {
    return lines + console::render_search(search, "GET http://127.0.0.1:8080/", style);
  }
};

TEST(FindMaxText, Found) { expect_golden("find_max.txt", Found(kPlain).text(kPlain)); }
TEST(FindMaxText, Interrupted) { expect_golden("find_max_interrupted.txt", Found(kPlain, 3).text(kPlain)); }
TEST(FindMaxText, InColour) {
  const Style style{.colour = Colour::on, .width = 100};
  expect_golden("find_max_colour.txt", Found(style).text(style));
}

TEST(FindMaxText, FitsTheScreen) {
  for (const int width : {60, 80, 120}) {
    const Style style{.colour = Colour::off, .width = width};
    const std::string text = Found(style).text(style);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = text.find('\n', at);
      int columns = 0;
      for (const char c : text.substr(at, end - at))
        columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
      EXPECT_LE(columns, width) << text.substr(at, end - at);
      at = end + 1;
    }
  }
}

TEST(FindMaxFile, SaysTheSame) {
  const Found found(kPlain);
  const std::string text = report::to_json(found.search, {.name = "GET http://127.0.0.1:8080/",
                                                          .started_at = WallTime(std::chrono::hours(24)),
                                                          .version = "0.0.0",
                                                          .io = "simulated",
                                                          .seed = 7});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["schema"], "vajrapulse.find-max/1");
  EXPECT_EQ(json["answer"]["rate"], found.search.answer()->rate());
  EXPECT_EQ(json["curve"].size(), found.search.levels().size());
  expect_golden("find_max.json", text);
}

}  // namespace
}  // namespace vajrapulse::golden
