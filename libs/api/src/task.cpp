#include "vajrapulse/api/task.hpp"

namespace vajrapulse {

Task::Co<Task::Status> Task::init(TaskContext& /*context*/) { co_return Status{}; }

Task::Co<void> Task::teardown() { co_return; }

namespace {

/// Keeps the function object alive for as long as coroutines made from it may run.
class FunctionTask final : public Task {
 public:
  using Execute = std::function<Co<Result>(Iteration&)>;
  explicit FunctionTask(Execute execute) : execute_(std::move(execute)) {}
  Co<Result> execute(Iteration& iteration) override { return execute_(iteration); }

 private:
  Execute execute_;
};

}  // namespace

NamedTask task(std::string name, std::function<runtime::Co<Result>(Iteration&)> execute) {
  return {std::move(name), [execute = std::move(execute)] { return std::make_unique<FunctionTask>(execute); }};
}

}  // namespace vajrapulse
