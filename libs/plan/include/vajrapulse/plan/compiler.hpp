#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"
#include "vajrapulse/plan/step.hpp"
#include "vajrapulse/plan/template.hpp"
#include "vajrapulse/plan/vocabulary.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

class Compiler;
class Log;
class SharedPlace;
using SharedPlaces = std::map<std::string, std::shared_ptr<SharedPlace>, std::less<>>;

/// A kind of step: its key ("http", "think"), what may stand with it, and how it becomes a Step.
struct StepKind {
  std::string key;
  std::string about;  ///< one sentence for the reference
  /// Compiles the map that has `key`; reports what is wrong to the compiler's diagnostics and then gives null.
  std::function<std::unique_ptr<Step>(const document::Node& step, Compiler& compiler)> compile;
  /// What the whole map of the step accepts, for the schema and the reference.
  const schema::Description* description = nullptr;
  /// The key may stand alone, without a value: `- stop-iteration`.
  bool bare = false;
};

/// Steps that several steps run: a task that others call.
struct Routine {
  std::string name;
  Steps steps;
  bool waits = false;
  bool begun = false;  ///< init has been called; teardown has not
};
runtime::Co<Status> init(Routine& routine, TaskContext& context);
runtime::Co<void> teardown(Routine& routine);

/// What the steps of one kind share on a shard: a client, an interpreter.
class SharedOfCompiler {
 public:
  virtual ~SharedOfCompiler() = default;
};

/// What the steps of a plan may use beside their own words; each may be left out.
struct Surroundings {
  /// The tasks of the plan by name; the nodes outlive the compiler.
  std::map<std::string, const document::Node*, std::less<>> tasks;
  /// They could not be read, which has been reported: that one is not there is no further mistake.
  bool tasks_in_doubt = false;
  /// Tasks written in C++ that a `task` step may call.
  const std::vector<NamedTask>* native = nullptr;
  /// Where `publish` and `take` steps leave and find values; null: nowhere.
  const SharedPlaces* shared = nullptr;
  /// As for tasks.
  bool shared_in_doubt = false;
  /// Where `log` steps write; null: nowhere.
  std::shared_ptr<Log> log;
};

/// Turns the steps of one task into a program for one shard. The plan is checked by compiling it once before the run;
/// every shard then compiles its own, which cannot fail any more.
///
/// Of every step it reads, beside what the step's kind reads, `name` (for people) and `on-failure`. A step that fails
/// (a request that was not answered as expected, a name without value) makes the iteration fail, and by default ends
/// it: what comes after would run on what is not there. `on-failure: continue` lets the steps after it run, the
/// iteration counts as failed all the same; `on-failure: stop-run` ends the whole run.
class Compiler {
 public:
  static constexpr std::size_t kDeepestCalls = 32;  ///< of tasks that call tasks

  Compiler(const std::vector<StepKind>& kinds, Vocabulary& vocabulary, document::Diagnostics& diagnostics,
           Surroundings surroundings = {})
      : kinds_(kinds), vocabulary_(vocabulary), diagnostics_(diagnostics), surroundings_(std::move(surroundings)) {}
  virtual ~Compiler() = default;

  [[nodiscard]] Vocabulary& vocabulary() const noexcept { return vocabulary_; }
  [[nodiscard]] document::Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  [[nodiscard]] const Surroundings& surroundings() const noexcept { return surroundings_; }

  /// A list of steps, or a single one; what cannot be compiled is reported and left out.
  Steps steps(const document::Node& list);
  std::unique_ptr<Step> step(const document::Node& node);
  /// The task of this name, compiled once however many call it. An unknown name, and tasks that call each other in a
  /// circle, are reported at `place`; then null.
  std::shared_ptr<Routine> routine(std::string_view name, const document::Place& place);

  /// The scalar as a template; reports its mistakes at their place and then gives an empty one.
  Template text(const document::Node& scalar, Encoding encoding = Encoding::raw);
  /// The scalar as a condition or value of the expression language.
  std::optional<criteria::Expression> expression(const document::Node& scalar,
                                                 criteria::Wanted wanted = criteria::Wanted::condition);
  /// The scalar as a text that is known before the run: of its placeholders, only constants. `what` is for the message:
  /// "a think time".
  std::optional<std::string> known(const document::Node& scalar, std::string_view what);
  std::optional<Duration> duration(const document::Node& scalar, std::string_view what);
  std::optional<std::uint64_t> count(const document::Node& scalar, std::string_view what, std::uint64_t least,
                                     std::uint64_t most);

  /// A name that the iteration sets from here on: letters, digits, - and _. One that the plan or the language has
  /// taken already is reported at `place`; the slot is good all the same.
  Slot declare(std::string_view name, const document::Place& place, criteria::Type type = criteria::Type::any);

  /// Reports every key of the map that is not one of `allowed`, nor `name` or `on-failure`. `what`: "a think step".
  void only(const document::Node& map, std::string_view what, std::initializer_list<std::string_view> allowed);
  void error(const document::Place& place, std::string message, std::string cure = {});
  /// The same of a part of a scalar.
  void error(const document::Node& scalar, const criteria::Mistake& mistake);
  /// Reports that `node` should have been something else: "a think time is a text, not a list".
  void wrong_kind(const document::Node& node, std::string_view what, std::string_view wanted, std::string cure);

  /// The one T that the steps of a kind share; made when first asked for, ends with the last step that keeps it.
  template <class T>
  std::shared_ptr<T> shared(std::string_view key) {
    auto& kept = shared_[std::string(key)];
    if (!kept) kept = std::make_shared<T>();
    return std::static_pointer_cast<T>(kept);
  }

  /// A place for a protocol's Local of its own; the same `key` gives the same id.
  std::size_t local(std::string_view key);

 private:
  const StepKind* kind_of(const document::Node& step);
  const StepKind* kind_named(std::string_view key) const noexcept;
  void no_kind(const document::Node& step);
  std::unique_ptr<Step> compiled(const StepKind& kind, const document::Node& step);
  OnFailure on_failure(const document::Node& step);
  void unknown_task(std::string_view name, const document::Place& place);
  [[nodiscard]] std::string kinds_text() const;

  const std::vector<StepKind>& kinds_;
  Vocabulary& vocabulary_;
  document::Diagnostics& diagnostics_;
  Surroundings surroundings_;
  std::vector<std::string> locals_;
  std::map<std::string, std::shared_ptr<SharedOfCompiler>, std::less<>> shared_;
  std::map<std::string, std::shared_ptr<Routine>, std::less<>> routines_;
  std::vector<std::string> calling_;
};

/// Where the part of a scalar that a mistake means stands in its file, as far as that can be known: escapes, folded
/// lines and values that came from elsewhere hide it; then the place of the whole scalar.
[[nodiscard]] document::Place place_of(const document::Node& scalar, const criteria::Mistake& mistake);

}  // namespace vajrapulse::plan
