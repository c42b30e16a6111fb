#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "keys.hpp"
#include "shard_threads.hpp"
#include "vajrapulse/app/run.hpp"
#include "vajrapulse/app/signals.hpp"
#include "vajrapulse/engine/host_probe.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::app {

/// What carries a run: the reactor of the calling thread, which conducts it, and the shards' threads. Where the summary
/// says `abandoned`, it must outlive the program.
struct Carrier {
  std::unique_ptr<runtime::Reactor> control;
  std::unique_ptr<engine::HostProbe> host;
  std::unique_ptr<ShardThreads> shards;  ///< end first

  /// As many shards as are asked for, else as the job says, else as it needs.
  static Expected<Carrier> start(const Job& job, std::optional<std::size_t> shards, runtime::IoKind io);
};

/// What the job does not say.
struct CarrySettings {
  std::optional<std::uint64_t> seed{};
  bool strict = false;
  std::vector<engine::RunObserver*> observers{};  ///< before those of the job
  Signals* signals = nullptr;                     ///< that end the run
  std::optional<LevelKeys> keys{};                ///< the keyboard steers it; what is refused is told to `observers`
};

/// A run that is over; judged.
struct Carried {
  Expected<engine::RunSummary> summary;
  int signal = 0;  ///< the last one that asked for the end; 0 when none did
};

/// Runs the job from prepare to teardown.
Carried carry(Carrier& carrier, const Job& job, const CarrySettings& given);

}  // namespace vajrapulse::app
