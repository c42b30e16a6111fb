#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auditor.hpp"
#include "fault_server.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::simulation {

/// One run against fault servers in one room, from prepare to an empty room.
class Trial {
 public:
  Trial(std::uint64_t seed, const runtime::simulated::Weather& weather, std::size_t shards);
  ~Trial();

  faults::FaultServer& serve(const runtime::Address& at, const faults::Script& script);
  [[nodiscard]] runtime::simulated::World& world() noexcept { return world_; }
  [[nodiscard]] std::vector<runtime::Reactor*>& shards() noexcept { return shards_; }
  [[nodiscard]] const faults::Certificates& certificates();
  /// Makes shard `index` deaf for `duration`, `after` from now.
  void freeze_shard(std::size_t index, Duration after, Duration duration);
  /// Ends the run early, as Ctrl-C does.
  void stop_run(Duration after);

  /// Nothing when the run did not end; the auditor knows why.
  std::optional<engine::RunSummary> run(engine::Scenario scenario);
  /// What the servers saw, together, by the end of the run.
  [[nodiscard]] const faults::Counts& counts() const noexcept { return counts_; }
  [[nodiscard]] const faults::Auditor& auditor() const noexcept { return auditor_; }

 private:
  bool run_until_outcome();
  void empty_room();

  std::uint64_t seed_;
  runtime::simulated::World world_;
  runtime::Reactor* control_;
  runtime::Reactor* host_;  ///< where the servers live
  std::vector<runtime::Reactor*> shards_;
  faults::Auditor auditor_;
  faults::Counts counts_;
  std::unique_ptr<faults::Certificates> certificates_;
  std::vector<std::unique_ptr<faults::FaultServer>> servers_;
  std::unique_ptr<engine::Run> run_;
  std::optional<Expected<engine::RunSummary>> outcome_;
};

}  // namespace vajrapulse::simulation
