#pragma once

#include <cstdint>
#include <expected>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/criteria/value.hpp"

namespace vajrapulse::criteria {

/// Where in an expression something is wrong, what, and what to write instead.
struct Mistake {
  std::size_t column = 1;  ///< in characters, from 1
  std::size_t length = 1;  ///< characters that are meant
  std::string message;     ///< without place: "'erors' is no name here"
  std::string cure;

  /// "column 7: message", kind usage.
  [[nodiscard]] Error error() const;
};

/// A name in an expression: `steady-state.p99`, `p95("GET /cart")`, `metric.count("orders.total", "kind=new")`.
struct Reference {
  std::string_view name;
  std::optional<std::string_view> argument;
  std::vector<std::string_view> further{};  ///< what stands in the brackets behind the first text
};

/// What a name means to those who evaluate: a number to ask for, and its type.
struct Binding {
  std::uint32_t slot = 0;
  Type type = Type::any;
};

/// The names that an expression may use; asked once for each name, when an expression is compiled.
class Names {
 public:
  virtual ~Names() = default;
  /// An Error's message and cure are shown with the name's column.
  virtual Expected<Binding> bind(const Reference& reference) = 0;
};

/// What the names stand for at the moment of an evaluation.
class Values {
 public:
  virtual ~Values() = default;
  [[nodiscard]] virtual Value at(std::uint32_t slot) const = 0;
};

/// Between which two numbers a value will lie in the end, both included.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

/// What the names can still come to stand for. By default: anything.
class Bounds {
 public:
  virtual ~Bounds() = default;
  [[nodiscard]] virtual Range range(std::uint32_t slot) const = 0;
};

/// A condition's figure beside its limit: `p99 < 500ms` at 812 ms.
struct Comparison {
  enum class Demand : std::uint8_t { under, at_most, over, at_least, equal, other };
  Demand demand = Demand::under;
  Value measured;
  Value limit;
};

struct Program;

/// What an expression has to give.
enum class Wanted { anything, condition };

/// An expression of the one language that conditions, assertions and SLOs are written in, compiled once and
/// evaluated as often as needed, without allocating.
///
///   p99 < 500ms and errors < 1%           names, comparisons, units
///   steady-state.tps > 0.9 * 1000/s       arithmetic: blanks around the sign, as names may hold - and .
///   token != null or not (status == 200)
///
/// `and`, `or`, `not`, `true`, `false`, `null`; == != < <= > >=; + - * / %; strings in ' or ". Units are
/// checked: a time is compared with a time. What has no value (null) makes everything that needs it null.
class Expression {
 public:
  /// At most 4,096 characters and 64 levels of brackets.
  static std::expected<Expression, Mistake> compile(std::string_view text, Names& names,
                                                    Wanted wanted = Wanted::anything);

  [[nodiscard]] Value evaluate(const Values& values) const;
  /// Whether the condition is true; nothing when it has no value.
  [[nodiscard]] std::optional<bool> holds(const Values& values) const;
  /// The same for assertions: what has no value is neither equal to 5 nor different from it.
  [[nodiscard]] std::optional<bool> holds_for_sure(const Values& values) const;

  /// How far a condition is from turning over, in parts of its limit: 0.2 of `p99 < 50ms` at 40 ms, -0.2 at 60 ms.
  /// Not negative where it holds, not positive where it does not; of `and` the least, of `or` the greatest. What has
  /// no limit (a text, a bare truth) is 1 or -1. Nothing when it has no value.
  [[nodiscard]] std::optional<double> margin(const Values& values) const;

  /// False when it cannot come to hold any more, whatever becomes of the names within their bounds.
  [[nodiscard]] bool may_hold(const Bounds& bounds) const;

  /// Of a condition that is one comparison, with names on one side only.
  [[nodiscard]] std::optional<Comparison> comparison(const Values& values) const;

  [[nodiscard]] const std::string& text() const noexcept;
  [[nodiscard]] Type type() const noexcept;

  struct Use {
    std::string text;  ///< as written: p95("GET /cart")
    std::uint32_t slot = 0;
  };
  /// The names it uses, each once, in order.
  [[nodiscard]] const std::vector<Use>& uses() const noexcept;

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace vajrapulse::criteria
