#include <algorithm>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using Kind = Measure::Kind;
using metrics::Snapshot;
using metrics::Tags;

Tags with(Tags tags, std::string_view name, std::string_view value) {
  tags.emplace_back(name, value);
  std::ranges::sort(tags);
  return tags;
}

/// A figure of a histogram; null when nothing was recorded.
Value figure_of(const metrics::Histogram& histogram, const Measure& measure) {
  if (histogram.empty()) return Value::null();
  const auto time = [](double ns) { return Value::of(ns, Type::time); };
  switch (measure.kind) {
    case Kind::min: return time(double(histogram.min()));
    case Kind::mean: return time(histogram.mean());
    case Kind::max: return time(double(histogram.max()));
    case Kind::stddev: return time(histogram.stddev());
    default: return time(double(histogram.percentile(measure.percentile)));
  }
}

/// Counts by status of iterations, or of one request's calls.
struct Outcomes {
  double succeeded, failed, interrupted;
  [[nodiscard]] double completed() const noexcept { return succeeded + failed; }
};

Outcomes outcomes_of(const Snapshot& snapshot, const Tags& tags, std::string_view counter) {
  const auto count = [&](const char* status) {
    return double(snapshot.counter(counter, with(tags, "status", status)));
  };
  return {count("success"), count("failure"), count("interrupted")};
}

Value ratio(double part, double whole, Type type) { return whole > 0 ? Value::of(part / whole, type) : Value::null(); }

Value counted(const Measure& measure, const Snapshot& snapshot, const Tags& tags, double seconds) {
  const bool of_request = !measure.request.empty();
  const Outcomes outcomes = outcomes_of(snapshot, tags, of_request ? names::kRequestTotal : names::kExecutionTotal);
  const double dropped = double(snapshot.counter(names::kDropped, tags));
  const double missed = double(snapshot.counter(names::kMissed, tags));
  const double started = outcomes.completed() + outcomes.interrupted;
  const double requests = double(snapshot.counter(names::kRequestTotal, tags));
  switch (measure.kind) {
    case Kind::started: return Value::of(started);
    case Kind::completed: return Value::of(outcomes.completed());
    case Kind::succeeded: return Value::of(outcomes.succeeded);
    case Kind::failed: return Value::of(outcomes.failed);
    case Kind::interrupted: return Value::of(outcomes.interrupted);
    case Kind::dropped: return Value::of(dropped);
    case Kind::missed: return Value::of(missed);
    case Kind::target: return Value::of(started + dropped + missed);
    case Kind::timeouts: return Value::of(double(snapshot.counter(names::kTimeouts, tags)));
    case Kind::requests: return Value::of(requests);
    case Kind::errors: return ratio(outcomes.failed, outcomes.completed(), Type::share);
    case Kind::success_rate: return ratio(outcomes.succeeded, outcomes.completed(), Type::share);
    case Kind::tps: return ratio(outcomes.completed(), seconds, Type::rate);
    case Kind::rps: return ratio(requests, seconds, Type::rate);
    case Kind::in_flight: return Value::of(snapshot.gauge(names::kInFlight, tags).max);
    case Kind::users: return Value::of(snapshot.gauge(names::kUsers, tags).max);
    case Kind::duration: return Value::of(seconds * 1e9, Type::time);
    default: return Value::null();
  }
}

}  // namespace

RunValues::Source RunValues::source(const Measure& measure) const {
  Source source{whole_, {}};
  if (!measure.scenario.empty()) {
    const auto own = std::ranges::find(scenarios_, measure.scenario, [](const auto& each) { return each.first; });
    if (own != scenarios_.end()) {
      source.view = own->second;
    } else {
      source.tags = with(source.tags, "scenario", measure.scenario);
    }
  }
  if (!measure.request.empty()) source.tags = with(source.tags, "name", measure.request);
  return source;
}

Value RunValues::at(std::uint32_t slot) const {
  const Measure& measure = names_.measures()[slot];
  const auto [view, tags] = source(measure);
  if (view.snapshot == nullptr) return Value::null();
  if (measure.kind == Kind::verdict) return view.verdict.empty() ? Value::null() : Value::of(view.verdict);
  if (measure.kind > Kind::stddev) return counted(measure, *view.snapshot, tags, view.seconds);
  const Tags all = measure.phase.empty() ? tags : with(tags, "phase", measure.phase);
  return figure_of(view.snapshot->histogram(measure.metric, all), measure);
}

std::string RunValues::why_null(std::uint32_t slot) const {
  const Measure& measure = names_.measures()[slot];
  const auto [view, tags] = source(measure);
  if (view.snapshot == nullptr) return measure.scenario + " has not run";
  if (measure.request.empty()) return "nothing was recorded";
  const auto seen = view.snapshot->counters_by(names::kRequestTotal, "name");
  if (seen.contains(measure.request)) return "nothing was recorded";
  std::vector<std::string> requests;
  for (const auto& [name, count] : seen)
    requests.push_back(name);
  std::string why = "no request was called '" + measure.request + "'";
  if (const auto near = nearest(measure.request, requests)) why += "; did you mean '" + *near + "'?";
  return why;
}

}  // namespace vajrapulse::criteria
