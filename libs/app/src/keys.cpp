#include "keys.hpp"

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

}  // namespace

RateKeys rate_keys(const Load& load) {
  return std::holds_alternative<engine::OpenModel>(load.model) && !load.adaptive ? RateKeys::on : RateKeys::off;
}

std::optional<Control> control_of(char key, const engine::ControlState& state, RateKeys rate) {
  switch (key) {
    case 'p':
    case ' ': return state.paused ? Control::resume() : Control::pause();
    case 's':
    case 'q': return Control::stop();
    default: return rate == RateKeys::on ? rate_of(key, state) : std::nullopt;
  }
}

std::string keys_text(RateKeys rate) {
  return std::string("p pause/resume · ") + (rate == RateKeys::on ? "+ - rate · 0 as planned · " : "") + "q stop";
}

}  // namespace vajrapulse::app
