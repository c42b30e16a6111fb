#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fault_server.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::simulation {

/// Checks the equations of the accounts at every step, and keeps what it found wrong.
class Auditor final : public engine::RunObserver {
 public:
  void on_progress(const engine::Progress& progress) override;
  /// The accounts at the end: nothing is queued or in flight, and the metrics say the same.
  void close(const engine::RunSummary& summary);
  void complain(std::string what) { violations_.push_back(std::move(what)); }

  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }

 private:
  void check(const engine::LoadCounts& load, const std::string& when);
  std::uint64_t steps_ = 0;
  std::vector<std::string> violations_;
};

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
  [[nodiscard]] const Auditor& auditor() const noexcept { return auditor_; }

 private:
  bool run_until_outcome();
  void empty_room();

  std::uint64_t seed_;
  runtime::simulated::World world_;
  runtime::Reactor* control_;
  runtime::Reactor* host_;  ///< where the servers live
  std::vector<runtime::Reactor*> shards_;
  Auditor auditor_;
  faults::Counts counts_;
  std::unique_ptr<faults::Certificates> certificates_;
  std::vector<std::unique_ptr<faults::FaultServer>> servers_;
  std::unique_ptr<engine::Run> run_;
  std::optional<Expected<engine::RunSummary>> outcome_;
};

}  // namespace vajrapulse::simulation
