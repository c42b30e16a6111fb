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
/// thread.
class Vocabulary : public criteria::Names {
 public:
  /// A value that is known now: a variable of the plan, `--var`.
  void constant(std::string name, std::string value);
  /// A secret: as a constant, and masked wherever people read.
  void secret(std::string name, std::string value);
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
  };
  [[nodiscard]] Expected<Meaning> meaning(std::string_view name) const;
  [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
  /// Constants that expressions use stand in slots, too; copied into each iteration's variables by reference.
  struct Preset {
    Slot slot = 0;
    criteria::Value value;
  };
  [[nodiscard]] const std::vector<Preset>& presets() const noexcept { return presets_; }

 private:
  std::map<std::string, Meaning, std::less<>> names_;
  std::vector<Preset> presets_;
  std::size_t slots_ = 0;
};

}  // namespace vajrapulse::plan
