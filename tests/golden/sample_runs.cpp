#include "sample_runs.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::golden {
namespace {

namespace names = metrics::names;
using engine::RunSummary;
using metrics::Tags;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ErrorKind kRefused{"connection-refused"};
constexpr ErrorKind kHttpStatus{"status-503"};
constexpr auto kStart = TimePoint(seconds(100));

Tags with(Tags tags, std::string tag, std::string value) {
  tags.emplace_back(std::move(tag), std::move(value));
  std::ranges::sort(tags);
  return tags;
}

/// Records what a shard would record, and sums it up.
class Recording {
 public:
  metrics::Registry registry;
  metrics::Recorder recorder{registry, kStart};
  Random random{7};
  const Tags execution{{"scenario", "http"}, {"task", "http"}};
  const Tags request{{"name", "GET /"}, {"scenario", "http"}, {"task", "http"}};

  void time(std::string_view name, const Tags& tags, Duration value) {
    recorder.record(registry.histogram(name, tags), value);
  }
  void count(std::string_view name, const Tags& tags, std::uint64_t amount) {
    recorder.add(registry.counter(name, tags), amount);
  }
  void level(std::string_view name, const Tags& tags, double first, double then) {
    recorder.set(registry.gauge(name, tags), first, kStart);
    recorder.set(registry.gauge(name, tags), then, kStart + seconds(5));
  }
  Duration between(Duration low, Duration high) {
    return low + Duration(random.below(std::uint64_t((high - low).count())));
  }

  metrics::Snapshot snapshot() {
    metrics::Snapshot sum;
    sum.add(*recorder.swap(kStart + seconds(10), nullptr));
    return sum;
  }
};

/// 180 to 300 µs, one in fifty up to 3 ms, one in a thousand up to 40 ms.
Duration service_time(Recording& to, int i) {
  if (i % 1000 == 999) return to.between(milliseconds(10), milliseconds(40));
  if (i % 50 == 49) return to.between(milliseconds(1), milliseconds(3));
  return to.between(microseconds(180), microseconds(300));
}

void record_execution(Recording& to, const std::string& status, Duration service, Duration lag, Duration wait) {
  const Tags tags = with(to.execution, "status", status);
  to.count(names::kExecutionTotal, tags, 1);
  to.time(names::kExecutionDuration, tags, service);
  to.time(names::kResponseTime, tags, lag + wait + service);
  to.time(names::kResponseTimeLessLag, tags, wait + service);
  to.time(names::kStartDelay, to.execution, lag + wait);
  to.time(names::kSchedulerLag, to.execution, lag);
  if (wait > Duration::zero()) to.time(names::kQueueWait, to.execution, wait);
}

void record_request(Recording& to, Duration total, const std::string& status, const std::string& code) {
  const Tags tags = with(to.request, "status", status);
  const auto phase = [&](const char* which, Duration value) {
    to.time(names::kRequestDuration, with(tags, "phase", which), value);
  };
  phase("blocked", microseconds(1));
  phase("send", total / 20);
  phase("wait", total * 8 / 10);
  phase("receive", total / 10);
  phase("total", total);
  to.count(names::kRequestTotal, code.empty() ? tags : with(tags, "code", code), 1);
  to.count(names::kRequestBytes, with(to.request, "direction", "out"), 78);
  to.count(names::kRequestBytes, with(to.request, "direction", "in"), 1 << 10);
}

void record_connections(Recording& to, std::uint64_t opened) {
  for (std::uint64_t i = 0; i < opened; ++i) {
    const Tags tags = with(with(to.request, "status", "success"), "phase", "connect");
    to.time(names::kRequestDuration, tags, to.between(microseconds(60), microseconds(120)));
    to.time(names::kRequestDuration, with(with(to.request, "status", "success"), "phase", "dns"), microseconds(15));
  }
  to.count(names::kConnections, to.execution, opened);
  to.count(names::kRetries, to.execution, 1);
  to.count(names::kTimeouts, to.execution, 0);
  to.level(names::kPoolActive, to.execution, double(opened) / 2, 1);
  to.level(names::kPoolIdle, to.execution, double(opened) / 2, double(opened) - 1);
}

RunSummary::Run facts(std::string load_text) {
  return {.id = "7f3c9a52-1d0e-4b7a-9c55-0a6d2f1e8b34",
          .name = "GET http://127.0.0.1:8080/",
          .started_at = WallTime(seconds(1'767'225'600)),  // 2026-01-01T00:00:00Z
          .duration_s = 10,
          .version = "0.10.0",
          .io = "io_uring",
          .shards = 1,
          .seed = 7,
          .load_text = std::move(load_text)};
}

engine::GeneratorFacts generator() {
  return {.cpu_s = 0.412,
          .cores = 0.0412,
          .busiest_shard = 0.039,
          .max_rss_bytes = 18'350'080,
          .host_wait_s = 0.021,
          .run_queue_wait_s = 0.013,
          .steal_s = 0.008};
}

std::vector<engine::SeriesPoint> series(std::uint64_t per_second) {
  std::vector<engine::SeriesPoint> points;
  for (int t = -2; t < 10; ++t)
    points.push_back({.t = double(t),
                      .phase = t < 0 ? engine::Phase::warmup : engine::Phase::measure,
                      .started = per_second,
                      .completed = per_second - 1,
                      .in_flight = 1,
                      .p50_ns = 240'000 + 1'000 * t,
                      .p99_ns = 2'100'000 + 50'000 * t});
  return points;
}

}  // namespace

RunSummary open_run() {
  Recording recording;
  for (int i = 0; i < 10'000; ++i) {
    const Duration service = service_time(recording, i);
    record_execution(recording, "success", service, recording.between(microseconds(4), microseconds(60)), {});
    record_request(recording, service - microseconds(2), "success", "200");
  }
  record_connections(recording, 12);
  recording.level(names::kInFlight, recording.execution, 1, 0);
  RunSummary summary{.run = facts("static 1000/s for 10s")};
  summary.verdict.generator_share = {0.12, 0.08, 0.01};
  summary.load = {.target = 10'000,
                  .started = 10'000,
                  .succeeded = 10'000,
                  .late = 3,
                  .max_in_flight = 9,
                  .window = {.started = 10'000, .completed = 9'998}};
  summary.warmup = engine::PhaseCounts{.started = 2'000, .failed = 0, .duration_s = 2};
  summary.cooldown = engine::PhaseCounts{.started = 1'000, .failed = 3, .duration_s = 1};
  summary.metrics = recording.snapshot();
  summary.series = series(1'000);
  summary.generator = generator();
  return summary;
}

RunSummary closed_run() {
  Recording recording;
  for (int i = 0; i < 10'000; ++i) {
    const Duration service = service_time(recording, i);
    record_execution(recording, "success", service, {}, {});
    record_request(recording, service, "success", i % 100 == 0 ? "304" : "200");
  }
  record_connections(recording, 64);
  recording.level(names::kUsers, {{"scenario", "http"}}, 64, 64);
  RunSummary summary{.run = facts("64 users for 10s")};
  summary.run.open_model = false;
  summary.load = {
      .started = 10'000, .succeeded = 10'000, .max_in_flight = 64, .window = {.started = 10'000, .completed = 9'940}};
  summary.metrics = recording.snapshot();
  summary.series = series(1'000);
  summary.generator = generator();
  return summary;
}

RunSummary invalid_run() {
  Recording recording;
  for (int i = 0; i < 9'000; ++i) {
    const Duration service = service_time(recording, i);
    record_execution(recording, "success", service, recording.between(milliseconds(1), milliseconds(90)), {});
    record_request(recording, service, "success", "200");
  }
  record_connections(recording, 200);
  RunSummary summary{.run = facts("static 1000/s for 10s")};
  summary.verdict = {
      .status = engine::VerdictStatus::invalid,
      .reasons = {"1,000 of 10,000 arrivals (10 %) were missed: the generator had not got to them by the end",
                  "at p50 the generator itself made 99 % of the response time (86.1 ms)",
                  "cause: a shard's processor was saturated (100 % busy); use more shards, or a lower rate"},
      .generator_share = {0.991, 0.987, 0.962},
      .notes = {"p99.9 and above: the generator itself made 86.1 ms of 94.2 ms"}};
  summary.load = {.target = 10'000,
                  .started = 9'000,
                  .succeeded = 9'000,
                  .missed = 1'000,
                  .late = 8'960,
                  .max_in_flight = 187,
                  .window = {.started = 9'000, .completed = 8'901}};
  summary.metrics = recording.snapshot();
  summary.series = series(900);
  summary.generator = generator();
  summary.generator.cpu_s = 9.97;
  summary.generator.cores = 0.997;
  summary.generator.busiest_shard = 0.997;
  summary.generator.host_wait_s = 1.31;
  summary.generator.run_queue_wait_s = 1.3;
  summary.generator.steal_s = 0.01;
  summary.warnings = {"io_uring is not available here (kernel 5.10): epoll is used"};
  summary.run.io = "epoll";
  summary.exit_code = 98;
  return summary;
}

RunSummary failing_run() {
  Recording recording;
  for (int i = 0; i < 5'000; ++i) {
    const bool refused = i % 10 == 3, timed_out = i % 100 == 7, status = i % 25 == 11;
    const Duration service = timed_out ? Duration(seconds(5)) : service_time(recording, i);
    const Duration wait = i % 4 == 0 ? recording.between(milliseconds(1), milliseconds(20)) : Duration(0);
    const std::string outcome = refused || timed_out || status ? "failure" : i % 500 == 1 ? "interrupted" : "success";
    record_execution(recording, outcome, service, microseconds(20), wait);
    if (!refused) record_request(recording, service, outcome, timed_out ? "" : status ? "503" : "200");
    if (refused)
      recording.recorder.error(kRefused, "GET /", "cannot connect to 127.0.0.1:8080: connection refused");
    else if (timed_out)
      recording.recorder.error(kTimeout, "GET /", "no complete answer within 5 s");
    else if (status)
      recording.recorder.error(kHttpStatus, "GET /",
                               "status 503, which counts as a failure because --fail-on says status >= 400");
  }
  record_connections(recording, 900);
  recording.count(names::kTimeouts, recording.execution, 50);
  RunSummary summary{.run = facts("ramp 0..1000/s 10s, hold 30s")};
  summary.run.interrupted = true;
  summary.verdict.generator_share = {0.05, 0.02, 0.0001};
  summary.verdict.notes = {"120 arrivals were dropped: max-in-flight was reached"};
  summary.load = {.target = 5'120,
                  .started = 5'000,
                  .succeeded = 4'240,
                  .failed = 750,
                  .interrupted = 10,
                  .dropped_limit = 120,
                  .late = 1'187,
                  .max_in_flight = 100,
                  .window = {.started = 4'950, .completed = 4'890, .failed = 740}};
  summary.metrics = recording.snapshot();
  summary.series = series(500);
  summary.generator = generator();
  summary.exit_code = 130;
  return summary;
}

RunSummary plan_run() {
  Recording recording;
  RunSummary summary{.run = facts("4 scenarios")};
  summary.run.name = "checkout";
  const auto record = [&](const std::string& scenario, int iterations, int fails_every, Duration slower) {
    const Tags execution = {{"scenario", scenario}, {"task", "buy"}};
    for (int i = 1; i <= iterations; ++i) {
      const bool failed = fails_every > 0 && i % fails_every == 0;
      const Tags tags = with(execution, "status", failed ? "failure" : "success");
      const Duration service = service_time(recording, i) + slower;
      recording.count(names::kExecutionTotal, tags, 1);
      recording.time(names::kExecutionDuration, tags, service);
      recording.time(names::kResponseTime, tags, service + microseconds(20));
    }
  };
  record("steady-state", 6'000, 0, Duration(0));
  record("cooldown", 500, 25, milliseconds(700));
  summary.load = {.target = 6'500,
                  .started = 6'500,
                  .succeeded = 6'480,
                  .failed = 20,
                  .max_in_flight = 9,
                  .window = {.started = 6'500, .completed = 6'498, .failed = 20}};
  summary.warmup = engine::PhaseCounts{.started = 500, .failed = 0, .duration_s = 2};
  summary.metrics = recording.snapshot();
  summary.generator = generator();
  summary.series = series(1'000);
  for (std::size_t i = 0; i < summary.series.size(); ++i)
    summary.series[i].scenario = i < 2 ? "warmup" : i < 8 ? "steady-state" : "cooldown";
  summary.scenarios = {
      {.name = "warmup",
       .load_text = "ramp 0..500/s 2s",
       .measured = false,
       .t = -2,
       .duration_s = 2,
       .load = {.target = 500, .started = 500, .succeeded = 500}},
      {.name = "steady-state",
       .load_text = "static 1000/s for 6 s",
       .t = 0,
       .duration_s = 6,
       .load = {.target = 6'000, .started = 6'000, .succeeded = 6'000, .max_in_flight = 9}},
      {.name = "spike",
       .load_text = "spike 1000/s to 5000/s",
       .skipped = "steady-state.p99 < 1ms does not hold: 1.9 ms"},
      {.name = "cooldown",
       .load_text = "ramp 250..0/s 4s",
       .t = 6,
       .duration_s = 4,
       .verdict = {.status = engine::VerdictStatus::degraded, .reasons = {"at p50 the generator made 11 %"}},
       .load = {.target = 500, .started = 500, .succeeded = 480, .failed = 20, .max_in_flight = 4}}};
  summary.assertions = {
      {.text = "p99 < 500ms", .passed = false, .observed = "701 ms", .expected = "under 500 ms", .by = "40.2 % over"},
      {.text = "errors < 1%, for 2s",
       .scenario = "cooldown",
       .passed = false,
       .observed = "4 %",
       .expected = "under 1 % in every 2 s",
       .by = "300 % over",
       .broke_at = 8,
       .aborted = true},
      {.text = "vajrapulse.client.queue.size max at most 1000",
       .passed = true,
       .observed = "0",
       .expected = "at most 1,000",
       .by = "100 % under"},
      {.text = "p95(\"GET /crat\") < 80ms",
       .passed = false,
       .observed = "no value",
       .expected = "under 80.0 ms",
       .reason = "no request was called 'GET /crat'; did you mean 'GET /cart'?"},
      {.text = "steady-state.errors < 1%",
       .scenario = "steady-state",
       .passed = true,
       .observed = "0 %",
       .expected = "under 1 %",
       .by = "100 % under"}};
  summary.exit_code = 99;
  return summary;
}

engine::Progress progress_at(int second) {
  engine::Progress progress{.phase = second < 0 ? engine::Phase::warmup : engine::Phase::measure,
                            .elapsed = seconds(second),
                            .duration = seconds(600),
                            .target_tps = 1'000,
                            .actual_tps = 1'000 - double(second * 37 % 11),
                            .completed_tps = 990 + double(second * 53 % 17)};
  const auto so_far = std::uint64_t(std::max(second, 0)) * 1'000;
  progress.load = {
      .target = so_far, .started = so_far, .succeeded = so_far - so_far / 500, .failed = so_far / 500, .in_flight = 12};
  Random random(std::uint64_t(second + 10));
  for (int i = 0; i < 1'000; ++i) {
    const auto value = std::int64_t(200'000 + random.below(i % 50 == 0 ? 5'000'000 : 90'000));
    progress.response_time.record(value);
    progress.service_time.record(value - 20'000);
  }
  if (so_far / 500 > 0) {
    progress.errors.push_back({.kind = kTimeout, .name = "GET /", .count = so_far / 500, .sample = "no answer"});
    progress.errors_interval = 2;
  }
  progress.generator = generator();
  progress.verdict_so_far = engine::VerdictStatus::valid;
  return progress;
}

}  // namespace vajrapulse::golden
