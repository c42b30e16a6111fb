#include "vajrapulse/schema/object.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_yaml.hpp"

namespace vajrapulse::schema {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

enum class Pattern { steady, ramp, spike };

struct Drawing {
  std::optional<std::int64_t> tps;
  std::optional<Placed<std::int64_t>> from;
  std::optional<std::int64_t> spike;
};

struct Scenario {
  document::Place place;
  Placed<std::string> name;
  Pattern pattern = Pattern::steady;
  Drawing drawing;
  std::optional<Duration> duration;
  std::optional<std::string> task;
  std::vector<Named<std::int64_t>> tasks;
  bool measure = true;
};

Object<Drawing> drawing() {
  return object<Drawing>("pattern", "How the rate goes.")
      .field("tps", &Drawing::tps, rate(), "Iterations a second.")
      .when("pattern", {"static", "ramp"})
      .required()
      .example("1000")
      .field("from-tps", &Drawing::from, rate(), "Where the ramp begins.")
      .when("pattern", {"ramp"})
      .field("spike-rate", &Drawing::spike, rate(), "The rate of the spike.")
      .when("pattern", {"spike"})
      .check([](const Drawing& drawing, const document::Node&, Reading& reading) {
        if (!drawing.from || !drawing.tps || drawing.from->value <= *drawing.tps) return true;
        reading.diagnostics().error(drawing.from->place, "it goes down", "use ramp-down");
        return false;
      });
}

Shape<Scenario> scenario() {
  return object<Scenario>("scenario", "A task under a load pattern for a time.")
      .field("name", &Scenario::name, kebab_name("scenario name"), "What it is called.")
      .required()
      .example("steady-state")
      .field("pattern", &Scenario::pattern,
             choice<Pattern>("load pattern",
                             {{"static", Pattern::steady}, {"ramp", Pattern::ramp}, {"spike", Pattern::spike}}),
             "How the rate goes.")
      .fallback("static")
      .part(&Scenario::drawing, drawing())
      .field("duration", &Scenario::duration, duration(), "How long.")
      .required()
      .example("10m")
      .field("task", &Scenario::task, text({.least = 1}), "What is done.")
      .example("buy")
      .field("tasks", &Scenario::tasks, map_of(integer(0, 1000), {.key = "task name", .names = Names::kebab}),
             "Tasks and their weights.")
      .example("{ browse: 80, buy: 20 }")
      .field("measure", &Scenario::measure, boolean(), "Whether it counts.")
      .fallback("true")
      .at_most_one({"task", "tasks"})
      .placed(&Scenario::place);
}

std::vector<std::string> found(const std::string& text) { return read_yaml(scenario(), text).found; }

TEST(Object, FillsAStruct) {
  const auto read = read_yaml(scenario(),
                              "name: warmup\npattern: ramp\ntps: 1000\nfrom-tps: 10/s\nduration: 10m\n"
                              "tasks: { browse: 80, buy: 20 }\nmeasure: false\n");
  EXPECT_THAT(read.found, IsEmpty());
  ASSERT_TRUE(read.good);
  EXPECT_EQ(read.value.name.value, "warmup");
  EXPECT_EQ(read.value.name.place.text(), "plan.yml:1:7");
  EXPECT_EQ(read.value.place.line, 1U);
  EXPECT_EQ(read.value.pattern, Pattern::ramp);
  EXPECT_EQ(read.value.drawing.tps, 1'000'000'000);
  EXPECT_EQ(read.value.drawing.from->value, 10'000'000);
  EXPECT_EQ(read.value.duration, 10min);
  EXPECT_EQ(read.value.task, std::nullopt);
  ASSERT_EQ(read.value.tasks.size(), 2U);
  EXPECT_EQ(read.value.tasks[1].key.value, "buy");
  EXPECT_EQ(read.value.tasks[1].key.place.column, 22U);
  EXPECT_EQ(read.value.tasks[1].value, 20);
  EXPECT_FALSE(read.value.measure);
}

TEST(Object, SaysWhichKeyWasMeantAndDoesNotMissIt) {
  EXPECT_THAT(found("name: a\ntps: 1\nduraton: 10s\n"),
              ElementsAre("3:1+7 'duraton' is no key of a scenario; did you mean 'duration'?"));
  EXPECT_THAT(found("name: a\nTPS: 1\nduration: 10s\n"),
              ElementsAre("2:1+3 'TPS' is no key of a scenario; did you mean 'tps'?"));
}

TEST(Object, ListsItsKeysWhenNoneIsNear) {
  EXPECT_THAT(found("name: a\ntps: 1\nduration: 10s\nzzz: 1\n"),
              ElementsAre("4:1+3 'zzz' is no key of a scenario; its keys are name, pattern, tps, duration, task, tasks "
                          "and measure"));
}

TEST(Object, FindsAllMistakesAtOnce) {
  EXPECT_THAT(found("name: My Scenario\ntps: fast\nduration: 10\nmeasure: yes\n"),
              ElementsAre("1:7+11 'My Scenario' is no scenario name: it must be lower-case words joined by '-'; write "
                          "my-scenario",
                          "2:6+4 'fast' is no rate: a number is missing or has too many digits; write a number per "
                          "second, for example 1000, 0.5/s or 90/m",
                          "3:11+2 '10' is no time: the unit is missing; write 10s, 10m or 10ms",
                          "4:10+3 'yes' is neither true nor false; write true"));
}

TEST(Object, NamesWhatIsMissing) {
  EXPECT_THAT(found("name: a\ntps: 1\n"),
              ElementsAre("1:1+1 a scenario needs 'duration'; add for example duration: 10m"));
  EXPECT_THAT(found("name: a\nduration: 1s\n"),
              ElementsAre("1:1+1 a scenario with pattern: static needs 'tps'; add for example tps: 1000"));
}

TEST(Object, AKeyOfAnotherVariantSaysWhose) {
  EXPECT_THAT(found("name: a\npattern: ramp\ntps: 1\nspike-rate: 5\nduration: 1s\n"),
              ElementsAre("4:1+10 'spike-rate' belongs to pattern: spike, and this scenario's pattern is ramp; remove "
                          "it, or write pattern: spike"));
  EXPECT_THAT(found("name: a\ntps: 1\nspike-rate: 5\nduration: 1s\n"),
              ElementsAre("3:1+10 'spike-rate' belongs to pattern: spike, and this scenario's pattern is static; "
                          "remove it, or write pattern: spike"));
}

TEST(Object, AWrongVariantIsOneMistake) {
  EXPECT_THAT(found("name: a\npattern: rampp\nspike-rate: 5\nduration: 1s\n"),
              ElementsAre("2:10+5 'rampp' is no load pattern; did you mean 'ramp'?"));
}

TEST(Object, KeysThatExcludeEachOther) {
  EXPECT_THAT(found("name: a\ntps: 1\nduration: 1s\ntask: x\ntasks: { y: 1 }\n"),
              ElementsAre("5:1+5 'task' and 'tasks' cannot stand together in a scenario; remove one of them"));
}

TEST(Object, AMisspelledKeyExcludesNone) {
  EXPECT_THAT(found("name: a\ntps: 1\nduration: 1s\ntask: x\ntaskss: { y: 1 }\n"),
              ElementsAre("5:1+6 'taskss' is no key of a scenario; did you mean 'tasks'?"));
}

TEST(Object, AWrongKindOfValueShowsARightOne) {
  EXPECT_THAT(found("name: a\ntps: 1\nduration: 1s\ntasks: [ browse, buy ]\n"),
              ElementsAre("4:8+1 'tasks' must be a map of task names to whole numbers, and this is a list; write for "
                          "example tasks: { browse: 80, buy: 20 }"));
  EXPECT_THAT(found("name: a\ntps:\nduration: 1s\n"),
              ElementsAre("2:1+3 'tps' has no value; write for example tps: 1000"));
  EXPECT_THAT(found("- name: a\n"),
              ElementsAre("1:1+1 a scenario must be a map, and this is a list; write for example { name: steady-state, "
                          "duration: 10m }"));
}

TEST(Object, ChecksOfItsPartsRunWhenAllIsGood) {
  EXPECT_THAT(found("name: a\npattern: ramp\ntps: 1\nfrom-tps: 2\nduration: 1s\n"),
              ElementsAre("4:11+1 it goes down; use ramp-down"));
  EXPECT_THAT(found("name: a\npattern: ramp\ntps: 1\nfrom-tps: 2\nduration: 1\n"),
              ElementsAre("5:11+1 '1' is no time: the unit is missing; write 1s, 1m or 1ms"));
}

struct Pair {
  std::optional<std::int64_t> low;
  std::optional<std::int64_t> high;
  std::optional<Scenario> inner;
};
Object<Pair> pair() {
  return object<Pair>("pair", "Two numbers.")
      .field("low", &Pair::low, integer(), "The lower one.")
      .example("1")
      .field("high", &Pair::high, integer(), "The higher one.")
      .example("2")
      .field("inner", &Pair::inner, scenario(), "One inside.");
}

TEST(Object, RulesBetweenKeysAreSentences) {
  const auto found = [](const Object<Pair>& pair, const char* text) { return read_yaml(pair.shape(), text).found; };
  EXPECT_THAT(found(pair().exactly_one({"low", "high"}), "{}"),
              ElementsAre("1:1+1 a pair needs 'low' or 'high'; add for example low: 1"));
  EXPECT_THAT(found(pair().exactly_one({"low", "high"}), "{low: 1, high: 2}"),
              ElementsAre("1:10+4 'low' and 'high' cannot stand together in a pair; remove one of them"));
  EXPECT_THAT(found(pair().exactly_one({"low", "high"}), "{lwo: 1}"),
              ElementsAre("1:2+3 'lwo' is no key of a pair; did you mean 'low'?"));
  EXPECT_THAT(found(pair().at_least_one({"low", "high"}), "{low: 1, high: 2}"), IsEmpty());
  EXPECT_THAT(found(pair().needs("high", {"low"}), "{high: 2}"),
              ElementsAre("1:2+4 'high' needs 'low' beside it; add for example low: 1"));
}

TEST(Object, AKeyAtAWrongLevelIsToldWhereItBelongs) {
  EXPECT_THAT(read_yaml(pair().shape(), "low: 1\nduration: 1s\n").found,
              ElementsAre("2:1+8 'duration' is no key of a pair; 'duration' is a key of 'inner': write it there, "
                          "indented more"));
  EXPECT_THAT(read_yaml(pair().shape(), "inner:\n  name: a\n  tps: 1\n  duration: 1s\n  low: 1\n").found,
              ElementsAre("5:3+3 'low' is no key of a scenario; 'low' is a key of the pair around it: indent it less"));
}

}  // namespace
}  // namespace vajrapulse::schema
