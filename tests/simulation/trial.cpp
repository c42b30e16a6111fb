#include "trial.hpp"

#include <algorithm>
#include <utility>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::simulation {
namespace {

using runtime::Co;
using runtime::Reactor;
using runtime::simulated::World;

/// More events than any of these runs needs: a room that gets here stands still, however busily.
constexpr std::uint64_t kStuck = 5'000'000;

Co<void> follow(engine::Run& run, std::optional<Expected<engine::RunSummary>>& into) {
  Co<Expected<engine::RunSummary>> work = run.execute();
  into = co_await work;
}

Co<void> freeze_later(World& world, Reactor& control, Reactor& shard, Duration after, Duration duration) {
  co_await control.sleep_for(after);
  world.freeze(shard, duration);
}

Co<void> stop_later(Reactor& control, std::unique_ptr<engine::Run>& run, Duration after) {
  co_await control.sleep_for(after);
  if (run) run->stop();
}

Co<void> control_later(Reactor& control, std::unique_ptr<engine::Run>& run, Duration after, engine::Control what) {
  co_await control.sleep_for(after);
  if (run) (void)run->control(what);
}

Co<void> part_later(World& world, Reactor& control, runtime::Address at, Duration after, Duration duration) {
  co_await control.sleep_for(after);
  world.break_address(at, runtime::kConnectTimeout);
  co_await control.sleep_for(duration);
  world.break_address(at, kNoError);
}

}  // namespace

Trial::Trial(std::uint64_t seed, const runtime::simulated::Weather& weather, std::size_t shards)
    : world_(seed, weather), control_(&world_.reactor("control")), host_(&world_.reactor("host")) {
  settings_.name = "simulated";
  settings_.seed = seed;
  settings_.fail_fast = false;
  settings_.observers = {&auditor_};
  for (std::size_t i = 0; i < shards; ++i)
    shards_.push_back(&world_.reactor());
}

Trial::~Trial() { empty_room(); }

/// Of the process: to make them takes longer than most runs.
const faults::Certificates& Trial::certificates() {
  static const faults::Certificates certificates;
  return certificates;
}

faults::FaultServer& Trial::serve(const runtime::Address& at, const faults::Script& script) {
  auto server = faults::FaultServer::start(*host_, at, certificates(), script);
  return *servers_.emplace_back(std::move(server.value()));
}

void Trial::freeze_shard(std::size_t index, Duration after, Duration duration) {
  runtime::spawn(freeze_later(world_, *control_, *shards_[index % shards_.size()], after, duration));
}

void Trial::part_from(const runtime::Address& at, Duration after, Duration duration) {
  runtime::spawn(part_later(world_, *control_, at, after, duration));
}

void Trial::control_run(Duration after, const engine::Control& control) {
  runtime::spawn(control_later(*control_, run_, after, control));
}

void Trial::stop_run(Duration after) { runtime::spawn(stop_later(*control_, run_, after)); }

std::optional<engine::RunSummary> Trial::run(engine::Scenario scenario) {
  run_ = std::make_unique<engine::Run>(settings_, std::move(scenario), *control_, shards_);
  control_->post([this] { runtime::spawn(follow(*run_, outcome_)); });
  if (!run_until_outcome()) return std::nullopt;
  abandoned_ = *outcome_ && (*outcome_)->abandoned;
  empty_room();
  if (!*outcome_) {
    auditor_.complain("the run ended in an error: " + outcome_->error().text());
    return std::nullopt;
  }
  auditor_.close(**outcome_);
  return std::move(**outcome_);
}

bool Trial::run_until_outcome() {
  std::uint64_t steps = 0;
  const bool dry = !world_.run_until([&] { return outcome_ || ++steps > kStuck; });
  if (outcome_) return true;
  auditor_.complain(dry ? "the world ran dry before the run ended" : "the world is stuck: events without end");
  return false;
}

void Trial::empty_room() {
  run_.reset();
  for (auto& server : servers_)
    server->stop();
  come_to_rest();
  const auto ended = [](const auto& server) { return server->ended(); };
  if (!std::all_of(servers_.begin(), servers_.end(), ended)) auditor_.complain("a server still has connections");
  for (const auto& server : servers_)
    counts_ += server->counts();
  servers_.clear();
  come_to_rest();
  if (!abandoned_ && world_.connections() > 0) auditor_.complain("a connection was never closed");
}

void Trial::come_to_rest() {
  std::uint64_t steps = 0;
  world_.run_until([&] { return ++steps > kStuck; });
  if (steps > kStuck) auditor_.complain("the room does not come to rest after the run");
}

}  // namespace vajrapulse::simulation
