#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::plan {

/// Where a variable of an iteration is kept: given out when the plan is compiled.
using Slot = std::uint32_t;

/// The variables of one iteration: captured values, loop counters, fields of data rows. Texts are copied into memory of
/// the iteration, unless they outlive it.
class Variables final : public criteria::Values {
 public:
  [[nodiscard]] criteria::Value at(Slot slot) const override;
  /// Copies a text.
  void set(Slot slot, const criteria::Value& value);
  /// Refers to a text that lives as long as the iteration (a row of a data source).
  void refer(Slot slot, const criteria::Value& value);
  /// All null again; keeps the memory.
  void clear(std::size_t slots);

 private:
  struct Kept {
    criteria::Value value;
    std::string text;
  };
  std::vector<Kept> kept_;
};

/// What a protocol keeps for one iteration beside its variables (a cookie jar); made when first asked for.
class Local {
 public:
  virtual ~Local() = default;
  /// Before another iteration uses it.
  virtual void reset() = 0;
};

/// One iteration of a plan's task, as its steps see it.
class Moment {
 public:
  explicit Moment(Iteration& of) : iteration_(&of) {}

  [[nodiscard]] Iteration& iteration() const noexcept { return *iteration_; }
  [[nodiscard]] Variables& variables() noexcept { return variables_; }
  [[nodiscard]] const Variables& variables() const noexcept { return variables_; }

  /// Something failed: the first failure is the iteration's result. The iteration goes on unless the step says
  /// otherwise.
  void fail(Result failure);
  /// What the iteration ends with: success, or its first failure.
  [[nodiscard]] Result take_result();

  /// The local of this kind; `make` is called once.
  template <class T, class Make>
  T& local(std::size_t id, Make make) {
    if (locals_.size() <= id) locals_.resize(id + 1);
    if (!locals_[id]) locals_[id] = make();
    return static_cast<T&>(*locals_[id]);
  }

  /// Bytes to build things in (URLs, bodies); each use clears it.
  [[nodiscard]] std::string& scratch() noexcept {
    scratch_.clear();
    return scratch_;
  }

  /// Another iteration takes over the memory of one that has ended.
  void renew(Iteration& of, std::size_t slots);

 private:
  Iteration* iteration_;
  Variables variables_;
  Result result_ = Result::success();
  std::vector<std::unique_ptr<Local>> locals_;
  std::string scratch_;
};

}  // namespace vajrapulse::plan
