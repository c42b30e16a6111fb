#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "carrier.hpp"
#include "generator.hpp"
#include "vajrapulse/app/plan_job.hpp"
#include "vajrapulse/run.hpp"

namespace vajrapulse {
namespace {

/// A run with all that it points at.
struct WholeRun {
  std::optional<plan::ReadyPlan> plan;
  app::Job job;
  std::optional<app::Carrier> carrier;  ///< ends first
};

/// What iterations that heeded no cancellation still use: never given up, not even when the program ends.
void keep_for_ever(std::shared_ptr<WholeRun> run) {
  static std::mutex mutex;
  static auto* const kept = new std::vector<std::shared_ptr<WholeRun>>;
  const std::lock_guard lock(mutex);
  kept->push_back(std::move(run));
}

Expected<RunResult> run_quietly(const std::shared_ptr<WholeRun>& run, std::optional<std::size_t> shards,
                                std::optional<std::uint64_t> seed) {
  const app::Job& job = run->job;
  if (auto status = app::check_shards(shards, job.most_shards, job.most_shards_why); !status)
    return std::unexpected(status.error());
  auto carrier = app::Carrier::start(job, shards, runtime::IoKind::automatic);
  if (!carrier) return std::unexpected(carrier.error());
  run->carrier.emplace(std::move(*carrier));
  app::Carried carried = app::carry(*run->carrier, job, {.seed = seed});
  if (!carried.summary) return std::unexpected(carried.summary.error());
  if (carried.summary->abandoned) keep_for_ever(run);
  return RunResult(std::move(*carried.summary));
}

app::PlanOptions options_of(const PlanFile& plan) {
  app::PlanOptions options;
  options.file = plan.file;
  options.profiles = plan.profiles;
  for (const auto& [name, value] : plan.variables)
    options.variables.push_back(name + "=" + value);
  options.set = plan.set;
  options.url = plan.url;
  options.allow_paths = plan.allow_paths;
  options.allow_command = plan.allow_command;
  return options;
}

app::LoadOptions options_of(const TaskLoad& load) {
  app::LoadOptions options;
  options.tps = load.tps;
  options.load = load.load;
  options.closed.users = load.users;
  options.closed.think = load.think;
  options.duration = load.duration;
  options.iterations = load.iterations;
  options.warmup = load.warmup;
  options.drain_timeout = load.drain_timeout;
  options.max_in_flight = load.max_in_flight;
  return options;
}

std::string without_last_line_end(std::string text) {
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

}  // namespace

Expected<RunResult> run(const PlanFile& plan) {
  app::RunOptions options;
  options.seed = plan.seed;
  const auto request = app::plan_request(options_of(plan), options, plan.tasks);
  if (!request) return std::unexpected(request.error());
  document::Diagnostics found;
  auto made = app::plan_job(*request, options, found);
  if (!made) return fail(kUsage, without_last_line_end(found.written(document::Format::text)));
  auto whole = std::make_shared<WholeRun>();
  whole->plan.emplace(std::move(made->plan));
  whole->job = std::move(made->job);
  return run_quietly(whole, plan.shards, plan.seed);
}

Expected<RunResult> run(NamedTask task, const TaskLoad& load) {
  auto made = app::make_load(options_of(load));
  if (!made) return std::unexpected(made.error());
  auto whole = std::make_shared<WholeRun>();
  std::string name = load.name.empty() ? task.name : load.name;
  whole->job = app::make_job(std::move(name), std::move(task), std::move(*made));
  return run_quietly(whole, load.shards, load.seed);
}

}  // namespace vajrapulse
