#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../integration/shard_run.hpp"
#include "trial.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/http/client_settings.hpp"

namespace vajrapulse::proofs {

/// What a request of the run looks like.
struct Target {
  std::string origin;  ///< "http://127.0.0.1:8080"
  http::ClientSettings client;
  std::size_t users = 0;  ///< user n asks for /n; 0: everybody asks for /
};

/// What the task itself saw.
struct Answers {
  struct Answered {
    TimePoint intended;
    TimePoint at;
  };
  TimePoint origin;           ///< the intended start of iteration 0 of what is measured: the zero of the arithmetic
  std::vector<Answered> all;  ///< of runs on one shard, warm-up included
};

/// Asks `target`, and keeps what it saw.
NamedTask asking(Target target, std::shared_ptr<Answers> answers);

/// What the shards of a run waited for a processor.
Duration waited(const engine::RunSummary& summary);

/// One run on `shards` shards of their own thread. Whatever the accounts say wrong is in the trial.
std::optional<engine::RunSummary> observed(Trial& trial, engine::Scenario scenario, runtime::IoKind io,
                                           std::size_t shards = 1);

}  // namespace vajrapulse::proofs
