#include <algorithm>
#include <map>

#include "text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/console/progress.hpp"

namespace vajrapulse::console {
namespace {

constexpr std::size_t kRemembered = 60;
constexpr int kLabel = 10;

Duration whole_seconds(Duration d) {
  return std::chrono::floor<std::chrono::seconds>(d + std::chrono::milliseconds(50));
}

std::string label(std::string_view text, const Style& style) {
  return "  " + paint(left(text, kLabel), Ink::accent, style);
}

std::string progress_line(const engine::Progress& progress, const Style& style) {
  const std::string phase(engine::name(progress.phase));
  std::string line = "  " + paint(left(phase, kLabel), Ink::bold, style);
  const Duration elapsed = whole_seconds(std::max(progress.elapsed, Duration::zero()));
  if (progress.phase == engine::Phase::warmup)
    return line + format_duration(whole_seconds(-progress.elapsed)) + " until measuring starts";
  if (progress.phase == engine::Phase::cooldown) return line + "measuring is over; the load goes on for a while";
  if (!progress.duration || *progress.duration <= Duration::zero()) return line + format_duration(elapsed) + " so far";
  const double share = double(progress.elapsed.count()) / double(progress.duration->count());
  const Duration remaining =
      std::chrono::ceil<std::chrono::seconds>(std::max(*progress.duration - elapsed, Duration::zero()));
  const int columns = std::clamp(style.width - kLabel - 34, 10, 50);
  return line + paint(bar(share, columns), Ink::good, style) + "▏ " + format_duration(elapsed) + ", " +
         format_duration(remaining) + " left";
}

std::string figure(const std::string& name, const std::string& value, const Style& style) {
  return paint(name + " ", Ink::faint, style) + left(value, style.width >= 96 ? 12 : 8);
}

std::string errors_line(const engine::Progress& progress, const Style& style) {
  std::map<std::string, std::uint64_t> kinds;
  for (const metrics::ErrorGroup& group : progress.errors)
    kinds[std::string(group.kind.name())] += group.count;
  if (kinds.empty()) return paint("none", Ink::faint, style);
  std::string text;
  for (const auto& [kind, count] : kinds)
    text += (text.empty() ? "" : " · ") + kind + " " + format_count(count);
  return paint(clipped(text, style.width - kLabel - 4), Ink::bad, style);
}

}  // namespace

LiveView::LiveView(std::string title, Output output, std::function<Style()> style, std::string keys)
    : title_(std::move(title)), output_(std::move(output)), style_(std::move(style)), keys_(std::move(keys)) {}

LiveView::~LiveView() = default;

void LiveView::remember(const engine::Progress& progress) {
  rates_.push_back(progress.completed_tps);
  const metrics::Histogram& latency = progress.response_time.empty() ? progress.service_time : progress.response_time;
  p99s_ns_.push_back(double(latency.percentile(99)));
  if (rates_.size() > kRemembered) rates_.pop_front();
  if (p99s_ns_.size() > kRemembered) p99s_ns_.pop_front();
}

std::string LiveView::frame(const engine::Progress& progress, const Style& style) const {
  const metrics::Histogram& latency = progress.response_time.empty() ? progress.service_time : progress.response_time;
  const int spark = std::clamp(style.width - kLabel - 60, 0, 40);
  std::string out = "  " + paint(clipped(title_, style.width - 4), Ink::bold, style) + "\n";
  if (const std::string scenario = scenario_text(progress); !scenario.empty())
    out += label("scenario", style) + paint(clipped(scenario, style.width - kLabel - 4), Ink::bold, style) + "\n";
  out += progress_line(progress, style) + "\n";
  out += label("rate", style);
  if (progress.target_tps > 0) out += figure("target", format_rate(progress.target_tps), style);
  out += figure("actual", format_rate(progress.actual_tps), style) +
         figure("done", format_rate(progress.completed_tps), style) +
         paint(sparkline(rates_, spark), Ink::accent, style) + "\n";
  out += label("latency", style) + figure("p50", latency.empty() ? "–" : ns_text(latency.percentile(50)), style) +
         figure("   p99", latency.empty() ? "–" : ns_text(latency.percentile(99)), style) +
         figure("max", latency.empty() ? "–" : ns_text(latency.max()), style) +
         paint(sparkline(p99s_ns_, spark), Ink::warn, style) + "\n";
  out += label("load", style);
  if (progress.users) out += figure("users", format_count(*progress.users), style);
  out += figure("in flight", format_count(progress.load.in_flight), style) +
         figure("queued", format_count(progress.load.queued), style) +
         figure("dropped", format_count(progress.load.dropped()), style) + paint("failed ", Ink::faint, style) +
         format_count(progress.load.failed) + "\n";
  out += label("errors", style) + errors_line(progress, style) + "\n";
  if (const std::string told = told_text(progress); !told.empty())
    out += label("control", style) + paint(told, Ink::warn, style) + "\n";
  if (!keys_.empty()) out += "  " + paint(left("keys", kLabel) + keys_, Ink::faint, style) + "\n";
  return fitted(out, style.width);
}

void LiveView::on_progress(const engine::Progress& progress) {
  if (progress.phase == engine::Phase::done) return;
  if (!progress.repeated) remember(progress);
  erase();
  const std::string drawn = frame(progress, style_());
  lines_shown_ = int(std::count(drawn.begin(), drawn.end(), '\n'));
  output_(drawn);
}

void LiveView::on_message(const std::string& line) {
  erase();
  output_("  " + line + "\n");
}

void LiveView::on_summary(const engine::RunSummary&) { erase(); }

void LiveView::erase() {
  if (lines_shown_ > 0) output_("\033[" + std::to_string(lines_shown_) + "A\033[J");
  lines_shown_ = 0;
}

}  // namespace vajrapulse::console
