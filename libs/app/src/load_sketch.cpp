#include "vajrapulse/app/load_sketch.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "outputs.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/arrivals.hpp"

namespace vajrapulse::app {
namespace {

constexpr double kMostDrawn = 5'000'000;  // Poisson arrivals that are counted one by one: a second or so

using Facts = std::vector<std::pair<std::string, std::string>>;

/// Until the last arrival that the limit lets through, or as long as the load lasts.
Duration length_of(const Load& load, const engine::LoadPattern& pattern) {
  Duration length = load.duration > Duration::zero() ? load.duration : kLongest;
  if (load.iterations)
    if (const auto last = pattern.start_of(*load.iterations - 1)) length = std::min(length, *last + Duration(1));
  return length;
}

std::uint64_t drawn(const engine::LoadPattern& pattern, const Load& load, Duration length, std::uint64_t seed) {
  engine::Arrivals arrivals(pattern,
                            {.kind = engine::ArrivalKind::poisson,
                             .seed = engine::arrivals_seed(seed),
                             .length = length,
                             .limit = load.iterations},
                            {});
  std::uint64_t count = 0;
  while (arrivals.next())
    ++count;
  return count;
}

std::string iterations_text(const engine::OpenModel& model, const Load& load, Duration length,
                            std::optional<std::uint64_t> seed) {
  const engine::LoadPattern& pattern = *model.pattern;
  if (model.arrivals == engine::ArrivalKind::even) {
    const std::uint64_t count = pattern.arrivals_before(length);
    return format_count(std::min(count, load.iterations.value_or(count)));
  }
  const double expected = pattern.expected_before(length);
  if (load.iterations) return "at most " + format_count(*load.iterations);
  if (seed && expected <= kMostDrawn)
    return format_count(drawn(pattern, load, length, *seed)) + " with seed " + std::to_string(*seed);
  return format_count(std::uint64_t(std::llround(expected))) + " ± " +
         format_count(std::uint64_t(std::llround(std::sqrt(expected)))) + " (Poisson: one standard deviation)";
}

void sketch_open(const engine::OpenModel& model, const Load& load, std::optional<std::uint64_t> seed,
                 console::LoadSketch& sketch) {
  const Duration length = length_of(load, *model.pattern);
  sketch.length = length;
  sketch.unit = "/s";
  sketch.level_at = [pattern = model.pattern](Duration t) { return pattern->rate_at(t); };
  // A sum's bound is reached only when its parts' peaks meet; a peak may also lie beyond --duration.
  const double seen = console::highest_level(sketch);
  const double bound = model.pattern->highest_rate();
  const bool reached = seen >= bound * 0.999;
  const double mean = model.pattern->expected_before(length) / std::chrono::duration<double>(length).count();
  sketch.facts = {{"iterations", iterations_text(model, load, length, seed)},
                  {"length", format_exact(length)},
                  {"peak", (reached ? "" : "about ") + format_rate(reached ? bound : seen)},
                  {"mean", format_rate(mean)}};
  if (model.slack > Duration::zero())
    sketch.facts.emplace_back("slack", "each starts up to " + format_exact(model.slack) + " late");
}

struct Rounds {
  std::uint64_t users = 0;  ///< that are there at some time
  std::uint64_t rounds = 0;
};

/// One round at once and one every `gap` after it, as long as a user is there.
Rounds rounds_of(const engine::Population& population, Duration length, Duration gap) {
  Rounds sum;
  for (std::uint64_t user = 0; user < population.most(); ++user) {
    const auto stint = population.stint(user, Duration::zero());
    if (!stint || stint->joins >= length) continue;
    ++sum.users;
    sum.rounds += std::uint64_t((std::min(stint->leaves, length) - stint->joins + gap - Duration(1)) / gap);
  }
  return sum;
}

/// Each user goes round once at least. How often more, only the answers' times say, or the pacing.
void sketch_closed(const engine::ClosedModel& model, const Load& load, console::LoadSketch& sketch) {
  constexpr Duration kSample = std::chrono::milliseconds(10);
  const Duration ramp = model.ramp ? model.ramp->length : Duration::zero();
  sketch.length = load.duration > Duration::zero() ? load.duration : std::max(ramp, Duration(std::chrono::seconds(10)));
  const engine::Population population = population_of(model);
  sketch.unit = " users";
  sketch.level_at = [population](Duration t) { return double(population.at(t)); };
  const bool paced = model.pacing > Duration::zero();
  const bool thinks = model.think.most > Duration::zero();
  const Duration gap = paced ? model.pacing : kSample + (model.think.least + model.think.most) / 2;
  const auto [users, rounds] = rounds_of(population, sketch.length, gap);
  std::string range;
  if (load.iterations) {
    range = (load.duration > Duration::zero() ? "at most " : "") + format_count(*load.iterations);
  } else if (paced) {
    range = format_count(users) + " to " + format_count(rounds);
  } else {
    range = format_count(users) + " or more: as fast as " +
            (thinks ? "answers and thoughts come; about " : "answers come; ") + format_count(rounds) +
            " if each takes 10 ms";
  }
  sketch.facts = {{"iterations", range},
                  {"length", load.duration > Duration::zero() ? format_exact(load.duration) : "until they are done"}};
}

std::string between(const std::string& least, const std::string& most, const char* word) {
  return least == most ? least : least + word + most;
}

/// Nobody knows where it goes; only between which rates, and so between which numbers.
void sketch_adaptive(const engine::AdaptiveSettings& settings, const Load& load, console::LoadSketch& sketch) {
  const bool timed = load.duration > Duration::zero();
  sketch.notes.emplace_back("drawn is the rate it begins at; where it goes, the target decides");
  sketch.facts = {{"iterations", ""},
                  {"length", timed ? format_exact(load.duration) : "until they are done"},
                  {"begins at", format_rate(settings.initial_tps)}};
  std::string& iterations = sketch.facts.front().second;
  if (!timed) {
    iterations = format_count(load.iterations.value_or(0));
    return;
  }
  sketch.length = load.duration;
  engine::AdaptiveReach reach = engine::reach_of(settings, load.duration);
  if (load.iterations) {
    reach.fewest = std::min(reach.fewest, *load.iterations);
    reach.most = std::min(reach.most, *load.iterations);
  }
  iterations = between(format_count(reach.fewest), format_count(reach.most), " to ");
  const auto& model = std::get<engine::OpenModel>(load.model);
  if (model.arrivals == engine::ArrivalKind::poisson) iterations += " expected (Poisson)";
  sketch.facts.emplace_back("ends at", between(format_rate(reach.lowest_tps), format_rate(reach.highest_tps), " to "));
}

/// How long the end may take, where somebody said so.
std::string drain_text(const Load& load) {
  std::string text;
  if (load.drain_timeout) text = "up to " + format_exact(*load.drain_timeout) + " after the end";
  if (load.force_timeout)
    text += (text.empty() ? "up to " : ", then ") + format_exact(*load.force_timeout) + " for what is cancelled";
  return text;
}

}  // namespace

console::LoadSketch sketch_of(const Load& load, std::optional<std::uint64_t> seed) {
  console::LoadSketch sketch;
  sketch.title = load.text;
  sketch.notes = load.notes;
  if (const auto* open = std::get_if<engine::OpenModel>(&load.model)) {
    sketch_open(*open, load, seed, sketch);
    if (load.adaptive) sketch_adaptive(*load.adaptive, load, sketch);
  } else {
    sketch_closed(std::get<engine::ClosedModel>(load.model), load, sketch);
  }
  if (load.warmup > Duration::zero())
    sketch.facts.emplace_back("warm-up", format_exact(load.warmup) + " before it, not counted");
  if (load.cooldown > Duration::zero())
    sketch.facts.emplace_back("cool-down", format_exact(load.cooldown) + " after it, not counted");
  if (std::string drain = drain_text(load); !drain.empty()) sketch.facts.emplace_back("drain", std::move(drain));
  return sketch;
}

void draw(const console::LoadSketch& sketch, bool no_color) {
  constexpr int kPlainWidth = 80;
  RunOptions options;
  options.no_color = no_color;
  const console::Colour colour = wants_colour(options, stdout) ? console::Colour::on : console::Colour::off;
  const int width = isatty(fileno(stdout)) == 1 ? width_of(stdout) : kPlainWidth;
  std::fputs(console::render_load(sketch, {.colour = colour, .width = width}).c_str(), stdout);
}

}  // namespace vajrapulse::app
