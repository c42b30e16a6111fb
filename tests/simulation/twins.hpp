#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "trial.hpp"

namespace vajrapulse::simulation {

/// What is asked of the target, and how long the target takes.
struct Scene {
  std::string load = "static 1000/s 4s";
  enum class Service : std::uint8_t { constant, exponential, two_kinds } service = Service::constant;
  Duration mean = std::chrono::milliseconds(10);
  std::size_t slots = 0;  ///< requests that the target serves at once, the others in line; 0: as many as come
  /// The target holds all its answers for `stall`, every 500 ms.
  Duration stall{};
  std::uint64_t max_in_flight = 10'000;
  engine::OnLimit on_limit = engine::OnLimit::queue;
  bool keep_alive = true;
  std::size_t connections = 0;  ///< no more than these; 0: as many as are needed
  Duration timeout{};           ///< of a request, the wait for a connection included; 0: none
};

/// What is done to the generator, arranged before its run.
using Disturbance = std::function<void(Trial&)>;

/// The shard is deaf for `lasting` every so often, and the probe of the host says so.
Disturbance freezes(Duration every, Duration lasting);
/// As a quota of the processor does it: the shard may run for the first `given` of each `period`, then it is deaf
/// until the next.
Disturbance quota(Duration period, Duration given);
/// Something on the shard computes for `lasting` every so often, without waiting.
Disturbance computing(Duration every, Duration lasting);
/// Every event takes the shard this much longer.
Disturbance burden(Duration each_event);
/// Connects to the target fail for want of `kind`, from `after` on.
Disturbance shortage(ErrorKind kind, Duration after, Duration lasting);
/// The machine's calendar is set.
Disturbance calendar(Duration after, Duration by);

/// What one run showed.
struct Seen {
  std::array<std::int64_t, 3> response{};  ///< p50, p90, p99
  engine::RunSummary summary;
};

/// The run of `seed`, disturbed.
Seen see(const Scene& scene, const Disturbance& disturbance, std::uint64_t seed);

/// The same seed, undisturbed and disturbed: what the disturbance did to the answer is known.
struct Twins {
  Seen alone;
  Seen disturbed;

  /// Of p50, p90 and p99: the part of the response time that the undisturbed twin has not.
  [[nodiscard]] std::array<double, 3> share() const;
  /// How bad that is by the thresholds, each times `factor`.
  [[nodiscard]] engine::VerdictStatus truth(double factor) const;
  [[nodiscard]] std::string text() const;
};
Twins twins(const Scene& scene, const Disturbance& disturbance, std::uint64_t seed);

}  // namespace vajrapulse::simulation
