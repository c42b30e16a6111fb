#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/document/place.hpp"
#include "vajrapulse/schema/shape.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::plan {

/// A limit as one writes it: `500ms`, `1000`, `1%`, `900/s`, `4KiB`.
struct AssertionLimit {
  std::string text;
  criteria::Value value;
};

/// What of a metric is compared with the limits.
enum class Aggregate : std::uint8_t {
  percentile,
  count,
  rate,
  min,
  mean,
  max,
  stddev,
  last,
  error_rate,
  success_rate,
  throughput
};

/// A metric and its limits: `{metric: vajrapulse.execution.duration, percentile: 0.99, max: 500ms}`.
struct MetricAssertion {
  schema::Placed<std::string> metric;
  std::optional<schema::Placed<double>> percentile;  ///< 0 to 100: 0.99 was read as 99
  std::optional<schema::Placed<Aggregate>> aggregate;
  std::optional<schema::Placed<std::string>> tag;  ///< "status=failure"
  std::vector<schema::Named<std::string>> tags;
  std::optional<std::string> name;  ///< of the request
  std::optional<schema::Placed<AssertionLimit>> max, min, max_rate, min_rate;
  std::vector<schema::Placed<AssertionLimit>> between;  ///< two, or none
};

/// When an assertion is looked at, and of what.
struct AssertionTerms {
  std::string title;                               ///< what reports call it; empty: what it says
  std::optional<schema::Placed<Duration>> window;  ///< `for`: holds in every window of that length
  std::optional<schema::Placed<Duration>> after;   ///< what comes before is left out
  std::optional<schema::Placed<bool>> abort;       ///< true: the run ends once it cannot pass any more
  std::optional<schema::Placed<std::string>> scenario, task;
};

/// One entry of a plan's `assertions`, as it was read: names are not looked up yet.
struct AssertionSpec {
  document::Place place;
  std::optional<schema::Placed<std::string>> expression;
  std::optional<MetricAssertion> metric;
  std::vector<AssertionSpec> all, any;  ///< at most one of these two, of two entries or more
  AssertionTerms terms;
};

/// Reads one entry:
///
///   p99 < 500ms                                              a condition in the expression language
///   {assert: p99 < 500ms, for: 10s, after: 30s, abort: true, scenario: x, task: y, title: …}
///   {metric: vajrapulse.execution.duration, percentile: 0.99, max: 500ms}
///   {metric: vajrapulse.execution.total, tag: "status=failure", max-rate: "0.01"}   1 % of all; 10/s: so many a second
///   {metric: vajrapulse.client.queue.size, max: 1000}
///   {all: […]}, {any: […]}                                   groups; their terms hold for what is in them
///
/// A percentile of at most 1 is a share: 0.99 is the 99th, as 99 is; 1 is the maximum.
schema::Shape<AssertionSpec> assertion_shape();
/// The whole list.
schema::Shape<std::vector<AssertionSpec>> assertions_shape();

}  // namespace vajrapulse::plan
