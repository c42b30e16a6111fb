#pragma once

#include <cassert>
#include <coroutine>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::runtime {

/// One thing that is waited for (a receive, a timer, a connection), living in the frame of whoever waits.
///
/// Started with a `start_…` function that either completes it at once (returns true) or keeps its address
/// and calls `complete()` later, from the reactor's turn, on the same thread. An operation that has been
/// started may not move or die before it completes; cancelling it (abort the stream, cancel the timer)
/// makes it complete with `cancelled` or the kind given.
class Operation {
 public:
  using Notify = void (*)(Operation&);

  Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// Reports completion: resumes the awaiting coroutine, or calls the function set with `notify_with`.
  void complete() {
    if (notify_) {
      notify_(*this);
    } else {
      assert(waiter_);
      waiter_.resume();
    }
  }

  void resume_with(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  /// For callers that are no coroutine: `notify` is called instead. It may start the next operation.
  void notify_with(Notify notify) noexcept { notify_ = notify; }

 protected:
  ~Operation() = default;

 private:
  Notify notify_ = nullptr;
  std::coroutine_handle<> waiter_;
};

/// How an I/O operation ended: no kind is success. Cheap enough for every request; text is made only when
/// someone reads it (`describe`).
struct IoResult {
  ErrorKind kind;
  int os_error = 0;  ///< errno behind the kind, or 0

  [[nodiscard]] bool ok() const noexcept { return !kind; }
};

}  // namespace vajrapulse::runtime
