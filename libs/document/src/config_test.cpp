#include "vajrapulse/document/config.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "map_files.hpp"

namespace vajrapulse::document {
namespace {

/// Names are below /w; the plan is plan.yml.
using Texts = std::map<std::string, std::string>;

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

FileAccess access_to(const Texts& texts, std::vector<std::string> allowed = {}) {
  std::map<std::string, std::string> files;
  for (const auto& [name, text] : texts)
    files.emplace(name.starts_with('/') ? name : "/w/" + name, text);
  return FileAccess(std::make_shared<MapFiles>(std::move(files)), "", std::move(allowed));
}

Node plan_of(const Texts& texts, ConfigRequest request = {}) {
  request.plan = "plan.yml";
  Diagnostics diagnostics;
  auto config = load(request, access_to(texts), diagnostics);
  EXPECT_EQ(diagnostics.written(Format::text), "");
  return config ? config->plan : Node{};
}

std::string wrong_with(const Texts& texts, ConfigRequest request = {}, std::vector<std::string> allowed = {}) {
  request.plan = "plan.yml";
  Diagnostics diagnostics;
  EXPECT_FALSE(load(request, access_to(texts, std::move(allowed)), diagnostics));
  return diagnostics.written(Format::text);
}

/// One line, without places: {a: 1, b: [x, "2"]}.
std::string flat(const Node& node) {
  std::string all;
  for (const auto& item : node.items)
    all += (all.empty() ? "" : ", ") + flat(item);
  for (const auto& entry : node.entries)
    all += (all.empty() ? "" : ", ") + entry.key + ": " + flat(entry.value);
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::list: return "[" + all + "]";
    case Node::Kind::map: return "{" + all + "}";
    case Node::Kind::scalar: break;
  }
  return node.style == Style::plain ? node.text : "\"" + node.text + "\"";
}

TEST(Config, MapsMergeListsReplaceAndPlusAppends) {
  const Texts texts{
      {"base.yml", "http: {timeout: 5s, retries: 1}\noutputs: [console]\ntags: [a]\n"},
      {"plan.yml", "extends: base.yml\nhttp: {timeout: 1s}\n+outputs: [json]\ntags: [b]\n+http: {x: 1}\n"}};
  EXPECT_EQ(flat(plan_of(texts)), "{http: {timeout: 1s, retries: 1, x: 1}, outputs: [console, json], tags: [b]}");
}

TEST(Config, ManyBasesEachOverTheOneBefore) {
  const Texts texts{{"a.yml", "x: 1\ny: 1\nl: [1]\n"},
                    {"sub/b.yml", "extends: c.yml\ny: 2\n+l: 2\n"},
                    {"sub/c.yml", "z: 3\n"},
                    {"plan.yml", "extends: [a.yml, sub/b.yml]\n+l: [3]\n"}};
  EXPECT_EQ(flat(plan_of(texts)), "{x: 1, y: 2, l: [1, 2, 3], z: 3}");
}

TEST(Config, IncludesStandBesideThePlan) {
  const Texts texts{{"data.yml", "data: {users: 1}\n+outputs: [a]\n"},
                    {"tasks.yml", "tasks: {x: []}\n"},
                    {"plan.yml", "include: [data.yml, tasks.yml]\ntasks: {y: []}\n+outputs: [b]\n"}};
  EXPECT_EQ(flat(plan_of(texts)), "{data: {users: 1}, outputs: [a, b], tasks: {x: [], y: []}}");
}

TEST(Config, AFileIncludedOnTwoWaysCountsOnce) {
  const Texts texts{{"common.yml", "x: 1\n+l: [1]\n"},
                    {"a.yml", "include: common.yml\n"},
                    {"b.yml", "include: common.yml\n"},
                    {"plan.yml", "include: [a.yml, b.yml]\n"}};
  EXPECT_EQ(flat(plan_of(texts)), "{x: 1, l: [1]}");
}

TEST(Config, ProfilesMergeInTheOrderTheyAreNamed) {
  const Texts texts{{"plan.yml", "tps: 1\nl: [a]\nprofiles:\n  big: {tps: 100, +l: b}\n  late: {tps: 2}\n  empty:\n"}};
  EXPECT_EQ(flat(plan_of(texts)), "{tps: 1, l: [a]}");
  EXPECT_EQ(flat(plan_of(texts, {.profiles = {"big", "late", "empty"}})), "{tps: 2, l: [a, b]}");
  EXPECT_EQ(flat(plan_of(texts, {.profiles = {"late", "big"}})), "{tps: 100, l: [a, b]}");
  EXPECT_EQ(plan_of(texts, {.profiles = {"big"}}).find("tps")->origin, "profile big");
}

TEST(Config, VariablesAreReplacedOnceAndNeverReadAsYaml) {
  const Texts texts{
      {"plan.yml", "a: ${A}/x\nb: ${B:-http://h:1}\nc: $${A} $A $$\nd: ${L}\ne: ${D}\nf: \"${E:-}\"\n${A}: 1\n"}};
  const auto plan =
      plan_of(texts, {.environment = environment_of({{"A", "1"}, {"L", "[x, y]"}, {"D", "${A}"}, {"E", ""}})});
  EXPECT_EQ(flat(plan), "{a: 1/x, b: http://h:1, c: ${A} $A $$, d: [x, y], e: ${A}, f: \"\", ${A}: 1}");
  EXPECT_EQ(plan.find("d")->kind, Node::Kind::scalar);
  EXPECT_EQ(plan.find("a")->origin, "${A}");
  EXPECT_EQ(plan.find("b")->origin, "default of ${B}");
}

TEST(Config, WhatIsReplacedIsNeverLookedUp) {
  const Texts texts{{"base.yml", "url: ${NOT_SET}\n"},
                    {"plan.yml", "extends: base.yml\nurl: x\nkey: ${NOT_SET}\nprofiles: {p: {y: \"${NOT_SET}\"}}\n"}};
  EXPECT_EQ(flat(plan_of(texts, {.set = {"key=${LITERAL}"}})), "{url: x, key: ${LITERAL}}");
}

TEST(Config, OverridesGoFromTheEnvironmentToSet) {
  const Texts texts{
      {"plan.yml", "http: {base-url: a, timeout: 1s}\nscenarios:\n  - name: steady-state\n    tps: 1\n  - tps: 2\n"}};
  const ConfigRequest request{.variables = {{"VAJRAPULSE__SCENARIOS__STEADY_STATE__TPS", "500"},
                                            {"VAJRAPULSE__HTTP__BASE_URL", "{{x}}"},
                                            {"VAJRAPULSE__NEW_ONE__X", "\"10\""},
                                            {"HOME", "/root"}},
                              .set = {"scenarios.1.tps=7", "scenarios.steady-state.tps=600",
                                      "http.headers.\"x.y\"=[1, {a: b}]", "note=a: b # c"}};
  const auto plan = plan_of(texts, request);
  EXPECT_EQ(flat(plan),
            "{http: {base-url: {{x}}, timeout: 1s, headers: {x.y: [1, {a: b}]}}, "
            "scenarios: [{name: steady-state, tps: 600}, {tps: 7}], new-one: {x: \"10\"}, note: a: b # c}");
  EXPECT_EQ(plan.find("scenarios")->items[0].find("tps")->place.text(), "--set scenarios.steady-state.tps:1:28");
  EXPECT_EQ(plan.find("http")->find("base-url")->place.text(), "VAJRAPULSE__HTTP__BASE_URL:1:28");
}

TEST(Config, DefaultsAreBelowEverything) {
  Node defaults{.kind = Node::Kind::map};
  defaults.entries.push_back({"seed", {}, {.kind = Node::Kind::scalar, .text = "0"}});
  defaults.entries.push_back({"name", {}, {.kind = Node::Kind::scalar, .text = "plan"}});
  EXPECT_EQ(flat(plan_of({{"plan.yml", "name: x\n"}}, {.defaults = defaults})), "{seed: 0, name: x}");
}

TEST(Config, ShowsWhereEachValueCameFrom) {
  const Texts texts{{"base.yml", "http: { timeout: 5s, password: hunter2 }\n"},
                    {"plan.yml",
                     "extends: base.yml\nurl: ${URL}\nn: \"10\"\nbody: \"$${x}\"\nscript: |\n  a = 1\n\n  b\n"
                     "steps:\n  - http: GET /\n    json: {\"+1\": ~, e: []}\n"}};
  const ConfigRequest request{.environment = environment_of({{"URL", "http://h"}}), .set = {"http.timeout=1s"}};
  const auto is_secret = [](std::string_view path, const Node&) { return path == "http.password"; };
  EXPECT_EQ(show(plan_of(texts, request), is_secret),
            "http:              # base.yml:1\n"
            "  timeout: 1s      # --set http.timeout\n"
            "  password: \"***\"  # base.yml:1\n"
            "url: http://h      # plan.yml:2, ${URL}\n"
            "n: \"10\"            # plan.yml:3\n"
            "body: \"$${x}\"      # plan.yml:4\n"
            "script: |          # plan.yml:6\n"
            "  a = 1\n"
            "\n"
            "  b\n"
            "steps:             # plan.yml:9\n"
            "  - http: GET /    # plan.yml:10\n"
            "    json:          # plan.yml:11\n"
            "      +1: null     # plan.yml:11\n"
            "      e: []        # plan.yml:11\n");
}

TEST(Config, WhatIsShownLoadsAsTheSamePlan) {
  const Texts texts{
      {"plan.yml",
       "a: \"x: y\"\nb: ' #'\nc: \"\\u0001\\t\\\"\\\\\"\nd: |2\n   indented\n  x\ne: |-\n  one\n  two\nf: \"\"\n"
       "g: [[1, [2]], {}, [], ~, {a: {b: c}}]\n\"k: 1\": -1.5\nh: >\n  a\n  b\ni: \"$${\"\nj: \"null\"\nl: x-\nm: "
       "日本\n"
       "n: |\n\n  two\n\n"}};
  const auto plan = plan_of(texts);
  EXPECT_EQ(flat(plan_of({{"plan.yml", show(plan)}})), flat(plan));
  EXPECT_EQ(show(Node{.kind = Node::Kind::map}), "{}  # default\n");
}

// What is said of each mistake, in full.

TEST(ConfigMistakes, CircleOfExtends) {
  EXPECT_EQ(
      wrong_with({{"plan.yml", "extends: a.yml\n"}, {"a.yml", "include: [b.yml]\n"}, {"b.yml", "extends: a.yml\n"}}),
      "b.yml:1:10: these files read each other in a circle: a.yml → b.yml → a.yml\n"
      "  1 | extends: a.yml\n"
      "    |          ^^^^^\n"
      "  remove one of the 'extends' or 'include'\n"
      "  read from a.yml:1:11\n"
      "  read from plan.yml:1:10\n");
}

TEST(ConfigMistakes, MistakeInAnIncludedFile) {
  EXPECT_EQ(wrong_with({{"plan.yml", "include:\n  - sub/a.yml\n"}, {"sub/a.yml", "a: 1\na: 2\n"}}),
            "sub/a.yml:2:1: 'a' is given twice in this map\n"
            "  2 | a: 2\n"
            "    | ^\n"
            "  the first stands in line 1; keep one of them\n"
            "  read from plan.yml:2:5\n");
}

TEST(ConfigMistakes, IncludedTwice) {
  EXPECT_EQ(wrong_with({{"plan.yml", "include: a.yml\nhttp: { timeout: 1s }\n"}, {"a.yml", "http:\n  timeout: 2s\n"}}),
            "plan.yml:2:9: 'timeout' is given here and in a.yml:2:3\n"
            "  2 | http: { timeout: 1s }\n"
            "    |         ^^^^^^^\n"
            "  what is included stands beside the plan: keep one of them, or use 'extends' to change it\n");
}

TEST(ConfigMistakes, FileThatIsNotThere) {
  EXPECT_EQ(wrong_with({{"plan.yml", "extends: bse.yml\n"}}),
            "plan.yml:1:10: cannot find 'bse.yml'\n"
            "  1 | extends: bse.yml\n"
            "    |          ^^^^^^^\n"
            "  check the name\n");
  EXPECT_EQ(wrong_with({}), "plan.yml:1:1: cannot find 'plan.yml'\n  check the name\n");
}

TEST(ConfigMistakes, FilesOutsideOfTheFolder) {
  const Texts texts{{"plan.yml", "include: [../x.yml, /etc/x.yml, link.yml, sub/../ok.yml]\n"},
                    {"link.yml", "-> /secret/x.yml"},
                    {"ok.yml", "a: 1\n"},
                    {"/x.yml", "x: 1\n"},
                    {"/secret/x.yml", "y: 1\n"},
                    {"/etc/x.yml", "z: 1\n"}};
  EXPECT_EQ(wrong_with(texts),
            "plan.yml:1:11: '../x.yml' lies outside of the plan's folder\n"
            "  1 | include: [../x.yml, /etc/x.yml, link.yml, sub/../ok.yml]\n"
            "    |           ^^^^^^^^\n"
            "  move it there, or allow it with --allow-path ../x.yml\n"
            "\n"
            "plan.yml:1:21: '/etc/x.yml' lies outside of the plan's folder\n"
            "  1 | include: [../x.yml, /etc/x.yml, link.yml, sub/../ok.yml]\n"
            "    |                     ^^^^^^^^^^\n"
            "  move it there, or allow it with --allow-path /etc/x.yml\n"
            "\n"
            "plan.yml:1:33: 'link.yml' lies outside of the plan's folder\n"
            "  1 | include: [../x.yml, /etc/x.yml, link.yml, sub/../ok.yml]\n"
            "    |                                 ^^^^^^^^\n"
            "  move it there, or allow it with --allow-path link.yml\n");
  Diagnostics diagnostics;
  EXPECT_TRUE(load({.plan = "plan.yml"}, access_to(texts, {"..", "/etc", "/secret"}), diagnostics));
}

TEST(ConfigMistakes, NoNameOfAFile) {
  EXPECT_EQ(wrong_with({{"plan.yml", "extends: { file: a.yml }\n"}}),
            "plan.yml:1:10: 'extends' names a file or a list of files, and this is a map\n"
            "  1 | extends: { file: a.yml }\n"
            "    |          ^\n"
            "  write 'extends: base.yml'\n");
}

TEST(ConfigMistakes, ListAsAPlan) {
  EXPECT_EQ(wrong_with({{"plan.yml", "- http: GET /\n"}}),
            "plan.yml:1:1: a plan is a map of keys and values, and this is a list\n"
            "  1 | - http: GET /\n"
            "    | ^\n"
            "  begin with a key, for example 'scenarios:'\n");
}

TEST(ConfigMistakes, PlusOnANumber) {
  EXPECT_EQ(wrong_with({{"plan.yml", "tps: 1\n+tps: 2\n"}}),
            "plan.yml:2:1: '+tps' appends to 'tps', which is a number in plan.yml:1:1\n"
            "  2 | +tps: 2\n"
            "    | ^^^^\n"
            "  write 'tps' to replace it\n");
}

TEST(ConfigMistakes, UnknownProfile) {
  const Texts texts{{"plan.yml", "profiles: { staging: { tps: 1 }, live: {} }\n"}};
  EXPECT_EQ(wrong_with(texts, {.profiles = {"stagin", "x"}}),
            "--profile:1:1: the plan has no profile 'stagin'\n"
            "  1 | stagin\n"
            "    | ^^^^^^\n"
            "  did you mean 'staging'?\n"
            "\n"
            "--profile:1:1: the plan has no profile 'x'\n"
            "  1 | x\n"
            "    | ^\n"
            "  there is staging, live\n");
  EXPECT_EQ(wrong_with({{"plan.yml", "a: 1\n"}}, {.profiles = {"x"}}),
            "--profile:1:1: the plan has no profile 'x'\n"
            "  1 | x\n"
            "    | ^\n"
            "  the plan has no 'profiles'\n");
}

TEST(ConfigMistakes, ProfilesThatAreNoMaps) {
  EXPECT_EQ(wrong_with({{"plan.yml", "profiles: { a: 1 }\n"}}, {.profiles = {"a"}}),
            "plan.yml:1:16: a profile is a map of what it changes, and this is a number\n"
            "  1 | profiles: { a: 1 }\n"
            "    |                ^\n"
            "  write the keys of the plan below its name\n");
  EXPECT_EQ(wrong_with({{"plan.yml", "profiles: [a]\n"}}),
            "plan.yml:1:11: 'profiles' is a map of names, and this is a list\n"
            "  1 | profiles: [a]\n"
            "    |           ^\n"
            "  write 'profiles: { staging: { ... } }'\n");
}

TEST(ConfigMistakes, VariablesThatAreNotSet) {
  EXPECT_EQ(wrong_with({{"plan.yml", "a: ${X}/x\nb: \"é ${Y:?the target, http://…}\"\nc: |\n  one\n  two ${Z}\n"}}),
            "plan.yml:1:4: the environment has no X\n"
            "  1 | a: ${X}/x\n"
            "    |    ^^^^\n"
            "  set it, or give a default: ${X:-value}\n"
            "\n"
            "plan.yml:2:7: the environment has no Y\n"
            "  2 | b: \"é ${Y:?the target, http://…}\"\n"
            "    |       ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "  the target, http://…\n"
            "\n"
            "plan.yml:5:7: the environment has no Z\n"
            "  5 |   two ${Z}\n"
            "    |       ^^^^\n"
            "  set it, or give a default: ${Z:-value}\n");
}

TEST(ConfigMistakes, VariablesWrittenWrong) {
  EXPECT_EQ(wrong_with({{"plan.yml", "a: ${1X}\nb: ${X-y}\nc: x ${X\nd: ${X:-${Y}}\n"}}),
            "plan.yml:1:4: '${1X}' is no variable of the environment\n"
            "  1 | a: ${1X}\n"
            "    |    ^^^^^\n"
            "  write ${NAME}, ${NAME:-default} or ${NAME:?message}; a text with '${' in it is written $${\n"
            "\n"
            "plan.yml:2:4: '${X-y}' is no variable of the environment\n"
            "  2 | b: ${X-y}\n"
            "    |    ^^^^^^\n"
            "  write ${NAME}, ${NAME:-default} or ${NAME:?message}; a text with '${' in it is written $${\n"
            "\n"
            "plan.yml:3:6: this '${' is not closed\n"
            "  3 | c: x ${X\n"
            "    |      ^^^\n"
            "  write ${NAME}, or $${ for a text that has '${' in it\n"
            "\n"
            "plan.yml:4:4: a '${' stands within another\n"
            "  4 | d: ${X:-${Y}}\n"
            "    |    ^^^^^^^^^\n"
            "  give the inner one a variable of its own\n");
}

TEST(ConfigMistakes, SetThatLeadsNowhere) {
  const Texts texts{{"plan.yml", "name: x\nscenarios: [{ name: steady-state }]\nl: [1, 2]\n"}};
  EXPECT_EQ(wrong_with(texts, {.set = {"scenarios.steady-stat.tps=1", "name.x=1", "l.2=1", "l.x.y=1"}}),
            "--set scenarios.steady-stat.tps:1:11: 'scenarios' has no item 'steady-stat'\n"
            "  1 | scenarios.steady-stat.tps=1\n"
            "    |           ^^^^^^^^^^^\n"
            "  did you mean 'steady-state'?\n"
            "\n"
            "--set name.x:1:6: 'name' is a text and has no 'x' in it\n"
            "  1 | name.x=1\n"
            "    |      ^\n"
            "  it stands in plan.yml:1:7\n"
            "\n"
            "--set l.2:1:3: 'l' has no item '2'\n"
            "  1 | l.2=1\n"
            "    |   ^\n"
            "  its items go by their numbers, from 0 to 1\n"
            "\n"
            "--set l.x.y:1:3: 'l' has no item 'x'\n"
            "  1 | l.x.y=1\n"
            "    |   ^\n"
            "  its items go by their numbers, from 0 to 1\n");
}

TEST(ConfigMistakes, SetWrittenWrong) {
  EXPECT_EQ(wrong_with({{"plan.yml", "a: 1\n"}}, {.set = {"http", "a..b=1", "\"a=1", "x=[1, 2", "y=\"z"}}),
            "--set http:1:5: a '=' has to stand behind the path\n"
            "  1 | http\n"
            "    |     ^\n"
            "  write --set section.key=value\n"
            "\n"
            "--set a..b:1:3: a name is missing here\n"
            "  1 | a..b=1\n"
            "    |   ^\n"
            "  write --set section.key=value\n"
            "\n"
            "--set \"a:1:1: the quote \" is not closed\n"
            "  1 | \"a=1\n"
            "    | ^^^^\n"
            "  write \" behind the name\n"
            "\n"
            "--set x:1:3: this '[' is not closed\n"
            "  1 | x=[1, 2\n"
            "    |   ^\n"
            "  write ']' at the end\n"
            "\n"
            "--set y:1:3: the quote \" is not closed\n"
            "  1 | y=\"z\n"
            "    |   ^\n"
            "  write \" at the end of the text\n");
}

TEST(ConfigMistakes, VariablesOfOurs) {
  const Texts texts{{"plan.yml", "scenarios: [{ name: steady-state }]\n"}};
  EXPECT_EQ(
      wrong_with(texts, {.variables = {{"VAJRAPULSE__A____B", "1"}, {"VAJRAPULSE__SCENARIOS__STEADY__TPS", "1"}}}),
      "VAJRAPULSE__A____B:1:1: a name is missing in this variable\n"
      "  1 | VAJRAPULSE__A____B=1\n"
      "    | ^^^^^^^^^^^^^^^^^^\n"
      "  write VAJRAPULSE__SECTION__KEY, with '__' between names\n"
      "\n"
      "VAJRAPULSE__SCENARIOS__STEADY__TPS:1:24: 'SCENARIOS' has no item 'STEADY'\n"
      "  1 | VAJRAPULSE__SCENARIOS__STEADY__TPS=1\n"
      "    |                        ^^^^^^\n"
      "  there is steady-state\n");
}

TEST(ConfigMistakes, FilesThatGrowWithoutEnd) {
  Texts texts;
  for (char c = 'a'; c < 'p'; ++c)
    texts[std::string(1, c) + ".yml"] = std::string("extends: [") + char(c + 1) + ".yml, " + char(c + 1) + ".yml]\n";
  texts["p.yml"] = "x: 1\n";
  texts["plan.yml"] = "extends: a.yml\n";
  EXPECT_NE(wrong_with(texts).find("a plan may read 256 files of 32 MiB in all, 64 deep"), std::string::npos);
}

}  // namespace
}  // namespace vajrapulse::document
