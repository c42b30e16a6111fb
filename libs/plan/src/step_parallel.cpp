#include <algorithm>
#include <coroutine>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "step_kinds.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

constexpr std::size_t kMostBranches = 256;

/// Where the branches of one run meet. In the frame of the coroutine that waits for them.
struct Meeting {
  std::size_t away = 0;
  Flow flow = Flow::next;
  std::exception_ptr thrown;
  std::coroutine_handle<> waiter;

  void arrive(Flow with) {
    flow = std::max(flow, with);
    if (--away == 0 && waiter) waiter.resume();
  }
  [[nodiscard]] bool await_ready() const noexcept { return away == 0; }
  void await_suspend(std::coroutine_handle<> who) noexcept { waiter = who; }
  void await_resume() const {
    if (thrown) std::rethrow_exception(thrown);
  }
};

runtime::Co<void> walk(Steps& steps, Moment& moment, Meeting& meeting) {
  Flow flow = Flow::stop_iteration;
  try {
    auto running = run_all(steps, moment);
    flow = co_await running;
  } catch (...) {
    meeting.thrown = std::current_exception();
  }
  meeting.arrive(flow);
}

/// Branches that run at the same time; it goes on when all have ended. One that fails does not disturb the others; the
/// iteration then ends when all have.
class Parallel final : public Step {
 public:
  explicit Parallel(std::vector<Steps> branches) : branches_(std::move(branches)) {}

  runtime::Co<Status> init(TaskContext& context) override {
    for (Steps& steps : branches_) {
      auto beginning = init_all(steps, context);
      Status status = co_await beginning;
      if (!status) co_return status;
    }
    co_return Status{};
  }

  runtime::Co<Flow> run(Moment& moment) override {
    Meeting meeting;
    meeting.away = branches_.size() + 1;  // this one counts, so that nobody resumes it before it waits
    for (std::size_t i = 0; i < branches_.size(); ++i)
      runtime::spawn(walk(branches_[i], moment.branch(i), meeting));
    --meeting.away;
    co_await meeting;
    moment.rejoin(branches_.size());
    co_return meeting.flow;
  }

  runtime::Co<void> teardown() override {
    for (Steps& steps : branches_) {
      auto ending = teardown_all(steps);
      co_await ending;
    }
  }

 private:
  std::vector<Steps> branches_;
};

std::unique_ptr<Step> compile_parallel(const Node& step, Compiler& compiler) {
  compiler.only(step, "a parallel step", {"parallel"});
  const Node& value = *step.find("parallel");
  if (value.kind != Node::Kind::list) {
    compiler.wrong_kind(value, "parallel", "a list of branches",
                        "write for example [ [ { http: GET /a } ], [ { http: GET /b } ] ]");
    return nullptr;
  }
  if (value.items.empty() || value.items.size() > kMostBranches) {
    compiler.error(value.place,
                   value.items.empty() ? "parallel has no branches" : "parallel has more than 256 branches",
                   value.items.empty() ? "write a list of branches, each a list of steps" : "write fewer");
    return nullptr;
  }
  std::vector<Steps> branches;
  for (const Node& branch : value.items)
    branches.push_back(compiler.steps(branch));
  return std::make_unique<Parallel>(std::move(branches));
}

}  // namespace

StepKind parallel_kind() {
  return {
      .key = "parallel",
      .about = "Runs its branches at the same time and goes on when all have ended; what they set is seen after it.",
      .compile = compile_parallel};
}

}  // namespace vajrapulse::plan
