#include <limits>

#include "text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/console/progress.hpp"

namespace vajrapulse::console {
namespace {

std::string line_of(const engine::Progress& progress) {
  const metrics::Histogram& latency = progress.response_time.empty() ? progress.service_time : progress.response_time;
  const auto whole = std::chrono::round<std::chrono::seconds>(progress.elapsed);
  std::string line = right(format_duration(whole), 8) + "  " + left(engine::name(progress.phase), 9);
  if (const std::string scenario = scenario_text(progress); !scenario.empty()) line += " " + scenario;
  if (progress.users) line += " users " + format_count(*progress.users);
  if (progress.target_tps > 0) line += " target " + format_rate(progress.target_tps);
  line += " actual " + format_rate(progress.actual_tps) + " done " + format_rate(progress.completed_tps) +
          " in-flight " + format_count(progress.load.in_flight);
  if (progress.load.queued > 0) line += " queued " + format_count(progress.load.queued);
  if (!latency.empty()) line += " p50 " + ns_text(latency.percentile(50)) + " p99 " + ns_text(latency.percentile(99));
  if (progress.load.failed > 0) line += " failed " + format_count(progress.load.failed);
  if (progress.load.dropped() > 0) line += " dropped " + format_count(progress.load.dropped());
  if (const std::string told = told_text(progress); !told.empty()) line += " " + told;
  return line + "\n";
}

}  // namespace

PlainProgress::PlainProgress(Output output) : output_(std::move(output)) {}

void PlainProgress::on_progress(const engine::Progress& progress) {
  const bool loading = progress.phase >= engine::Phase::warmup && progress.phase <= engine::Phase::cooldown;
  if (!loading || progress.repeated) return;  // the drain is short, and the summary follows it
  if (progress.phase != phase_) {
    phase_ = progress.phase;
    next_s_ = progress.phase == engine::Phase::measure ? 1 : std::numeric_limits<std::int64_t>::min();
  }
  const std::int64_t second = std::chrono::round<std::chrono::seconds>(progress.elapsed).count();
  if (second < next_s_) return;
  next_s_ = second < 10 ? second + 1 : second < 120 ? second / 10 * 10 + 10 : second / 60 * 60 + 60;
  output_(line_of(progress));
}

void PlainProgress::on_message(const std::string& line) { output_(line + "\n"); }

}  // namespace vajrapulse::console
