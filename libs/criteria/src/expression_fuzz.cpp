#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/criteria/tally.hpp"

// Whatever compiles must evaluate, with values and without; whatever does not must point into the text.
namespace {

using namespace vajrapulse::criteria;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Nothing has happened, and anything may come.
struct Open final : Bounds {
  explicit Open(const RunNames& run_names) : names(run_names) {}
  [[nodiscard]] Range range(std::uint32_t slot) const override { return range_of(names.measures()[slot], {}, {}); }
  const RunNames& names;
};

void check(std::string_view text, RunNames::Model model, Wanted wanted) {
  RunNames names(model, {"steady-state", "spike"});
  const auto expression = Expression::compile(text, names, wanted);
  if (!expression) {
    const Mistake& mistake = expression.error();
    return require(mistake.column > 0 && mistake.column <= text.size() + 1 && !mistake.message.empty());
  }
  const vajrapulse::metrics::Snapshot snapshot;
  const RunValues values(names, {.snapshot = &snapshot, .seconds = 1, .verdict = "VALID"});
  const auto holds = expression->holds(values);
  const auto margin = expression->margin(values);
  require(!margin || !holds || (*holds ? *margin >= 0 : *margin <= 0));
  require(expression->may_hold(Open(names)) || !expression->holds(values).value_or(false));
  (void)expression->comparison(values);
  (void)format(expression->evaluate(RunValues(names, {})));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, RunNames::Model::open, Wanted::anything);
  check(text, RunNames::Model::closed, Wanted::condition);
  return 0;
}
