#include "carrier.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "generator.hpp"
#include "keyboard.hpp"
#include "vajrapulse/engine/adaptive_load.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::app {
namespace {

/// The run on the control thread's reactor: starts it, turns until it ended, passes signals on.
class Conductor {
 public:
  Conductor(runtime::Reactor& control, Signals* signals) : control_(control), signals_(signals) {}

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
    if (signals_)
      signals_->watch(control_, [this, &run](int number) {
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
    if (signals_) signals_->forget();
    keyboard_.forget();
    control_.stop();
  }
  runtime::Reactor& control_;
  Signals* signals_;
  Keyboard keyboard_;
  std::function<void(engine::Run&, char)> on_key_;
  int signal_ = 0;
  Expected<engine::RunSummary> outcome_ = fail(kCancelled, "the run did not start");
};

engine::RunSettings settings_of(const Carrier& carrier, const Job& job, const CarrySettings& given) {
  engine::RunSettings settings{
      .name = job.name, .version = VAJRAPULSE_VERSION, .seed = given.seed.value_or(job.seed.value_or(fresh_seed()))};
  settings.strict = given.strict;
  settings.observers = given.observers;
  settings.observers.insert(settings.observers.end(), job.observers.begin(), job.observers.end());
  settings.warnings = job.notes;
  if (const std::string& why = carrier.shards->why_not_io_uring(); !why.empty())
    settings.warnings.push_back("epoll is used: io_uring is not available here (" + why + ")");
  settings.host = carrier.host.get();
  return settings;
}

/// The rate that follows the target, where the job has one; it follows the run.
std::unique_ptr<engine::AdaptiveLoad> make_adaptive_load(const Job& job, engine::RunSettings& settings) {
  if (!job.adaptive) return nullptr;
  auto adaptive =
      std::make_unique<engine::AdaptiveLoad>(*job.adaptive, [seen_by = settings.observers](const std::string& line) {
        for (engine::RunObserver* observer : seen_by)
          observer->on_message(line);
      });
  settings.interval = std::min(settings.interval, job.adaptive->ramp_interval);
  settings.observers.push_back(adaptive.get());
  return adaptive;
}

}  // namespace

Expected<Carrier> Carrier::start(const Job& job, std::optional<std::size_t> shards, runtime::IoKind io) {
  raise_descriptor_limit();
  auto control = runtime::make_reactor(runtime::IoKind::epoll);
  if (!control) return std::unexpected(control.error());
  const std::size_t by_need = std::min(choose_shards(job.scenarios, processors()), job.most_shards);
  auto threads = ShardThreads::start(shards.value_or(job.shards.value_or(by_need)), io);
  if (!threads) return std::unexpected(threads.error());
  return Carrier{std::move(control->reactor), engine::make_host_probe(), std::move(*threads)};
}

Carried carry(Carrier& carrier, const Job& job, const CarrySettings& given) {
  engine::RunSettings settings = settings_of(carrier, job, given);
  const auto adaptive = make_adaptive_load(job, settings);
  Conductor conductor(*carrier.control, given.signals);
  if (given.keys) conductor.take_keys(*given.keys, given.observers);
  Expected<engine::RunSummary> summary = fail(kCancelled, "");
  {
    engine::Run run(std::move(settings), job.scenarios, *carrier.control, carrier.shards->reactors());
    summary = conductor.conduct(run);
  }
  if (summary && adaptive) {
    adaptive->publish(summary->metrics, summary->run.duration_s);
    summary->run.load_text = job.load_text;
  }
  if (summary && job.judge) job.judge(*summary);
  return {std::move(summary), conductor.signal()};
}

}  // namespace vajrapulse::app
