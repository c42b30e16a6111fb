#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "read_yaml.hpp"
#include "sample_plan.hpp"
#include "vajrapulse/schema/json_schema.hpp"
#include "vajrapulse/schema/reference_page.hpp"
#include "vajrapulse/schema/suggestions.hpp"

namespace vajrapulse::schema {
namespace sample_plan {
namespace {

Shape<Think> think() {
  return by_form<Think>("thinking time", {.scalar = inside(&Think::least, duration()),
                                          .map = object<Think>("thinking time", "A time between two others.")
                                                     .field("min", &Think::least, duration(), "At least.")
                                                     .required()
                                                     .example("1s")
                                                     .field("max", &Think::most, duration(), "At most.")
                                                     .shape()});
}

Expected<std::string> a_condition(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign != std::string_view::npos && sign > 0) return std::string(text);
  return fail(kUsage, fmt::format("'{}' compares nothing", text), "write for example status = 200");
}

/// A step of one kind, on the heap, as steps hold steps.
Kind<std::shared_ptr<Step>> kind(std::string key, const Object<Step>& object) {
  return {std::move(key), mapped<std::shared_ptr<Step>>(
                              object.shape(), [](Step&& step) { return std::make_shared<Step>(std::move(step)); })};
}

Shape<Scenario> scenario() {
  const Shape<Pattern> pattern = choice<Pattern>(
      "load pattern", {{"static", Pattern::steady, "one rate"}, {"ramp", Pattern::ramp, "from one rate to another"}});
  return object<Scenario>("scenario", "A task under a load pattern for a time.")
      .field("name", &Scenario::name, kebab_name("scenario name"), "What it is called.")
      .required()
      .example("steady-state")
      .field("pattern", &Scenario::pattern, pattern, "How the rate goes.")
      .fallback("static")
      .field("tps", &Scenario::tps, rate(), "Iterations a second.")
      .required()
      .example("1000")
      .field("from-tps", &Scenario::from, rate(), "Where it begins.")
      .when("pattern", {"ramp"})
      .field("duration", &Scenario::duration, duration(), "How long it goes on.")
      .when("pattern", {"static"})
      .field("duration", &Scenario::duration, duration(), "How long it climbs.")
      .when("pattern", {"ramp"})
      .required()
      .example("10m")
      .field("task", &Scenario::task, text({.least = 1}), "What is done.")
      .example("buy")
      .field("tasks", &Scenario::tasks, map_of(integer(0, 1000), {.key = "task name", .least = 1}),
             "Tasks and their weights.")
      .example("{ browse: 80, buy: 20 }")
      .field("measure", &Scenario::measure, boolean(), "Whether it counts.")
      .fallback("true")
      .exactly_one({"task", "tasks"});
}

Shape<Plan> whole_plan(const Shape<std::shared_ptr<Step>>& step) {
  const Shape<Steps> steps = list_of(step, {.least = 1});
  return object<Plan>("plan", "A load test.")
      .field("name", &Plan::name, template_text(), "What the run is called.")
      .field("seed", &Plan::seed, integer<std::uint64_t>(0), "The same seed, the same arrivals.")
      .fallback("1")
      .field("memory", &Plan::memory, bytes(), "The most it may take.")
      .field("allowed", &Plan::allowed, share(), "The share of failures that is allowed.")
      .fallback("0")
      .field("tags", &Plan::tags,
             one_or_list(text({.name = "tag", .pattern = "[a-z]+=[^=]+", .pattern_words = "name=value"})),
             "What the metrics are marked with.")
      .example("team=shop")
      .field("variables", &Plan::variables, map_of(text(), {.key = "variable", .names = Names::word}), "For templates.")
      .field("tasks", &Plan::tasks, map_of(steps, {.key = "task name", .names = Names::kebab}), "What users do.")
      .example("{ buy: [ { http: GET / } ] }")
      .field("scenarios", &Plan::scenarios, list_of(scenario(), {.least = 1, .unique = "name"}), "What is run.")
      .required();
}

}  // namespace

Table::Table() {
  const Shape<std::shared_ptr<Step>> again = ref<std::shared_ptr<Step>>("step", [this] { return step_; });
  const Shape<std::string> condition = custom<std::string>(
      {.name = "condition", .examples = {"status = 200"}, .numbers = ScalarForm::Numbers::none}, a_condition);
  step_ = keyed<std::shared_ptr<Step>>(
      "step", "What a user does.",
      {kind("http", object<Step>("http step", "A request.")
                        .field("http", &Step::http, template_text({.least = 1}), "Method and URL.")
                        .example("GET /")
                        .field("headers", &Step::headers,
                               map_of(template_text(), {.key = "header", .ignore_case = true}), "Headers.")
                        .field("expect", &Step::expect, one_or_list(integer(100, 599)), "Statuses that are good.")
                        .example("200")),
       kind("think",
            object<Step>("think step", "A pause.").field("think", &Step::think, think(), "How long.").example("500ms")),
       kind("if", object<Step>("if step", "Steps under a condition.")
                      .field("if", &Step::condition, condition, "When.")
                      .field("then", &Step::then, list_of(again), "What is done.")
                      .required())});
  plan_ = whole_plan(step_);
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string file(const std::string& name) {
  std::ifstream in(std::string(VP_SCHEMA_SAMPLES) + "/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> documents(const std::string& name) {
  std::vector<std::string> all;
  std::stringstream text(file(name));
  std::string document;
  for (std::string line; std::getline(text, line);) {
    if (line != "---") {
      document += line + "\n";
      continue;
    }
    all.push_back(std::exchange(document, {}));
  }
  all.push_back(document);
  return all;
}

/// What is written down is what comes out; otherwise the new text is left where the message says.
void expect_file(const std::string& name, const std::string& text) {
  if (file(name) == text) return;
  const std::string left = testing::TempDir() + name;
  std::ofstream(left) << text;
  ADD_FAILURE() << name << " is written otherwise now; if that is meant: cp " << left << " " << VP_SCHEMA_SAMPLES;
}

TEST(SamplePlan, GoodDocumentsAreRead) {
  const Table table;
  const auto all = documents("good.yml");
  EXPECT_GE(all.size(), 10U);
  for (const std::string& document : all)
    EXPECT_THAT((read_yaml<Plan, KnowsRate>(table.plan(), document).found), IsEmpty()) << document;
}

TEST(SamplePlan, BadDocumentsHaveOneMistakeEach) {
  const Table table;
  for (const char* name : {"bad.yml", "bad_for_the_reader.yml"}) {
    const auto all = documents(name);
    EXPECT_GE(all.size(), 3U);
    for (const std::string& document : all)
      EXPECT_THAT((read_yaml<Plan, KnowsRate>(table.plan(), document).found), testing::SizeIs(1)) << document;
  }
}

TEST(SamplePlan, HasASchema) {
  const Table table;
  expect_file("plan.schema.json",
              json_schema(table.plan()->description(), "Sample plan", "https://vajrapulse.example/plan.schema.json"));
}

TEST(SamplePlan, HasAPage) {
  const Table table;
  expect_file("plan.md", reference_page(table.plan()->description(), "Keys of a sample plan"));
}

TEST(SamplePlan, HoldsWhatItsDocumentSays) {
  const Table table;
  const auto read = read_yaml(table.plan(),
                              "tasks:\n  buy:\n    - if: a = b\n      then: [ { think: 1s }, { think: { min: 2s } } ]\n"
                              "scenarios:\n  - { name: a, tps: 5, tasks: { buy: 1 } }\n");
  EXPECT_THAT(read.found, IsEmpty());
  ASSERT_EQ(read.value.tasks.size(), 1U);
  const Step& branch = *read.value.tasks[0].value.at(0);
  EXPECT_EQ(branch.condition, "a = b");
  EXPECT_EQ(branch.then.at(0)->think.least, std::chrono::seconds(1));
  EXPECT_EQ(branch.then.at(1)->think.least, std::chrono::seconds(2));
  EXPECT_EQ(read.value.scenarios.at(0).tps, 5'000'000);
}

std::vector<std::string> texts(const std::vector<Suggestion>& all) {
  std::vector<std::string> texts;
  for (const Suggestion& each : all)
    texts.push_back(each.text);
  return texts;
}

TEST(Suggestions, AreKeysWhereAMapStands) {
  const Table table;
  const Description& plan = table.plan()->description();
  EXPECT_THAT(texts(suggestions(plan, {})),
              ElementsAre("name", "seed", "memory", "allowed", "tags", "variables", "tasks", "scenarios"));
  const auto keys = suggestions(plan, {"scenarios", "0"});
  EXPECT_THAT(texts(keys), ElementsAre("name", "pattern", "tps", "from-tps", "duration", "task", "tasks", "measure"));
  EXPECT_EQ(keys[3].detail, "a rate");
  EXPECT_EQ(keys[3].about, "Where it begins. Only with pattern: ramp.");
}

TEST(Suggestions, AreWordsAndExamplesWhereAScalarStands) {
  const Table table;
  const Description& plan = table.plan()->description();
  EXPECT_THAT(texts(suggestions(plan, {"scenarios", "0", "pattern"})), ElementsAre("static", "ramp"));
  EXPECT_THAT(texts(suggestions(plan, {"scenarios", "0", "measure"})), ElementsAre("true", "false"));
  EXPECT_THAT(texts(suggestions(plan, {"scenarios", "0", "duration"})), ElementsAre("10s", "10m"));
}

TEST(Suggestions, FollowFormsAndReferences) {
  const Table table;
  const Description& plan = table.plan()->description();
  const auto keys = texts(suggestions(plan, {"tasks", "buy", "0", "then", "3"}));
  EXPECT_THAT(keys, ElementsAre("http", "think", "if", "headers", "expect", "then"));
  EXPECT_THAT(texts(suggestions(plan, {"tasks", "buy", "0", "think"})), ElementsAre("500ms", "10s", "min", "max"));
  EXPECT_THAT(suggestions(plan, {"nowhere", "at", "all"}), IsEmpty());
}

}  // namespace
}  // namespace sample_plan
}  // namespace vajrapulse::schema
