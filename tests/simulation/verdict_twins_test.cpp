#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "twins.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using Service = Scene::Service;

Disturbance freezes(Duration every, Duration lasting) {
  return {.arrange = [=](Trial& trial) {
    for (Duration at = every / 2; at < 4s; at += every)
      trial.freeze_shard(0, at, lasting);
  }};
}
Disturbance burden(Duration each) {
  return {.arrange = [=](Trial& trial) { trial.world().burden(*trial.shards()[0], each); }};
}

TEST(Calibrate, All) {
  for (const Service service : {Service::constant, Service::exponential, Service::two_kinds})
    for (const Duration mean : {Duration(2ms), Duration(20ms), Duration(200ms)}) {
      const Scene scene{.service = service, .mean = mean};
      std::cout << "== service " << int(service) << " mean " << to_ns(mean) / 1000000 << "\n";
      for (const Duration every : {Duration(10ms), Duration(100ms), Duration(500ms)})
        for (const double part : {0.002, 0.01, 0.03, 0.1, 0.3, 0.8}) {
          const auto t = twins(scene, freezes(every, Duration(std::int64_t(double(to_ns(every)) * part))), 1);
          std::cout << "freeze " << part << " of " << to_ns(every) / 1000000 << ": " << t.text() << "\n";
        }
      for (const int us : {1, 10, 50, 100, 150, 200, 240, 300}) {
        const auto t = twins(scene, burden(std::chrono::microseconds(us)), 1);
        std::cout << "burden " << us << ": " << t.text() << " busy " << t.disturbed.summary.generator.busiest_shard << "\n";
      }
      for (const std::uint64_t every : {50U, 500U})
        for (const int ms : {1, 5, 20, 40}) {
          const auto t = twins(scene, {.compute = std::chrono::milliseconds(ms), .compute_every = every}, 1);
          std::cout << "compute " << ms << " ms every " << every << ": " << t.text() << "\n";
        }
    }
}

}  // namespace
}  // namespace vajrapulse::simulation
