#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "vajrapulse/runtime/frame_pool.hpp"

namespace vajrapulse::runtime {

template <class T>
class Co;

namespace detail {

/// What every promise shares: who awaits us, pooled frames, laziness, symmetric transfer.
class PromiseBase : public PooledFrame {
 public:
  struct FinalAwaiter {
    static constexpr bool await_ready() noexcept { return false; }
    template <class Promise>
    static std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      return self.promise().continuation_;
    }
    static constexpr void await_resume() noexcept {}
  };

  static constexpr std::suspend_always initial_suspend() noexcept { return {}; }
  static constexpr FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  void continue_with(std::coroutine_handle<> continuation) noexcept { continuation_ = continuation; }

 protected:
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr exception_;
};

template <class T>
class Promise final : public PromiseBase {
 public:
  Co<T> get_return_object() noexcept;
  template <class U>
    requires std::is_constructible_v<T, U&&>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    rethrow();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Co<void> get_return_object() noexcept;
  static constexpr void return_void() noexcept {}
  void take() const { rethrow(); }
};

}  // namespace detail

/// A lazy coroutine that yields one T; nothing runs until it is awaited.
///
/// The awaiting coroutine resumes on the same shard, straight from the one that finished (symmetric
/// transfer: no stack grows, however deep the chain). Frames come from a pool of the thread. A Co that
/// is destroyed before it ended destroys its frame, and with it everything the frame owns.
///
/// GCC 12 miscompiles temporaries that live across a suspension in some expressions: give arguments,
/// lambdas and aggregates a name before `co_await` (./dev lint checks).
template <class T = void>
class [[nodiscard("a Co does nothing until it is awaited")]] Co {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;

  Co() noexcept = default;
  explicit Co(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  Co(Co&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Co& operator=(Co&& other) noexcept {
    if (this != &other) {
      reset();
      frame_ = std::exchange(other.frame_, {});
    }
    return *this;
  }
  ~Co() { reset(); }

  [[nodiscard]] bool valid() const noexcept { return static_cast<bool>(frame_); }

  struct Awaiter {
    std::coroutine_handle<promise_type> frame;
    static constexpr bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const noexcept {
      frame.promise().continue_with(caller);
      return frame;
    }
    T await_resume() const { return frame.promise().take(); }
  };
  Awaiter operator co_await() const noexcept {
    assert(frame_);
    return Awaiter{frame_};
  }

 private:
  void reset() noexcept {
    if (frame_) std::exchange(frame_, {}).destroy();
  }
  std::coroutine_handle<promise_type> frame_;
};

template <class T>
Co<T> detail::Promise<T>::get_return_object() noexcept {
  return Co<T>{std::coroutine_handle<Promise>::from_promise(*this)};
}
inline Co<void> detail::Promise<void>::get_return_object() noexcept {
  return Co<void>{std::coroutine_handle<Promise>::from_promise(*this)};
}

namespace detail {
/// A coroutine nobody awaits: starts at once and frees itself at the end.
struct Detached {
  struct promise_type : PooledFrame {
    static constexpr Detached get_return_object() noexcept { return {}; }
    static constexpr std::suspend_never initial_suspend() noexcept { return {}; }
    static constexpr std::suspend_never final_suspend() noexcept { return {}; }
    static constexpr void return_void() noexcept {}
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
  };
};
}  // namespace detail

/// Starts `work` now, on this shard, and lets it run to its end unattended. An exception that
/// leaves it ends the process: wrap what may throw.
inline void spawn(Co<void> work) {
  [](Co<void> owned) -> detail::Detached { co_await owned; }(std::move(work));
}

}  // namespace vajrapulse::runtime
