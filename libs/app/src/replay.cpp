#include "replay.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/recorded_pattern.hpp"

namespace vajrapulse::app {
namespace {

/// In millionths.
Expected<std::int64_t> parse_time_scale(const std::string& text) {
  constexpr double kLeast = 0.001;
  constexpr double kMost = 1'000'000;
  constexpr double kMillionths = 1'000'000;
  double scale = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(kUsage, "--time-scale '" + text + "' is no number", "give for example --time-scale 2: twice as fast");
  if (!(scale >= kLeast && scale <= kMost))
    return fail(kUsage, "--time-scale " + text + " is out of range",
                "give 0.001 to 1000000, for example --time-scale 2");
  return std::llround(scale * kMillionths);
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return format_count(count) + " " + (count == 1 ? one : many);
}

std::string shown_name(const std::string& file) { return file == "-" ? "standard input" : file; }

Status judge(const recording::Recording& recording, const ReplayOptions& options, Load& load) {
  if (recording.bad == 0) return {};
  const std::string share = counted(recording.bad, "line", "lines") + " of " + format_count(recording.entries);
  if (!options.skip_bad_lines)
    return fail(kUsage, recording.first_bad.message + " (" + share + (recording.bad == 1 ? " is bad)" : " are bad)"),
                recording.first_bad.cure + "; or leave bad lines out with --skip-bad-lines");
  load.notes.push_back(share + (recording.bad == 1 ? " was skipped: " : " were skipped, the first: ") +
                       recording.first_bad.message);
  return {};
}

void say_what_was_done(const recording::Recording& recording, const std::string& name, Load& load) {
  if (recording.moved > 0)
    load.notes.push_back(name + ": " + counted(recording.moved, "line that was", "lines that were") +
                         " out of order sorted by time");
  if (recording.spread)
    load.notes.push_back(name + " has whole seconds: arrivals of the same second are spread evenly over it");
}

}  // namespace

void add_replay_options(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--replay", options.file,
                  "Open model, recorded arrivals: CSV, JSON lines or an access log; - for standard input")
      ->option_text("FILE")
      ->group("Load");
  command.add_option("--time-scale", options.time_scale, "Replay that many times as fast (default 1)")
      ->option_text("X")
      ->group("Load");
  command.add_flag("--loop", options.loop, "Replay again and again, until --duration or --iterations")->group("Load");
  command.add_flag("--skip-bad-lines", options.skip_bad_lines, "Replay without the lines that cannot be read")
      ->group("Load");
  command.add_option("--replay-format", options.format, "What FILE is (default: what its first line looks like)")
      ->option_text("csv|jsonl|access-log")
      ->group("Load");
}

Status check_replay(const LoadOptions& options) {
  const ReplayOptions& replay = options.replay;
  if (replay.file.empty()) {
    const char* flag = !replay.time_scale.empty() ? "--time-scale"
                       : replay.loop              ? "--loop"
                       : replay.skip_bad_lines    ? "--skip-bad-lines"
                       : !replay.format.empty()   ? "--replay-format"
                                                  : nullptr;
    if (!flag) return {};
    return fail(kUsage, std::string(flag) + " belongs to --replay, and there is none",
                "give for example --replay access.log with it, or leave it out");
  }
  const char* other = !options.tps.empty()               ? "--tps"
                      : !options.load.empty()            ? "--load"
                      : !options.closed.users.empty()    ? "--users"
                      : options.adaptive.on              ? "--adaptive"
                      : !options.pattern.pattern.empty() ? "--pattern"
                                                         : nullptr;
  if (other)
    return fail(kUsage, "--replay and " + std::string(other) + " exclude each other",
                "leave one out; a recording has its own arrivals, which --time-scale 2 makes twice as fast");
  if (replay.loop && options.duration.empty() && !options.iterations)
    return fail(kUsage, "--loop would never end",
                "give --duration or --iterations with it, for example --duration 10m");
  if (!replay.time_scale.empty())
    if (auto scale = parse_time_scale(replay.time_scale); !scale) return std::unexpected(scale.error());
  if (!replay.format.empty())
    if (auto format = recording::parse_format(replay.format); !format)
      return fail(kUsage, "--replay-format " + format.error().message, format.error().cure);
  return {};
}

Expected<std::shared_ptr<const engine::LoadPattern>> replay_pattern(const LoadOptions& options, Load& load) {
  const ReplayOptions& replay = options.replay;
  recording::Settings settings{.name = {}, .format = {}, .accepts = replay.accepts};
  if (!replay.format.empty()) settings.format = *recording::parse_format(replay.format);
  auto recording = recording::read_file(replay.file, std::move(settings));
  if (!recording) return std::unexpected(recording.error());
  if (auto status = judge(*recording, replay, load); !status) return std::unexpected(status.error());
  const std::string name = shown_name(replay.file);
  say_what_was_done(*recording, name, load);
  const std::uint64_t count = recording->starts.size();
  if (!replay.loop && options.iterations && *options.iterations > count)
    load.notes.push_back(name + " holds " + counted(count, "arrival", "arrivals") + ": fewer than --iterations " +
                         std::to_string(*options.iterations) + ", which --loop would reach");
  load.recorded = {.requests = std::move(recording->requests),
                   .turns = std::make_shared<const std::vector<std::uint32_t>>(std::move(recording->turns))};
  engine::RecordedArrivals arrivals{.starts = std::move(recording->starts), .length = recording->length, .name = name};
  if (!replay.time_scale.empty()) arrivals.speed_millionths = *parse_time_scale(replay.time_scale);
  if (replay.loop) arrivals.repeat = engine::RecordedArrivals::Repeat::for_ever;
  return engine::recorded_pattern(std::move(arrivals));
}

}  // namespace vajrapulse::app
