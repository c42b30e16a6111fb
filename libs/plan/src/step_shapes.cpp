#include "step_shapes.hpp"

#include <algorithm>
#include <string_view>

#include "described.hpp"

namespace vajrapulse::plan {
namespace {

using schema::DescriptionPtr;

/// A list of steps, or one alone.
DescriptionPtr steps(const std::function<DescriptionPtr()>& step) {
  schema::Description reference;
  reference.kind = schema::Description::Kind::reference;
  reference.name = "step";
  reference.target = step;
  return list_of(std::make_shared<const schema::Description>(std::move(reference)),
                 {.about = "Steps, one after another.", .one_alone = true});
}

DescriptionPtr time(std::string example) {
  schema::Description time;
  time.name = "time";
  time.examples.push_back(std::move(example));
  time.scalar.numbers = schema::ScalarForm::Numbers::whole;  // only 0 has no unit
  time.scalar.most = 0;
  return std::make_shared<const schema::Description>(std::move(time));
}

DescriptionPtr counter() { return scalar("variable"); }

using Add = void (*)(Described& step, const DescriptionPtr& steps);

void add_think(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("think", time("500ms..2s"), "How long; or the shortest and the longest.");
}
void add_pace(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("pace", time("5s"), "How old the iteration has to be.");
}
void add_if(Described& step, const DescriptionPtr& steps) {
  step.field("if", scalar("condition"), "What decides.", "token != null and code == 200")
      .required()
      .field("then", steps, "Run when it holds.", "[{ http: GET /cart }]")
      .required()
      .field("else", steps, "Run when it does not.");
}
void add_repeat(Described& step, const DescriptionPtr& steps) {
  const DescriptionPtr map = Described("turns", "How often, and a name for the turn.")
                                 .field("times", any("whole number with `{{…}}`"), "How often.", "3")
                                 .required()
                                 .field("as", counter(), "The variable that counts the turns, from 1.", "i")
                                 .field("steps", steps, "What is done; here or beside `repeat`.")
                                 .made();
  step.field("repeat", either({any("whole number with `{{…}}`"), map}), "How often.", "3")
      .required()
      .field("steps", steps, "What is done.", "[{ http: GET / }]")
      .field("as", counter(), "The variable that counts the turns, from 1.", "i");
}
void add_while(Described& step, const DescriptionPtr& steps) {
  step.field("while", scalar("condition"), "Asked before every turn.", "status == 'busy'")
      .required()
      .field("steps", steps, "What is done.", "[{ think: 100ms }, { task: ask }]")
      .field("at-most", any("whole number"), "How many turns there may be.")
      .fallback("10000")
      .field("as", counter(), "The variable that counts the turns, from 1.", "i");
}
void add_foreach(Described& step, const DescriptionPtr& steps) {
  const DescriptionPtr map =
      Described("items", "A list, and a name for the item.")
          .field("in", any("variable or list of values"), "A list that was captured, or that stands here.", "ids")
          .required()
          .field("as", counter(), "The variable that has the item.", "id")
          .field("steps", steps, "What is done; here or beside `foreach`.")
          .made();
  step.field("foreach", map, "Over which list.", "{ in: ids, as: id }")
      .required()
      .field("steps", steps, "What is done.", "[{ http: \"GET /items/{{id}}\" }]");
}
void add_weighted(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("weighted", either({list_of(any("branch")), map_of(any("number"), "task")}),
             "Branches `{ weight: 80, steps: […] }`, or tasks with their weights.", "{ browse: 80, buy: 20 }")
      .required();
}
void add_parallel(Described& step, const DescriptionPtr& steps) {
  step.field("parallel", list_of(steps), "Branches, each a list of steps.", "[[{ http: GET /a }], [{ http: GET /b }]]")
      .required();
}
void add_task(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("task", scalar("task name"), "Which one.", "login").required();
}
void add_script(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("script", scalar("Lua"),
             "The script. It reads variables by their names, and sets them by `vars.name = …`.",
             "\"vars.total = price * 2\"")
      .required()
      .field("sets", list_of(scalar("variable"), {.one_alone = true}), "The variables that it sets.", "[total]");
}
void add_set(Described& step, const DescriptionPtr& /*steps*/) {
  const DescriptionPtr expression = Described("expression", "A value that is computed.")
                                        .field("value", any("expression"), "In the language of conditions.", "n + 1")
                                        .required()
                                        .made();
  step.field("set", map_of(either({any("text with `{{…}}`"), expression}), "variable"), "Names and what they become.",
             "{ url: \"{{base-url}}/cart\", n: { value: n + 1 } }")
      .required();
}
void add_publish(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("publish", map_of(filled_in("text"), "shared value"), "Names of `shared`, and what is left there.",
             "{ orders: \"{{order}}\" }")
      .required();
}
void add_take(Described& step, const DescriptionPtr& /*steps*/) {
  const DescriptionPtr words = schema::described(schema::word(
      "thing to do without", {{"stop-iteration", "the iteration ends, which is no failure"}, {"fail", "it fails"}}));
  step.field("take", map_of(scalar("shared value"), "variable"), "Variables, and the names of `shared` they come from.",
             "{ order: orders }")
      .required()
      .field("or", words, "What happens when there is none; unless said, the variable has no value.");
}
void add_log(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("log", filled_in("text"), "The line.", "\"order {{id}}\"").required();
}
void add_fail(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("fail", any("text with `{{…}}`"), "The message.", "no stock left");
}
void add_stop_iteration(Described& step, const DescriptionPtr& /*steps*/) {
  step.field("stop-iteration", any("condition"), "Only when this holds.", "code == 429");
}

struct Known {
  std::string_view key;
  Add add;
};
constexpr Known kKnown[] = {{"think", add_think},
                            {"pace", add_pace},
                            {"if", add_if},
                            {"repeat", add_repeat},
                            {"while", add_while},
                            {"foreach", add_foreach},
                            {"weighted", add_weighted},
                            {"parallel", add_parallel},
                            {"task", add_task},
                            {"script", add_script},
                            {"set", add_set},
                            {"publish", add_publish},
                            {"take", add_take},
                            {"log", add_log},
                            {"fail", add_fail},
                            {"stop-iteration", add_stop_iteration}};

void add_common(Described& step) {
  const DescriptionPtr words =
      schema::described(schema::word("thing to do", {{"continue", ""}, {"stop-iteration", ""}, {"stop-run", ""}}));
  step.field("name", scalar("name"), "What the step is called.")
      .field("on-failure", words, "What happens when something in it fails.");
}

}  // namespace

DescriptionPtr describe_step(const StepKind& kind, const std::function<DescriptionPtr()>& step) {
  if (kind.description) return schema::borrowed(*kind.description);
  const auto* known = std::ranges::find(kKnown, kind.key, &Known::key);
  if (known == std::end(kKnown)) return schema::described(schema::anything(kind.key + " step", kind.about));
  Described described(kind.key + " step", kind.about);
  known->add(described, steps(step));
  add_common(described);
  return described.made();
}

}  // namespace vajrapulse::plan
