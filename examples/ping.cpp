// The shortest task: a lambda. `./ping --users 2 --iterations 10`
#include <chrono>
#include <vajrapulse/vajrapulse.hpp>

using vajrapulse::Iteration;
using vajrapulse::Result;
using vajrapulse::Task;

int main(int argc, char** argv) {
  const auto ping = [](Iteration& iteration) -> Task::Co<Result> {
    co_await iteration.sleep(std::chrono::milliseconds(2));
    co_return Result::success();
  };
  return vajrapulse::main(argc, argv, {vajrapulse::task("ping", ping)});
}
