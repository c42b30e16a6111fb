#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/base/random.hpp"

namespace vajrapulse::script {

enum class Type : std::uint8_t { null, boolean, number, text };

/// What passes between a script and the plan around it. The text points into memory of whoever gives the value, and is
/// good for the duration of the call.
struct Value {
  Type type = Type::null;
  double number = 0;  ///< also 0 or 1 of a boolean
  std::string_view text{};

  static constexpr Value null() noexcept { return {}; }
  static constexpr Value boolean(bool value) noexcept { return {Type::boolean, value ? 1.0 : 0.0, {}}; }
  static constexpr Value of(double number) noexcept { return {Type::number, number, {}}; }
  static constexpr Value of(std::string_view text) noexcept { return {Type::text, 0, text}; }
};

/// What a script may ask of the iteration that runs it, and do to it. Must not throw.
class Surroundings {
 public:
  virtual ~Surroundings() = default;

  /// A variable by its whole name ("token", "users.username", "user-id"); nothing when there is none of that name. One
  /// that has no value yet is null.
  virtual std::optional<Value> get(std::string_view name) = 0;
  /// Whether names begin with `name` and a dot: a source of data, whose fields are read as `users.username`.
  virtual bool has_fields(std::string_view name) = 0;
  /// `vars.name = value`; an Error ends the script with its text.
  virtual Status set(std::string_view name, const Value& value) = 0;
  /// `log(…)`: at most 4,096 bytes.
  virtual void log(std::string_view text) = 0;
  /// What `random()` draws from.
  virtual Random& random() = 0;
  virtual std::uint64_t iteration() = 0;
  virtual std::uint64_t user() = 0;
};

}  // namespace vajrapulse::script
