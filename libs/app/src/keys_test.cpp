#include "keys.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::app {
namespace {

using engine::Control;
using engine::ControlState;
using Action = Control::Action;

const decltype(engine::Scenario::load) kOpen = engine::OpenModel{};
const decltype(engine::Scenario::load) kClosed = engine::ClosedModel{.users = 50};

TEST(Keys, PauseAndResumeAreOneKey) {
  for (const char key : {'p', ' '}) {
    EXPECT_EQ(control_of(key, {}, kOpen)->action, Action::pause);
    EXPECT_EQ(control_of(key, {.paused = true}, kOpen)->action, Action::resume);
  }
}

TEST(Keys, PlusAndMinusScaleTheRateByATenth) {
  EXPECT_EQ(control_of('+', {}, kOpen)->action, Action::rate_scale);
  EXPECT_EQ(control_of('+', {}, kOpen)->value, 1.1);
  EXPECT_EQ(control_of('=', {.scale = 1.1}, kOpen)->value, 1.21);
  EXPECT_EQ(control_of('-', {}, kOpen)->value, 0.909091);
  EXPECT_EQ(control_of('+', {.held = 500}, kOpen)->action, Action::rate_hold);
  EXPECT_EQ(control_of('+', {.held = 500}, kOpen)->value, 550);
}

TEST(Keys, AsManyUpsAsDownsLeadBack) {
  ControlState state;
  for (const char* keys : {"+-", "-+", "+++---", "--++"}) {
    std::optional<Control> last;
    for (const char* key = keys; *key != '\0'; ++key) {
      last = control_of(*key, state, kOpen);
      state.scale = last->action == Action::rate_auto ? 1 : last->value;
    }
    EXPECT_EQ(last->action, Action::rate_auto) << keys;
  }
}

TEST(Keys, OfAClosedLoadTheyChangeItsUsers) {
  EXPECT_EQ(control_of('+', {}, kClosed)->action, Action::users);
  EXPECT_EQ(control_of('+', {}, kClosed)->value, 55);
  EXPECT_EQ(control_of('-', {.users = 5}, kClosed)->value, 4);
  EXPECT_EQ(control_of('-', {.users = 1}, kClosed)->value, 1);
  EXPECT_EQ(control_of('0', {.users = 5}, kClosed)->value, 50);
}

TEST(Keys, OthersMeanNothing) {
  EXPECT_EQ(control_of('q', {}, kOpen)->action, Action::stop);
  EXPECT_EQ(control_of('s', {}, kClosed)->action, Action::stop);
  EXPECT_EQ(control_of('0', {.scale = 2}, kOpen)->action, Action::rate_auto);
  for (const char key : {'x', '\n', '1', '\0', '\xff'})
    EXPECT_FALSE(control_of(key, {}, kOpen)) << int(key);
}

}  // namespace
}  // namespace vajrapulse::app
