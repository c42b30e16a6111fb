#include "vajrapulse/plan/steps.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "test_plan.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;
using test::Play;

std::string run(std::string_view yaml) { return Play(yaml).run(); }

TEST(Think, WaitsAsLongAsItSays) {
  EXPECT_EQ(run("main:\n- note: a\n- think: 500ms\n- note: b\n- think: 0\n- note: c\n"), "a, 0.5 b, 0.5 c");
}

TEST(Think, LiesBetweenTwoTimesAndIsTheSameForTheSameSeed) {
  const std::string_view yaml = "main:\n- repeat: 200\n  steps:\n  - think: 1s..3s\n- note: end\n";
  Play one(yaml, 5), same(yaml, 5), other(yaml, 6);
  const std::string first = one.run();
  EXPECT_EQ(first, same.run());
  EXPECT_NE(first, other.run());
  // 200 pauses of 2 s on average with a deviation of 2/√12 s: 400 s ± 8.2 s.
  EXPECT_NEAR(one.seconds(), 400, 33);
}

TEST(Think, MayBeAVariableOfThePlan) {
  Play play("main: [ { think: '{{pause}}' }, { note: a } ]");
  play.vocabulary.constant("pause", "2s");
  EXPECT_EQ(play.run(), "2 a");
}

TEST(Pace, TheIterationLastsThatLong) {
  EXPECT_EQ(run("main:\n- think: 2s\n- pace: 5s\n- note: a\n- pace: 3s\n- note: b\n"), "5 a, 5 b");
}

TEST(If, ChoosesByItsCondition) {
  const std::string_view yaml =
      "main:\n- set: { n: 3 }\n- if: n > 2\n  then: [ { note: more } ]\n  else: [ { note: less } ]\n"
      "- if: n > 3\n  then: [ { note: more } ]\n  else: { note: less }\n- if: n == 9\n  then: [ { note: never } ]\n";
  EXPECT_EQ(run(yaml), "more, less");
}

TEST(If, AConditionWithoutValueIsNotMet) {
  EXPECT_EQ(run("main:\n- if: iteration < 0\n  then: [ { set: { id: 5 } } ]\n- if: id > 2\n  then: [ { note: yes } ]\n"
                "  else: [ { think: 1s }, { note: no } ]\n"),
            "1 no");
}

TEST(Repeat, CountsFromOne) {
  EXPECT_EQ(run("main:\n- repeat: { times: 3, as: i }\n  steps: [ { think: 1s }, { note: '{{i}}' } ]\n"),
            "1 1, 2 2, 3 3");
  EXPECT_EQ(run("main:\n- repeat: 0\n  steps: [ { note: a } ]\n- note: b\n"), "b");
  EXPECT_EQ(run("main:\n- set: { n: 2 }\n- repeat: '{{n}}'\n  steps: [ { note: a } ]\n"), "a, a");
  EXPECT_EQ(run("main:\n- set: { n: many }\n- repeat: '{{n}}'\n  steps: [ { note: a } ]\n"),
            "[bad-value: repeat takes a whole number from 0 to 1,000,000, not 'many']");
}

TEST(While, RunsUntilItsConditionDoesNotHold) {
  EXPECT_EQ(
      run("main:\n- set: { n: 0 }\n- while: n < 3\n  steps: [ { set: { n: { value: n + 1 } } }, { note: '{{n}}' } ]\n"),
      "1, 2, 3");
}

TEST(While, EndsAfterSoManyTurns) {
  EXPECT_EQ(
      run("main:\n- set: { n: 0 }\n- while: n < 3\n  at-most: 2\n  as: turn\n  steps: [ { note: '{{turn}}' } ]\n"),
      "1, 2, [too-many-turns: while n < 3: still so after 2 turns]");
  EXPECT_EQ(run("main:\n- set: { n: 0 }\n- while: n < 3\n  steps: [ { set: { m: 0 } } ]\n"),
            "[too-many-turns: while n < 3: still so after 10,000 turns]");
}

TEST(Loops, WithinLoopsComeToAnEnd) {
  Play play("main:\n- repeat: 1000000\n  steps:\n  - repeat: 1000000\n    steps: [ { set: { n: 1 } } ]\n");
  EXPECT_EQ(play.run(), "[too-many-turns: this iteration has run 10,000,000 steps; a loop in it does not end]");
  EXPECT_EQ(
      run("main:\n- repeat: 1000000\n  on-failure: continue\n  steps:\n  - repeat: 1000000\n    on-failure: continue\n"
          "    steps: [ { set: { n: 1 } } ]\n"),
      "[too-many-turns: this iteration has run 10,000,000 steps; a loop in it does not end]");
}

TEST(ForEach, GoesOverAListThatStandsThere) {
  EXPECT_EQ(run("main:\n- set: { b: two }\n- foreach: { in: [one, '{{b}}', 3], as: word }\n  steps: [ { note: "
                "'{{word}}' } ]\n"),
            "one, two, 3");
}

TEST(ForEach, GoesOverACapturedList) {
  Play play(
      "main:\n- foreach: { in: ids, as: id }\n  steps:\n  - set: { ids: none }\n  - think: 1s\n  - note: '{{id}}'\n");
  const Slot ids = play.vocabulary.declare("ids");
  struct Capture final : Step {
    explicit Capture(Slot at) : slot(at) {}
    [[nodiscard]] bool waits() const noexcept override { return false; }
    Flow now(Moment& moment) override {
      moment.variables().set(slot, Value::of(R"(["a\"\u00e9", 12345678901234567890, 2, true, {"x":1}])"));
      return Flow::next;
    }
    Slot slot;
  };
  Program program = play.compile();
  auto& steps = program.routine->steps;
  steps.insert(steps.begin(), std::make_unique<Capture>(ids));
  play.task = std::make_unique<PlanTask>(std::move(program));
  EXPECT_EQ(play.run(), "1 a\"é, 2 12345678901234567890, 3 2, 4 true, 5 {\"x\":1}");
}

TEST(ForEach, WhatIsNoListIsAFailure) {
  EXPECT_EQ(run("main:\n- set: { ids: a }\n- foreach: { in: ids }\n  steps: [ { note: '{{item}}' } ]\n"),
            "[bad-value: foreach: 'ids' holds no list; capture it with all: true]");
}

TEST(Weighted, ChoosesByWeight) {
  Play play(
      "main:\n- weighted:\n  - { weight: 3, note: a }\n  - { weight: 1, steps: [ { think: 1ms }, { note: b } ] }\n"
      "  - { weight: 0, note: c }\n");
  std::map<std::string, int> seen;
  for (int i = 0; i < 1000; ++i)
    ++seen[play.run()];
  // Binomial: 750 ± 13.7.
  EXPECT_NEAR(seen["a"], 750, 55);
  EXPECT_EQ(seen["a"] + seen["0.001 b"], 1000);
}

TEST(Weighted, TakesTasksByName) {
  EXPECT_EQ(
      run("main: [ { weighted: { browse: 1, buy: 0 } } ]\nbrowse: [ { note: browsing } ]\nbuy: [ { note: buying } ]\n"),
      "browsing");
}

TEST(Parallel, RunsItsBranchesAtTheSameTime) {
  EXPECT_EQ(run("main:\n- parallel:\n  - [ { think: 2s }, { note: a }, { set: { x: 1 } } ]\n  - { note: b }\n"
                "  - [ { think: 1s }, { note: c } ]\n- note: 'x={{x}}'\n"),
            "b, 1 c, 2 a, 2 x=1");
}

TEST(Parallel, ABranchThatFailsDoesNotDisturbTheOthers) {
  EXPECT_EQ(run("main:\n- parallel:\n  - [ { think: 1s }, { fail: broken }, { note: never } ]\n"
                "  - [ { think: 2s }, { set: { y: 1 } }, { note: b } ]\n- note: never\n"),
            "2 b, [failed-by-plan: broken]");
  EXPECT_EQ(run("main:\n- parallel:\n  - [ { fail: broken } ]\n  - [ { think: 1s }, { note: b } ]\n"
                "  on-failure: continue\n- note: after\n"),
            "1 b, 1 after, [failed-by-plan: broken]");
}

TEST(TaskStep, CallsAnotherTask) {
  EXPECT_EQ(run("main: [ { task: login }, { note: '{{token}}' }, { task: login } ]\n"
                "login: [ { think: 1s }, { set: { token: abc } }, { note: in } ]\n"),
            "1 in, 1 abc, 2 in");
}

TEST(TaskStep, CallsTasksWrittenInCpp) {
  Play play("main: [ { task: ping }, { note: after } ]");
  play.native.push_back(task("ping", [](Iteration& iteration) -> runtime::Co<Result> {
    auto pause = iteration.sleep(std::chrono::seconds(1));
    co_await pause;
    co_return Result::failure(ErrorKind("lost"), "no answer");
  }));
  EXPECT_EQ(play.run(), "[lost: no answer]");
  EXPECT_NEAR(play.seconds(), 1, 1e-5);
}

TEST(OnFailure, EndsTheIterationUnlessToldOtherwise) {
  EXPECT_EQ(run("main: [ { note: a }, { fail: broken }, { note: b } ]"), "a, [failed-by-plan: broken]");
  EXPECT_EQ(run("main: [ { fail: broken, on-failure: continue }, { fail: again, on-failure: continue }, { note: b } ]"),
            "b, [failed-by-plan: broken]");
  EXPECT_EQ(
      run("main:\n- task: part\n  on-failure: continue\n- note: b\npart: [ { fail: broken }, { note: never } ]\n"),
      "b, [failed-by-plan: broken]");
  EXPECT_EQ(run("main:\n- repeat: 3\n  on-failure: continue\n  steps: [ { note: a }, { fail: broken, on-failure: "
                "stop-iteration } ]\n"
                "- note: b\n"),
            "a, b, [failed-by-plan: broken]");
}

TEST(OnFailure, MayStopTheRun) {
  Play play(
      "main:\n- if: true\n  on-failure: continue\n  then: [ { fail: broken, on-failure: stop-run } ]\n- note: never\n");
  EXPECT_EQ(play.run(), "[failed-by-plan: broken]");
  EXPECT_EQ(play.stopped, Flow::stop_run);
}

TEST(StopIteration, IsNoFailure) {
  EXPECT_EQ(run("main: [ { note: a }, stop-iteration, { note: b } ]"), "a");
  EXPECT_EQ(run("main:\n- repeat: 5\n  on-failure: continue\n  steps: [ { note: a }, { stop-iteration: iteration == 17 "
                "} ]\n- note: b\n"),
            "a");
  EXPECT_EQ(run("main: [ { stop-iteration: iteration == 18 }, { note: b } ]"), "b");
}

TEST(Set, KeepsTypesAndTakesExpressions) {
  EXPECT_EQ(run("main:\n- set: { a: '{{iteration}}', b: 'n{{iteration}}', c: { value: iteration * 2 + 1 } }\n"
                "- if: a == 17 and b == 'n17' and c == 35\n  then: { note: right }\n"),
            "right");
}

TEST(Set, ANameWithoutValueFails) {
  EXPECT_EQ(
      run("main:\n- if: iteration < 0\n  then: [ { set: { id: 5 } } ]\n- set: { a: '{{id}}' }\n- note: never\n"),
      "[no-value: 'id' has no value here; capture it in a step that comes before, or give its capture a default]");
}

TEST(LogStep, WritesTheFirstLinesOfASecondAndCountsTheRest) {
  Play play("main:\n- repeat: { times: 12, as: i }\n  steps: [ { log: 'line {{i}}' } ]\n- think: 1s\n- log: later\n");
  EXPECT_EQ(play.run(), "");
  ASSERT_EQ(play.logged.size(), 12u);
  EXPECT_EQ(play.logged[0], "steady 17: line 1");
  EXPECT_EQ(play.logged[9], "steady 17: line 10");
  EXPECT_EQ(play.logged[10], "… 2 more lines of log steps in that second");
  EXPECT_EQ(play.logged[11], "steady 17: later");
}

TEST(LogStep, MasksSecretsWhereverTheyComeFrom) {
  Play play(
      "main:\n- set: { copy: 'x{{secret.KEY}}' }\n- log: \"{{secret.KEY}} {{copy}} a\\nb\"\n- fail: 'key {{copy}}'\n");
  play.vocabulary.secret("KEY", "hunter2");
  EXPECT_EQ(play.run(), "[failed-by-plan: key x***]");
  EXPECT_EQ(play.logged.at(0), "steady 17: *** x*** a b");
}

TEST(ScriptStep, ReadsAndSetsVariables) {
  EXPECT_EQ(
      run("main:\n- set: { n: 20, name: ann }\n- script: |\n    vars.total = n * 2 + iteration\n    vars['who-is'] = "
          "name .. '!'\n"
          "  sets: [total, who-is]\n- note: '{{total}} {{who-is}}'\n- script: vars.total = total + 1\n  sets: total\n"
          "- note: '{{total}}'\n"),
      "57 ann!, 58");
}

TEST(ScriptStep, ErrorsNameStepAndLine) {
  EXPECT_EQ(run("main:\n- script: |\n    local a = 1\n    local b = a.x.y\n- note: never\n").substr(0, 47),
            "[script: script of plan.yml:2: line 2: attempt ");
  EXPECT_EQ(run("main:\n- name: check\n  script: fail('not logged in')\n- note: never\n"),
            "[failed-by-plan: script 'check': not logged in]");
  EXPECT_EQ(run("main:\n- script: vars.other = 1\n- note: never\n")
                    .find("'other' is set by this script and does not stand "
                          "under sets:; write sets: [other] beside script:") != std::string::npos,
            true);
  EXPECT_EQ(run("main:\n- script: while true do end\n").substr(0, 31), "[script: script of plan.yml:2: ");
}

TEST(ScriptStep, LogsMasked) {
  Play play("main:\n- script: |\n    log('key ' .. secret.KEY)\n");
  play.vocabulary.secret("KEY", "hunter2");
  EXPECT_EQ(play.run(), "");
  EXPECT_EQ(play.logged.at(0), "steady 17: key ***");
}

TEST(PlanTask, AnswersForOneIterationAtATimeAndForMany) {
  Play play("main:\n- set: { mine: '{{random_int(1,1000000)}}' }\n- think: 1s\n- note: '{{mine}}'\n");
  EXPECT_NE(play.run(), play.run());
}

// What newcomers write.

std::string mistakes(std::string_view yaml) { return Play(yaml).mistakes(); }

TEST(StepMistakes, TheStepItself) {
  EXPECT_EQ(mistakes("main:\n- thinc: 1s\n"), "2:3+5: 'thinc' is no step; did you mean 'think'?");
  EXPECT_EQ(mistakes("main:\n- name: pause\n  dance: 1s\n"),
            "3:3+5: 'dance' is no step; write one of think, pace, if, repeat, while, foreach, weighted, parallel, "
            "task, script, set, publish, take, log, fail, stop-iteration, note");
  EXPECT_EQ(mistakes("main:\n- think: 1s\n  log: a\n"),
            "3:3+3: 'think' and 'log' are two steps in one; begin the second with a dash of its own");
  EXPECT_EQ(mistakes("main:\n- think 1s\n"),
            "2:3+8: 'think 1s' lacks the colon behind 'think'; write think: and then what it takes");
  EXPECT_EQ(mistakes("main:\n- hello\n"), "2:3+5: a step is a map, not a text; write for example think: 1s");
  EXPECT_EQ(mistakes("main:\n- think: 1s\n  on-failure: contine\n"),
            "3:15+7: 'contine' is nothing that on-failure knows; did you mean 'continue'?");
  EXPECT_EQ(mistakes("main:\n- think: 1s\n  on-failure: ignore\n"),
            "3:15+6: 'ignore' is nothing that on-failure knows; write continue, stop-iteration or stop-run");
  EXPECT_EQ(mistakes("main:\n- think: 1s\n  nam: a\n"), "3:3+3: 'nam' is no key of a think step; did you mean 'name'?");
  EXPECT_EQ(mistakes("main:\n- if: true\n  than: []\n"),
            "2:3+2: an if step has no 'then'; write the steps it decides about under then:\n"
            "3:3+4: 'than' is no key of an if step; did you mean 'then'?");
}

TEST(StepMistakes, Pauses) {
  EXPECT_EQ(mistakes("main: [ { think: 3s..1s } ]"),
            "1:18+6: a think time from 3s to 1s holds none; write the shorter time first: 1s..3s");
  EXPECT_EQ(mistakes("main: [ { think: [1s] } ]"),
            "1:18+1: a think time is a text or a number, not a list; write one value");
  EXPECT_EQ(mistakes("main:\n- set: { p: 1s }\n- think: '{{p}}'\n"),
            "3:11+5: a think time has to be known before the run, and '{{p}}' is not; write it as it is, or use a name "
            "that stands under variables:");
  EXPECT_NE(mistakes("main: [ { think: 10 } ]").find("1:18+2: "), std::string::npos);
  EXPECT_NE(mistakes("main: [ { pace: fast } ]").find("1:17+4: "), std::string::npos);
}

TEST(StepMistakes, Conditions) {
  EXPECT_EQ(mistakes("main:\n- if: \"{{token}} != null\"\n  then: []\n"),
            "2:8+2: an expression has no placeholders; write a name as it is: token, not {{token}}");
  EXPECT_EQ(mistakes("main:\n- set: { token: a }\n- if: true and tokn != null\n  then: []\n"),
            "3:16+4: 'tokn' is no name here; did you mean 'token'?");
  EXPECT_EQ(mistakes("main:\n- while: iteration\n  steps: []\n").substr(0, 6), "2:10+9");
  EXPECT_EQ(mistakes("main:\n- if: [a]\n  then: []\n"),
            "2:7+1: a condition is a text, not a list; write for example token != null");
}

TEST(StepMistakes, Loops) {
  EXPECT_EQ(mistakes("main:\n- repeat: 3\n"), "2:3+6: a repeat step has no steps; write them under steps:");
  EXPECT_EQ(
      mistakes("main:\n- repeat: -1\n  steps: []\n"),
      "2:11+2: how often repeat does something is a whole number from 0 to 1,000,000, not '-1'; write for example 10");
  EXPECT_EQ(mistakes("main:\n- repeat: { as: i }\n  steps: []\n"),
            "2:11+1: repeat does not say how often; write for example times: 3");
  EXPECT_EQ(mistakes("main:\n- while: true\n  at-most: none\n  steps: []\n"),
            "3:12+4: at-most is a whole number from 1 to 1,000,000, not 'none'; write for example 10");
  EXPECT_EQ(mistakes("main:\n- repeat: { times: 2, as: iteration }\n  steps: []\n"),
            "2:27+9: 'iteration' has a meaning of its own; take another name");
  EXPECT_EQ(mistakes("main:\n- repeat: { times: 2, as: my name }\n  steps: []\n"),
            "2:27+7: 'my name' cannot be a name; use letters, digits, - and _, beginning with a letter");
  EXPECT_EQ(mistakes("main:\n- foreach: ids\n  steps: []\n"),
            "2:12+3: foreach is a map, not a text; write for example foreach: { in: ids, as: id }");
  EXPECT_EQ(mistakes("main:\n- foreach: { in: ids }\n  steps: []\n"),
            "2:18+3: 'ids' is no name here; define it under variables:, or capture it in an earlier step");
  EXPECT_EQ(mistakes("main:\n- foreach: { in: iteration }\n  steps: []\n"),
            "2:18+9: 'iteration' is no list; name a list that was captured with all: true, or write one here");
  EXPECT_EQ(mistakes("main:\n- foreach: { as: id }\n  steps: []\n"),
            "2:12+1: foreach does not say over which list; write for example in: ids");
  EXPECT_EQ(mistakes("main:\n- foreach: { in: [] }\n  steps: []\n"),
            "2:18+1: this list is empty; write what the steps are to be done for");
}

TEST(StepMistakes, Branches) {
  EXPECT_EQ(mistakes("main:\n- weighted: [ { weight: 0, note: a }, { weight: 0, note: b } ]\n"),
            "2:13+1: all weights are 0, so that no branch can be chosen; give one of them a weight above 0");
  EXPECT_EQ(mistakes("main:\n- weighted: [ { note: a } ]\n"),
            "2:15+1: this branch has no weight; write for example weight: 80 beside its steps");
  EXPECT_EQ(mistakes("main:\n- weighted: [ { weight: -1, note: a } ]\n"),
            "2:25+2: a weight is a number of 0 or more, not '-1'; write for example 80");
  EXPECT_EQ(mistakes("main:\n- weighted: []\n"),
            "2:13+1: weighted has nothing to choose from; write branches with a weight each");
  EXPECT_EQ(mistakes("main:\n- weighted: { browse: 80 }\n"),
            "2:15+6: there is no task 'browse'; define it under tasks:");
  EXPECT_EQ(
      mistakes("main:\n- parallel: { note: a }\n"),
      "2:13+1: parallel is a list of branches, not a map; write for example [ [ { http: GET /a } ], [ { http: GET "
      "/b } ] ]");
  EXPECT_EQ(mistakes("main:\n- parallel: []\n"),
            "2:13+1: parallel has no branches; write a list of branches, each a list of steps");
}

TEST(StepMistakes, Tasks) {
  EXPECT_EQ(mistakes("main: [ { task: lgin } ]\nlogin: [ { note: a } ]\n"),
            "1:17+4: there is no task 'lgin'; did you mean 'login'?");
  EXPECT_EQ(mistakes("main: [ { task: buy } ]\nbuy: [ { task: pay } ]\npay: [ { task: buy } ]\n"),
            "3:16+3: tasks call each other in a circle: buy → pay → buy; take one of the calls out; to do something "
            "again use repeat or while");
  EXPECT_EQ(mistakes("main: [ { task: main } ]\n"),
            "1:17+4: tasks call each other in a circle: main → main; take one of the calls out; to do something again "
            "use repeat or while");
  std::string chain = "main: [ { task: t1 } ]\n";
  for (int i = 1; i < 40; ++i)
    chain += "t" + std::to_string(i) + ": [ { task: t" + std::to_string(i + 1) + " } ]\n";
  EXPECT_EQ(mistakes(chain + "t40: []\n"),
            "32:16+3: tasks call each other more than 32 deep here; call fewer from within others");
}

TEST(StepMistakes, Scripts) {
  EXPECT_EQ(mistakes("main:\n- script: |\n    local a = 1\n    locl b = 2\n").substr(0, 5), "4:10+");
  EXPECT_EQ(mistakes("main:\n- script: [a]\n"),
            "2:11+1: script is a text, not a list; write script: | and Lua in the lines below it, indented");
  EXPECT_EQ(mistakes("main:\n- script: a = 1\n  sets: { a: 1 }\n"),
            "3:9+1: sets is a list of names, not a map; write for example sets: [total]");
  EXPECT_EQ(mistakes("main:\n- script: a = 1\n  set: a\n").substr(0, 4), "3:3+");
}

TEST(StepMistakes, TemplatesAtTheirPlace) {
  EXPECT_EQ(mistakes("main:\n- set: { token: a }\n- log: \"é {{tokn}}\"\n"),
            "3:13+4: 'tokn' is no name here; did you mean 'token'?");
  EXPECT_EQ(mistakes("main:\n- log: a {{tokn}}\n"),
            "2:12+4: 'tokn' is no name here; define it under variables:, or capture it in an earlier step");
  EXPECT_EQ(mistakes("main:\n- log: |\n    first\n      and {{tokn}}\n"),
            "4:13+4: 'tokn' is no name here; define it under variables:, or capture it in an earlier step");
  // An escape hides the columns: the whole text is meant.
  EXPECT_EQ(mistakes("main:\n- log: \"\\t{{tokn}}\"\n").substr(0, 5), "2:9+1");
  EXPECT_EQ(mistakes("main:\n- log: {{token}}\n").substr(0, 4), "2:8+");
  EXPECT_EQ(mistakes("main:\n- set: { a b: 1 }\n"),
            "2:10+3: 'a b' cannot be a name; use letters, digits, - and _, beginning with a letter");
  EXPECT_EQ(mistakes("main:\n- set: { n: { valu: n + 1 } }\n"),
            "2:13+1: what 'n' is set to is a text, or a map with an expression; write for example n: \"{{token}}\", or "
            "n: { value: n + 1 }\n"
            "2:15+4: 'valu' is no key of what a name is set to; did you mean 'value'?");
  EXPECT_EQ(mistakes("main:\n- set: 5\n"),
            "2:8+1: set is a map of names and values, not a number; write for example set: { page: 1 }");
}

TEST(StepMistakes, AVariableOfThePlanKeepsItsValue) {
  Play play("main:\n- set: { host: b }\n");
  play.vocabulary.constant("host", "a");
  EXPECT_EQ(play.mistakes(), "2:10+4: 'host' is a variable of the plan and keeps its value; take another name");
}

}  // namespace
}  // namespace vajrapulse::plan
