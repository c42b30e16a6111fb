#include "vajrapulse/metrics/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vajrapulse::metrics {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;

constexpr TimePoint at(Duration since_start) { return TimePoint(since_start); }

/// A shard as a test drives it.
struct Shard {
  Registry registry;
  Recorder recorder{registry, at(seconds(0))};
  std::unique_ptr<Interval> swap(Duration now) { return recorder.swap(at(now), nullptr); }
};

std::vector<Tags> tags_of(const std::vector<Metric>& metrics) {
  std::vector<Tags> all;
  for (const Metric& metric : metrics)
    all.push_back(metric.descriptor.tags);
  return all;
}

TEST(Snapshot, ShardsAddUp) {
  Shard a, b;
  for (Shard* shard : {&a, &b}) {
    shard->recorder.record(shard->registry.histogram("h"), shard == &a ? 100 : 300);
    shard->recorder.add(shard->registry.counter("c"), 4);
  }
  Snapshot snapshot;
  snapshot.add(*a.swap(seconds(1)));
  snapshot.add(*b.swap(seconds(1)));
  EXPECT_EQ(snapshot.histogram("h").count(), 2u);
  EXPECT_EQ(snapshot.histogram("h").max(), 300);
  EXPECT_EQ(snapshot.counter("c"), 8u);
  EXPECT_EQ(snapshot.counter("nothing"), 0u);
  EXPECT_TRUE(snapshot.histogram("nothing").empty());
}

TEST(Snapshot, QueriesMergeEverythingThatCarriesTheTags) {
  Shard shard;
  const auto add = [&](const Tags& tags, std::uint64_t amount) {
    shard.recorder.add(shard.registry.counter("c", tags), amount);
  };
  add({{"code", "200"}, {"name", "GET /a"}, {"status", "success"}}, 1);
  add({{"code", "200"}, {"name", "GET /b"}, {"status", "success"}}, 10);
  add({{"code", "500"}, {"name", "GET /b"}, {"status", "failure"}}, 100);
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  EXPECT_EQ(snapshot.counter("c"), 111u);
  EXPECT_EQ(snapshot.counter("c", {{"name", "GET /b"}}), 110u);
  EXPECT_EQ(snapshot.counter("c", {{"code", "200"}, {"name", "GET /b"}}), 10u);
  EXPECT_EQ(snapshot.counter("c", {{"code", "404"}}), 0u);
  EXPECT_THAT(snapshot.counters_by("c", "code"), ElementsAre(Pair("200", 11), Pair("500", 100)));
}

TEST(Snapshot, PublishesEveryCombination) {
  Shard shard;
  const Tags whose{{"name", "GET /"}, {"scenario", "s"}, {"task", "t"}};
  const auto with_status = [&](const std::string& status) {
    Tags tags = whose;
    tags.insert(tags.begin() + 2, {"status", status});
    return tags;
  };
  shard.recorder.add(shard.registry.counter("c", with_status("success")), 8);
  shard.recorder.add(shard.registry.counter("c", with_status("failure")), 1);
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  const auto published = snapshot.published();
  ASSERT_EQ(published.size(), 12u);  // four levels, each whole and by two statuses
  const auto value = [&](const Tags& tags) -> std::uint64_t {
    for (const Metric& metric : published)
      if (metric.descriptor.tags == tags) return std::get<std::uint64_t>(metric.value);
    return 999;
  };
  EXPECT_EQ(value({}), 9u);
  EXPECT_EQ(value({{"status", "success"}}), 8u);
  EXPECT_EQ(value({{"scenario", "s"}}), 9u);
  EXPECT_EQ(value({{"scenario", "s"}, {"task", "t"}}), 9u);
  EXPECT_EQ(value(whose), 9u);
  EXPECT_EQ(value(with_status("failure")), 1u);
}

TEST(Snapshot, CodesAreAFinerCutOfTheStatus) {
  Shard shard;
  shard.recorder.add(shard.registry.counter("c", {{"code", "200"}, {"status", "success"}}), 5);
  shard.recorder.add(shard.registry.counter("c", {{"code", "404"}, {"status", "failure"}}), 2);
  shard.recorder.add(shard.registry.counter("c", {{"code", "500"}, {"status", "failure"}}), 1);
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  std::map<Tags, std::uint64_t> values;
  for (const Metric& metric : snapshot.published())
    values[metric.descriptor.tags] = std::get<std::uint64_t>(metric.value);
  EXPECT_THAT(values, ElementsAre(Pair(Tags{}, 8), Pair(Tags{{"code", "200"}, {"status", "success"}}, 5),
                                  Pair(Tags{{"code", "404"}, {"status", "failure"}}, 2),
                                  Pair(Tags{{"code", "500"}, {"status", "failure"}}, 1),
                                  Pair(Tags{{"status", "failure"}}, 3), Pair(Tags{{"status", "success"}}, 5)));
}

TEST(Snapshot, OwnTagsStayInEveryCombination) {
  Shard shard;
  shard.recorder.record(shard.registry.histogram("h", {{"phase", "connect"}, {"scenario", "s"}}), 10);
  shard.recorder.record(shard.registry.histogram("h", {{"phase", "wait"}, {"scenario", "s"}}), 20);
  (void)shard.registry.histogram("h", {{"phase", "tls"}, {"scenario", "s"}});  // did not happen: absent
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  const auto published = snapshot.published();
  EXPECT_THAT(tags_of(published), ElementsAre(Tags{{"phase", "connect"}}, Tags{{"phase", "connect"}, {"scenario", "s"}},
                                              Tags{{"phase", "wait"}}, Tags{{"phase", "wait"}, {"scenario", "s"}}));
  EXPECT_EQ(published[0].descriptor.unit, "ns");
  EXPECT_EQ(std::get<Histogram>(published[2].value).max(), 20);
}

TEST(Snapshot, WithoutTagsThereIsOneTotal) {
  Shard shard;
  shard.recorder.record(shard.registry.histogram("h"), 10);
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  EXPECT_EQ(snapshot.published().size(), 1u);
}

// Shard a: 10 then 30 (half a second each) and 30; shard b: 5 all the time.
TEST(Snapshot, GaugesOfShardsAddAndFollowEachOtherInTime) {
  Shard a, b;
  const auto ga = a.registry.gauge("g"), gb = b.registry.gauge("g");
  a.recorder.set(ga, 10, at(seconds(0)));
  b.recorder.set(gb, 5, at(seconds(0)));
  a.recorder.set(ga, 30, at(milliseconds(500)));
  Snapshot run;
  Snapshot first;
  first.add(*a.swap(seconds(1)));
  first.add(*b.swap(seconds(1)));
  EXPECT_DOUBLE_EQ(first.gauge("g").mean(), 25);
  EXPECT_DOUBLE_EQ(first.gauge("g").last, 35);
  EXPECT_DOUBLE_EQ(first.gauge("g").max, 35);
  Snapshot second;
  second.add(*a.swap(seconds(2)));
  second.add(*b.swap(seconds(2)));
  run.merge(first);
  run.merge(second);
  EXPECT_DOUBLE_EQ(run.gauge("g").mean(), 30);  // a: 25 over two seconds, b: 5
  EXPECT_DOUBLE_EQ(run.gauge("g").last, 35);
  EXPECT_EQ(run.gauge("g").weight_ns, 2'000'000'000);
}

TEST(Snapshot, AddingIntervalsOrMergingSecondsIsTheSame) {
  Shard shard;
  Snapshot by_interval, by_second;
  for (int second = 1; second <= 5; ++second) {
    const auto begin = seconds(second - 1);
    shard.recorder.set(shard.registry.gauge("g"), second, at(begin + milliseconds(200)));
    shard.recorder.add(shard.registry.counter("c"), std::uint64_t(second));
    shard.recorder.record(shard.registry.histogram("h"), second * 1000);
    shard.recorder.error(kTimeout, "n", "sample " + std::to_string(second));
    const auto interval = shard.swap(seconds(second));
    by_interval.add(*interval);
    Snapshot one;
    one.add(*interval);
    by_second.merge(one);
  }
  for (const Snapshot* run : {&by_interval, &by_second}) {
    EXPECT_EQ(run->counter("c"), 15u);
    EXPECT_EQ(run->histogram("h").count(), 5u);
    EXPECT_EQ(run->gauge("g").max, 5);
    ASSERT_EQ(run->errors().size(), 1u);
    EXPECT_EQ(run->errors()[0].count, 5u);
    EXPECT_EQ(run->errors()[0].sample, "sample 1");
  }
  EXPECT_DOUBLE_EQ(by_interval.gauge("g").mean(), by_second.gauge("g").mean());
}

TEST(Snapshot, ClearedItStartsOver) {
  Shard shard;
  const auto histogram = shard.registry.histogram("h");
  shard.recorder.record(histogram, 5);
  shard.recorder.error(kTimeout, "n", "s");
  Snapshot snapshot;
  snapshot.add(*shard.swap(seconds(1)));
  snapshot.clear();
  EXPECT_TRUE(snapshot.errors().empty());
  EXPECT_TRUE(snapshot.histogram("h").empty());
  EXPECT_EQ(snapshot.published().size(), 1u);  // the counter of errors, at 0
  shard.recorder.record(histogram, 9);
  snapshot.add(*shard.swap(seconds(2)));
  EXPECT_EQ(snapshot.histogram("h").min(), 9);
}

TEST(Snapshot, ARegistryAtTheAddressOfAnotherIsNotMistakenForIt) {
  Snapshot snapshot;
  for (const char* name : {"first", "second", "third"}) {
    Interval interval;
    Descriptor descriptor{.name = name, .tags = {}, .type = Type::counter, .unit = ""};
    interval.counters = {1};
    interval.counter_descriptors = {&descriptor};  // the same place of the stack each time
    snapshot.add(interval);
  }
  for (const char* name : {"first", "second", "third"})
    EXPECT_EQ(snapshot.counter(name), 1u) << name;
}

TEST(Snapshot, CopiesAreIndependent) {
  Shard shard;
  shard.recorder.record(shard.registry.histogram("h"), 5);
  Snapshot original;
  original.add(*shard.swap(seconds(1)));
  Snapshot copy = original;
  copy.merge(original);
  EXPECT_EQ(original.histogram("h").count(), 1u);
  EXPECT_EQ(copy.histogram("h").count(), 2u);
}

}  // namespace
}  // namespace vajrapulse::metrics
