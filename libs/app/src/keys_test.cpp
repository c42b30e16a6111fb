#include "keys.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::app {
namespace {

using engine::Control;
using engine::ControlState;
using Action = Control::Action;

TEST(Keys, PauseAndResumeAreOneKey) {
  for (const char key : {'p', ' '}) {
    EXPECT_EQ(control_of(key, {}, LevelKeys::rate)->action, Action::pause);
    EXPECT_EQ(control_of(key, {.paused = true}, LevelKeys::rate)->action, Action::resume);
  }
}

TEST(Keys, PlusAndMinusScaleTheRateByATenth) {
  EXPECT_EQ(control_of('+', {}, LevelKeys::rate)->action, Action::rate_scale);
  EXPECT_EQ(control_of('+', {}, LevelKeys::rate)->value, 1.1);
  EXPECT_EQ(control_of('=', {.scale = 1.1}, LevelKeys::rate)->value, 1.21);
  EXPECT_EQ(control_of('-', {}, LevelKeys::rate)->value, 0.909091);
  EXPECT_EQ(control_of('+', {.held = 500}, LevelKeys::rate)->action, Action::rate_hold);
  EXPECT_EQ(control_of('+', {.held = 500}, LevelKeys::rate)->value, 550);
}

TEST(Keys, AsManyUpsAsDownsLeadBack) {
  ControlState state;
  for (const char* keys : {"+-", "-+", "+++---", "--++"}) {
    std::optional<Control> last;
    for (const char* key = keys; *key != '\0'; ++key) {
      last = control_of(*key, state, LevelKeys::rate);
      state.scale = last->action == Action::rate_auto ? 1 : last->value;
    }
    EXPECT_EQ(last->action, Action::rate_auto) << keys;
  }
}

TEST(Keys, PlusAndMinusChangeUsersByATenthAndByOneAtLeast) {
  const auto users = [](char key, std::uint64_t now) {
    const auto control = control_of(key, {}, LevelKeys::users, now);
    EXPECT_EQ(control->action, Action::users_hold);
    return control->value;
  };
  EXPECT_EQ(users('+', 64), 70);
  EXPECT_EQ(users('-', 64), 58);
  EXPECT_EQ(users('+', 1), 2);
  EXPECT_EQ(users('-', 2), 1);
  EXPECT_FALSE(control_of('-', {}, LevelKeys::users, 1)) << "the last one stays";
  EXPECT_EQ(users('+', 10'000'000), 10'000'000);
  EXPECT_EQ(control_of('0', {.users = 70}, LevelKeys::users, 70)->action, Action::users_auto);
}

TEST(Keys, AnAdaptiveLoadHasNoRateToChange) {
  Load open{.model = engine::OpenModel{}};
  Load adaptive{.model = engine::OpenModel{}};
  adaptive.adaptive.emplace();
  const Load closed{.model = engine::ClosedModel{.users = 50}};
  EXPECT_EQ(level_keys(make_job("", {}, open)), LevelKeys::rate);
  EXPECT_EQ(level_keys(make_job("", {}, adaptive)), LevelKeys::none);
  EXPECT_EQ(level_keys(make_job("", {}, closed)), LevelKeys::users);
  for (const char key : {'+', '=', '-', '_', '0'})
    EXPECT_FALSE(control_of(key, {}, LevelKeys::none)) << key;
  EXPECT_EQ(control_of('p', {}, LevelKeys::none)->action, Action::pause);
  EXPECT_EQ(control_of('q', {}, LevelKeys::none)->action, Action::stop);
}

TEST(Keys, OthersMeanNothing) {
  EXPECT_EQ(control_of('q', {}, LevelKeys::rate)->action, Action::stop);
  EXPECT_EQ(control_of('s', {}, LevelKeys::none)->action, Action::stop);
  EXPECT_EQ(control_of('0', {.scale = 2}, LevelKeys::rate)->action, Action::rate_auto);
  for (const char key : {'x', '\n', '1', '\0', '\xff'})
    EXPECT_FALSE(control_of(key, {}, LevelKeys::rate)) << int(key);
}

}  // namespace
}  // namespace vajrapulse::app
