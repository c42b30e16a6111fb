#pragma once

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
  Scope(runtime::Reactor& reactor, metrics::Recorder& recorder, runtime::Cancellation& cancellation, Random& random)
      : reactor_(&reactor), recorder_(&recorder), cancellation_(&cancellation), random_(&random) {}

  [[nodiscard]] runtime::Reactor& reactor() const noexcept { return *reactor_; }
  /// Where this work's measurements go: the warm-up's or the measured phase's.
  [[nodiscard]] metrics::Recorder& recorder() const noexcept { return *recorder_; }
  [[nodiscard]] runtime::Cancellation& cancellation() const noexcept { return *cancellation_; }
  [[nodiscard]] Random& random() const noexcept { return *random_; }

  /// Sleeps without holding a thread; returns early when the work is cancelled.
  runtime::Co<void> sleep(Duration duration) const;

 private:
  runtime::Reactor* reactor_;
  metrics::Recorder* recorder_;
  runtime::Cancellation* cancellation_;
  Random* random_;
};

}  // namespace vajrapulse
