#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::app {

/// What is to be run, once the command line has been understood.
struct Job {
  std::string name;  ///< for the result and the headline: the target or the task
  NamedTask task;
  Load load;
  std::size_t most_shards = std::numeric_limits<std::size_t>::max();  ///< no more can take part
  std::string most_shards_why;                                        ///< "--connections 4"
  std::vector<engine::RunObserver*> observers;                        ///< that follow the run, and may steer it
};

/// Runs `job` on real threads: shards, signals, console, result file. Returns the exit code; what kept the
/// run from starting is printed to standard error in one sentence.
///
/// Ctrl-C, SIGTERM or SIGHUP (the terminal is gone) once: no new load, drain, report. Twice: interrupt at once, still
/// report.
int run(const RunOptions& options, Job job);

}  // namespace vajrapulse::app
