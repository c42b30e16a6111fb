#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "choices.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/engine/recorded_pattern.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;

/// One load of the language that has a length of its own; about 20 arrivals in the mean.
std::string choose_part(Dice& dice) {
  const std::uint64_t rate = dice.between(1, 300);
  const std::uint64_t other = dice.between(0, 400);
  const std::uint64_t ms = dice.between(20, 250);
  switch (dice.between(0, 5)) {
    case 0: return fmt::format("ramp {}..{}/s {}ms", rate, other, ms);
    case 1: return fmt::format("step {}/s {}ms {}/s {}ms", rate, ms, other + 1, ms / 2);
    case 2: return fmt::format("sine {}/s ± {} period {}ms for {}ms", rate, other % (rate + 1), ms / 2, ms + 13);
    case 3: return fmt::format("spike {}/s to {}/s every {}ms for {}ms, {}ms", rate, other, ms / 2, ms / 8, ms);
    case 4: return fmt::format("spike {}/s to {}/s {}ms", other, rate, ms);
    default: return fmt::format("static {}.{}/s {}ms", rate, other, ms);
  }
}

std::string choose_sequence(Dice& dice) {
  std::string text = choose_part(dice);
  for (std::uint64_t more = dice.between(0, 2); more > 0; --more)
    text += dice.once_in(4) ? fmt::format(", hold {}ms", dice.between(1, 80)) : ", " + choose_part(dice);
  return text;
}

std::string choose_text(Dice& dice) {
  std::string text = choose_sequence(dice);
  if (dice.once_in(4)) text += " + " + choose_sequence(dice);
  return text;
}

/// What somebody recorded: gaps of any kind, bursts among them.
std::shared_ptr<const engine::LoadPattern> choose_recording(Dice& dice) {
  engine::RecordedArrivals recorded{.starts = {}, .name = "recording"};
  Duration at{};
  for (std::uint64_t left = dice.between(1, 60); left > 0; --left) {
    if (!dice.once_in(4)) at += dice.micros(0, 15'000);
    recorded.starts.push_back(at);
  }
  recorded.length = at + dice.micros(1, 20'000);
  recorded.speed_millionths = std::int64_t(dice.between(500'000, 3'000'000));
  if (dice.once_in(3)) recorded.repeat = engine::RecordedArrivals::Repeat::for_ever;
  return engine::recorded_pattern(std::move(recorded)).value();
}

engine::OpenModel choose_open(Dice& dice) {
  engine::OpenModel model;
  if (dice.once_in(5)) {
    model.pattern = choose_recording(dice);
  } else {
    model.pattern = engine::parse_load(choose_text(dice)).value();
  }
  if (dice.once_in(2)) model.arrivals = engine::ArrivalKind::poisson;
  if (dice.once_in(2)) model.max_in_flight = dice.between(1, 20);
  if (dice.once_in(3)) model.on_limit = engine::OnLimit::drop;
  if (dice.once_in(5)) model.slack = dice.micros(1, 5'000);
  dice.say("load", "\"" + model.pattern->text() + "\"");
  dice.say("poisson", model.arrivals == engine::ArrivalKind::poisson ? 1 : 0);
  dice.say("limit", model.max_in_flight);
  dice.say("slack", model.slack);
  dice.say("drop", model.on_limit == engine::OnLimit::drop ? 1 : 0);
  return model;
}

engine::ClosedModel choose_closed(Dice& dice) {
  engine::ClosedModel model;
  model.users = dice.between(1, 12);
  if (dice.once_in(2)) {
    model.pacing = dice.micros(5'000, 80'000);
  } else if (dice.once_in(2)) {
    model.think.least = dice.micros(0, 10'000);
    model.think.most = model.think.least + dice.micros(0, 30'000);
  }
  if (dice.once_in(3)) model.ramp = engine::ClosedModel::Ramp{dice.between(0, 12), dice.micros(1, 300'000)};
  dice.say("users", "\"" + engine::describe(model) + "\"");
  return model;
}

}  // namespace

engine::Scenario choose_scenario(Dice& dice, NamedTask work) {
  engine::Scenario scenario{.name = "steady", .task = std::move(work), .load = engine::ClosedModel{}, .iterations = {}};
  scenario.duration = dice.micros(100'000, 500'000);
  bool bounded = true;
  if (dice.once_in(4)) {
    const auto model = choose_closed(dice);
    bounded = model.pacing > Duration::zero();
    scenario.load = model;
  } else {
    auto model = choose_open(dice);
    if (const auto length = model.pattern->length(); length && !dice.once_in(4)) scenario.duration = *length;
    scenario.load = std::move(model);
  }
  if (dice.once_in(3)) scenario.warmup = dice.micros(1, 150'000);
  // Users without pacing against what is refused at once would be all there is to see.
  if (!bounded || dice.once_in(4)) scenario.iterations = dice.between(1, 150);
  if (!scenario.iterations && dice.once_in(4)) scenario.cooldown = dice.micros(1, 200'000);
  scenario.drain_timeout = dice.micros(0, dice.once_in(3) ? 5'000 : 150'000);
  scenario.force_timeout = 500ms;
  dice.say("duration", scenario.duration);
  dice.say("warmup", scenario.warmup);
  dice.say("cooldown", scenario.cooldown);
  dice.say("iterations", scenario.iterations.value_or(0));
  dice.say("drain", scenario.drain_timeout);
  return scenario;
}

}  // namespace vajrapulse::simulation
