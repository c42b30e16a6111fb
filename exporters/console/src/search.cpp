#include "vajrapulse/console/search.hpp"

#include <algorithm>
#include <cmath>

#include "table.hpp"
#include "text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::console {
namespace {

namespace names = metrics::names;
using search::End;
using search::Finding;
using search::Level;
using search::Search;

constexpr int kRateColumns = 11;
constexpr int kTimeColumns = 10;

std::string seconds_text(double seconds) {
  return format_duration(Duration(std::int64_t(std::llround(seconds)) * 1'000'000'000));
}

/// "97 %", "99.4 %", "> 99.9 %": a confidence is never certain.
std::string confidence_text(double confidence) {
  if (confidence > 0.999) return "> 99.9 %";
  const double percent = 100 * confidence;
  const double shown = percent < 99 ? std::floor(percent) : std::floor(percent * 10) / 10;
  std::string text = std::to_string(shown);
  return text.substr(0, text.find('.') + (percent < 99 ? 0 : 2)) + " %";
}

std::string below(const std::string& text, Ink ink, const Style& style) {
  const int indent = label_columns(style) + 2;
  return std::string(std::size_t(indent), ' ') + paint(wrapped(text, style.width, indent), ink, style) + "\n";
}

std::string objectives_text(const Search& search) {
  std::string text;
  for (std::size_t i = 0; i < search.objectives().size(); ++i)
    text += (i > 0 ? ", " : "") + search.objectives().text(i);
  return text;
}

std::string held_text(const Search& search) {
  const Level* held = search.answer();
  return held ? "at least " + format_rate(held->rate()) + " hold" : "no rate was found that holds";
}

/// Why there is no more to say, in a sentence.
std::string end_text(const Search& search) {
  const Level* failed = search.failing();
  switch (search.end().value_or(End::interrupted)) {
    case End::found:
      return format_rate(failed->rate()) + " does not hold (" + confidence_text(failed->finding().confidence) +
             "): " + failed->finding().why;
    case End::most_rate: return "the highest rate allowed holds: the target may take more (--max-rate)";
    case End::generator:
      return "the generator's limit, not the target's: " + format_rate(search.ceiling().value_or(0)) +
             " was out of its reach (" + search.ceiling_why() + ")";
    case End::nothing_holds:
      return "not even " + format_rate(search.levels().front()->rate()) +
             " holds: " + search.levels().front()->finding().why;
    case End::out_of_time: return "the time allowed (--max-time) is over: " + held_text(search);
    case End::interrupted: break;
  }
  return "interrupted: " + held_text(search) + (failed ? ", " + format_rate(failed->rate()) + " does not" : "");
}

std::string headline(const Search& search, const std::string& name, const Style& style) {
  const int indent = label_columns(style) + 2;
  const Level* held = search.answer();
  const bool whole = search.end() == End::found || search.end() == End::most_rate;
  const Ink ink = whole && held ? Ink::good : held ? Ink::warn : Ink::bad;
  const char* label = !held ? "NOTHING" : whole ? "MAXIMUM" : "AT LEAST";
  std::string what = "no answer";
  if (held) what = format_rate(held->rate());
  std::string out = "\n  " + paint(left(label, indent - 2), ink, style) +
                    paint(clipped(what + "  →  " + name, style.width - indent), Ink::bold, style) + "\n";
  if (held)
    out += below("holds " + objectives_text(search) + " with a confidence of " +
                     confidence_text(held->finding().confidence) + ": " + held->finding().why,
                 Ink::plain, style);
  else
    out += below("was to hold " + objectives_text(search), Ink::plain, style);
  return out + below(end_text(search), whole ? Ink::plain : Ink::warn, style) +
         below(std::to_string(search.steps()) + " steps in " + seconds_text(search.spent_s()), Ink::faint, style);
}

metrics::Histogram latency_of(const Level& level) { return level.whole().histogram(names::kResponseTime); }

double error_share(const Level& level) {
  const double failed = double(level.whole().counter(names::kExecutionTotal, {{"status", "failure"}}));
  const double good = double(level.whole().counter(names::kExecutionTotal, {{"status", "success"}}));
  return failed + good > 0 ? failed / (failed + good) : 0;
}

std::string mark_of(const Finding& finding) {
  return finding.holds ? "holds" : finding.overloaded ? "behind" : "fails";
}

Ink ink_of(const Finding& finding) { return finding.holds ? Ink::good : Ink::bad; }

std::string curve_table(const Search& search, const Style& style) {
  std::vector<Row> rows;
  for (const auto& level : search.levels()) {
    const metrics::Histogram latency = latency_of(*level);
    const Finding finding = level->finding();
    std::vector<std::string> figures;
    for (const double percentile : {50.0, 90.0, 99.0, 99.9})
      figures.push_back(latency.empty() ? "–" : ns_text(latency.percentile(percentile)));
    figures.push_back(format_percent(error_share(*level)));
    figures.push_back(seconds_text(level->seconds()));
    figures.push_back(mark_of(finding));
    figures.push_back(confidence_text(finding.confidence));
    rows.push_back(
        {format_rate(level->rate()), std::move(figures), level.get() == search.answer() ? Ink::bold : Ink::plain});
  }
  return table("Rate", {"p50", "p90", "p99", "p99.9", "errors", "measured", "", "sure"}, rows, style);
}

/// How long a bar is: times go over several powers of ten, so each power has the same length.
double share_of(double value, double least, double most) {
  if (value <= 0) return 0;
  return 0.08 + 0.92 * std::log(value / least) / std::log(most / least);
}

std::string chart(const Search& search, const Style& style) {
  double least = 0;
  double most = 0;
  for (const auto& level : search.levels()) {
    const double p99 = double(latency_of(*level).percentile(99));
    if (p99 <= 0) continue;
    least = least > 0 ? std::min(least, p99) : p99;
    most = std::max(most, p99);
  }
  if (most <= 0) return "";
  least = std::min(least, most / 10);  // small differences stay small
  const int room = std::max(style.width - 2 - label_columns(style) - kTimeColumns - 2, 8);
  std::string out = "\n  " + paint(left("p99 by rate", label_columns(style)), Ink::bold, style) +
                    paint("each power of ten as long as the others", Ink::faint, style) + "\n";
  for (const auto& level : search.levels()) {
    const auto p99 = latency_of(*level).percentile(99);
    out += "  " + paint(left(format_rate(level->rate()), label_columns(style)), Ink::accent, style) +
           right(p99 > 0 ? ns_text(p99) : "–", kTimeColumns) + "  " +
           paint(bar(share_of(double(p99), least, most), room), ink_of(level->finding()), style) + "\n";
  }
  return fitted(out, style.width);
}

}  // namespace

std::string render_step(const search::Step& step, const Search& so_far, const Style& style) {
  std::string line = right(seconds_text(so_far.spent_s()), 9) + "  " + left(search::name(step.purpose), 8) +
                     right(format_rate(step.rate), kRateColumns) + "  ";
  const auto& levels = so_far.levels();
  const auto at = std::ranges::find(levels, step.rate, [](const auto& level) { return level->rate(); });
  if (at == levels.end())
    return fitted(line + paint("says nothing: the generator or its host distorted it", Ink::warn, style) + "\n",
                  style.width);
  const Finding finding = (*at)->finding();
  line += paint(left(mark_of(finding), 7), ink_of(finding), style) + left(confidence_text(finding.confidence), 9);
  const int used = 9 + 2 + 8 + kRateColumns + 2 + 7 + 9;
  return fitted(line + clipped(finding.why, std::max(style.width - used, 16)) + "\n", style.width);
}

std::string render_search(const Search& search, const std::string& name, const Style& style) {
  std::string out = headline(search, name, style);
  if (!search.levels().empty()) out += curve_table(search, style) + chart(search, style);
  return out + "\n";
}

}  // namespace vajrapulse::console
