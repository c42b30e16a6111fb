#include "keys.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::app {
namespace {

using engine::Control;
using engine::ControlState;
using Action = Control::Action;

TEST(Keys, PauseAndResumeAreOneKey) {
  for (const char key : {'p', ' '}) {
    EXPECT_EQ(control_of(key, {}, RateKeys::on)->action, Action::pause);
    EXPECT_EQ(control_of(key, {.paused = true}, RateKeys::on)->action, Action::resume);
  }
}

TEST(Keys, PlusAndMinusScaleTheRateByATenth) {
  EXPECT_EQ(control_of('+', {}, RateKeys::on)->action, Action::rate_scale);
  EXPECT_EQ(control_of('+', {}, RateKeys::on)->value, 1.1);
  EXPECT_EQ(control_of('=', {.scale = 1.1}, RateKeys::on)->value, 1.21);
  EXPECT_EQ(control_of('-', {}, RateKeys::on)->value, 0.909091);
  EXPECT_EQ(control_of('+', {.held = 500}, RateKeys::on)->action, Action::rate_hold);
  EXPECT_EQ(control_of('+', {.held = 500}, RateKeys::on)->value, 550);
}

TEST(Keys, AsManyUpsAsDownsLeadBack) {
  ControlState state;
  for (const char* keys : {"+-", "-+", "+++---", "--++"}) {
    std::optional<Control> last;
    for (const char* key = keys; *key != '\0'; ++key) {
      last = control_of(*key, state, RateKeys::on);
      state.scale = last->action == Action::rate_auto ? 1 : last->value;
    }
    EXPECT_EQ(last->action, Action::rate_auto) << keys;
  }
}

TEST(Keys, UsersAndAnAdaptiveLoadHaveNoRateToChange) {
  Load open{.model = engine::OpenModel{}};
  Load adaptive{.model = engine::OpenModel{}};
  adaptive.adaptive.emplace();
  const Load closed{.model = engine::ClosedModel{.users = 50}};
  EXPECT_EQ(rate_keys(open), RateKeys::on);
  EXPECT_EQ(rate_keys(adaptive), RateKeys::off);
  EXPECT_EQ(rate_keys(closed), RateKeys::off);
  for (const char key : {'+', '=', '-', '_', '0'})
    EXPECT_FALSE(control_of(key, {}, RateKeys::off)) << key;
  EXPECT_EQ(control_of('p', {}, RateKeys::off)->action, Action::pause);
  EXPECT_EQ(control_of('q', {}, RateKeys::off)->action, Action::stop);
}

TEST(Keys, OthersMeanNothing) {
  EXPECT_EQ(control_of('q', {}, RateKeys::on)->action, Action::stop);
  EXPECT_EQ(control_of('s', {}, RateKeys::off)->action, Action::stop);
  EXPECT_EQ(control_of('0', {.scale = 2}, RateKeys::on)->action, Action::rate_auto);
  for (const char key : {'x', '\n', '1', '\0', '\xff'})
    EXPECT_FALSE(control_of(key, {}, RateKeys::on)) << int(key);
}

}  // namespace
}  // namespace vajrapulse::app
