#include "metric_table.hpp"

#include <algorithm>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using Form = metrics::Type;

constexpr bool kByStatus = true, kOfIterations = true;
constexpr KnownMetric kMetrics[] = {
    {names::kExecutionTotal, Form::counter, Type::number, kByStatus, kOfIterations},
    {names::kExecutionDuration, Form::histogram, Type::time, kByStatus, kOfIterations},
    {names::kResponseTime, Form::histogram, Type::time, kByStatus, kOfIterations},
    {names::kResponseTimeLessLag, Form::histogram, Type::time, kByStatus, kOfIterations},
    {names::kStartDelay, Form::histogram, Type::time, false, kOfIterations},
    {names::kSchedulerLag, Form::histogram, Type::time, false, kOfIterations},
    {names::kQueueWait, Form::histogram, Type::time, false, kOfIterations},
    {names::kQueueSize, Form::gauge, Type::number},
    {names::kInFlight, Form::gauge, Type::number},
    {names::kTargetTps, Form::gauge, Type::rate},
    {names::kActualTps, Form::gauge, Type::rate},
    {names::kUsers, Form::gauge, Type::number},
    {names::kDropped, Form::counter, Type::number, false, kOfIterations},
    {names::kMissed, Form::counter, Type::number, false, kOfIterations},
    {names::kRequestDuration, Form::histogram, Type::time, kByStatus},
    {names::kRequestTotal, Form::counter, Type::number, kByStatus},
    {names::kRequestBytes, Form::counter, Type::bytes},
    {names::kClientQueueSize, Form::gauge, Type::number},
    {names::kClientQueueWait, Form::histogram, Type::time},
    {names::kPoolActive, Form::gauge, Type::number},
    {names::kPoolIdle, Form::gauge, Type::number},
    {names::kConnections, Form::counter, Type::number},
    {names::kRetries, Form::counter, Type::number},
    {names::kTimeouts, Form::counter, Type::number},
    {names::kErrors, Form::counter, Type::number},
    {names::kGeneratorTurn, Form::histogram, Type::time}};

const std::vector<std::string>& tag_names() {
  static const std::vector<std::string> all = {"scenario", "task",   "name", "status", "code",
                                               "phase",    "reason", "kind", "queue",  "direction"};
  return all;
}

/// Tags whose values are few and known.
std::vector<std::string> values_of(std::string_view tag) {
  if (tag == "status") return {"success", "failure", "interrupted"};
  if (tag == "phase") return {"blocked", "dns", "connect", "tls", "send", "wait", "receive", "total"};
  if (tag == "reason") return {"limit", "deadline"};
  if (tag == "direction") return {"in", "out"};
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

std::unexpected<Error> unlike(std::string_view what, std::string message, const std::vector<std::string>& words) {
  const auto near = nearest(what, words);
  return fail(kUsage, std::move(message), near ? "did you mean " + *near + "?" : "write " + joined(words));
}

}  // namespace

const KnownMetric* known_metric(std::string_view name) noexcept {
  const auto found = std::ranges::find(kMetrics, name, &KnownMetric::name);
  return found == std::end(kMetrics) ? nullptr : found;
}

std::optional<metrics::Type> known_form(std::string_view metric) {
  const KnownMetric* known = known_metric(metric);
  return known ? std::optional(known->form) : std::nullopt;
}

std::optional<Error> misspelled(std::string_view name) {
  if (known_metric(name)) return std::nullopt;
  const std::string full = name.starts_with("vajrapulse.") ? std::string(name) : "vajrapulse." + std::string(name);
  std::vector<std::string> all;
  for (const KnownMetric& metric : kMetrics)
    all.emplace_back(metric.name);
  const auto near = nearest(full, all);
  if (!near && full != name) return std::nullopt;
  return Error{kUsage, "'" + std::string(name) + "' is no metric",
               near ? "did you mean " + *near + "?" : "write for example vajrapulse.execution.duration"};
}

Expected<std::pair<std::string, std::string>> parse_tag(std::string_view text, const KnownMetric* metric) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0)
    return fail(kUsage, "'" + std::string(text) + "' is no tag", "write it as name=value, for example status=failure");
  std::pair<std::string, std::string> tag{text.substr(0, equals), text.substr(equals + 1)};
  if (!metric) return tag;
  if (std::ranges::find(tag_names(), tag.first) == tag_names().end())
    return unlike(tag.first, "'" + tag.first + "' is no tag of " + std::string(metric->name), tag_names());
  const auto values = values_of(tag.first);
  if (!values.empty() && std::ranges::find(values, tag.second) == values.end())
    return unlike(tag.second, "'" + tag.second + "' is no " + tag.first, values);
  return tag;
}

}  // namespace vajrapulse::criteria
