#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {

/// The names that templates, expressions and scripts of one task may use, and where their values are kept.
///
/// Filled while a plan is compiled: a step that captures declares its name before the steps behind it are compiled, so
/// a name that nobody defines, or only a later step, is an error when the plan is read. One task, one shard, one
/// thread. It outlives the steps and iterations that use it: constants are referred to, not copied.
class Vocabulary : public criteria::Names {
 public:
  Vocabulary();

  /// A value that is known now: a variable of the plan, `--var`; before any step is compiled. A `type` of number or
  /// boolean is what `value` reads as: it keeps its type in expressions and where a template is nothing else.
  void constant(std::string name, std::string value, criteria::Type type = criteria::Type::text);
  /// A secret, by its name without `secret.`: as a constant, and masked wherever people read.
  void secret(std::string_view name, std::string value);
  /// What was to define a name, or the names below it ("users", "secret.KEY"), is wrong and has been reported: whoever
  /// uses them is not told that there are none.
  void doubt(std::string name);
  [[nodiscard]] bool doubts() const noexcept { return !doubted_.empty(); }
  /// A value that the iteration sets: a capture, a loop's variable. The same name again is the same slot.
  Slot declare(std::string_view name, criteria::Type type = criteria::Type::any);
  /// A field of a data source, by its whole name: "users.username". `slot` is filled before the steps run.
  Slot field(std::string_view source, std::string_view column, criteria::Type type = criteria::Type::text);

  /// What a name means; an Error's cure has the nearest name. For expressions.
  Expected<criteria::Binding> bind(const criteria::Reference& reference) override;

  struct Meaning {
    enum class Kind : std::uint8_t { constant, slot, iteration, user, shard, scenario, task };
    Kind kind = Kind::constant;
    Slot slot = 0;
    std::string value;  ///< of a constant
    bool secret = false;
    criteria::Type type = criteria::Type::any;
    mutable bool used = false;  ///< somebody has asked what it means
  };
  [[nodiscard]] Expected<Meaning> meaning(std::string_view name) const;
  /// Null when nobody defines it.
  [[nodiscard]] const Meaning* find(std::string_view name) const;
  /// Whether names begin with `name` and a dot: a source of data.
  [[nodiscard]] bool has_fields(std::string_view name) const;
  [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
  /// What is no variable and yet used by expressions stands in slots, too: constants, `iteration`. Moment::renew fills
  /// them.
  struct Preset {
    Slot slot = 0;
    criteria::Value value;  ///< of a constant; its text is the vocabulary's
    Meaning::Kind kind = Meaning::Kind::constant;
  };
  [[nodiscard]] const std::vector<Preset>& presets() const noexcept { return presets_; }

  /// The columns of the sources: what may have to be filled in before the steps run.
  struct Field {
    std::string source, column;
    Slot slot = 0;
  };
  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }
  /// Of those, the ones that somebody asked for.
  [[nodiscard]] std::vector<Field> used_fields() const;

  /// `text` as people may read it: every secret in it, also as URLs and JSON write it, is "***".
  [[nodiscard]] std::string masked(std::string text) const;

 private:
  Error unknown(std::string_view name) const;
  [[nodiscard]] bool doubted(std::string_view name) const;
  Slot preset(const Meaning& meaning);

  std::map<std::string, Meaning, std::less<>> names_;
  std::map<std::string, Slot, std::less<>> preset_slots_;
  std::vector<Preset> presets_;
  std::vector<Field> fields_;
  std::vector<std::string> hidden_;  ///< what `masked` looks for, longest first
  std::size_t slots_ = 0;
  std::vector<std::string> doubted_;
  Meaning unsure_{.kind = Meaning::Kind::slot};  ///< what a name in doubt means: a value nobody knows
};

/// The value of a constant in its type.
[[nodiscard]] criteria::Value value_of(const Vocabulary::Meaning& constant);

}  // namespace vajrapulse::plan
