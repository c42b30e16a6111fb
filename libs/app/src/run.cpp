#include "vajrapulse/app/run.hpp"

#include <cstdio>
#include <cstdlib>

#include "carrier.hpp"
#include "generator.hpp"
#include "outputs.hpp"
#include "vajrapulse/app/command_line.hpp"

namespace vajrapulse::app {

int run(const RunOptions& options, Job job) {
  auto kind = io_kind(options.io);
  if (!kind) return complain(kind.error());
  if (auto status = check_shards(options.shards, job.most_shards, job.most_shards_why); !status)
    return complain(status.error());
  auto outputs = Outputs::make(options, job);
  if (!outputs) return complain(outputs.error());

  Signals signals;  // before the threads, which inherit that they are blocked
  auto carrier = Carrier::start(job, options.shards, *kind);
  if (!carrier) return complain(carrier.error(), *kind == runtime::IoKind::automatic ? 1 : 2);
  CarrySettings settings{.seed = options.seed, .strict = options.strict, .signals = &signals};
  settings.observers = (*outputs)->observers();
  if ((*outputs)->takes_keys()) settings.keys = level_keys(job);
  Carried carried = carry(*carrier, job, settings);

  Expected<engine::RunSummary>& summary = carried.summary;
  const auto finish = [&] {
    if (carried.signal != 0) summary->exit_code = 128 + carried.signal;
    signals.release();
    return (*outputs)->finish(*summary);
  };
  if (summary && summary->abandoned) {  // what still runs on pool threads may yet speak to its shard
    const int exit_code = finish();
    std::fflush(nullptr);
    std::_Exit(exit_code);
  }
  carrier->shards.reset();
  if (!summary) return complain(summary.error(), summary.error().kind == kUsage ? 2 : 1);
  return finish();
}

}  // namespace vajrapulse::app
