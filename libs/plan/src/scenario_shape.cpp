#include "scenario_shape.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::plan {
namespace {

using namespace schema;

/// Checked by itself and kept as written, for who puts a load together.
Shape<std::string> rate_text() { return schema::as_written(rate()); }
Shape<std::string> time_text() { return schema::as_written(duration()); }

std::optional<std::uint64_t> count_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || end != text.data() + text.size() || error != std::errc()) return std::nullopt;
  return number;
}

/// "at character 19: 'hlod' is not a load" as a mistake at that character.
Mistake load_mistake(std::string_view text, const Error& error) {
  constexpr std::string_view kAt = "at character ";
  Mistake mistake{.message = error.message, .cure = error.cure};
  const std::size_t colon = error.message.find(": ");
  if (!error.message.starts_with(kAt) || colon == std::string::npos) return mistake;
  const auto column = count_of(std::string_view(error.message).substr(kAt.size(), colon - kAt.size()));
  if (!column || *column == 0 || *column > text.size()) return mistake;
  mistake.column = std::size_t(*column);
  const std::string_view rest = text.substr(mistake.column - 1);
  mistake.length = std::max<std::size_t>(std::min(rest.find_first_of(" ,"), rest.size()), 1);
  mistake.message = error.message.substr(colon + 2);
  return mistake;
}

Shape<std::string> load_text() {
  return custom<std::string>({.name = "load",
                              .about = "A rate over time in the load language.",
                              .examples = {"ramp 0..1000/s 1m, hold 5m"},
                              .numbers = ScalarForm::Numbers::none},
                             [](std::string_view text) -> std::expected<std::string, Mistake> {
                               auto read = engine::parse_load(text);
                               if (!read) return std::unexpected(load_mistake(text, read.error()));
                               return std::string(text);
                             });
}

std::pair<std::string_view, std::string_view> halves(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {text, text};
  return {text.substr(0, dots), text.substr(dots + 2)};
}

Expected<UserCount> parse_users(std::string_view text) {
  const auto [first, second] = halves(text);
  const auto from = count_of(first), to = count_of(second);
  const std::string cure = "write a whole number, for example 64, or 10..64 for a ramp";
  if (!from || !to) return fail(kUsage, "'" + std::string(text) + "' is no number of users", cure);
  const bool ramp = first.data() != second.data();
  if (std::max(*from, *to) == 0 || std::max(*from, *to) > engine::kMostUsers)
    return fail(kUsage, std::string(text) + " users are out of range", "write 1 to 10000000");
  if (ramp && *from == *to) return fail(kUsage, std::string(text) + " is no ramp", cure);
  return UserCount{.from = ramp ? from : std::nullopt, .to = *to};
}

Expected<engine::ClosedModel::Think> parse_think(std::string_view text) {
  const auto [first, second] = halves(text);
  const auto least = parse_duration(first), most = parse_duration(second);
  if (!least) return std::unexpected(least.error());
  if (!most) return std::unexpected(most.error());
  if (*least < Duration::zero() || *most < *least)
    return fail(kUsage, "'" + std::string(text) + "' does not go from a shorter time to a longer one",
                "write for example 500ms..2s");
  return engine::ClosedModel::Think{*least, *most};
}

void add_pattern_keys(Object<ScenarioPlan>& scenario) {
  using engine::PatternKeys;
  auto keys = object<PatternKeys>("pattern", "The keys of a load pattern.");
  keys.field("from-tps", &PatternKeys::from_tps, rate_text(), "Where a ramp begins; 0, unless said.")
      .when("pattern", {"ramp", "ramp-sustain", "ramp-down"})
      .field("to-tps", &PatternKeys::to_tps, rate_text(), "Where a ramp ends; a ramp-down at 0, unless said.")
      .when("pattern", {"ramp", "ramp-sustain", "ramp-down"})
      .field("ramp-duration", &PatternKeys::ramp_duration, time_text(), "How long the ramp takes.")
      .when("pattern", {"ramp", "ramp-sustain", "ramp-down"})
      .field("sustain-duration", &PatternKeys::sustain_duration, time_text(),
             "How long its end is held; the rest of `duration`, unless said.")
      .when("pattern", {"ramp-sustain"})
      .field("steps", &PatternKeys::steps, text({.name = "list of steps", .least = 1}), "Steps, each RATE:TIME.")
      .example("100:30s,200:1m,500:30s")
      .when("pattern", {"step"})
      .field("mean", &PatternKeys::mean, rate_text(), "The rate that a sine swings around.")
      .when("pattern", {"sine"})
      .field("amplitude", &PatternKeys::amplitude, rate_text(), "How far it swings, at most the mean.")
      .when("pattern", {"sine"})
      .field("period", &PatternKeys::period, time_text(), "From one crest to the next.")
      .when("pattern", {"sine"})
      .field("base-rate", &PatternKeys::base_rate, rate_text(), "The rate between spikes.")
      .when("pattern", {"spike"})
      .field("spike-rate", &PatternKeys::spike_rate, rate_text(), "The rate in them.")
      .when("pattern", {"spike"})
      .field("spike-interval", &PatternKeys::spike_interval, time_text(),
             "One spike in the middle of every such time; one in all, unless said.")
      .when("pattern", {"spike"})
      .field("spike-duration", &PatternKeys::spike_duration, time_text(),
             "How long a spike is; a tenth of the interval, unless said.")
      .when("pattern", {"spike"});
  scenario.part(&ScenarioPlan::keys, keys);
}

void add_load(Object<ScenarioPlan>& scenario) {
  scenario.field("load", &ScenarioPlan::load, load_text(), "The load in one line; `pattern` and its keys are the same.")
      .example("ramp 0..1000/s 1m, hold 5m")
      .field("pattern", &ScenarioPlan::pattern,
             word("pattern", {{"static", "one rate"},
                              {"ramp", "from one rate to a higher one"},
                              {"ramp-sustain", "the same, and then that is held"},
                              {"ramp-down", "from one rate to a lower one"},
                              {"step", "rates, one after another"},
                              {"sine", "a rate that swings"},
                              {"spike", "a rate with spikes"}}),
             "How the rate goes over time.")
      .example("static")
      .field("tps", &ScenarioPlan::tps, rate_text(), "Iterations a second; of a ramp, where it ends.")
      .example("1000");
  add_pattern_keys(scenario);
  auto users = object<UsersPlan>("users", "Users that wait for their answers.");
  users
      .field("users", &UsersPlan::users,
             custom<UserCount>({.name = "number of users", .examples = {"64"}, .pattern = "^[0-9]+([.][.][0-9]+)?$"},
                               parse_users),
             "So many users, each beginning its next iteration when its last one ended; or FROM..TO, a ramp.")
      .example("64")
      .field("ramp-users", &UsersPlan::ramp_users, duration(), "How long the users' ramp takes.")
      .field("think", &UsersPlan::think,
             custom<engine::ClosedModel::Think>(
                 {.name = "time", .examples = {"500ms..2s"}, .numbers = ScalarForm::Numbers::none}, parse_think),
             "How long a user does nothing between two iterations; or FROM..TO.")
      .example("500ms..2s")
      .field("pacing", &UsersPlan::pacing, duration(), "A user's iterations begin so far apart.");
  scenario.part(&ScenarioPlan::users, users);
}

void add_length(Object<ScenarioPlan>& scenario) {
  scenario
      .field("duration", &ScenarioPlan::duration, time_text(),
             "How long it is measured; as long as its pattern, unless said.")
      .example("10m")
      .field("iterations", &ScenarioPlan::iterations, integer<std::uint64_t>(1),
             "It ends after so many, if not before.")
      .field("warmup", &ScenarioPlan::warmup, duration(),
             "Sent before it at its first rate, and kept out of the results.")
      .example("30s")
      .field("cooldown", &ScenarioPlan::cooldown, duration(),
             "Sent after it at its last rate, and kept out of the results.")
      .field("drain-timeout", &ScenarioPlan::drain_timeout, duration(),
             "How long what is in flight at the end of the run may take.")
      .fallback("5s")
      .field("force-timeout", &ScenarioPlan::force_timeout, duration(),
             "How long what is cancelled after that may take to end.")
      .fallback("10s");
}

void add_open(Object<ScenarioPlan>& scenario) {
  scenario
      .field("max-in-flight", &ScenarioPlan::max_in_flight, integer<std::uint64_t>(1),
             "At most so many iterations at once; further arrivals wait, which is in their response time.")
      .fallback("10000")
      .field("on-limit", &ScenarioPlan::on_limit,
             choice<engine::OnLimit>("choice", {{"queue", engine::OnLimit::queue, "they wait"},
                                                {"drop", engine::OnLimit::drop, "they are counted and never sent"}}),
             "What happens to arrivals beyond max-in-flight.")
      .fallback("queue")
      .field("arrivals", &ScenarioPlan::arrivals,
             choice<engine::ArrivalKind>("kind of arrivals",
                                         {{"even", engine::ArrivalKind::even, "evenly apart"},
                                          {"poisson", engine::ArrivalKind::poisson, "as independent users would"}}),
             "How arrivals lie in time.")
      .fallback("even")
      .field("slack", &ScenarioPlan::slack, duration(),
             "How late arrivals may start so that several start at once: less CPU, and it is scheduler lag.");
}

Shape<AfterPlan> after_shape() {
  const auto name = [] { return kebab_name("scenario name"); };
  return by_form<AfterPlan>(
      "scenario to wait for",
      {.scalar = inside(&AfterPlan::scenario, name()),
       .map = object<AfterPlan>("scenario to wait for", "A scenario, and how long after its last iteration.")
                  .field("scenario", &AfterPlan::scenario, name(), "The scenario.")
                  .required()
                  .example("warmup")
                  .field("delay", &AfterPlan::delay, duration(), "How long after its last iteration.")
                  .fallback("0s")
                  .example("10s")});
}

void add_turn(Object<ScenarioPlan>& scenario) {
  scenario.field("task", &ScenarioPlan::task, text({.name = "task name", .least = 1}), "What an iteration does.")
      .example("browse")
      .field("tasks", &ScenarioPlan::tasks, map_of(integer<std::uint64_t>(0, 1'000'000), {.key = "task", .least = 1}),
             "Several tasks with their weights: an iteration does one of them.")
      .example("{ browse: 80, buy: 20 }")
      .field("measure", &ScenarioPlan::measure, boolean(), "false: sent and shown, but in no total and no assertion.")
      .fallback("true")
      .field("after", &ScenarioPlan::after, after_shape(),
             "Begins when that scenario's last iteration has ended, instead of at the scheduled end of the one before.")
      .example("{ scenario: warmup, delay: 10s }")
      .field("when", &ScenarioPlan::when, template_text({.name = "condition", .least = 1}),
             "Begins only if this holds of scenarios that have ended; else it is skipped.")
      .example("steady-state.errors < 1%")
      .at_most_one({"task", "tasks"})
      .at_most_one({"load", "pattern", "users"})
      .at_most_one({"load", "tps", "users"});
}

Shape<ScenarioPlan> scenario_shape() {
  auto scenario = object<ScenarioPlan>("scenario", "A task under a load for a time.");
  scenario.placed(&ScenarioPlan::place)
      .sample("{ name: steady-state, tps: 1000, duration: 10m }")
      .field("name", &ScenarioPlan::name, kebab_name("scenario name"),
             "What it is called; its figures are steady-state.p99 and so on.")
      .required()
      .example("steady-state");
  add_load(scenario);
  add_length(scenario);
  add_open(scenario);
  add_turn(scenario);
  return scenario;
}

}  // namespace

Shape<TurnPlan> turn_shape() {
  Shape<TurnPlan> alone = detail::through<TurnPlan>(
      scenario_shape(),
      [](TurnPlan& into, ScenarioPlan&& read, const document::Node&) { into.scenarios.push_back(std::move(read)); });
  Shape<TurnPlan> together =
      object<TurnPlan>("group", "Scenarios that begin together; what follows waits for the longest.")
          .field("parallel", &TurnPlan::scenarios, list_of(scenario_shape(), {.least = 1, .unique = "name"}),
                 "The scenarios that begin together.")
          .required();
  return keyed<TurnPlan>("scenario", "A scenario, or a group of them under `parallel`.",
                         {{"name", alone}, {"parallel", together}});
}

}  // namespace vajrapulse::plan
