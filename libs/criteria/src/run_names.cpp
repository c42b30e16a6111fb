#include "vajrapulse/criteria/run_names.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

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

Expected<Binding> RunNames::bind(const Reference& reference) {
  std::string_view rest = reference.name;
  Measure measure;
  for (const std::string& scenario : scenarios_) {
    if (scenario.size() < measure.scenario.size()) continue;
    std::string_view after = reference.name;
    if (!take_part(after, scenario)) continue;
    measure.scenario = scenario;
    rest = after;
  }
  const Family* family = nullptr;
  for (const Family& each : kFamilies)
    if (family == nullptr && take_part(rest, each.word)) family = &each;
  if (reference.argument) measure.request = *reference.argument;

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
    return unknown(reference.name, rest, scenarios_);
  }
  if (measure.kind <= Kind::stddev) {
    // One request of an iteration has no intended start of its own: its time is from its sending.
    if (family == nullptr) family = reference.argument ? &kFamilies[std::size(kFamilies) - 1] : &kFamilies[0];
    if (family->from_intended_start && model_ == Model::closed)
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
  if (needs_target && model_ == Model::closed)
    return fail(kUsage, "a closed loop has no target, so nothing can be " + std::string(rest),
                "use an open load (--tps), or leave it out");
  measures_.push_back(std::move(measure));
  return Binding{std::uint32_t(measures_.size() - 1), type};
}

}  // namespace vajrapulse::criteria
