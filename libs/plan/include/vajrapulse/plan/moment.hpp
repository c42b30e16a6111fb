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

class Vocabulary;

/// Where a variable of an iteration is kept: given out when the plan is compiled.
using Slot = std::uint32_t;

/// The variables of one iteration: captured values, loop counters, fields of data rows. Texts are copied into memory of
/// the iteration, unless they outlive it.
class Variables final : public criteria::Values {
 public:
  [[nodiscard]] criteria::Value at(Slot slot) const override {
    return slot < kept_.size() ? kept_[slot].value : criteria::Value::null();
  }
  /// Copies a text.
  void set(Slot slot, const criteria::Value& value);
  /// Refers to a text that lives as long as the iteration (a row of a data source).
  void refer(Slot slot, const criteria::Value& value) { kept_[slot].value = value; }
  /// All null again, and room for so many; keeps the memory, unless a text was very long.
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

/// One iteration of a plan's task, as its steps see it. Steps that run at the same time (`parallel`) see a branch of it
/// each: variables, locals and result are the iteration's; what has to be the branch's own is its own.
class Moment {
 public:
  explicit Moment(Iteration& of) : iteration_(&of), owned_(std::make_unique<Shared>()), shared_(owned_.get()) {}
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

  [[nodiscard]] Iteration& iteration() const noexcept { return *iteration_; }
  [[nodiscard]] Variables& variables() noexcept { return shared_->variables; }
  [[nodiscard]] const Variables& variables() const noexcept { return shared_->variables; }
  [[nodiscard]] std::size_t shard() const noexcept { return shared_->shard; }

  /// Something failed: the first failure is the iteration's result. The iteration goes on unless the step says
  /// otherwise (`on-failure`).
  void fail(Result failure);
  /// Whether a step has failed and nobody has said yet what that means for the steps after it.
  [[nodiscard]] bool failing() const noexcept { return failing_; }
  /// A step or one around it says that the steps after it are to run; the iteration counts as failed all the same.
  void carry_on() noexcept { failing_ = false; }
  /// Counts a step, or a turn of a loop; false when this iteration has had more than any test needs, so that loops
  /// within loops come to an end.
  static constexpr std::uint32_t kMostSteps = 10'000'000;
  [[nodiscard]] bool spend() noexcept { return ++shared_->steps <= kMostSteps; }
  /// Fails because `spend` said no.
  void overspent();

  /// When this iteration began.
  [[nodiscard]] TimePoint began() const noexcept { return shared_->began; }

  /// What the iteration ends with: success, or its first failure.
  [[nodiscard]] Result take_result();

  /// The local of this kind; `make` is called once.
  template <class T, class Make>
  T& local(std::size_t id, Make make) {
    auto& locals = shared_->locals;
    if (locals.size() <= id) locals.resize(id + 1);
    if (!locals[id]) locals[id] = make();
    return static_cast<T&>(*locals[id]);
  }

  /// Bytes to build things in (URLs, bodies); each use clears it.
  [[nodiscard]] std::string& scratch() noexcept {
    scratch_.clear();
    return scratch_;
  }
  /// Where Template::value makes a text; the next one overwrites it.
  [[nodiscard]] std::string& made() noexcept {
    made_.clear();
    return made_;
  }

  /// The part of this iteration that branch `index` of a `parallel` step sees; the same memory each time.
  Moment& branch(std::size_t index);
  /// After branches have ended: what failed in one of them, and was not excused there, has failed in this.
  void rejoin(std::size_t branches) noexcept;

  /// Another iteration takes over the memory of one that has ended.
  void renew(Iteration& of, std::size_t slots);
  /// The same, and gives the names that expressions use and that are known from the start their values.
  void renew(Iteration& of, const Vocabulary& vocabulary, std::size_t shard = 0);

 private:
  struct Shared {
    Variables variables;
    Result result = Result::success();
    std::vector<std::unique_ptr<Local>> locals;
    std::size_t shard = 0;
    std::uint32_t steps = 0;
    TimePoint began{};
  };
  Moment(Iteration& of, Shared& shared) : iteration_(&of), shared_(&shared) {}

  Iteration* iteration_;
  std::unique_ptr<Shared> owned_;  ///< not of a branch
  Shared* shared_;
  bool failing_ = false;
  std::vector<std::unique_ptr<Moment>> branches_;
  std::string scratch_;
  std::string made_;
};

}  // namespace vajrapulse::plan
