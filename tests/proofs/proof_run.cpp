#include "proof_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/http/http_task.hpp"

namespace vajrapulse::proofs {
namespace {

using runtime::Co;

Co<void> follow(engine::Run& run, std::optional<Expected<engine::RunSummary>>& into) {
  auto work = run.execute();
  into = co_await work;
}

Co<void> stop_and_say(std::function<Co<void>()> stop, bool& stopped) {
  Co<void> work = stop();
  co_await work;
  stopped = true;
}

}  // namespace

runtime::simulated::Weather near_by() {
  runtime::simulated::Weather weather;
  weather.latency_min = weather.latency_max = std::chrono::nanoseconds(100);
  return weather;
}

ProofRun::ProofRun(std::uint64_t seed, const runtime::simulated::Weather& weather)
    : world_(seed, weather), control_(world_.reactor("control")), host_(world_.reactor("host")) {
  shards_.push_back(&world_.reactor("shard"));
  settings_.seed = seed;
  settings_.fail_fast = false;
}

engine::RunSummary ProofRun::run(engine::Scenario scenario) {
  faults::Auditor auditor;
  settings_.observers = {&auditor};
  engine::Run run(settings_, std::move(scenario), control_, shards_);
  std::optional<Expected<engine::RunSummary>> outcome;
  control_.post([&] { runtime::spawn(follow(run, outcome)); });
  EXPECT_TRUE(world_.run_until([&] { return outcome.has_value(); }));
  EXPECT_TRUE(outcome && outcome->has_value());
  if (!outcome || !*outcome) return {};
  auditor.close(**outcome);
  EXPECT_THAT(auditor.violations(), testing::IsEmpty());
  return std::move(**outcome);
}

void ProofRun::close(const std::function<Co<void>()>& stop) {
  bool stopped = false;
  runtime::spawn(stop_and_say(stop, stopped));
  EXPECT_TRUE(world_.run_until([&] { return stopped; }));
  world_.run();
}

void ProofRun::close(http::Server& server) {
  close([&server] { return server.stop(std::chrono::seconds(1)); });
}

engine::Scenario get_scenario(std::string_view load, const runtime::Address& at, http::ClientSettings client) {
  engine::OpenModel model;
  model.pattern = engine::parse_load(load).value();
  std::vector<http::Request> requests{{.url = "http://" + at.text() + "/"}};
  return {.name = "proof",
          .task = task<http::HttpTask>("get", std::move(client), std::move(requests)),
          .load = std::move(model),
          .iterations = {}};
}

}  // namespace vajrapulse::proofs
