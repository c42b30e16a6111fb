#include "vajrapulse/criteria/run_names.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "metric_table.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using Kind = Measure::Kind;

/// What percentiles and their like can be of.
struct Family {
  std::string_view word;
  std::string_view metric;
  std::string_view phase;
  bool from_intended_start;
};

constexpr Family kFamilies[] = {
    {"response", names::kResponseTime, "", true},           {"service", names::kExecutionDuration, "", false},
    {"start-delay", names::kStartDelay, "", true},          {"scheduler-lag", names::kSchedulerLag, "", true},
    {"blocked", names::kRequestDuration, "blocked", false}, {"dns", names::kRequestDuration, "dns", false},
    {"connect", names::kRequestDuration, "connect", false}, {"tls", names::kRequestDuration, "tls", false},
    {"send", names::kRequestDuration, "send", false},       {"wait", names::kRequestDuration, "wait", false},
    {"receive", names::kRequestDuration, "receive", false}, {"request", names::kRequestDuration, "total", false}};

struct Figure {
  std::string_view word;
  Kind kind;
  Type type;
  bool of_requests;  ///< can be asked of one request name
};

constexpr Figure kFigures[] = {{"started", Kind::started, Type::number, false},
                               {"completed", Kind::completed, Type::number, false},
                               {"succeeded", Kind::succeeded, Type::number, true},
                               {"failed", Kind::failed, Type::number, true},
                               {"interrupted", Kind::interrupted, Type::number, false},
                               {"dropped", Kind::dropped, Type::number, false},
                               {"missed", Kind::missed, Type::number, false},
                               {"target", Kind::target, Type::number, false},
                               {"timeouts", Kind::timeouts, Type::number, false},
                               {"requests", Kind::requests, Type::number, true},
                               {"errors", Kind::errors, Type::share, true},
                               {"error-rate", Kind::errors, Type::share, true},
                               {"success-rate", Kind::success_rate, Type::share, true},
                               {"tps", Kind::tps, Type::rate, false},
                               {"throughput", Kind::tps, Type::rate, false},
                               {"rps", Kind::rps, Type::rate, true},
                               {"in-flight", Kind::in_flight, Type::number, false},
                               {"users", Kind::users, Type::number, false},
                               {"duration", Kind::duration, Type::time, false},
                               {"verdict", Kind::verdict, Type::text, false}};

constexpr std::pair<std::string_view, Kind> kAggregates[] = {
    {"min", Kind::min}, {"mean", Kind::mean}, {"max", Kind::max}, {"stddev", Kind::stddev}};

/// Takes "word." from the front of `rest`.
bool take_part(std::string_view& rest, std::string_view word) noexcept {
  if (!rest.starts_with(word) || rest.size() <= word.size() || rest[word.size()] != '.') return false;
  rest.remove_prefix(word.size() + 1);
  return true;
}

/// "p99.9" as 99.9; above 0 and at most 100.
std::optional<double> percentile_of(std::string_view word) noexcept {
  if (word.size() < 2 || word[0] != 'p' || word[1] < '0' || word[1] > '9') return std::nullopt;
  double value = 0;
  const char* end = word.data() + word.size();
  const auto [stop, failure] = std::from_chars(word.data() + 1, end, value, std::chars_format::fixed);
  if (failure != std::errc() || stop != end || value <= 0 || value > 100) return std::nullopt;
  return value;
}

struct MetricFigure {
  std::string_view word;
  Kind kind;
};
constexpr MetricFigure kMetricFigures[] = {
    {"count", Kind::count},    {"rate", Kind::rate}, {"share", Kind::share}, {"error-rate", Kind::errors},
    {"errors", Kind::errors},  {"min", Kind::min},   {"mean", Kind::mean},   {"success-rate", Kind::success_rate},
    {"throughput", Kind::tps}, {"max", Kind::max},   {"last", Kind::last},   {"stddev", Kind::stddev}};

/// Whether a metric of this form can give that figure; else what it can give.
std::optional<std::string> not_of(Kind kind, const KnownMetric& metric) {
  const bool counts = kind == Kind::count || kind == Kind::rate || kind == Kind::share;
  const bool by_status = kind == Kind::errors || kind == Kind::success_rate || kind == Kind::tps;
  if (by_status && !metric.by_status) return "it is not counted by success and failure; ask for its count";
  switch (metric.form) {
    case metrics::Type::histogram: return kind == Kind::last ? std::optional("ask for a percentile") : std::nullopt;
    case metrics::Type::counter:
      return counts || by_status ? std::nullopt : std::optional("it only counts: ask for count, rate or share");
    case metrics::Type::gauge: break;
  }
  return kind == Kind::mean || kind == Kind::max || kind == Kind::last
             ? std::nullopt
             : std::optional("it goes up and down: ask for max, mean or last");
}

Type type_of(Kind kind, Type unit) {
  switch (kind) {
    case Kind::count: return unit == Type::bytes ? Type::bytes : Type::number;
    case Kind::rate:
    case Kind::tps: return Type::rate;
    case Kind::share:
    case Kind::errors:
    case Kind::success_rate: return Type::share;
    default: return unit;
  }
}

/// What is asked of a metric, into `measure`; gives the figure's type.
Expected<Type> metric_figure(std::string_view word, const KnownMetric* known, Measure& measure) {
  const auto figure = std::ranges::find(kMetricFigures, word, &MetricFigure::word);
  if (const auto percentile = percentile_of(word)) {
    measure.percentile = *percentile;
  } else if (figure != std::end(kMetricFigures)) {
    measure.kind = figure->kind;
  } else {
    std::vector<std::string> words = {"p50", "p90", "p95", "p99", "p99.9"};
    for (const MetricFigure& each : kMetricFigures)
      words.emplace_back(each.word);
    const auto near = nearest(word, words);
    return fail(
        kUsage, "'" + std::string(word) + "' is no figure of a metric",
        near ? "did you mean metric." + *near + "?" : "write for example metric.p99, metric.count or metric.max");
  }
  if (known)
    if (auto why = not_of(measure.kind, *known))
      return fail(kUsage, "'" + std::string(known->name) + "' has no " + std::string(word), std::move(*why));
  const bool tagged = std::ranges::any_of(measure.tags, [](const auto& tag) {
    return tag.first != "scenario" && tag.first != "task" && tag.first != "name";
  });
  if (measure.kind == Kind::share && !tagged)
    return fail(kUsage, "a share needs a tag that says what is counted", "add for example status=failure");
  return type_of(measure.kind, measure.unit);
}

std::unexpected<Error> unknown(std::string_view name, std::string_view word,
                               const std::vector<std::string>& scenarios) {
  std::vector<std::string> words = {"p50", "p90", "p95", "p99", "p99.9"};
  for (const Figure& figure : kFigures)
    words.emplace_back(figure.word);
  for (const auto& [aggregate, kind] : kAggregates)
    words.emplace_back(aggregate);
  if (const std::size_t dot = word.find('.'); dot != word.npos) {  // what stands before the dot is the stranger
    std::vector<std::string> parts = scenarios;
    for (const Family& family : kFamilies)
      parts.emplace_back(family.word);
    parts.emplace_back("metric");
    const auto near = nearest(word.substr(0, dot), parts);
    if (near)
      return fail(kUsage, "'" + std::string(name) + "' is no figure of a run",
                  "did you mean " + *near + std::string(word.substr(dot)) + "?");
  }
  const auto near = nearest(word, words);
  const std::string prefix(name.substr(0, name.size() - word.size()));
  return fail(kUsage, "'" + std::string(name) + "' is no figure of a run",
              near ? "did you mean " + prefix + *near + "?"
                   : "there are p50 to p99.99, min, mean, max, errors, failed, dropped, tps and others");
}

}  // namespace

RunNames::RunNames(Model model, const std::vector<std::string>& scenarios) : model_(model) {
  for (const std::string& name : scenarios)
    scenarios_.push_back({.name = name, .model = model});
}

RunNames::RunNames(std::vector<Scenario> scenarios, Bare bare)
    : model_(Model::closed), scenarios_(std::move(scenarios)), bare_(bare) {
  for (const Scenario& each : scenarios_)
    if (each.model == Model::open && each.refusal.empty()) model_ = Model::open;
}

void RunNames::about(std::string scenario, metrics::Tags tags) {
  about_ = std::move(scenario);
  tags_ = std::move(tags);
}

const RunNames::Scenario* RunNames::scenario(std::string_view name) const {
  const auto found = std::ranges::find(scenarios_, name, &Scenario::name);
  return found == scenarios_.end() ? nullptr : &*found;
}

RunNames::Model RunNames::model_of(const Measure& measure) const {
  const Scenario* one = scenario(measure.scenario);
  return one ? one->model : model_;
}

Binding RunNames::keep(Measure measure, Type type) {
  measures_.push_back(std::move(measure));
  return Binding{std::uint32_t(measures_.size() - 1), type};
}

/// What is left of a name without its scenario, the longest that fits.
Expected<std::string_view> RunNames::take_scenario(std::string_view name, Measure& measure) const {
  std::string_view rest = name;
  measure.scenario = about_;
  const Scenario* found = nullptr;
  for (const Scenario& each : scenarios_) {
    std::string_view after = name;
    if ((found && each.name.size() < found->name.size()) || !take_part(after, each.name)) continue;
    found = &each;
    rest = after;
  }
  if (found) measure.scenario = found->name;
  if (const Scenario* meant = scenario(measure.scenario); meant && !meant->refusal.empty())
    return fail(kUsage, meant->refusal, "ask about another scenario, or about the whole run");
  return rest;
}

Expected<Binding> RunNames::bind_metric(const Reference& reference, std::string_view figure, Measure measure) {
  const std::string name(reference.name);
  if (!reference.argument)
    return fail(kUsage, "'" + name + "' takes the name of a metric",
                "write " + name + "(\"vajrapulse.execution.duration\")");
  measure.metric = *reference.argument;
  measure.any_metric = true;
  if (auto error = misspelled(measure.metric)) return std::unexpected(std::move(*error));
  const KnownMetric* known = known_metric(measure.metric);
  for (const std::string_view text : reference.further) {
    auto tag = parse_tag(text, known);
    if (!tag) return std::unexpected(std::move(tag.error()));
    measure.tags.push_back(std::move(*tag));
  }
  const bool has_phase = std::ranges::any_of(measure.tags, [](const auto& tag) { return tag.first == "phase"; });
  if (measure.metric == names::kRequestDuration && !has_phase) measure.phase = "total";
  if (known) {
    measure.form = known->form;
    measure.unit = known->unit;
  }
  const auto type = metric_figure(figure, known, measure);
  if (!type) return std::unexpected(type.error());
  return keep(std::move(measure), *type);
}

Expected<Binding> RunNames::bind(const Reference& reference) {
  Measure measure;
  measure.tags = tags_;
  const auto after = take_scenario(reference.name, measure);
  if (!after) return std::unexpected(after.error());
  std::string_view rest = *after;
  if (take_part(rest, "metric")) return bind_metric(reference, rest, std::move(measure));
  const Family* family = nullptr;
  for (const Family& each : kFamilies)
    if (family == nullptr && take_part(rest, each.word)) family = &each;
  if (reference.argument) measure.request = *reference.argument;
  if (!reference.further.empty())
    return fail(kUsage, "'" + std::string(reference.name) + "' takes one name in brackets",
                "write " + std::string(reference.name) + "(\"GET /cart\"); tags belong to metric." + std::string(rest));

  Type type = Type::time;
  const auto aggregate = std::ranges::find(kAggregates, rest, [](const auto& each) { return each.first; });
  const auto figure = std::ranges::find(kFigures, rest, &Figure::word);
  if (const auto percentile = percentile_of(rest)) {
    measure.percentile = *percentile;
  } else if (aggregate != std::end(kAggregates)) {
    measure.kind = aggregate->second;
  } else if (figure != std::end(kFigures) && family == nullptr) {
    measure.kind = figure->kind;
    type = figure->type;
    if (reference.argument && !figure->of_requests)
      return fail(kUsage, "'" + std::string(rest) + "' is counted by iteration, not by request",
                  "leave the request name out");
  } else {
    std::vector<std::string> scenarios;
    for (const Scenario& each : scenarios_)
      scenarios.push_back(each.name);
    return unknown(reference.name, rest, scenarios);
  }
  if (bare_ == Bare::refused && measure.scenario.empty())
    return fail(kUsage, "'" + std::string(reference.name) + "' does not say of which scenario",
                "write for example " + (scenarios_.empty() ? "steady-state" : scenarios_.front().name) + "." +
                    std::string(reference.name));
  const Model model = model_of(measure);
  if (measure.kind <= Kind::stddev) {
    // One request of an iteration has no intended start of its own: its time is from its sending.
    if (family == nullptr) family = reference.argument ? &kFamilies[std::size(kFamilies) - 1] : &kFamilies[0];
    if (family->from_intended_start && model == Model::closed)
      return fail(kUsage,
                  "'" + std::string(reference.name) +
                      "' counts from the intended start, which users in a "
                      "closed loop do not have",
                  "write service." + std::string(rest) + ", or use an open load (--tps)");
    if (reference.argument && family->metric != names::kRequestDuration)
      return fail(kUsage, "'" + std::string(reference.name) + "' is of iterations, not of one request",
                  "write " + std::string(rest) + "(\"…\")");
    measure.metric = family->metric;
    measure.phase = family->phase;
  }
  const bool needs_target = measure.kind == Kind::target || measure.kind == Kind::missed;
  if (needs_target && model == Model::closed)
    return fail(kUsage, "a closed loop has no target, so nothing can be " + std::string(rest),
                "use an open load (--tps), or leave it out");
  return keep(std::move(measure), type);
}

}  // namespace vajrapulse::criteria
