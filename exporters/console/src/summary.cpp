#include "vajrapulse/console/summary.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "table.hpp"
#include "text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/exact_share.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::console {
namespace {

namespace names = metrics::names;
using engine::RunSummary;
using metrics::Histogram;

std::string seconds_text(double seconds) {
  return format_duration(Duration(std::int64_t(std::llround(seconds * 1e9))));
}

/// A line that begins with a title where tables have theirs; later lines stand below its text.
std::string titled(std::string_view title, const std::string& text, Ink ink, const Style& style) {
  const int indent = label_columns(style) + 2;
  return "  " + paint(left(title, indent - 2), Ink::bold, style) +
         paint(wrapped(text, style.width, indent), ink, style) + "\n";
}

std::string below(const std::string& text, Ink ink, const Style& style) { return titled("", text, ink, style); }

Ink ink_of(engine::VerdictStatus status) {
  switch (status) {
    case engine::VerdictStatus::valid: return Ink::good;
    case engine::VerdictStatus::degraded: return Ink::warn;
    case engine::VerdictStatus::invalid: break;
  }
  return Ink::bad;
}

Ink ink_of_row(engine::VerdictStatus status) {
  return status == engine::VerdictStatus::valid ? Ink::plain : ink_of(status);
}

std::string share_text(const RunSummary& summary) {
  const auto& share = summary.verdict.generator_share;
  if (!summary.run.open_model)
    return "closed loop: each user waits for its answer before it sends again, so waiting is hidden and slow "
           "seconds get fewer samples; --tps measures what arriving users would see";
  return "generator's share of the response time: p50 " + format_percent(share[0]) + ", p90 " +
         format_percent(share[1]) + ", p99 " + format_percent(share[2]);
}

std::string verdict_block(const RunSummary& summary, const Style& style) {
  const Ink ink = ink_of(summary.verdict.status);
  const int indent = label_columns(style) + 2;
  const std::string what = summary.run.load_text + "  →  " + summary.run.name;
  std::string out = "\n  " + paint(left(engine::name(summary.verdict.status), indent - 2), ink, style) +
                    paint(clipped(what, style.width - indent), Ink::bold, style) + "\n";
  for (const std::string& reason : summary.verdict.reasons)
    out += below(reason, ink, style);
  if (summary.run.interrupted)
    out += below("interrupted before its end: these figures are of the part that ran", Ink::warn, style);
  if (summary.load.started > 0 && summary.load.succeeded == 0 && summary.exit_code == 1)
    out += below("not one iteration succeeded: these figures tell how it fails, not how fast it is", Ink::bad, style);
  out += below(share_text(summary), Ink::faint, style);
  for (const std::string& note : summary.verdict.notes)
    out += below(note, Ink::faint, style);
  for (const std::string& warning : summary.warnings)
    out += below(warning, Ink::warn, style);
  return out;
}

/// What was asked of it while it ran, and when; of many only the first.
std::string controls_lines(const RunSummary& summary, const Style& style) {
  constexpr std::size_t kShown = 6;
  if (summary.controls.empty()) return "";
  std::string text;
  for (std::size_t i = 0; i < std::min(summary.controls.size(), kShown); ++i) {
    const engine::ControlEvent& event = summary.controls[i];
    text += (i > 0 ? " · " : "") + event.action + " at " + seconds_text(event.t) +
            (event.reason.empty() ? "" : " (" + event.reason + ")");
  }
  if (summary.controls.size() > kShown)
    text += " · and " + std::to_string(summary.controls.size() - kShown) + " more, in the result file";
  const std::string paused =
      summary.paused_s > 0
          ? below("paused " + seconds_text(summary.paused_s) + ": rates are over the whole time", Ink::warn, style)
          : "";
  return below("steered: " + text, Ink::warn, style) + paused;
}

std::string load_block(const RunSummary& summary, const Style& style) {
  const engine::LoadCounts& load = summary.load;
  const double seconds = std::max(summary.run.duration_s, 1e-9);
  const auto rate = [&](std::uint64_t count) { return format_rate(double(count) / seconds); };
  std::vector<std::string> columns = {"started", "completed", "failed", "dropped", "missed", "late"};
  Row counts{"iterations",
             {format_count(load.started), format_count(load.completed()), format_count(load.failed),
              format_count(load.dropped()), format_count(load.missed), format_count(load.late)}};
  Row rates{"per second",
            {rate(load.window.started), rate(load.window.completed), rate(load.window.failed), rate(load.dropped_limit),
             "", ""}};
  if (load.target) {
    columns.insert(columns.begin(), "target");
    counts.figures.insert(counts.figures.begin(), format_count(*load.target));
    rates.figures.insert(rates.figures.begin(), rate(*load.target));
  }
  std::string more = "measured " + seconds_text(summary.run.duration_s) + " · at most " +
                     format_count(load.max_in_flight) + " in flight";
  const std::uint64_t drained = load.completed() - std::min(load.window.completed, load.completed());
  if (drained * 100 > load.completed())  // else the rates above are not far from what one would expect
    more += " · " + format_count(drained) + " completed while draining, in no rate";
  if (load.interrupted > 0) more += " · " + format_count(load.interrupted) + " interrupted";
  if (summary.warmup)
    more += " · warm-up " + seconds_text(summary.warmup->duration_s) + ", " + format_count(summary.warmup->started) +
            " sent";
  if (summary.cooldown)
    more += " · cool-down " + seconds_text(summary.cooldown->duration_s) + ", " +
            format_count(summary.cooldown->started) + " sent";
  return table("Load", columns, {counts, rates}, style) + below(more, Ink::faint, style) +
         controls_lines(summary, style);
}

std::string host_block(const RunSummary& summary, const Style& style) {
  const engine::GeneratorFacts& facts = summary.generator;
  const std::string taken = "took " + seconds_text(facts.host_wait_s) + " of CPU away (run-queue wait " +
                            seconds_text(facts.run_queue_wait_s) + ", steal " + seconds_text(facts.steal_s) + ")";
  const std::string used = "used " + seconds_text(facts.cpu_s) + " of CPU (" + format_percent(facts.cores) +
                           " of a core), " + format_bytes(facts.max_rss_bytes) + " · " + summary.run.io + ", " +
                           std::to_string(summary.run.shards) + (summary.run.shards == 1 ? " shard" : " shards");
  const bool noisy = summary.run.duration_s > 0 && facts.host_wait_s > 0.01 * summary.run.duration_s;
  return "\n" + titled("Host", taken, noisy ? Ink::warn : Ink::plain, style) +
         titled("Generator", used, Ink::plain, style);
}

/// Percentiles above `exact`, a share of the values, are marked as the lower bounds that they are.
Row latency_row(const std::string& label, const Histogram& histogram, double exact, Ink ink) {
  if (histogram.empty()) return {label, std::vector<std::string>(8, "–"), ink};
  const auto figure = [&](double percentile, std::int64_t ns) {
    return (percentile > 100 * exact ? "≥" : "") + ns_text(ns);
  };
  std::vector<std::string> figures = {ns_text(histogram.min()), figure(100, std::int64_t(histogram.mean()))};
  for (const double percentile : {50.0, 90.0, 95.0, 99.0, 99.9})
    figures.push_back(figure(percentile, histogram.percentile(percentile)));
  figures.push_back(figure(100, histogram.max()));
  return {label, std::move(figures), ink};
}

std::string latency_block(const RunSummary& summary, const Style& style) {
  std::vector<Row> rows;
  const auto add = [&](const char* label, std::string_view metric, Ink ink) {
    rows.push_back(
        latency_row(label, summary.metrics.histogram(metric), engine::exact_share(summary.metrics, metric), ink));
  };
  if (summary.run.open_model) add("response time", names::kResponseTime, Ink::bold);
  add("service time", names::kExecutionDuration, Ink::plain);
  if (summary.run.open_model) add("start delay", names::kStartDelay, Ink::faint);
  return table("Latency", {"min", "mean", "p50", "p90", "p95", "p99", "p99.9", "max"}, rows, style);
}

std::string phases_block(const RunSummary& summary, const Style& style) {
  std::vector<Row> rows;
  bool instant = false;
  for (const char* phase : {"blocked", "dns", "connect", "tls", "send", "wait", "receive", "total"}) {
    const Histogram histogram = summary.metrics.histogram(names::kRequestDuration, {{"phase", phase}});
    if (histogram.empty()) continue;
    instant = instant || histogram.percentile(50) == 0;
    rows.push_back(
        {phase,
         {format_count(histogram.count()), ns_text(std::int64_t(histogram.mean())), ns_text(histogram.percentile(50)),
          ns_text(histogram.percentile(90)), ns_text(histogram.percentile(99)), ns_text(histogram.max())}});
  }
  if (rows.empty()) return "";
  std::string out = table("Request phases", {"count", "mean", "p50", "p90", "p99", "max"}, rows, style);
  if (!instant) return out;
  const std::int64_t turn = summary.metrics.histogram(names::kGeneratorTurn).percentile(99);
  const std::string size = turn > 0 ? " (p99 " + ns_text(turn) + ")" : "";
  return out + below("0 s: began and ended within one turn of a shard" + size + ", too short to be told apart",
                     Ink::faint, style);
}

std::string waits_text(const metrics::Snapshot& m, const char* queue, const char* what) {
  const Histogram wait = m.histogram(names::kClientQueueWait, {{"queue", queue}});
  if (wait.empty() || wait.max() == 0) return "";
  return std::string(" · waited for ") + what + ": p50 " + ns_text(wait.percentile(50)) + ", p99 " +
         ns_text(wait.percentile(99)) + ", max " + ns_text(wait.max());
}

std::string client_block(const RunSummary& summary, const Style& style) {
  const metrics::Snapshot& m = summary.metrics;
  const std::string waits = waits_text(m, "connection", "a connection") + waits_text(m, "worker", "a worker thread");
  const std::uint64_t opened = m.counter(names::kConnections);
  const double busy = m.gauge(names::kPoolActive).max;
  if (opened == 0 && busy == 0 && waits.empty()) return "";
  std::string text = format_count(opened) + (opened == 1 ? " connection" : " connections") + " opened · " +
                     format_count(std::uint64_t(busy)) + " busy at most";
  if (const auto retries = m.counter(names::kRetries))
    text += " · " + format_count(retries) + " retried after a lost keep-alive";
  if (const auto timeouts = m.counter(names::kTimeouts)) text += " · " + format_count(timeouts) + " timed out";
  std::string out = "\n" + titled("Client", text + waits, Ink::plain, style);
  const std::uint64_t sent = m.counter(names::kRequestBytes, {{"direction", "out"}});
  const std::uint64_t received = m.counter(names::kRequestBytes, {{"direction", "in"}});
  if (sent + received == 0) return out;
  // What the drain brought would make a rate too high; bytes are not counted apart, so a share of them is said.
  const double seconds = std::max(summary.run.duration_s, 1e-9);
  const double in_window =
      double(summary.load.window.completed) / double(std::max<std::uint64_t>(summary.load.completed(), 1));
  const auto size = [&](std::uint64_t bytes) {
    return format_bytes(bytes) + " (" + format_bytes(std::uint64_t(double(bytes) * in_window / seconds)) + "/s)";
  };
  return out + titled("Bytes", size(sent) + " sent · " + size(received) + " received", Ink::plain, style);
}

Ink ink_of_code(const std::string& code) {
  switch (code[0]) {
    case '2': return Ink::good;
    case '3': return Ink::accent;
    case '4': return Ink::warn;
    default: return Ink::bad;
  }
}

std::string codes_block(const RunSummary& summary, const Style& style) {
  auto codes = summary.metrics.counters_by(names::kRequestTotal, "code");
  std::erase_if(codes, [](const auto& code) { return code.second == 0 || code.first.empty(); });
  if (codes.empty()) return "";
  std::uint64_t total = 0;
  for (const auto& [code, count] : codes)
    total += count;
  std::string out = "\n" + titled("Status codes", "", Ink::plain, style);
  for (const auto& [code, count] : codes) {
    const double share = double(count) / double(total);
    out += "  " + paint(left(code, label_columns(style)), ink_of_code(code), style) + right(format_count(count), 12) +
           right(format_percent(share), 10) + "  " + paint(bar(share, 24), ink_of_code(code), style) + "\n";
  }
  return out;
}

std::string errors_block(const RunSummary& summary, const Style& style) {
  std::vector<metrics::ErrorGroup> errors = summary.metrics.errors();
  if (errors.empty()) return "";
  std::ranges::sort(errors, [](const auto& a, const auto& b) {
    return std::tie(b.count, a.name) < std::tie(a.count, b.name);  // most first, then by name
  });
  constexpr std::size_t kShown = 10;
  std::string out = "\n" + titled("Errors", "", Ink::plain, style);
  const double started = double(std::max<std::uint64_t>(summary.load.started, 1));
  for (std::size_t i = 0; i < std::min(errors.size(), kShown); ++i) {
    const metrics::ErrorGroup& group = errors[i];
    const std::string what = group.name.empty() ? group.sample : group.name + ": " + group.sample;
    out += "  " + paint(left(group.kind.name(), label_columns(style) + 8), Ink::bad, style) +
           right(format_count(group.count), 10) + right(format_percent(double(group.count) / started), 10) + "\n" +
           below(what, Ink::faint, style);
  }
  const std::size_t more = errors.size() - std::min(errors.size(), kShown);
  return more == 0 ? out
                   : out + below("… and " + std::to_string(more) + " more, in the result file", Ink::plain, style);
}

/// What held on one line; of what did not, below it, how it was meant, what was seen, and when it broke.
std::string assertion_lines(const engine::AssertionResult& result, const Style& style) {
  const bool said = result.scenario.empty() || result.text.find(result.scenario + ".") != std::string::npos;
  const std::string text = (said ? "" : result.scenario + ": ") + result.text;
  const std::string by = result.by.empty() ? "" : " (" + result.by + ")";
  if (result.passed) return titled("holds", text + " · " + result.observed + by, Ink::plain, style);
  std::string more = result.reason;
  if (more.empty()) more = "expected " + result.expected + ", and it was " + result.observed + by;
  if (result.broke_at) more += " · broke at " + seconds_text(*result.broke_at);
  if (result.aborted) more += " · ended the run";
  return titled("FAILED", text, Ink::bad, style) + below(more, Ink::plain, style);
}

std::string assertions_block(const RunSummary& summary, const Style& style) {
  if (summary.assertions.empty()) return "";
  const auto failed = std::ranges::count(summary.assertions, false, &engine::AssertionResult::passed);
  const std::string count = format_count(summary.assertions.size());
  const std::string verdict = failed > 0 ? format_count(std::uint64_t(failed)) + " of " + count + " failed"
                                         : (summary.assertions.size() == 1 ? "it holds" : "all " + count + " hold");
  std::string out = "\n" + titled("Assertions", verdict, failed > 0 ? Ink::bad : Ink::good, style);
  // What failed comes first: it is what one looks for.
  for (const bool passed : {false, true})
    for (const engine::AssertionResult& result : summary.assertions)
      if (result.passed == passed) out += assertion_lines(result, style);
  return out;
}

Row scenario_row(const RunSummary& summary, const engine::ScenarioSummary& scenario, int label) {
  const std::string name = clipped(scenario.name, label - 1);
  if (!scenario.skipped.empty()) return {name, {"–", "–", "–", "–", "–", "–", "–", "skipped"}, Ink::faint};
  const metrics::Tags tags = {{"scenario", scenario.name}};
  Histogram latency = summary.metrics.histogram(names::kResponseTime, tags);
  if (!scenario.open_model || latency.empty()) latency = summary.metrics.histogram(names::kExecutionDuration, tags);
  const auto figure = [&](double percentile) {
    return latency.empty() ? std::string("–") : ns_text(latency.percentile(percentile));
  };
  const std::string verdict(engine::name(scenario.verdict.status));
  return {name,
          {seconds_text(scenario.t), seconds_text(scenario.duration_s),
           scenario.load.target ? format_count(*scenario.load.target) : "–", format_count(scenario.load.started),
           format_count(scenario.load.failed), figure(50), figure(99), scenario.measured ? verdict : "not measured"},
          scenario.measured ? ink_of_row(scenario.verdict.status) : Ink::faint};
}

std::string scenarios_block(const RunSummary& summary, const Style& style) {
  if (summary.scenarios.size() < 2) return "";
  std::vector<Row> rows;
  std::string notes;
  for (const engine::ScenarioSummary& scenario : summary.scenarios) {
    rows.push_back(scenario_row(summary, scenario, label_columns(style)));
    if (!scenario.skipped.empty())
      notes += below("'" + scenario.name + "' was skipped: " + scenario.skipped, Ink::warn, style);
  }
  return table("Scenarios", {"began", "measured", "target", "started", "failed", "p50", "p99", "verdict"}, rows,
               style) +
         notes;
}

}  // namespace

std::string render_summary(const RunSummary& summary, const Style& style) {
  const std::string text = verdict_block(summary, style) + assertions_block(summary, style) +
                           scenarios_block(summary, style) + load_block(summary, style) + host_block(summary, style) +
                           latency_block(summary, style) + phases_block(summary, style) + client_block(summary, style) +
                           codes_block(summary, style) + errors_block(summary, style) + "\n";
  return fitted(text, style.width);
}

}  // namespace vajrapulse::console
