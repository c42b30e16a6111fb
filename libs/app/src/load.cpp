#include <algorithm>
#include <cmath>
#include <utility>

#include "adaptive.hpp"
#include "closed_options.hpp"
#include "flags.hpp"
#include "generator.hpp"
#include "replay.hpp"
#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::app {
namespace {

constexpr Duration kMostSlack = std::chrono::milliseconds(100);
constexpr Duration kDefaultDuration = std::chrono::seconds(10);

bool is_open(const LoadOptions& options) {
  return !options.tps.empty() || !options.load.empty() || options.adaptive.on || !options.pattern.pattern.empty() ||
         !options.replay.file.empty();
}

Status check_exclusive(const LoadOptions& options) {
  const bool users = !options.closed.users.empty();
  if (!options.pattern.pattern.empty() && (!options.load.empty() || users))
    return fail(kUsage,
                "--pattern " + options.pattern.pattern + " and " +
                    (options.load.empty() ? "--users " + options.closed.users : "--load '" + options.load + "'") +
                    " exclude each other",
                "give one of them, for example --pattern ramp --tps 1000 --duration 1m");
  const int given = int(!options.tps.empty()) + int(!options.load.empty()) + int(users);
  if (given > 1)
    return fail(kUsage, "--tps, --load and --users exclude each other",
                "--tps 1000 sends at a fixed rate, --users 64 keeps 64 users busy, --load describes a rate over time");
  if (options.adaptive.on && (given > 0 || !options.pattern.pattern.empty()))
    return fail(kUsage, "--adaptive finds its own rate, and --tps, --load, --pattern or --users is given too",
                "give one of them");
  if (options.iterations && *options.iterations == 0)
    return fail(kUsage, "--iterations 0 sends nothing", "give a number from 1, for example --iterations 1000");
  if (const char* flag = given_flag(options.closed); flag && is_open(options) && !users)
    return fail(kUsage, std::string(flag) + " is for users, and this load is a rate, whose arrivals wait for nobody",
                "leave it out, or give users instead of the rate, for example --users 64 --think 1s");
  if (!options.cooldown.empty() && options.iterations)
    return fail(kUsage, "--cooldown and --iterations exclude each other: nobody knows when the last one ends",
                "give --duration instead of --iterations");
  return {};
}

Status check_open_options(const LoadOptions& options) {
  if (options.max_in_flight == 0)
    return fail(kUsage, "--max-in-flight 0 lets nothing start",
                "give a number from 1, for example --max-in-flight 1000");
  if (!options.on_limit.empty() && options.on_limit != "queue" && options.on_limit != "drop")
    return fail(kUsage, "--on-limit " + options.on_limit + " is unknown", "give queue or drop");
  if (!options.arrivals.empty() && options.arrivals != "even" && options.arrivals != "poisson")
    return fail(kUsage, "--arrivals " + options.arrivals + " is unknown", "give even or poisson");
  if (is_open(options)) return {};
  const char* flag = options.max_in_flight       ? "--max-in-flight"
                     : !options.on_limit.empty() ? "--on-limit"
                     : !options.arrivals.empty() ? "--arrivals"
                     : !options.slack.empty()    ? "--slack"
                                                 : nullptr;
  if (!flag) return {};
  return fail(kUsage, std::string(flag) + " is for a rate, and this load is of users",
              "leave it out, or give a rate instead of users, for example --tps 1000");
}

std::string length_text(const Load& load) {
  std::string text;
  if (load.iterations)
    text += " for " + format_count(*load.iterations) + (*load.iterations == 1 ? " iteration" : " iterations");
  if (load.duration > Duration::zero())
    text += (load.iterations ? ", at most " : " for ") + format_exact(load.duration);
  return text;
}

Expected<std::shared_ptr<const engine::LoadPattern>> pattern_of(const LoadOptions& options, Load& load) {
  if (!options.replay.file.empty()) return replay_pattern(options, load);
  if (!options.load.empty()) {
    auto pattern = engine::parse_load(options.load);
    if (!pattern)
      return fail(kUsage, "--load '" + options.load + "': " + pattern.error().message, pattern.error().cure);
    return pattern;
  }
  if (load.adaptive) return engine::static_pattern(std::llround(load.adaptive->initial_tps * 1e6));
  if (!options.pattern.pattern.empty()) {
    const auto text = engine::load_of(options.pattern, options.tps, options.duration, engine::KeySpelling::flags);
    if (!text) return std::unexpected(text.error());
    auto pattern = engine::parse_load(*text);
    if (!pattern)
      return fail(kUsage, "--pattern " + options.pattern.pattern + " (" + *text + "): " + pattern.error().message,
                  pattern.error().cure);
    return pattern;
  }
  auto rate = parse_rate(options.tps);
  if (!rate) return fail(kUsage, "--tps " + options.tps + ": " + rate.error().message, rate.error().cure);
  if (*rate <= 0 || *rate > 1'000'000'000'000'000)
    return fail(kUsage, "--tps " + options.tps + " is out of range",
                "give a rate above 0 and up to 1000000000, for example --tps 1000");
  return engine::static_pattern(*rate);
}

/// How long the load lasts: as said, else as long as the pattern, else the default; zero when iterations end it.
Status settle_duration(const LoadOptions& options, std::optional<Duration> pattern_length, Load& load) {
  if (!options.duration.empty()) {
    auto duration = time_flag("--duration", options.duration, Duration::zero(), "30s");
    if (!duration) return std::unexpected(duration.error());
    if (*duration == Duration::zero())
      return fail(kUsage, "--duration 0s measures nothing", "give a time above zero, for example --duration 30s");
    load.duration = pattern_length ? std::min(*duration, *pattern_length) : *duration;
    if (pattern_length && *duration > *pattern_length)
      load.notes.push_back("the load ends after " + format_exact(*pattern_length) + ", before --duration " +
                           options.duration);
  } else if (pattern_length) {
    load.duration = *pattern_length;
  } else if (!options.iterations) {
    load.duration = kDefaultDuration;
  }
  return {};
}

/// What comes before and after what is measured.
Status read_phases(const LoadOptions& options, Load& load) {
  const auto read = [](const char* flag, const std::string& text, auto& place) -> Status {
    if (text.empty()) return {};
    const auto time = time_flag(flag, text, Duration::zero(), "30s");
    if (!time) return std::unexpected(time.error());
    place = *time;
    return {};
  };
  if (auto status = read("--warmup", options.warmup, load.warmup); !status) return status;
  if (auto status = read("--cooldown", options.cooldown, load.cooldown); !status) return status;
  if (auto status = read("--drain-timeout", options.drain_timeout, load.drain_timeout); !status) return status;
  return read("--force-timeout", options.force_timeout, load.force_timeout);
}

}  // namespace

Expected<Load> make_load(const LoadOptions& given) {
  LoadOptions options = given;
  if (options.adaptive.on && options.adaptive.sustain_duration.empty())  // the flag is one, for patterns and for this
    options.adaptive.sustain_duration = std::exchange(options.pattern.sustain_duration, "");
  if (auto status = check_replay(options); !status) return std::unexpected(status.error());
  if (auto status = check_exclusive(options); !status) return std::unexpected(status.error());
  if (auto status = check_open_options(options); !status) return std::unexpected(status.error());
  if (auto stray = engine::load_of(options.pattern, options.tps, options.duration, engine::KeySpelling::flags); !stray)
    return std::unexpected(stray.error());
  Load load;
  load.iterations = options.iterations;
  auto adaptive = make_adaptive(options.adaptive);
  if (!adaptive) return std::unexpected(adaptive.error());
  load.adaptive = *adaptive;
  if (auto status = read_phases(options, load); !status) return std::unexpected(status.error());
  std::optional<Duration> pattern_length;
  if (is_open(options)) {
    auto pattern = pattern_of(options, load);
    if (!pattern) return std::unexpected(pattern.error());
    pattern_length = (*pattern)->length();
    load.text = load.adaptive ? "adaptive from " + format_rate(load.adaptive->initial_tps) : (*pattern)->text();
    engine::OpenModel model{.pattern = *pattern};
    if (options.arrivals == "poisson") model.arrivals = engine::ArrivalKind::poisson;
    if (options.max_in_flight) model.max_in_flight = *options.max_in_flight;
    if (options.on_limit == "drop") model.on_limit = engine::OnLimit::drop;
    if (!options.slack.empty()) {
      const auto slack = time_flag("--slack", options.slack, Duration::zero(), "500us");
      if (!slack) return std::unexpected(slack.error());
      if (*slack > kMostSlack)
        return fail(kUsage, "--slack " + options.slack + " is out of range",
                    "give up to 100ms, for example --slack 500us");
      model.slack = *slack;
    }
    load.model = std::move(model);
    if (auto status = settle_duration(options, pattern_length, load); !status) return std::unexpected(status.error());
  } else {
    if (auto status = settle_duration(options, std::nullopt, load); !status) return std::unexpected(status.error());
    auto model = make_closed(options.closed, load.duration, load.notes);
    if (!model) return std::unexpected(model.error());
    load.text = engine::describe(*model);
    load.model = *model;
  }
  if (!pattern_length) load.text += length_text(load);
  return load;
}

}  // namespace vajrapulse::app
