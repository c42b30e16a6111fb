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
  [[nodiscard]] runtime::Reactor& control() const noexcept { return *control_; }
  /// Where servers live.
  [[nodiscard]] runtime::Reactor& host() const noexcept { return *host_; }
  /// To be changed before `run`.
  [[nodiscard]] engine::RunSettings& settings() noexcept { return settings_; }
  [[nodiscard]] static const faults::Certificates& certificates();
  /// Makes shard `index` deaf for `duration`, `after` from now.
  void freeze_shard(std::size_t index, Duration after, Duration duration);
  /// Nobody answers connects to `at`, from `after` on for `duration`.
  void part_from(const runtime::Address& at, Duration after, Duration duration);
  /// Gives the run a control; one that makes no sense by then is refused and changes nothing.
  void control_run(Duration after, const engine::Control& control);
  /// Ends the run early, as Ctrl-C does.
  void stop_run(Duration after);

  /// Nothing when the run did not end; the auditor knows why.
  std::optional<engine::RunSummary> run(engine::Scenario scenario);
  /// What the servers saw, together, by the end of the run.
  [[nodiscard]] const faults::Counts& counts() const noexcept { return counts_; }
  [[nodiscard]] faults::Auditor& auditor() noexcept { return auditor_; }

 private:
  bool run_until_outcome();
  void empty_room();
  void come_to_rest();

  engine::RunSettings settings_;
  runtime::simulated::World world_;
  runtime::Reactor* control_;
  runtime::Reactor* host_;  ///< where the servers live
  std::vector<runtime::Reactor*> shards_;
  faults::Auditor auditor_;
  faults::Counts counts_;
  std::vector<std::unique_ptr<faults::FaultServer>> servers_;
  std::unique_ptr<engine::Run> run_;
  bool abandoned_ = false;  ///< iterations that heeded nothing keep their connections for ever
  std::optional<Expected<engine::RunSummary>> outcome_;
};

}  // namespace vajrapulse::simulation
