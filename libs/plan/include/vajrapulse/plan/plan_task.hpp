#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/data_feed.hpp"
#include "vajrapulse/plan/log.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/plan/vocabulary.hpp"

namespace vajrapulse::plan {

/// A task of a plan, compiled for one shard: see Compiler::routine.
struct Program {
  std::unique_ptr<Vocabulary> vocabulary;
  std::shared_ptr<Routine> routine;
  std::vector<std::unique_ptr<DataFeed>> feeds;
  /// Called on the shard's thread when an iteration ended with stop_scenario or stop_run; may be called again by
  /// iterations that were under way. Null: an iteration is all that stops.
  std::function<void(Flow why)> stop;
  std::shared_ptr<Log> log;  ///< closed after the last iteration
};

/// Runs a program, an iteration at a time or many at once. Memory of iterations is used again: once as many have met as
/// run at the same time, none allocates for itself.
///
/// An iteration that finds its data used up fails (`no-data`) and asks for the stop. It takes 100 ms, so that users do
/// not spin meanwhile. Where the number of rows is known, the scenario ends with the last of them and none does so.
class PlanTask final : public Task {
 public:
  explicit PlanTask(Program program);
  ~PlanTask() override;

  Co<Status> init(TaskContext& context) override;
  Co<Result> execute(Iteration& iteration) override;
  Co<void> teardown() override;

 private:
  class Borrowed;
  Flow fill(Moment& moment);

  Program program_;
  std::vector<std::unique_ptr<Moment>> free_;
  std::size_t made_ = 0;
  std::size_t shard_ = 0;
};

}  // namespace vajrapulse::plan
