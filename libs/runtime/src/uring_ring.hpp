#pragma once

#include <liburing.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"

namespace vajrapulse::runtime {

/// One io_uring with its two queues. One kernel entry a turn hands over all new requests and waits for the
/// next completion or timer.
class UringRing {
 public:
  static Expected<std::unique_ptr<UringRing>> make();
  ~UringRing();
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;

  /// Binds the ring to the calling thread, the only one that may enter from then on. Idempotent.
  void enable() noexcept;

  /// A zeroed request, submitted with the next entry; enters at once when the queue is full.
  io_uring_sqe& request() noexcept;
  [[nodiscard]] unsigned unsubmitted() const noexcept;
  /// Hands over what is new, without waiting.
  void submit() noexcept;
  /// The same from a destructor, which may run on another thread than the loop did: then nothing is handed over.
  void submit_at_end() noexcept;
  /// Hands over what is new and waits for a completion, or until `until` (nothing: for ever; `min`: not at all).
  /// With `wanted` above one it lets that many gather, for Gathering::kAtMost and not beyond `until`; `now` is a recent
  /// time. Where the kernel cannot (before 6.12) one is enough.
  void submit_and_wait(std::optional<TimePoint> until, const Clock& clock, unsigned wanted, TimePoint now) noexcept;

  [[nodiscard]] unsigned completions() const noexcept;
  /// Takes the oldest completion; there must be one.
  io_uring_cqe take() noexcept;

  [[nodiscard]] io_uring& raw() noexcept { return ring_; }

 private:
  UringRing() = default;
  int enter(unsigned wait_for, unsigned flags, void* argument, std::size_t size) noexcept;
  void publish() noexcept;

  io_uring ring_{};
  bool enabled_ = false;
  std::thread::id issuer_;  ///< the thread that may enter
  bool absolute_timeouts_ = false;
};

/// Why io_uring cannot be used here ("" when it can): the flags we need and one real multishot receive.
/// Tried once a process.
const std::string& why_no_uring();

}  // namespace vajrapulse::runtime
