#pragma once

#include "vajrapulse/api/own_wait.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/metrics/recorder.hpp"
#include "vajrapulse/runtime/cancellation.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse {

/// What any piece of work on a shard may use: the reactor it runs on, where it records, when it has to
/// stop. A protocol's client takes a Scope, so that it works in `init`, in an iteration, and in tests.
class Scope {
 public:
  /// `own_wait`: where to account for what the work waits for the generator; null: nowhere.
  Scope(runtime::Reactor& reactor, metrics::Recorder& recorder, runtime::Cancellation& cancellation, Random& random,
        OwnWait* own_wait = nullptr)
      : reactor_(&reactor), recorder_(&recorder), cancellation_(&cancellation), random_(&random), own_wait_(own_wait) {}

  [[nodiscard]] runtime::Reactor& reactor() const noexcept { return *reactor_; }
  /// Where this work's measurements go: the warm-up's or the measured phase's.
  [[nodiscard]] metrics::Recorder& recorder() const noexcept { return *recorder_; }
  [[nodiscard]] runtime::Cancellation& cancellation() const noexcept { return *cancellation_; }
  [[nodiscard]] Random& random() const noexcept { return *random_; }

  /// A client says that it waited for the generator and not for the target: it is counted as the
  /// generator's share of the response time.
  void note_own_wait(TimePoint from, TimePoint until) const noexcept {
    if (own_wait_) own_wait_->add(from, until);
  }
  /// The same of what is seen at `seen` and may have happened since `earliest`, while the shard did not look.
  void note_unseen(TimePoint earliest, TimePoint seen) const noexcept {
    if (own_wait_) own_wait_->add_unseen(earliest, seen);
  }
  /// When this work would have been where it is at `at`, had it never waited for the generator.
  [[nodiscard]] TimePoint possible(TimePoint at) const noexcept { return own_wait_ ? own_wait_->possible(at) : at; }

  /// Sleeps without holding a thread; returns early when the work is cancelled.
  runtime::Co<void> sleep(Duration duration) const;

 private:
  runtime::Reactor* reactor_;
  metrics::Recorder* recorder_;
  runtime::Cancellation* cancellation_;
  Random* random_;
  OwnWait* own_wait_;
};

}  // namespace vajrapulse
