#include "vajrapulse/engine/control.hpp"

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {

std::string describe(const ControlState& state) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (state.stopped) add("STOPPED");
  if (state.paused && !state.stopped) add("PAUSED");
  if (state.held) {
    add(fmt::format("held {}/s", *state.held));
  } else if (state.scale != 1) {
    add(fmt::format("rate ×{:.4g}", state.scale));
  }
  if (state.users) add(format_count(*state.users) + (*state.users == 1 ? " user" : " users"));
  return text;
}

std::string describe(const Control& control) {
  switch (control.action) {
    case Control::Action::pause: return "pause";
    case Control::Action::resume: return "resume";
    case Control::Action::rate_scale: return fmt::format("rate x{:.6g}", control.value);
    case Control::Action::rate_hold: return fmt::format("rate {:.10g}/s", control.value);
    case Control::Action::rate_auto: return "rate auto";
    case Control::Action::users_hold: return fmt::format("users {:.10g}", control.value);
    case Control::Action::users_auto: return "users auto";
    case Control::Action::stop: return "stop";
  }
  return "";
}

}  // namespace vajrapulse::engine
