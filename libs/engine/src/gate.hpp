#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>

namespace vajrapulse::engine {

/// Lets one coroutine wait until a number of others have arrived; all on one thread.
class Gate {
 public:
  explicit Gate(std::size_t missing) : missing_(missing) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void arrive() {
    if (--missing_ == 0 && waiter_) std::exchange(waiter_, {}).resume();
  }

  [[nodiscard]] bool await_ready() const noexcept { return missing_ == 0; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  static constexpr void await_resume() noexcept {}

 private:
  std::size_t missing_;
  std::coroutine_handle<> waiter_;
};

}  // namespace vajrapulse::engine
