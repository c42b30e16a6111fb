#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/adaptive.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::app {

/// What is to be run, once the command line or the plan has been understood.
struct Job {
  std::string name;  ///< for the result and the headline: the target, the task or the plan
  std::vector<engine::PlannedScenario> scenarios;
  std::string load_text;                                              ///< for the headline: "1,000/s for 30 s"
  std::vector<std::string> notes;                                     ///< what has to be said about it
  std::optional<engine::AdaptiveSettings> adaptive;                   ///< of its one scenario
  std::optional<std::size_t> shards;                                  ///< unless the command line says otherwise
  std::optional<std::uint64_t> seed;                                  ///< the same
  std::size_t most_shards = std::numeric_limits<std::size_t>::max();  ///< no more can take part
  std::string most_shards_why;                                        ///< "--connections 4"
  std::vector<engine::RunObserver*> observers;                        ///< that follow the run, and may steer it
  /// Judges the summary before anything of it is shown: assertions, and the exit code that follows from them.
  std::function<void(engine::RunSummary&)> judge;
};

/// One task under one load.
Job make_job(std::string name, NamedTask task, Load load);

/// How many shards the scenarios need when nobody says: as few as carry those that run together.
std::size_t choose_shards(const std::vector<engine::PlannedScenario>& scenarios, std::size_t processors);

/// Runs `job` on real threads: shards, signals, console, result file. Returns the exit code; what kept the
/// run from starting is printed to standard error in one sentence.
///
/// Ctrl-C, SIGTERM or SIGHUP (the terminal is gone) once: no new load, drain, report. Twice: interrupt at once, still
/// report.
int run(const RunOptions& options, Job job);

}  // namespace vajrapulse::app
