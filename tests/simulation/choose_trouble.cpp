#include "choices.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using engine::Control;

/// What ends a run that was paused and never resumed.
constexpr Duration kLongest = 3s;

Control choose_control(Dice& dice, bool open_model) {
  const std::uint64_t which = dice.between(0, open_model ? 9 : 7);
  const double value = double(dice.between(1, 4'000));
  switch (which) {
    case 0:
    case 1: return Control::pause();
    case 2:
    case 3:
    case 4: return Control::resume();
    case 5: return dice.once_in(3) ? Control::stop() : Control::resume();
    case 6: return open_model ? Control::rate_scale(value / 1000) : Control::users(dice.between(0, 15));
    case 7:
      if (!open_model) return Control::users_auto();
      [[fallthrough]];
    case 8: return Control::rate_hold(value / 10);
    default: return Control::rate_auto();
  }
}

void choose_controls(Dice& dice, Trial& trial, bool open_model) {
  const std::uint64_t count = dice.between(1, 5);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Duration after = dice.micros(0, 500'000);
    Control control = choose_control(dice, open_model);
    if (dice.once_in(4)) control.lead = dice.micros(0, 100'000);
    dice.say(engine::describe(control), after);
    trial.control_run(after, control);
  }
  trial.stop_run(kLongest);
}

}  // namespace

Trouble choose_trouble(Dice& dice, Trial& trial, bool open_model) {
  Trouble trouble;
  if (dice.once_in(3)) {
    trouble.frozen = true;
    const std::size_t shard = dice.between(0, 3);
    const Duration after = dice.micros(0, 600'000);
    const Duration duration = dice.micros(1'000, 250'000);
    dice.say("frozen", after);
    dice.say("for", duration);
    trial.freeze_shard(shard, after, duration);
  }
  if (dice.once_in(3)) {
    trouble.controlled = true;
    choose_controls(dice, trial, open_model);
  }
  if (dice.once_in(10)) {
    const Duration after = dice.micros(0, 600'000);
    dice.say("stopped", after);
    trial.stop_run(after);
    if (dice.once_in(2)) trial.stop_run(after + dice.micros(0, 100'000));
  }
  return trouble;
}

}  // namespace vajrapulse::simulation
