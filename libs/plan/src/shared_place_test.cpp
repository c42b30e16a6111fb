#include "vajrapulse/plan/shared_place.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "test_plan.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;
using test::Play;
using Left = SharedPlace::Left;

SharedPlace place(SharedKind kind, std::size_t size = 1000, OnFull on_full = OnFull::drop_oldest) {
  return SharedPlace("orders", {.kind = kind, .size = size, .on_full = on_full});
}

/// All that a queue has, "a b c".
std::string drained(SharedPlace& queue) {
  Random random(1);
  std::string text, out;
  while (!queue.take(random, text).is_null())
    out += (out.empty() ? "" : " ") + text;
  return out;
}

TEST(SharedPlace, AValueIsTheLatestForEverybody) {
  SharedPlace value = place(SharedKind::value);
  Random random(1);
  std::string text;
  EXPECT_TRUE(value.take(random, text).is_null());
  EXPECT_EQ(value.leave(Value::of("first")), Left::kept);
  EXPECT_EQ(value.leave(Value::of("second")), Left::kept);
  EXPECT_EQ(value.take(random, text).text, "second");
  EXPECT_EQ(value.take(random, text).text, "second");
}

TEST(SharedPlace, AQueueGivesEachOnceTheOldestFirst) {
  SharedPlace queue = place(SharedKind::queue);
  for (const char* each : {"a", "b", "c"})
    EXPECT_EQ(queue.leave(Value::of(std::string_view(each))), Left::kept);
  EXPECT_EQ(drained(queue), "a b c");
  EXPECT_EQ(drained(queue), "");
}

TEST(SharedPlace, AListGivesAllOfThemAndKeepsThem) {
  SharedPlace list = place(SharedKind::list);
  for (const char* each : {"a", "b", "c"})
    list.leave(Value::of(std::string_view(each)));
  Random one(7), same(7);
  std::set<std::string> seen;
  std::string text, again;
  for (int i = 0; i < 100; ++i) {  // that one of three is missed is as likely as 3·(2/3)^100
    list.take(one, text);
    list.take(same, again);
    EXPECT_EQ(text, again);
    seen.insert(text);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"a", "b", "c"}));
}

TEST(SharedPlace, NumbersAndTruthsStayWhatTheyAre) {
  SharedPlace queue = place(SharedKind::queue);
  queue.leave(Value::of(17.5));
  queue.leave(Value::boolean(true));
  Random random(1);
  std::string text;
  const Value number = queue.take(random, text);
  EXPECT_EQ(number.type, Type::number);
  EXPECT_EQ(number.number, 17.5);
  EXPECT_EQ(queue.take(random, text).type, Type::boolean);
}

TEST(SharedPlace, WhatGoesWhenItIsFull) {
  const auto leave_three = [](SharedPlace& queue) {
    queue.leave(Value::of("a"));
    queue.leave(Value::of("b"));
    return queue.leave(Value::of("c"));
  };
  SharedPlace oldest = place(SharedKind::queue, 2), newest = place(SharedKind::queue, 2, OnFull::drop_newest),
              none = place(SharedKind::queue, 2, OnFull::fail);
  EXPECT_EQ(leave_three(oldest), Left::kept);
  EXPECT_EQ(drained(oldest), "b c");
  EXPECT_EQ(leave_three(newest), Left::dropped);
  EXPECT_EQ(drained(newest), "a b");
  EXPECT_EQ(leave_three(none), Left::full);
  EXPECT_EQ(drained(none), "a b");
}

// 1,024 texts of 64 KiB are 64 MiB.
TEST(SharedPlace, ItsTextsAreBoundedToo) {
  SharedPlace queue = place(SharedKind::queue, 2000, OnFull::fail);
  const std::string longest(64 * 1024, 'x');
  EXPECT_EQ(queue.leave(Value::of(longest + "x")), Left::too_long);
  for (int i = 0; i < 1024; ++i)
    ASSERT_EQ(queue.leave(Value::of(longest)), Left::kept);
  EXPECT_EQ(queue.leave(Value::of("x")), Left::full);
  Random random(1);
  std::string text;
  queue.take(random, text);
  EXPECT_EQ(queue.leave(Value::of("x")), Left::kept);
}

TEST(SharedPlace, ShardsLoseNothingAndGetNothingTwice) {
  SharedPlace queue = place(SharedKind::queue, 40'000);
  std::vector<double> taken(4, 0);
  const auto work = [&](std::size_t shard) {
    Random random(shard);
    std::string text;
    for (std::size_t i = 0; i < 10'000; ++i) {
      queue.leave(Value::of(double(shard * 10'000 + i)));
      taken[shard] += queue.take(random, text).number;
    }
  };
  {
    std::vector<std::jthread> shards;
    for (std::size_t shard = 0; shard < 4; ++shard)
      shards.emplace_back(work, shard);
  }
  EXPECT_EQ(taken[0] + taken[1] + taken[2] + taken[3], 39'999.0 * 40'000 / 2);  // 0 + 1 + … + 39,999
}

struct SharedPlay : Play {
  explicit SharedPlay(std::string_view yaml, std::size_t size = 1000, OnFull on_full = OnFull::drop_oldest)
      : Play(yaml) {
    shared = make_shared_places(
        {{{"token", {}}, {}}, {{"orders", {}}, {.kind = SharedKind::queue, .size = size, .on_full = on_full}}});
  }
};

std::string run(std::string_view yaml) { return SharedPlay(yaml).run(); }

TEST(PublishAndTake, AreForTheIterationsAfterwards) {
  EXPECT_EQ(run("main:\n- publish: { token: 'n{{iteration}}', orders: first }\n- publish: { orders: second }\n"
                "- take: { a: orders, t: token }\n- take: { b: orders }\n- note: '{{a}} {{b}} {{t}}'\n"),
            "first second n17");
  SharedPlay play(
      "main:\n- take: { t: token }\n- if: t != null\n  then: { note: '{{t}}' }\n  else: { note: none }\n"
      "- publish: { token: said }\n");
  EXPECT_EQ(play.run(), "none");
  EXPECT_EQ(play.run(), "said");
}

TEST(PublishAndTake, SayWhatHappensWithoutAValue) {
  EXPECT_EQ(run("main:\n- take: { a: orders }\n- note: go on\n- note: '{{a}}'\n"),
            "go on, [no-value: 'a' has no value here]");
  EXPECT_EQ(run("main:\n- take: { a: orders }\n  or: stop-iteration\n- note: b\n"), "");
  EXPECT_EQ(run("main:\n- take: { a: orders }\n  or: fail\n- note: b\n"), "[no-data: 'orders' is empty]");
}

TEST(PublishAndTake, ANameWithoutValueIsNotPublished) {
  SharedPlay play(
      "main:\n- take: { a: orders }\n- publish: { token: '{{a}}' }\n  on-failure: continue\n"
      "- take: { t: token }\n  or: stop-iteration\n- note: never\n");
  EXPECT_TRUE(play.run().starts_with("[no-value: "));
}

TEST(PublishAndTake, AFullQueueFailsWhenItSaysSo) {
  SharedPlay play("main:\n- publish: { orders: a }\n- publish: { orders: b }\n- note: never\n", 1, OnFull::fail);
  EXPECT_EQ(play.run(), "[no-room: 'orders' is full]");
}

std::string mistakes(std::string_view yaml) { return SharedPlay(yaml).mistakes(); }

TEST(PublishAndTake, MistakesSayPlaceAndCure) {
  EXPECT_EQ(mistakes("main:\n- publish: { tokn: a }\n"),
            "2:14+4: nothing shared is called 'tokn'; did you mean 'token'?");
  EXPECT_EQ(mistakes("main:\n- take: { a: cart }\n"),
            "2:14+4: nothing shared is called 'cart'; add it to the plan's shared:, for example as { kind: value }");
  EXPECT_EQ(mistakes("main:\n- publish: token\n"),
            "2:12+5: what is published is a map of names, not a text; write for example publish: { token: "
            "\"{{token}}\" }");
  EXPECT_EQ(mistakes("main:\n- take: {}\n"),
            "2:9+1: what is taken names nothing; write for example take: { order: orders }");
  EXPECT_EQ(mistakes("main:\n- take: { a: [orders] }\n"),
            "2:14+1: what 'a' is taken from is a name under shared:, not a list; write for example a: orders");
  EXPECT_EQ(mistakes("main:\n- take: { a: orders }\n  or: fial\n"),
            "3:7+4: 'fial' is nothing that a take step can do when there is no value; did you mean 'fail'?");
  EXPECT_EQ(mistakes("main:\n- take: { a: orders }\n  ore: fail\n"),
            "3:3+3: 'ore' is no key of a take step; did you mean 'or'?");
}

}  // namespace
}  // namespace vajrapulse::plan
