#include "whole_run.hpp"

#include <utility>

#include "bookkeeper.hpp"
#include "checks.hpp"
#include "choices.hpp"
#include "starts.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::simulation {
namespace {

/// Of what observers are shown: short, so that the accounts are checked often.
constexpr Duration kInterval = std::chrono::milliseconds(50);

std::string describe(const engine::RunSummary& summary, std::uint64_t trace) {
  const engine::LoadCounts& load = summary.load;
  std::string text;
  const auto say = [&text](std::string_view key, std::uint64_t value) {
    text.append(key).append("=").append(std::to_string(value)).append(" ");
  };
  say("target", load.target.value_or(0));
  say("started", load.started);
  say("succeeded", load.succeeded);
  say("failed", load.failed);
  say("interrupted", load.interrupted);
  say("dropped", load.dropped());
  say("missed", load.missed);
  say("late", load.late);
  say("controls", summary.controls.size());
  for (const auto& error : summary.metrics.errors())
    say(error.kind.name(), error.count);
  const auto durations = summary.metrics.histogram(metrics::names::kExecutionDuration);
  say("p50", std::uint64_t(durations.percentile(50)));
  say("max", std::uint64_t(durations.max()));
  say("trace", trace);
  return text + std::string(engine::name(summary.verdict.status));
}

}  // namespace

Outcome run_seed(std::uint64_t seed) {
  Dice dice(seed ^ 0x5eed);
  const auto weather = choose_weather(dice);
  const std::size_t shards = dice.between(1, 3);
  dice.say("shards", shards);
  Starts starts;
  Trial trial(seed, weather, shards);
  auto requests = choose_servers(dice, trial);
  auto settings = choose_client(dice);
  const engine::Scenario scenario =
      choose_scenario(dice, starts.watch(task<http::HttpTask>("fetch", settings, requests)));
  const Trouble trouble = choose_trouble(dice, trial, std::holds_alternative<engine::OpenModel>(scenario.load));

  Bookkeeper books(trial.control());
  trial.settings().interval = kInterval;
  trial.settings().observers.push_back(&books);
  const auto summary = trial.run(scenario);
  Outcome outcome;
  outcome.plan = dice.said();
  if (summary) {
    books.close(*summary, trial.auditor());
    const bool prompt = !trouble.frozen && weather.turn_cost == Duration::zero();
    if (books.origin())
      check_starts({scenario, *summary, starts, *books.origin(), seed, trouble, prompt}, trial.auditor());
    outcome.summary = describe(*summary, trial.world().trace());
    outcome.load = summary->load;
    outcome.controls = summary->controls.size();
  }
  outcome.violations = trial.auditor().violations();
  outcome.steps = trial.auditor().steps();
  return outcome;
}

}  // namespace vajrapulse::simulation
