#include "shard_run.hpp"

#include <utility>

#include "vajrapulse/engine/host_probe.hpp"

namespace vajrapulse::integration {
namespace {

using Outcome = std::optional<Expected<engine::RunSummary>>;

runtime::Co<void> follow(engine::Run& run, runtime::Reactor& control, Outcome& outcome) {
  auto work = run.execute();
  outcome = co_await work;
  control.stop();
}

}  // namespace

// Epoll for control, whatever the shards are on: as in the command.
ShardRun::ShardRun(runtime::IoKind shards_on, std::size_t shards)
    : control_(std::move(runtime::make_reactor(runtime::IoKind::epoll).value().reactor)) {
  for (std::size_t i = 0; i < shards; ++i)
    shards_.push_back(std::make_unique<ReactorThread>(shards_on));
}

ShardRun::~ShardRun() = default;

std::optional<engine::RunSummary> ShardRun::run(engine::Scenario scenario) {
  engine::RunSettings settings;
  settings.fail_fast = false;
  const auto host = engine::make_host_probe();
  settings.host = host.get();
  settings.observers = {&auditor_};
  std::vector<runtime::Reactor*> reactors;
  for (const auto& shard : shards_)
    reactors.push_back(&shard->reactor());
  run_ = std::make_unique<engine::Run>(settings, std::move(scenario), *control_, reactors);
  Outcome outcome;
  runtime::spawn(follow(*run_, *control_, outcome));
  control_->run();
  run_.reset();
  if (!*outcome) {
    auditor_.complain("the run ended in an error: " + outcome->error().text());
    return std::nullopt;
  }
  auditor_.close(**outcome);
  return std::move(**outcome);
}

void ShardRun::control(const engine::Control& control) {
  control_->post([this, control] {
    if (!run_) return;
    if (const auto when = run_->control(control); !when) auditor_.complain(when.error().text());
  });
}

void ShardRun::stop() {
  control_->post([this] {
    if (run_) run_->stop();
  });
}

}  // namespace vajrapulse::integration
