#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "step_kinds.hpp"
#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/log.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using document::Node;

/// A step that does something at once.
class Instant : public Step {
 public:
  [[nodiscard]] bool waits() const noexcept final { return false; }
};

Result failed(const Error& error) { return Result::failure(error.kind, error.text()); }

class Set final : public Instant {
 public:
  struct Assignment {
    Slot slot = 0;
    Template text;
    std::optional<criteria::Expression> expression;  ///< instead of the text
  };
  explicit Set(std::vector<Assignment> assignments) : assignments_(std::move(assignments)) {}

  Flow now(Moment& moment) override {
    for (const Assignment& assignment : assignments_) {
      const Value value =
          assignment.expression ? assignment.expression->evaluate(moment.variables()) : assignment.text.value(moment);
      if (value.is_null() && !assignment.expression) {
        const Status status = assignment.text.render(moment, moment.scratch());
        if (!status) moment.fail(failed(status.error()));
      }
      moment.variables().set(assignment.slot, value);
    }
    return Flow::next;
  }

 private:
  std::vector<Assignment> assignments_;
};

class LogLine final : public Instant {
 public:
  LogLine(Template text, std::shared_ptr<Log> log, const Vocabulary& vocabulary)
      : text_(std::move(text)), log_(std::move(log)), vocabulary_(vocabulary) {}

  Flow now(Moment& moment) override {
    const Iteration& iteration = moment.iteration();
    if (!log_ || !log_->admits(iteration.reactor().event_time())) return Flow::next;
    std::string text;
    if (const Status status = text_.render(moment, text); !status) {
      moment.fail(failed(status.error()));
      return Flow::next;
    }
    log_->write(vocabulary_.masked(log_line(iteration, text)));
    return Flow::next;
  }

 private:
  Template text_;
  std::shared_ptr<Log> log_;
  const Vocabulary& vocabulary_;
};

class Fail final : public Instant {
 public:
  Fail(Template message, const Vocabulary& vocabulary) : message_(std::move(message)), vocabulary_(vocabulary) {}

  Flow now(Moment& moment) override {
    std::string message;
    // A part of the message without value does not hide that this fails.
    if (const Status status = message_.render(moment, message); !status) message = message_.text();
    moment.fail(Result::failure(kFailedByPlan, vocabulary_.masked(std::move(message))));
    return Flow::next;
  }

 private:
  Template message_;
  const Vocabulary& vocabulary_;
};

class StopIteration final : public Instant {
 public:
  explicit StopIteration(std::optional<criteria::Expression> condition) : condition_(std::move(condition)) {}
  Flow now(Moment& moment) override {
    const bool stop = !condition_ || condition_->holds(moment.variables()).value_or(false);
    return stop ? Flow::stop_iteration : Flow::next;
  }

 private:
  std::optional<criteria::Expression> condition_;
};

std::optional<Set::Assignment> assignment(const document::Entry& entry, Compiler& compiler) {
  const std::size_t before = compiler.diagnostics().errors();
  Set::Assignment made;
  if (entry.value.kind == Node::Kind::map) {
    compiler.only(entry.value, "what a name is set to", {"value"});
    if (const Node* value = entry.value.find("value"))
      made.expression = compiler.expression(*value, criteria::Wanted::anything);
    else
      compiler.error(entry.value.place, "what '" + entry.key + "' is set to is a text, or a map with an expression",
                     "write for example " + entry.key + ": \"{{token}}\", or " + entry.key + ": { value: n + 1 }");
  } else {
    made.text = compiler.text(entry.value);
  }
  made.slot = compiler.declare(entry.key, entry.place);
  return compiler.diagnostics().errors() == before ? std::optional(std::move(made)) : std::nullopt;
}

std::unique_ptr<Step> compile_set(const Node& step, Compiler& compiler) {
  compiler.only(step, "a set step", {"set"});
  const Node& value = *step.find("set");
  if (value.kind != Node::Kind::map) {
    compiler.wrong_kind(value, "set", "a map of names and values", "write for example set: { page: 1 }");
    return nullptr;
  }
  std::vector<Set::Assignment> assignments;
  for (const document::Entry& entry : value.entries)
    if (auto made = assignment(entry, compiler)) assignments.push_back(std::move(*made));
  return std::make_unique<Set>(std::move(assignments));
}

std::unique_ptr<Step> compile_log(const Node& step, Compiler& compiler) {
  compiler.only(step, "a log step", {"log"});
  Template text = compiler.text(*step.find("log"));
  return std::make_unique<LogLine>(std::move(text), compiler.surroundings().log, compiler.vocabulary());
}

std::unique_ptr<Step> compile_fail(const Node& step, Compiler& compiler) {
  compiler.only(step, "a fail step", {"fail"});
  const Node& value = *step.find("fail");
  Template message = value.kind == Node::Kind::null ? Template() : compiler.text(value);
  return std::make_unique<Fail>(std::move(message), compiler.vocabulary());
}

std::unique_ptr<Step> compile_stop_iteration(const Node& step, Compiler& compiler) {
  compiler.only(step, "a stop-iteration step", {"stop-iteration"});
  const Node& value = *step.find("stop-iteration");
  if (value.kind == Node::Kind::null) return std::make_unique<StopIteration>(std::nullopt);
  auto condition = compiler.expression(value);
  return condition ? std::make_unique<StopIteration>(std::move(condition)) : nullptr;
}

}  // namespace

StepKind set_kind() {
  return {.key = "set",
          .about = "Gives names values: texts with placeholders, or expressions as { value: n + 1 }.",
          .compile = compile_set};
}

StepKind log_kind() {
  return {.key = "log",
          .about =
              "Writes a line; the first ten of each second on each shard, the others are counted. Secrets are "
              "masked.",
          .compile = compile_log};
}

StepKind fail_kind() {
  return {.key = "fail",
          .about = "The iteration fails with this message, as an error of kind failed-by-plan.",
          .compile = compile_fail,
          .bare = true};
}

StepKind stop_iteration_kind() {
  return {.key = "stop-iteration",
          .about = "The iteration ends here, without being a failure; with a condition only when that holds.",
          .compile = compile_stop_iteration,
          .bare = true};
}

}  // namespace vajrapulse::plan
