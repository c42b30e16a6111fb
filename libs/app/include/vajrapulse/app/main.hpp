#pragma once

#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse {

/// The command line of a binary of your own: `./checkout --tps 1000 --duration 30s`.
///
/// Takes the load and output options of `vajrapulse http` (`--help` lists them) and, when there are several
/// tasks, the name of the one to run. `observers` follow the run on its control thread, and may steer it; the steps of
/// `find-max` are not theirs to follow. Returns the exit code.
int main(int argc, char** argv, std::vector<NamedTask> tasks, std::vector<engine::RunObserver*> observers = {});

}  // namespace vajrapulse
