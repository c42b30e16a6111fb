#include "vajrapulse/app/run.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "adaptive.hpp"
#include "generator.hpp"
#include "keyboard.hpp"
#include "keys.hpp"
#include "outputs.hpp"
#include "shard_threads.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/signals.hpp"
#include "vajrapulse/engine/adaptive_load.hpp"
#include "vajrapulse/engine/host_probe.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::app {
namespace {

/// The run on the control thread's reactor: starts it, turns until it ended, passes signals on.
class Conductor {
 public:
  Conductor(runtime::Reactor& control, Signals& signals) : control_(control), signals_(signals) {}

  /// What somebody presses on the keyboard goes to the run; what is refused is told to `observers`.
  void take_keys(LevelKeys level, std::vector<engine::RunObserver*> observers) {
    on_key_ = [level, observers = std::move(observers)](engine::Run& run, char key) {
      const auto wanted = control_of(key, run.control_state(), level, run.users());
      if (!wanted) return;
      const auto when = run.control(*wanted);
      if (when) return;
      for (engine::RunObserver* observer : observers)
        observer->on_message(when.error().text());
    };
  }

  Expected<engine::RunSummary> conduct(engine::Run& run) {
    if (on_key_) keyboard_.watch(control_, [this, &run](char key) { on_key_(run, key); });
    signals_.watch(control_, [this, &run](int number) {
      signal_ = number;
      run.stop();
    });
    runtime::spawn(follow(run));
    control_.run();
    return std::move(outcome_);
  }
  /// The last signal that asked for the end; 0 when none did.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  runtime::Co<void> follow(engine::Run& run) {
    auto whole = run.execute();
    outcome_ = co_await whole;
    signals_.forget();
    keyboard_.forget();
    control_.stop();
  }
  runtime::Reactor& control_;
  Signals& signals_;
  Keyboard keyboard_;
  std::function<void(engine::Run&, char)> on_key_;
  int signal_ = 0;
  Expected<engine::RunSummary> outcome_ = fail(kCancelled, "the run did not start");
};

}  // namespace

int run(const RunOptions& options, Job job) {
  auto kind = io_kind(options.io);
  if (!kind) return complain(kind.error());
  if (auto status = check_shards(options.shards, job.most_shards, job.most_shards_why); !status)
    return complain(status.error());
  auto outputs = Outputs::make(options, job);
  if (!outputs) return complain(outputs.error());

  raise_descriptor_limit();
  Signals signals;
  auto control = runtime::make_reactor(runtime::IoKind::epoll);
  if (!control) return complain(control.error(), 1);
  const std::size_t by_need = std::min(choose_shards(job.scenarios, processors()), job.most_shards);
  auto shards = ShardThreads::start(options.shards.value_or(job.shards.value_or(by_need)), *kind);
  if (!shards) return complain(shards.error(), *kind == runtime::IoKind::automatic ? 1 : 2);

  engine::RunSettings settings{
      .name = job.name, .version = VAJRAPULSE_VERSION, .seed = options.seed.value_or(job.seed.value_or(fresh_seed()))};
  settings.strict = options.strict;
  settings.observers = (*outputs)->observers();
  settings.observers.insert(settings.observers.end(), job.observers.begin(), job.observers.end());
  settings.warnings = job.notes;
  if (const std::string& why = (*shards)->why_not_io_uring(); !why.empty())
    settings.warnings.push_back("epoll is used: io_uring is not available here (" + why + ")");
  const auto host = engine::make_host_probe();
  settings.host = host.get();

  std::unique_ptr<engine::AdaptiveLoad> adaptive;
  if (job.adaptive) {
    adaptive =
        std::make_unique<engine::AdaptiveLoad>(*job.adaptive, [seen_by = settings.observers](const std::string& line) {
          for (engine::RunObserver* observer : seen_by)
            observer->on_message(line);
        });
    settings.interval = std::min(settings.interval, job.adaptive->ramp_interval);
    settings.observers.push_back(adaptive.get());
  }
  Conductor conductor(*control->reactor, signals);
  if ((*outputs)->takes_keys()) conductor.take_keys(level_keys(job), (*outputs)->observers());
  Expected<engine::RunSummary> summary = fail(kCancelled, "");
  const auto finish = [&] {
    if (job.judge) job.judge(*summary);
    if (conductor.signal() != 0) summary->exit_code = 128 + conductor.signal();
    signals.release();
    return (*outputs)->finish(*summary);
  };
  {
    engine::Run run(std::move(settings), job.scenarios, *control->reactor, (*shards)->reactors());
    summary = conductor.conduct(run);
    if (summary && adaptive) {
      adaptive->publish(summary->metrics, summary->run.duration_s);
      summary->run.load_text = job.load_text;
    }
  }
  if (summary && summary->abandoned) {  // what still runs on pool threads may yet speak to its shard
    const int exit_code = finish();
    std::fflush(nullptr);
    std::_Exit(exit_code);
  }
  shards->reset();
  if (!summary) return complain(summary.error(), summary.error().kind == kUsage ? 2 : 1);
  return finish();
}

}  // namespace vajrapulse::app
