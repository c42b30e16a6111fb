#pragma once

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::runtime {

class OnCancel;

/// One wish to stop, shared by everything an iteration waits for. Lives on one shard.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  [[nodiscard]] bool requested() const noexcept { return static_cast<bool>(why_); }
  [[nodiscard]] ErrorKind why() const noexcept { return why_; }

  /// Calls every registered callback once, newest first; later registrations are called at once.
  void request(ErrorKind why = kCancelled);

 private:
  friend class OnCancel;
  ErrorKind why_;
  OnCancel* first_ = nullptr;
};

/// Registers a callback for as long as it lives; a pair of pointers, no allocation. The callback must not
/// resume the waiting coroutine itself: it aborts the stream or re-arms the timer that does.
class OnCancel {
 public:
  using Callback = void (*)(OnCancel&, ErrorKind why);

  OnCancel(Cancellation& cancellation, Callback callback) : callback_(callback) { attach(cancellation); }
  OnCancel(const OnCancel&) = delete;
  OnCancel& operator=(const OnCancel&) = delete;
  ~OnCancel() { detach(); }

  void detach() noexcept {
    if (!cancellation_) return;
    (previous_ ? previous_->next_ : cancellation_->first_) = next_;
    if (next_) next_->previous_ = previous_;
    cancellation_ = nullptr;
  }

 private:
  friend class Cancellation;
  void attach(Cancellation& cancellation) {
    if (cancellation.requested()) {
      callback_(*this, cancellation.why_);
      return;
    }
    cancellation_ = &cancellation;
    next_ = cancellation.first_;
    if (next_) next_->previous_ = this;
    cancellation.first_ = this;
  }
  Callback callback_;
  Cancellation* cancellation_ = nullptr;
  OnCancel* next_ = nullptr;
  OnCancel* previous_ = nullptr;
};

inline void Cancellation::request(ErrorKind why) {
  if (requested()) return;
  why_ = why;
  while (first_) {
    OnCancel* callback = first_;
    callback->detach();
    callback->previous_ = callback->next_ = nullptr;
    callback->callback_(*callback, why);
  }
}

}  // namespace vajrapulse::runtime
