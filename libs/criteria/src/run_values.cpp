#include <algorithm>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/criteria/tally.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

/// "no request was called 'GET /crat'; did you mean 'GET /cart'?"; empty when there was one.
std::string no_request(const metrics::Snapshot& snapshot, const std::string& request) {
  const auto seen = snapshot.counters_by(metrics::names::kRequestTotal, "name");
  if (seen.contains(request)) return "";
  std::vector<std::string> requests;
  for (const auto& [name, count] : seen)
    requests.push_back(name);
  std::string why = "no request was called '" + request + "'";
  if (const auto near = nearest(request, requests)) why += "; did you mean '" + *near + "'?";
  return why;
}

std::string metric_text(const Measure& measure) {
  std::string text = measure.metric;
  for (const auto& [name, value] : measure.tags)
    text += (name == measure.tags.front().first ? " {" : ", ") + name + "=" + value;
  return text + (measure.tags.empty() ? "" : "}");
}

}  // namespace

RunValues::Source RunValues::source(const Measure& measure) const {
  if (measure.scenario.empty()) return {whole_, {}};
  const auto own = std::ranges::find(scenarios_, measure.scenario, [](const auto& each) { return each.first; });
  if (own == scenarios_.end()) return {whole_, measure.scenario};
  const bool by_tag = own->second.holds == RunView::Holds::several;
  return {own->second, by_tag ? std::string_view(measure.scenario) : std::string_view()};
}

Value RunValues::at(std::uint32_t slot) const {
  const Measure& measure = names_.measures()[slot];
  const auto [view, scenario] = source(measure);
  if (view.snapshot == nullptr) return Value::null();
  if (measure.kind == Measure::Kind::verdict) return view.verdict.empty() ? Value::null() : Value::of(view.verdict);
  return value_of(measure, tally(measure, *view.snapshot, scenario), view.seconds);
}

std::string RunValues::why_null(std::uint32_t slot) const {
  const Measure& measure = names_.measures()[slot];
  const auto [view, scenario] = source(measure);
  if (view.snapshot == nullptr)
    return measure.scenario + " " + (view.absence.empty() ? "has not run" : std::string(view.absence));
  std::string request = measure.request;
  for (const auto& [name, value] : measure.tags)
    if (name == "name") request = value;
  if (!request.empty())
    if (std::string why = no_request(*view.snapshot, request); !why.empty()) return why;
  return measure.any_metric ? metric_text(measure) + " never had a value" : "nothing was recorded";
}

}  // namespace vajrapulse::criteria
