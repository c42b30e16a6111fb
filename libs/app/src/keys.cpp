#include "keys.hpp"

#include <algorithm>
#include <cmath>

namespace vajrapulse::app {
namespace {

using engine::Control;

constexpr double kStep = 1.1;

/// As many ups as downs lead back to where it was.
Control changed(const engine::ControlState& state, double step) {
  const auto rounded = [](double value) { return std::round(value * 1e6) / 1e6; };
  if (state.held) return Control::rate_hold(rounded(*state.held * step));
  const double scale = rounded(state.scale * step);
  return std::abs(scale - 1) < 1e-5 ? Control::rate_auto() : Control::rate_scale(scale);
}

std::optional<Control> rate_of(char key, const engine::ControlState& state) {
  switch (key) {
    case '+':
    case '=': return changed(state, kStep);
    case '-':
    case '_': return changed(state, 1 / kStep);
    case '0': return Control::rate_auto();
    default: return std::nullopt;
  }
}

/// A tenth more or less, and one at least.
std::optional<Control> users_of(char key, std::uint64_t users) {
  const auto scaled = [&](double step) { return std::uint64_t(std::llround(double(users) * step)); };
  switch (key) {
    case '+':
    case '=': return Control::users(std::min(std::max(users + 1, scaled(kStep)), engine::kMostUsers));
    case '-':
    case '_':
      if (users <= 1) return std::nullopt;
      return Control::users(std::max<std::uint64_t>(std::min(users - 1, scaled(1 / kStep)), 1));
    case '0': return Control::users_auto();
    default: return std::nullopt;
  }
}

}  // namespace

LevelKeys level_keys(const Job& job) {
  if (job.adaptive) return LevelKeys::none;
  const auto closed = [](const engine::PlannedScenario& planned) {
    return std::holds_alternative<engine::ClosedModel>(planned.scenario.load);
  };
  if (std::ranges::all_of(job.scenarios, closed)) return LevelKeys::users;
  return std::ranges::any_of(job.scenarios, closed) ? LevelKeys::none : LevelKeys::rate;
}

std::optional<Control> control_of(char key, const engine::ControlState& state, LevelKeys level, std::uint64_t users) {
  switch (key) {
    case 'p':
    case ' ': return state.paused ? Control::resume() : Control::pause();
    case 's':
    case 'q': return Control::stop();
    default: break;
  }
  if (level == LevelKeys::rate) return rate_of(key, state);
  return level == LevelKeys::users ? users_of(key, state.users.value_or(users)) : std::nullopt;
}

std::string keys_text(LevelKeys level) {
  const std::string what = level == LevelKeys::rate    ? "+ - rate · 0 as planned · "
                           : level == LevelKeys::users ? "+ - users · 0 as planned · "
                                                       : "";
  return "p pause/resume · " + what + "q stop";
}

}  // namespace vajrapulse::app
