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
  std::uint64_t max_in_flight = 10'000;
  engine::OnLimit on_limit = engine::OnLimit::queue;
  bool keep_alive = true;
};

/// What is done to the generator, in the simulated world, before the run; and to its task.
struct Disturbance {
  std::function<void(Trial&)> arrange = [](Trial&) {};
  /// Every `compute_every`-th iteration computes for this long without waiting.
  Duration compute{};
  std::uint64_t compute_every = 1;
};

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
