#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/metrics/recorder.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/plan/steps.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::plan::test {

/// An iteration in a simulated world, for steps and templates to run in: the 18th (k = 17) of scenario "steady".
struct Stage {
  explicit Stage(std::uint64_t seed = 1, std::uint64_t index = 17)
      : world(seed),
        reactor(world.reactor()),
        recorder(registry, reactor.now()),
        random(seed),
        scope(reactor, recorder, cancellation, random),
        iteration(scope, {"steady", "buy", index, reactor.now(), 3}),
        moment(iteration) {}

  void renew() { moment.renew(iteration, vocabulary, 2); }
  [[nodiscard]] double seconds() const { return double((reactor.now() - began).count()) / 1e9; }

  runtime::simulated::World world;
  runtime::Reactor& reactor;
  metrics::Registry registry;
  metrics::Recorder recorder;
  runtime::Cancellation cancellation;
  Random random;
  Scope scope;
  Iteration iteration;
  Vocabulary vocabulary;
  Moment moment;
  TimePoint began = reactor.now();
};

}  // namespace vajrapulse::plan::test
