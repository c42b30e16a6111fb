#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "auditor.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http/server.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::proofs {

/// A network so near that what it adds (0.4 us and a slot of the timer wheel) disappears in what is measured.
runtime::simulated::Weather near_by();

/// One whole run, HTTP client included, against a server whose behaviour is known from arithmetic.
class ProofRun {
 public:
  explicit ProofRun(std::uint64_t seed, const runtime::simulated::Weather& weather = near_by());
  ProofRun(const ProofRun&) = delete;
  ProofRun& operator=(const ProofRun&) = delete;

  /// Where servers live; never held up.
  [[nodiscard]] runtime::Reactor& host() noexcept { return host_; }
  [[nodiscard]] runtime::simulated::World& world() noexcept { return world_; }
  [[nodiscard]] runtime::Reactor& control() noexcept { return control_; }
  [[nodiscard]] runtime::Reactor& shard() noexcept { return *shards_.front(); }
  [[nodiscard]] engine::RunSettings& settings() noexcept { return settings_; }

  /// Runs it to its end. Fails the test when the accounts did not add up at any second.
  engine::RunSummary run(engine::Scenario scenario);
  /// Ends `server`, and everything that is under way.
  void close(http::Server& server);
  /// The same for anything with a `stop(grace)`.
  void close(const std::function<runtime::Co<void>()>& stop);

 private:
  runtime::simulated::World world_;
  runtime::Reactor& control_;
  runtime::Reactor& host_;
  std::vector<runtime::Reactor*> shards_;
  engine::RunSettings settings_;
};

/// GET / of the server at `at` under `load`, in the load language.
engine::Scenario get_scenario(std::string_view load, const runtime::Address& at, http::ClientSettings client = {});

}  // namespace vajrapulse::proofs
