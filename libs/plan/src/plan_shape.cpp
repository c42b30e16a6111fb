#include "vajrapulse/plan/plan_shape.hpp"

#include <utility>

#include "scenario_shape.hpp"
#include "shared_shape.hpp"
#include "step_shapes.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/steps.hpp"
#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::plan {
namespace {

using namespace schema;

Shape<ColumnPlan> column_shape() {
  return object<ColumnPlan>("column", "What every field of a column has to be; checked before the run.")
      .field("type", &ColumnPlan::type,
             word("column type", {{"text", "anything"},
                                  {"integer", "digits with an optional sign"},
                                  {"number", "a decimal"},
                                  {"boolean", "true, false, 1 or 0"}}),
             "How its text is read.")
      .fallback("text")
      .field("pattern", &ColumnPlan::pattern, text(), "A regular expression that the whole field matches (RE2).")
      .example("'[a-z]+@example[.]org'")
      .field("enum", &ColumnPlan::values, list_of(text()), "The field is one of these.")
      .example("[gold, silver]")
      .field("min", &ColumnPlan::min, number(), "The least number.")
      .field("max", &ColumnPlan::max, number(), "The greatest number.")
      .field("unique", &ColumnPlan::unique, boolean(), "No value comes twice.")
      .fallback("false")
      .field("required", &ColumnPlan::required, boolean(), "No field is empty.")
      .fallback("false");
}

Shape<QueryPlan> query_shape() {
  return object<QueryPlan>("query", "Rows from a database, read before the run.")
      .field("database", &QueryPlan::database, text({.name = "database address", .least = 1}),
             "sqlite:FILE or postgresql://USER@HOST/DATABASE.")
      .required()
      .example("sqlite:users.db")
      .field("sql", &QueryPlan::sql, text({.name = "SQL statement", .least = 1}), "One statement that only reads.")
      .required()
      .example("select username, password from users");
}

Shape<DataPlan> data_shape() {
  return object<DataPlan>("data source", "Rows that iterations use, as {{name.column}}.")
      .placed(&DataPlan::place)
      .sample("{ file: users.csv, pick: unique }")
      .field("file", &DataPlan::file, text({.name = "file", .least = 1}),
             "A CSV file, a JSON array of objects, or JSON lines, beside the plan.")
      .example("users.csv")
      .field("format", &DataPlan::format,
             word("format", {{"csv", "RFC 4180, with a header"},
                             {"json", "an array of objects"},
                             {"json-lines", "an object a line"}}),
             "How the file is read; by its name, unless said.")
      .field("separator", &DataPlan::separator, text({.name = "separator", .least = 1, .most = 1}),
             "Between the fields of a CSV file; found in its header, unless said.")
      .example("';'")
      .field("rows", &DataPlan::rows, list_of(anything("row", "A map of columns to values.")), "Rows, written here.")
      .example("[{ user: ann }, { user: bob }]")
      .field("query", &DataPlan::query, query_shape(), "Rows from a database.")
      .field("pick", &DataPlan::pick,
             word("way to pick", {{"round-robin", "the rows in their order, again and again"},
                                  {"random", "each as likely as the other"},
                                  {"weighted", "as likely as the column `weights` says"},
                                  {"unique", "each row once over the whole run"},
                                  {"per-user", "always the same row for a user"},
                                  {"shuffle", "every row once in an order of the seed's, then all again in another"},
                                  {"shuffle-in-windows", "the same within stretches of a file too large to shuffle"}}),
             "Which row an iteration gets.")
      .fallback("round-robin")
      .field("weights", &DataPlan::weights, text({.name = "column", .least = 1}),
             "The column with the weights of `pick: weighted`.")
      .field("on-end", &DataPlan::on_end,
             word("end of the data", {{"wrap", "from the first row again"},
                                      {"stop-scenario", "no further iteration begins in the scenario"},
                                      {"stop-run", "nor in any other"},
                                      {"fail", "iterations without a row fail"}}),
             "What happens when every row has been given; `wrap`, but `stop-scenario` for unique rows.")
      .field("columns", &DataPlan::columns, map_of(column_shape(), {.key = "column"}),
             "What the fields have to be; checked before the run.")
      .example("{ age: { type: integer, min: 0 } }")
      .exactly_one({"file", "rows", "query"});
}

Shape<SecretPlan> secret_shape() {
  return by_form<SecretPlan>("secret",
                             {.map = object<SecretPlan>("secret", "A value that no output shows, as {{secret.NAME}}.")
                                         .placed(&SecretPlan::place)
                                         .sample("{ env: API_KEY }")
                                         .field("env", &SecretPlan::environment, text({.name = "variable", .least = 1}),
                                                "The environment variable that has it.")
                                         .example("API_KEY")
                                         .field("file", &SecretPlan::file, text({.name = "file", .least = 1}),
                                                "The file that has it in its first line.")
                                         .field("command", &SecretPlan::command, text({.name = "command", .least = 1}),
                                                "The command that prints it; only with --allow-command.")
                                         .exactly_one({"env", "file", "command"})});
}

struct FileOutput {
  std::optional<std::string> json, junit;
};

Expected<std::string> read_output_word(std::string_view text) {
  if (text == "console") return std::string(text);
  const bool near = nearest(text, {"console"}).has_value();
  return fail(kUsage, "'" + std::string(text) + "' is no output",
              near ? "did you mean 'console'?" : "write console, { json: FILE } or { junit: FILE }");
}

/// `console`, or a map of one kind to its file.
Shape<OutputPlan> output_shape() {
  const auto file = [] { return text({.name = "file", .least = 1}); };
  Shape<OutputPlan> word_alone =
      inside(&OutputPlan::kind, custom<std::string>({.name = "output",
                                                     .about = "`console`: the summary on the screen.",
                                                     .examples = {"console"},
                                                     .pattern = "^console$",
                                                     .numbers = ScalarForm::Numbers::none},
                                                    read_output_word));
  Shape<OutputPlan> with_file = detail::through<OutputPlan>(
      object<FileOutput>("output", "A file with the result.")
          .sample("{ json: result.json }")
          .field("json", &FileOutput::json, file(), "The result file; `-` is standard output.")
          .example("result.json")
          .field("junit", &FileOutput::junit, file(), "The assertions as JUnit XML, for CI.")
          .example("junit.xml")
          .exactly_one({"json", "junit"})
          .shape(),
      [](OutputPlan& into, FileOutput&& read, const document::Node& node) {
        into = {
            .place = node.place, .kind = read.json ? "json" : "junit", .file = read.json ? *read.json : *read.junit};
      });
  return by_form<OutputPlan>("output", {.scalar = word_alone, .map = with_file});
}

Shape<std::vector<Named<const document::Node*>>> section(const Protocol& protocol) {
  return detail::through<std::vector<Named<const document::Node*>>>(
      untouched(protocol.settings),
      [name = protocol.section](auto& into, const document::Node*&& read, const document::Node& node) {
        into.push_back({{name, node.place}, read});
      });
}

/// They are merged before the plan is read; here they are only described.
void add_pieces(Object<Plan>& plan) {
  const auto files = [] { return untouched(described(one_or_list(text({.name = "file", .least = 1})))); };
  const auto profile = anything("profile", "Keys of a plan.");
  plan.field("extends", &Plan::merged, files(), "Plans that this one changes: what it does not say, they do.")
      .example("base.yml")
      .field("include", &Plan::merged, files(), "Files with more of this plan: tasks, data, scenarios.")
      .example("[tasks/login.yml, tasks/cart.yml]")
      .field("profiles", &Plan::merged, untouched(described(map_of(profile, {.key = "profile"}))),
             "What changes the plan when --profile names it.")
      .example("{ staging: { http: { timeout: 10s } } }");
}

}  // namespace

schema::DescriptionPtr steps_description(const std::vector<StepKind>& kinds) {
  auto step = std::make_shared<Description>();
  const auto any_step = [weak = std::weak_ptr(step)]() -> DescriptionPtr { return weak.lock(); };
  std::vector<Alternative> alternatives;
  for (const StepKind& kind : kinds)
    alternatives.push_back({kind.key, describe_step(kind, any_step), kind.bare});
  *step = describe_keyed("step", "What an iteration does next.", std::move(alternatives));
  return std::make_shared<Description>(
      detail::describe_list(std::move(step), {.about = "Steps, one after another.", .one_alone = true}));
}

schema::Shape<Plan> plan_shape(const std::vector<Protocol>& protocols) {
  std::vector<StepKind> kinds = step_kinds();
  for (const Protocol& protocol : protocols)
    kinds.insert(kinds.end(), protocol.steps.begin(), protocol.steps.end());
  auto plan = object<Plan>("plan", "A load test: scenarios, what they do, and what has to hold.");
  add_pieces(plan);
  plan.field("name", &Plan::name, text({.name = "name", .least = 1}), "What the test is called.")
      .example("checkout")
      .field("seed", &Plan::seed, integer<std::uint64_t>(0),
             "Same seed, same arrivals, same picks; a fresh one for each run, unless said.")
      .example("7")
      .field("shards", &Plan::shards, integer<std::size_t>(1, 1024),
             "How many threads send; as few as needed, unless said.")
      .field("variables", &Plan::variables, map_of(text(), {.key = "variable", .names = Names::word}),
             "Values with names, used as {{name}}; known before the run, and settable by --var.")
      .example("{ base-url: \"${BASE_URL:-http://127.0.0.1:8080}\" }")
      .field("secrets", &Plan::secrets, map_of(secret_shape(), {.key = "secret", .names = Names::word}),
             "Values that no output shows, used as {{secret.NAME}}.")
      .example("{ API_KEY: { env: API_KEY } }");
  for (const Protocol& protocol : protocols)
    plan.field(protocol.section, &Plan::sections, section(protocol), protocol.about);
  plan.field("data", &Plan::data, map_of(data_shape(), {.key = "data source", .names = Names::word}),
             "Rows that iterations use, as {{name.column}}.")
      .field("shared", &Plan::shared, map_of(shared_shape(), {.key = "shared value", .names = Names::word}),
             "What iterations and scenarios leave for each other, by `publish` and `take`.")
      .example("{ orders: { kind: queue, size: 1000 } }")
      .field("tasks", &Plan::tasks, map_of(untouched(steps_description(kinds)), {.key = "task", .names = Names::kebab}),
             "What one virtual user does once: steps, one after another.")
      .example("{ browse: [{ http: GET / }] }")
      .field("scenarios", &Plan::turns, list_of(turn_shape(), {.least = 1}),
             "Tasks under load patterns, one after another; those under `parallel` together.")
      .required()
      .field("assertions", &Plan::assertions, assertions_shape(),
             "What has to hold; a run in which one does not ends with exit code 99.")
      .example("[p99 < 500ms, errors < 1%]")
      .field("outputs", &Plan::outputs, list_of(output_shape()), "Where results go beside the screen.")
      .example("[console, { json: result.json }]");
  return plan;
}

}  // namespace vajrapulse::plan
