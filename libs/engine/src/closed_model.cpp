#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::engine {

Population population_of(const ClosedModel& model) {
  if (!model.ramp) return Population::level(model.users, model.pacing);
  return Population::ramp(model.ramp->from, model.users, model.ramp->length, model.pacing);
}

std::string describe(const ClosedModel& model) {
  const char* plural = model.users == 1 && !model.ramp ? "" : "s";
  std::string text = model.ramp ? format_count(model.ramp->from) + " to " : "";
  text += format_count(model.users) + " user" + plural;
  if (model.ramp) text += " over " + format_exact(model.ramp->length);
  if (model.pacing > Duration::zero()) text += ", one iteration every " + format_exact(model.pacing);
  const auto [least, most] = model.think;
  if (most > Duration::zero())
    text += ", thinking " + format_exact(least) + (most > least ? " to " + format_exact(most) : "");
  return text;
}

}  // namespace vajrapulse::engine
