#include "vajrapulse/metrics/recorder.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::metrics {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint at(Duration since_start) { return TimePoint(since_start); }

TEST(Registry, SameDescriptorSameId) {
  Registry registry;
  const auto a = registry.counter("c", {{"scenario", "s"}, {"name", "n"}});
  const auto b = registry.counter("c", {{"name", "n"}, {"scenario", "s"}});
  const auto c = registry.counter("c", {{"name", "m"}, {"scenario", "s"}});
  EXPECT_EQ(a.index, b.index);
  EXPECT_NE(a.index, c.index);
  EXPECT_EQ(registry.counters().at(a.index).tags, (Tags{{"name", "n"}, {"scenario", "s"}}));
}

TEST(Registry, TooManyNamesShareOther) {
  Registry registry;
  for (std::size_t i = 0; i < Registry::kMaxSeries; ++i)
    registry.counter("c", {{"name", std::to_string(i)}, {"task", "t"}});
  EXPECT_EQ(registry.overflowed(), 0u);
  const auto known = registry.counter("c", {{"name", "17"}, {"task", "t"}});
  EXPECT_EQ(known.index, 17u);
  const auto late = registry.counter("c", {{"name", "late"}, {"task", "t"}});
  const auto later = registry.counter("c", {{"name", "later"}, {"task", "t"}});
  EXPECT_EQ(late.index, later.index);
  EXPECT_EQ(registry.counters().at(late.index).tags, (Tags{{"name", "other"}, {"task", "t"}}));
  EXPECT_EQ(registry.overflowed(), 2u);
}

TEST(Registry, StaysBoundedWhateverTheTags) {
  Registry registry;
  for (std::size_t i = 0; i < 3 * Registry::kMaxSeries; ++i)
    registry.counter("c", {{"code", std::to_string(i)}, {"name", "n"}});
  EXPECT_LE(registry.counters().size(), Registry::kMaxSeries * 3 / 2 + 1);
  EXPECT_EQ(registry.counters().back().tags, (Tags{{"name", "other"}}));
}

TEST(Recorder, HandsOverWhatWasRecordedSinceTheLastSwap) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  const auto histogram = registry.histogram("h");
  const auto counter = registry.counter("c");
  recorder.record(histogram, milliseconds(3));
  recorder.add(counter, 5);
  auto first = recorder.swap(at(seconds(1)), nullptr);
  recorder.add(counter, 2);
  auto second = recorder.swap(at(seconds(2)), nullptr);

  EXPECT_EQ(first->begin, at(seconds(0)));
  EXPECT_EQ(first->end, at(seconds(1)));
  EXPECT_EQ(first->histograms.at(histogram.index)->max(), 3'000'000);
  EXPECT_EQ(first->counters.at(counter.index), 5u);
  EXPECT_EQ(first->histogram_descriptors.at(histogram.index)->name, "h");
  EXPECT_EQ(second->begin, at(seconds(1)));
  EXPECT_EQ(second->counters.at(counter.index), 2u);
  EXPECT_TRUE(second->histograms.at(histogram.index)->empty());
}

TEST(Recorder, ReusedMemoryBringsNothingBack) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  const auto histogram = registry.histogram("h");
  const auto counter = registry.counter("c");
  const auto gauge = registry.gauge("g");
  recorder.record(histogram, 7);
  recorder.add(counter);
  recorder.set(gauge, 3, at(milliseconds(500)));
  recorder.error(kTimeout, "GET /", "no answer");
  auto interval = recorder.swap(at(seconds(1)), nullptr);
  const Histogram* memory = interval->histograms.at(histogram.index).get();
  auto middle = recorder.swap(at(seconds(2)), std::move(interval));
  recorder.record(histogram, 9);
  auto last = recorder.swap(at(seconds(3)), std::move(middle));
  EXPECT_EQ(last->histograms.at(histogram.index).get(), memory);
  EXPECT_EQ(last->histograms.at(histogram.index)->min(), 9);
  EXPECT_EQ(last->counters.at(counter.index), 0u);
  EXPECT_TRUE(last->errors.empty());
  EXPECT_EQ(last->gauges.at(gauge.index).last, 3);
  EXPECT_EQ(last->gauges.at(gauge.index).weight_ns, 1'000'000'000);
}

TEST(Recorder, KnowsMetricsRegisteredMidway) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  const auto counter = registry.counter("late");
  const auto histogram = registry.histogram("late too");
  const auto gauge = registry.gauge("late as well");
  recorder.add(counter);
  recorder.record(histogram, 1);
  recorder.set(gauge, 1, at(seconds(0)));
  const auto interval = recorder.swap(at(seconds(1)), nullptr);
  EXPECT_EQ(interval->counter_descriptors.size(), 1u);
  EXPECT_EQ(interval->histograms.at(histogram.index)->count(), 1u);
  EXPECT_EQ(interval->gauges.at(gauge.index).mean(), 1);
}

// 10 for 1 s, 20 for 3 s: (10 + 60) / 4.
TEST(Recorder, GaugesWeighByTime) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  const auto gauge = registry.gauge("g");
  recorder.set(gauge, 10, at(seconds(0)));
  recorder.set(gauge, 20, at(seconds(1)));
  const auto interval = recorder.swap(at(seconds(4)), nullptr);
  EXPECT_DOUBLE_EQ(interval->gauges.at(gauge.index).mean(), 17.5);
  EXPECT_EQ(interval->gauges.at(gauge.index).max, 20);
  EXPECT_EQ(interval->gauges.at(gauge.index).last, 20);
}

TEST(Recorder, GaugesGoOnIntoTheNextInterval) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  const auto gauge = registry.gauge("g");
  recorder.set(gauge, 30, at(milliseconds(500)));  // unknown before: that time does not count
  const auto first = recorder.swap(at(seconds(1)), nullptr);
  recorder.set(gauge, 10, at(milliseconds(1500)));
  const auto second = recorder.swap(at(seconds(2)), nullptr);
  EXPECT_DOUBLE_EQ(first->gauges.at(gauge.index).mean(), 30);
  EXPECT_EQ(first->gauges.at(gauge.index).weight_ns, 500'000'000);
  EXPECT_DOUBLE_EQ(second->gauges.at(gauge.index).mean(), 20);
  EXPECT_EQ(second->gauges.at(gauge.index).max, 30);
  EXPECT_EQ(second->gauges.at(gauge.index).last, 10);
}

TEST(Recorder, GroupsErrorsAndKeepsTheFirstSample) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  recorder.error(kTimeout, "GET /cart", "after 5 s");
  recorder.error(kTimeout, "GET /cart", "after 6 s");
  recorder.error(kException, "GET /cart", "std::bad_alloc");
  const auto interval = recorder.swap(at(seconds(1)), nullptr);
  ASSERT_EQ(interval->errors.size(), 2u);
  EXPECT_EQ(interval->errors[0].count, 2u);
  EXPECT_EQ(interval->errors[0].sample, "after 5 s");
  EXPECT_EQ(interval->errors[1].kind, kException);
  Snapshot snapshot;
  snapshot.add(*interval);
  EXPECT_EQ(snapshot.counter(names::kErrors), 3u);
  EXPECT_EQ(snapshot.counters_by(names::kErrors, "kind").at("timeout"), 2u);
}

TEST(Recorder, ErrorGroupsAreBoundedOverTheWholeRun) {
  Registry registry;
  Recorder recorder(registry, at(seconds(0)));
  std::unique_ptr<Interval> interval;
  for (int second = 1; second <= 3; ++second) {
    for (int i = 0; i < 100; ++i)
      recorder.error(kTimeout, "name " + std::to_string(second * 100 + i), "");
    interval = recorder.swap(at(seconds(second)), nullptr);
  }
  ASSERT_EQ(interval->errors.size(), 1u);
  EXPECT_EQ(interval->errors[0].name, "other");
  EXPECT_EQ(interval->errors[0].count, 100u);
}

}  // namespace
}  // namespace vajrapulse::metrics
