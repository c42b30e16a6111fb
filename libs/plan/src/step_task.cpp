#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "step_kinds.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

/// The steps of another task, shared by all who call it.
class Call final : public Step {
 public:
  explicit Call(std::shared_ptr<Routine> routine) : routine_(std::move(routine)) {}
  [[nodiscard]] bool waits() const noexcept override { return routine_->waits; }
  runtime::Co<Status> init(TaskContext& context) override { return plan::init(*routine_, context); }
  Flow now(Moment& moment) override { return run_all_now(routine_->steps, moment); }
  runtime::Co<Flow> run(Moment& moment) override { return run_all(routine_->steps, moment); }
  runtime::Co<void> teardown() override { return plan::teardown(*routine_); }

 private:
  std::shared_ptr<Routine> routine_;
};

/// A task written in C++, of which this step has an instance of its own.
class NativeCall final : public Step {
 public:
  explicit NativeCall(MakeTask make) : make_(std::move(make)) {}
  runtime::Co<Status> init(TaskContext& context) override {
    task_ = make_();
    return task_->init(context);
  }
  runtime::Co<Flow> run(Moment& moment) override {
    auto working = task_->execute(moment.iteration());
    Result result = co_await working;
    moment.fail(std::move(result));
    co_return Flow::next;
  }
  runtime::Co<void> teardown() override {
    if (!task_) co_return;
    auto ending = task_->teardown();
    co_await ending;
  }

 private:
  MakeTask make_;
  std::unique_ptr<Task> task_;
};

std::unique_ptr<Step> compile_task(const Node& step, Compiler& compiler) {
  compiler.only(step, "a task step", {"task"});
  const Node& value = *step.find("task");
  if (value.kind != Node::Kind::scalar) {
    compiler.wrong_kind(value, "task", "the name of one", "write for example task: login");
    return nullptr;
  }
  const Surroundings& surroundings = compiler.surroundings();
  if (!surroundings.tasks.contains(value.text) && surroundings.native) {
    const auto native = std::ranges::find(*surroundings.native, value.text, &NamedTask::name);
    if (native != surroundings.native->end()) return std::make_unique<NativeCall>(native->make);
  }
  auto routine = compiler.routine(value.text, value.place);
  return routine ? std::make_unique<Call>(std::move(routine)) : nullptr;
}

}  // namespace

StepKind task_kind() {
  return {.key = "task",
          .about = "Runs the steps of another task, or a task written in C++; what it sets is seen after it.",
          .compile = compile_task};
}

}  // namespace vajrapulse::plan
