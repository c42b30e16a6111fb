#include "vajrapulse/plan/plan_task.hpp"

#include <cassert>
#include <utility>

#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::plan {
namespace {

/// A stop takes this long to reach all shards, and more.
constexpr Duration kUsedUp = std::chrono::milliseconds(100);

}  // namespace

/// A moment for as long as an iteration runs; then it is free for another.
class PlanTask::Borrowed {
 public:
  Borrowed(PlanTask& from, Iteration& iteration) : from_(from) {
    if (from_.free_.empty()) {
      from_.free_.reserve(++from_.made_);  // giving back never allocates
      moment_ = std::make_unique<Moment>(iteration);
    } else {
      moment_ = std::move(from_.free_.back());
      from_.free_.pop_back();
    }
    moment_->renew(iteration, *from_.program_.vocabulary, from_.shard_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() { from_.free_.push_back(std::move(moment_)); }

  [[nodiscard]] Moment& operator*() const noexcept { return *moment_; }

 private:
  PlanTask& from_;
  std::unique_ptr<Moment> moment_;
};

PlanTask::PlanTask(Program program) : program_(std::move(program)) { assert(program_.vocabulary && program_.routine); }

PlanTask::~PlanTask() = default;

Task::Co<Status> PlanTask::init(TaskContext& context) {
  shard_ = context.shard();
  return plan::init(*program_.routine, context);
}

Flow PlanTask::fill(Moment& moment) {
  for (const auto& feed : program_.feeds) {
    const Flow flow = feed->fill(moment);
    if (flow != Flow::next) return flow;
  }
  return Flow::next;
}

Task::Co<Result> PlanTask::execute(Iteration& iteration) {
  const Borrowed borrowed(*this, iteration);
  Moment& moment = *borrowed;
  Flow flow = fill(moment);
  const bool used_up = flow >= Flow::stop_scenario;
  // As run_all, in this frame: an iteration of one step has no other than that step's.
  for (auto& step : program_.routine->steps) {
    if (flow != Flow::next) break;
    if (step->waits()) {
      auto running = step->run(moment);
      flow = co_await running;
    } else {
      flow = step->now(moment);
    }
    flow = step->settle(moment, flow);
    if (iteration.cancellation().requested()) break;
  }
  if (flow >= Flow::stop_scenario && program_.stop) program_.stop(flow);
  if (used_up) {
    // No iteration of the plan's: not one that succeeded, nor one of the many that a user could begin in no time.
    co_await iteration.sleep(kUsedUp);
    co_return Result::failure(kNoData, "the rows are used up");
  }
  co_return moment.take_result();
}

Task::Co<void> PlanTask::teardown() {
  auto ending = plan::teardown(*program_.routine);
  co_await ending;
  if (program_.log) program_.log->close();
}

}  // namespace vajrapulse::plan
