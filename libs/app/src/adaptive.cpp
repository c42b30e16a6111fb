#include "adaptive.hpp"

#include <CLI/CLI.hpp>

#include "flags.hpp"

namespace vajrapulse::app {
namespace {

using namespace std::chrono_literals;

/// Takes the rates that were given.
Status take_rates(const AdaptiveOptions& options, engine::AdaptiveSettings& settings) {
  const std::tuple<const char*, const std::string*, double*> rates[] = {
      {"--initial-tps", &options.initial_tps, &settings.initial_tps},
      {"--ramp-increment", &options.ramp_increment, &settings.ramp_increment},
      {"--ramp-decrement", &options.ramp_decrement, &settings.ramp_decrement},
      {"--min-tps", &options.min_tps, &settings.min_tps}};
  for (const auto& [flag, text, into] : rates) {
    if (text->empty()) continue;
    auto rate = rate_flag(flag, *text);
    if (!rate) return std::unexpected(rate.error());
    *into = *rate;
  }
  if (options.max_tps.empty()) return {};
  auto most = rate_flag("--max-tps", options.max_tps);
  if (!most) return std::unexpected(most.error());
  settings.max_tps = *most;
  return {};
}

Status take_limits(const AdaptiveOptions& options, engine::AdaptiveSettings& settings) {
  const std::tuple<const char*, const std::string*, Duration*> times[] = {
      {"--ramp-interval", &options.ramp_interval, &settings.ramp_interval},
      {"--sustain-duration", &options.sustain_duration, &settings.sustain_duration}};
  for (const auto& [flag, text, into] : times) {
    if (text->empty()) continue;
    auto time = time_flag(flag, *text, 1ms, "5s");
    if (!time) return std::unexpected(time.error());
    *into = *time;
  }
  if (!options.error_threshold.empty()) {
    auto share = share_flag("--error-threshold", options.error_threshold);
    if (!share) return std::unexpected(share.error());
    settings.error_threshold = *share;
  }
  if (!options.latency_limit.empty()) {
    auto limit = time_flag("--latency-limit", options.latency_limit, 1ns, "200ms");
    if (!limit) return std::unexpected(limit.error());
    settings.latency_limit = *limit;
  } else if (options.latency_percentile) {
    return fail(kUsage, "--latency-percentile belongs to a limit", "give --latency-limit 200ms too, or leave it out");
  }
  settings.latency_percentile = options.latency_percentile.value_or(settings.latency_percentile);
  settings.stable_intervals = options.stable_intervals.value_or(settings.stable_intervals);
  return {};
}

/// The first flag given that only an adaptive load knows.
const char* given_without(const AdaptiveOptions& options) {
  const std::pair<const char*, bool> flags[] = {{"--initial-tps", !options.initial_tps.empty()},
                                                {"--ramp-increment", !options.ramp_increment.empty()},
                                                {"--ramp-decrement", !options.ramp_decrement.empty()},
                                                {"--ramp-interval", !options.ramp_interval.empty()},
                                                {"--min-tps", !options.min_tps.empty()},
                                                {"--max-tps", !options.max_tps.empty()},
                                                {"--stable-intervals", options.stable_intervals.has_value()},
                                                {"--sustain-duration", !options.sustain_duration.empty()},
                                                {"--error-threshold", !options.error_threshold.empty()},
                                                {"--latency-limit", !options.latency_limit.empty()},
                                                {"--latency-percentile", options.latency_percentile.has_value()}};
  for (const auto& [flag, given] : flags)
    if (given) return flag;
  return nullptr;
}

}  // namespace

void add_adaptive_options(CLI::App& command, AdaptiveOptions& options) {
  const auto option = [&command](const char* name, auto& value, const char* text, const char* what) {
    command.add_option(name, value, what)->option_text(text)->group("Adaptive load");
  };
  command.add_flag("--adaptive", options.on, "Open model whose rate follows what the target carries")
      ->group("Adaptive load");
  option("--initial-tps", options.initial_tps, "RATE", "Where it begins (default 10)");
  option("--ramp-increment", options.ramp_increment, "RATE",
         "Added each interval in which nothing is wrong (default 10)");
  option("--ramp-decrement", options.ramp_decrement, "RATE", "Taken off while something is (default 20)");
  option("--ramp-interval", options.ramp_interval, "TIME", "Between two decisions (default 5s)");
  option("--min-tps", options.min_tps, "RATE", "Never less (default 1)");
  option("--max-tps", options.max_tps, "RATE", "Never more");
  option("--stable-intervals", options.stable_intervals, "N",
         "Quiet ones in a row that make a rate stable (default 3)");
  // --sustain-duration is a load pattern's flag too, and declared there.
  option("--error-threshold", options.error_threshold, "SHARE", "More errors are too many (default 1%)");
  option("--latency-limit", options.latency_limit, "TIME", "A longer response time is too long");
  option("--latency-percentile", options.latency_percentile, "P", "… at this percentile (default 99)");
}

Expected<std::optional<engine::AdaptiveSettings>> make_adaptive(const AdaptiveOptions& options) {
  if (!options.on) {
    if (const char* flag = given_without(options))
      return fail(kUsage, std::string(flag) + " is for an adaptive load", "give --adaptive too, or leave it out");
    return std::nullopt;
  }
  engine::AdaptiveSettings settings;
  if (auto status = take_rates(options, settings); !status) return std::unexpected(status.error());
  if (auto status = take_limits(options, settings); !status) return std::unexpected(status.error());
  if (auto status = engine::check(settings); !status) return std::unexpected(status.error());
  return settings;
}

}  // namespace vajrapulse::app
