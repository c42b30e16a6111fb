#include <chrono>
#include <vajrapulse/engine/run.hpp>
#include <vajrapulse/vajrapulse.hpp>

using namespace std::chrono_literals;
using namespace vajrapulse;

// Halves the rate, once, when a second's p99 is over 50 ms.
class Brake final : public engine::RunObserver {
 public:
  void on_begin(engine::Run& run) override { run_ = &run; }
  void on_progress(const engine::Progress& progress) override {
    const bool slow = progress.response_time.percentile(99) > to_ns(50ms);
    if (progress.phase != engine::Phase::measure || !slow || progress.control.scale != 1) return;
    auto half = engine::Control::rate_scale(0.5);
    half.reason = "p99 over 50 ms";
    if (const auto from = run_->control(half); !from) on_message(from.error().text());
  }

 private:
  engine::Run* run_ = nullptr;
};

int main(int argc, char** argv) {
  const auto slow = [](Iteration& iteration) -> Task::Co<Result> {
    co_await iteration.sleep(80ms);
    co_return Result::success();
  };
  Brake brake;
  return vajrapulse::main(argc, argv, {task("slow", slow)}, {&brake});
}
