#include <cmath>
#include <nlohmann/json.hpp>

#include "iso8601.hpp"
#include "vajrapulse/metrics/hdr_encoding.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/result_file.hpp"

namespace vajrapulse::report {
namespace {

using Json = nlohmann::ordered_json;
using engine::RunSummary;
namespace names = metrics::names;

Json run_json(const RunSummary& summary) {
  const RunSummary::Run& run = summary.run;
  return {{"id", run.id},
          {"name", run.name},
          {"load", run.load_text},
          {"started_at", iso8601(run.started_at)},
          {"duration_s", run.duration_s},
          {"version", run.version},
          {"io", run.io},
          {"shards", run.shards},
          {"seed", run.seed},
          {"interrupted", run.interrupted},
          {"warnings", summary.warnings}};
}

Json verdict_json(const RunSummary& summary) {
  const auto& share = summary.verdict.generator_share;
  Json json = {{"status", engine::name(summary.verdict.status)}, {"reasons", summary.verdict.reasons}};
  if (summary.run.open_model) {
    json["generator_share"] = {{"p50", share[0]}, {"p90", share[1]}, {"p99", share[2]}};
  } else {
    json["generator_share"] = nullptr;
  }
  json["notes"] = summary.verdict.notes;
  return json;
}

Json load_json(const engine::LoadCounts& load) {
  Json json;
  json["target"] = load.target ? Json(*load.target) : Json(nullptr);
  json["started"] = load.started;
  json["completed"] = load.completed();
  json["completed_in_window"] = load.window.completed;
  json["succeeded"] = load.succeeded;
  json["failed"] = load.failed;
  json["interrupted"] = load.interrupted;
  json["dropped"] = load.dropped();
  json["missed"] = load.missed;
  json["late"] = load.late;
  json["max_in_flight"] = load.max_in_flight;
  return json;
}

void put_histogram(Json& json, const metrics::Descriptor& descriptor, const metrics::Histogram& histogram) {
  json["type"] = "histogram";
  json["unit"] = descriptor.unit;
  json["count"] = histogram.count();
  json["min"] = histogram.min();
  json["mean"] = std::round(histogram.mean() * 10) / 10;
  json["stddev"] = std::round(histogram.stddev() * 10) / 10;
  json["max"] = histogram.max();
  static constexpr std::pair<const char*, double> kQuantiles[] = {
      {"p50", 50}, {"p75", 75}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}};
  for (const auto& [name, percentile] : kQuantiles)
    json[name] = histogram.percentile(percentile);
  if (histogram.saturated() > 0) json["saturated"] = histogram.saturated();
  json["hdr"] = metrics::encode_hdr(histogram);
}

Json metric_json(const metrics::Metric& metric) {
  Json json = {{"name", metric.descriptor.name}};
  json["tags"] = Json::object();
  for (const auto& [tag, value] : metric.descriptor.tags)
    json["tags"][tag] = value;
  if (const auto* histogram = std::get_if<metrics::Histogram>(&metric.value)) {
    put_histogram(json, metric.descriptor, *histogram);
  } else if (const auto* count = std::get_if<std::uint64_t>(&metric.value)) {
    json["type"] = "counter";
    json["value"] = *count;
  } else {
    const auto& gauge = std::get<metrics::Gauge>(metric.value);
    json["type"] = "gauge";
    json["last"] = gauge.last;
    json["mean"] = gauge.mean();
    json["max"] = gauge.max;
  }
  return json;
}

Json metrics_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const metrics::Metric& metric : summary.metrics.published()) {
    // A closed loop has no intended starts, so what counts from them would only repeat the service time.
    const std::string& name = metric.descriptor.name;
    const bool from_start = name == names::kResponseTime || name == names::kResponseTimeLessLag ||
                            name == names::kStartDelay || name == names::kSchedulerLag || name == names::kTargetTps;
    if (!summary.run.open_model && from_start) continue;
    all.push_back(metric_json(metric));
  }
  return all;
}

Json errors_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const metrics::ErrorGroup& group : summary.metrics.errors())
    all.push_back(
        {{"kind", group.kind.name()}, {"name", group.name}, {"count", group.count}, {"sample", group.sample}});
  return all;
}

Json series_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const engine::SeriesPoint& point : summary.series) {
    all.push_back({{"t", point.t},
                   {"span_s", point.span_s},
                   {"phase", engine::name(point.phase)},
                   {"started", point.started},
                   {"completed", point.completed},
                   {"failed", point.failed},
                   {"in_flight", point.in_flight},
                   {"p50", point.p50_ns},
                   {"p99", point.p99_ns}});
    if (point.users) all.back()["users"] = *point.users;
    if (!point.scenario.empty()) all.back()["scenario"] = point.scenario;
  }
  return all;
}

/// What was asked of the run while it ran: `t` in seconds from the start of measuring.
Json controls_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const engine::ControlEvent& event : summary.controls)
    all.push_back({{"t", event.t}, {"action", event.action}, {"reason", event.reason}});
  return all;
}

/// What had to hold, in the order of the plan. `broke_at` counts as `t` of the series does.
Json assertions_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const engine::AssertionResult& result : summary.assertions) {
    Json json = {{"text", result.text}, {"passed", result.passed}};
    json["scenario"] = result.scenario.empty() ? Json(nullptr) : Json(result.scenario);
    json["expected"] = result.expected;
    json["observed"] = result.observed;
    json["by"] = result.by;
    json["reason"] = result.reason;
    json["broke_at"] = result.broke_at ? Json(*result.broke_at) : Json(nullptr);
    json["aborted"] = result.aborted;
    all.push_back(std::move(json));
  }
  return all;
}

Json scenarios_json(const RunSummary& summary) {
  Json all = Json::array();
  for (const engine::ScenarioSummary& scenario : summary.scenarios) {
    const bool skipped = !scenario.skipped.empty();
    Json json = {{"name", scenario.name}, {"load", scenario.load_text}, {"measured", scenario.measured}};
    json["skipped"] = skipped ? Json(scenario.skipped) : Json(nullptr);
    json["t"] = skipped ? Json(nullptr) : Json(scenario.t);
    json["duration_s"] = scenario.duration_s;
    json["verdict"] =
        skipped ? Json(nullptr)
                : Json{{"status", engine::name(scenario.verdict.status)}, {"reasons", scenario.verdict.reasons}};
    json["counts"] = load_json(scenario.load);
    all.push_back(std::move(json));
  }
  return all;
}

Json generator_json(const RunSummary& summary) {
  const engine::GeneratorFacts& facts = summary.generator;
  const metrics::Histogram lag = summary.metrics.histogram(names::kSchedulerLag);
  Json json = {{"cpu_s", facts.cpu_s}, {"max_rss_bytes", facts.max_rss_bytes}};
  json["scheduler_lag"] = {
      {"p50", lag.percentile(50)}, {"p99", lag.percentile(99)}, {"p99.9", lag.percentile(99.9)}, {"max", lag.max()}};
  json["host_wait_s"] = facts.host_wait_s;
  json["busiest_shard"] = facts.busiest_shard;
  return json;
}

/// What was sent before or after what was measured.
Json beside_json(const std::optional<engine::PhaseCounts>& counts) {
  if (!counts) return nullptr;
  return {{"started", counts->started}, {"failed", counts->failed}, {"duration_s", counts->duration_s}};
}

}  // namespace

std::string to_json(const RunSummary& summary) {
  Json json = {{"schema", "vajrapulse.result/1"}};
  json["run"] = run_json(summary);
  json["verdict"] = verdict_json(summary);
  json["load"] = load_json(summary.load);
  json["warmup"] = beside_json(summary.warmup);
  json["cooldown"] = beside_json(summary.cooldown);
  json["metrics"] = metrics_json(summary);
  json["errors"] = errors_json(summary);
  json["series"] = series_json(summary);
  json["controls"] = controls_json(summary);
  json["assertions"] = assertions_json(summary);
  if (summary.scenarios.size() > 1) json["scenarios"] = scenarios_json(summary);
  json["generator"] = generator_json(summary);
  json["exit_code"] = summary.exit_code;
  // What servers send may be no UTF-8: replaced rather than refused.
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace vajrapulse::report
