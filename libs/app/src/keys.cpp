#include "keys.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace vajrapulse::app {
namespace {

using engine::Control;

constexpr double kStep = 1.1;

/// As many ups as downs lead back to where it was.
Control rate(const engine::ControlState& state, double step) {
  const auto rounded = [](double value) { return std::round(value * 1e6) / 1e6; };
  if (state.held) return Control::rate_hold(rounded(*state.held * step));
  const double scale = rounded(state.scale * step);
  return std::abs(scale - 1) < 1e-5 ? Control::rate_auto() : Control::rate_scale(scale);
}

Control users(std::uint64_t now, bool more) {
  const std::uint64_t step = std::max<std::uint64_t>(now / 10, 1);
  return Control::users(more ? now + step : std::max<std::uint64_t>(now - step, 1));
}

Control change(const engine::ControlState& state, const decltype(engine::Scenario::load)& load, bool more) {
  if (const auto* closed = std::get_if<engine::ClosedModel>(&load))
    return users(state.users.value_or(closed->users), more);
  return rate(state, more ? kStep : 1 / kStep);
}

}  // namespace

std::optional<Control> control_of(char key, const engine::ControlState& state,
                                  const decltype(engine::Scenario::load)& load) {
  switch (key) {
    case 'p':
    case ' ': return state.paused ? Control::resume() : Control::pause();
    case '+':
    case '=': return change(state, load, true);
    case '-':
    case '_': return change(state, load, false);
    case '0':
      if (const auto* closed = std::get_if<engine::ClosedModel>(&load)) return Control::users(closed->users);
      return Control::rate_auto();
    case 's':
    case 'q': return Control::stop();
    default: return std::nullopt;
  }
}

std::string keys_text(const decltype(engine::Scenario::load)& load) {
  const bool open = std::holds_alternative<engine::OpenModel>(load);
  return std::string("p pause/resume · + - ") + (open ? "rate" : "users") + " · 0 as planned · q stop";
}

}  // namespace vajrapulse::app
