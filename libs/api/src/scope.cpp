#include "vajrapulse/api/scope.hpp"

#include <coroutine>
#include <optional>

#include "vajrapulse/runtime/timers.hpp"

namespace vajrapulse {
namespace {

/// A timer that a coroutine waits for, due at once when the work is cancelled.
class CancellableSleep : private runtime::Timer {
 public:
  CancellableSleep(runtime::Reactor& reactor, runtime::Cancellation& cancellation, TimePoint due)
      : Timer(&wake), reactor_(reactor), cancellation_(cancellation), until_(due) {}

  static constexpr bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    waiter_ = waiter;
    reactor_.timers().arm(*this, until_);
    if (cancellation_.requested()) {
      ring_now();
    } else {
      hurry_.emplace(cancellation_, *this);
    }
  }
  void await_resume() noexcept { hurry_.reset(); }

 private:
  struct Hurry : runtime::OnCancel {
    Hurry(runtime::Cancellation& cancellation, CancellableSleep& sleep) : OnCancel(cancellation, &ring), owner(sleep) {}
    static void ring(OnCancel& self, ErrorKind /*why*/) { static_cast<Hurry&>(self).owner.ring_now(); }
    CancellableSleep& owner;
  };

  static void wake(Timer& timer) { static_cast<CancellableSleep&>(timer).waiter_.resume(); }
  void ring_now() { reactor_.timers().arm(*this, reactor_.now()); }

  runtime::Reactor& reactor_;
  runtime::Cancellation& cancellation_;
  TimePoint until_;
  std::coroutine_handle<> waiter_;
  std::optional<Hurry> hurry_;
};

}  // namespace

runtime::Co<void> Scope::sleep(Duration duration) const {
  CancellableSleep nap(*reactor_, *cancellation_, reactor_->now() + duration);
  co_await nap;
}

}  // namespace vajrapulse
