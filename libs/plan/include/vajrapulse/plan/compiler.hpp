#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"
#include "vajrapulse/plan/step.hpp"
#include "vajrapulse/plan/template.hpp"
#include "vajrapulse/plan/vocabulary.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

class Compiler;

/// A kind of step: its key ("http", "think"), what may stand with it, and how it becomes a Step.
struct StepKind {
  std::string key;
  std::string about;  ///< one sentence for the reference
  /// Compiles the map that has `key`; reports what is wrong to the compiler's diagnostics and then gives null.
  std::function<std::unique_ptr<Step>(const document::Node& step, Compiler& compiler)> compile;
  /// What the whole map of the step accepts, for the schema and the reference.
  const schema::Description* description = nullptr;
};

/// Turns the steps of one task into a program for one shard. The plan is checked by compiling it once before the run;
/// every shard then compiles its own, which cannot fail any more.
class Compiler {
 public:
  Compiler(const std::vector<StepKind>& kinds, Vocabulary& vocabulary, document::Diagnostics& diagnostics)
      : kinds_(kinds), vocabulary_(vocabulary), diagnostics_(diagnostics) {}
  virtual ~Compiler() = default;

  [[nodiscard]] Vocabulary& vocabulary() const noexcept { return vocabulary_; }
  [[nodiscard]] document::Diagnostics& diagnostics() const noexcept { return diagnostics_; }

  /// A list of steps; what cannot be compiled is reported and left out.
  Steps steps(const document::Node& list);
  std::unique_ptr<Step> step(const document::Node& node);

  /// The scalar as a template; reports its mistakes at their place and then gives an empty one.
  Template text(const document::Node& scalar, Encoding encoding = Encoding::raw);
  /// The scalar as a condition or value of the expression language.
  std::optional<criteria::Expression> expression(const document::Node& scalar,
                                                 criteria::Wanted wanted = criteria::Wanted::condition);

  /// A place for a protocol's Local of its own; the same `key` gives the same id.
  std::size_t local(std::string_view key);

 private:
  const std::vector<StepKind>& kinds_;
  Vocabulary& vocabulary_;
  document::Diagnostics& diagnostics_;
  std::vector<std::string> locals_;
};

}  // namespace vajrapulse::plan
