#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/criteria/run_names.hpp"

/// Whatever compiles must evaluate, with values and without; whatever does not must point into the text.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace vajrapulse::criteria;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RunNames names(RunNames::Model::open, {"steady-state", "spike"});
  const auto expression = Expression::compile(text, names);
  if (!expression) {
    const Mistake& mistake = expression.error();
    if (mistake.column == 0 || mistake.column > size + 1 || mistake.message.empty()) std::abort();
    return 0;
  }
  const vajrapulse::metrics::Snapshot snapshot;
  (void)expression->evaluate(RunValues(names, {.snapshot = &snapshot, .seconds = 1, .verdict = "VALID"}));
  (void)format(expression->evaluate(RunValues(names, {})));
  return 0;
}
