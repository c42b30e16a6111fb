#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "generator.hpp"
#include "vajrapulse/app/run.hpp"

namespace vajrapulse::app {
namespace {

constexpr double kUsersPerShard = 64;

/// In parts of a shard.
double need_of(const engine::Scenario& scenario) {
  if (const auto* open = std::get_if<engine::OpenModel>(&scenario.load))
    return open->pattern->highest_rate() / kRatePerShard;
  return double(population_of(std::get<engine::ClosedModel>(scenario.load)).most()) / kUsersPerShard;
}

}  // namespace

Job make_job(std::string name, NamedTask task, Load load) {
  Job job{.name = std::move(name)};
  job.load_text = std::move(load.text);
  job.notes = std::move(load.notes);
  job.adaptive = load.adaptive;
  engine::Scenario scenario{.name = "main", .task = std::move(task), .load = std::move(load.model)};
  scenario.duration = load.duration;
  scenario.iterations = load.iterations;
  scenario.warmup = load.warmup;
  scenario.cooldown = load.cooldown;
  if (load.drain_timeout) scenario.drain_timeout = *load.drain_timeout;
  if (load.force_timeout) scenario.force_timeout = *load.force_timeout;
  job.scenarios.push_back({.scenario = std::move(scenario)});
  return job;
}

std::size_t choose_shards(const std::vector<engine::PlannedScenario>& scenarios, std::size_t processors) {
  std::map<std::vector<std::size_t>, double> together;  // those that follow the same ones run at the same time
  double wanted = 1;
  for (const engine::PlannedScenario& planned : scenarios) {
    double& need = together[planned.follows];
    need += need_of(planned.scenario);
    const bool open = std::holds_alternative<engine::OpenModel>(planned.scenario.load);
    wanted = std::max(wanted, open ? std::ceil(need) : std::floor(need));
  }
  return std::size_t(std::clamp(wanted, 1.0, double(std::max<std::size_t>(processors, 1))));
}

}  // namespace vajrapulse::app
