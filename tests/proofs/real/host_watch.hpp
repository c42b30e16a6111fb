#pragma once

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::proofs {

/// Threads that the calling one starts from now on run on this processor; wherever they like when there is but one.
void start_threads_on(int processor);
/// Where the server lives, and where the generator does.
inline constexpr int kServersProcessor = 1;
inline constexpr int kGeneratorsProcessor = 0;

/// What the host took away while something was measured, as witnesses saw it: on each of the two processors a thread
/// that does nothing but sleep until the next half millisecond, and notes when it was late. Hypervisors take processors
/// away without a word (of a quota that is used up /proc/stat tells nothing), and neighbours make everybody wait.
class HostWatch {
 public:
  HostWatch();
  ~HostWatch();
  HostWatch(const HostWatch&) = delete;
  HostWatch& operator=(const HostWatch&) = delete;

  struct Pause {
    TimePoint begin;
    TimePoint end;
  };
  struct Seen {
    std::vector<Pause> pauses;       ///< of both, longer than kPause, by their begin
    std::vector<Duration> lateness;  ///< of both, ascending
    Duration run_queue{};            ///< this process's threads, runnable but waiting; those of shards are given
    Duration steal{};                ///< by /proc/stat, in ticks of 10 ms

    /// How late a bare sleep ends here: what no program can be better than.
    [[nodiscard]] Duration floor(double percentile) const;
    [[nodiscard]] Duration paused() const noexcept;
    /// All that may have held us up: a neighbour that lets a witness through may still make others wait.
    [[nodiscard]] Duration taken() const noexcept { return paused() + run_queue; }
    /// Whether a pause lies in [from, until], or ended so shortly before that its backlog does.
    [[nodiscard]] bool disturbed(TimePoint from, TimePoint until) const noexcept;
    [[nodiscard]] std::string text() const;
  };
  /// Ends the watch. `shards`: what threads that have ended waited.
  Seen finish(Duration shards = {});

  static constexpr Duration kPause = std::chrono::microseconds(250);

 private:
  struct Witness {
    std::vector<Pause> pauses;
    std::vector<Duration> lateness;
    std::thread thread;
  };
  void watch(Witness& witness);

  std::atomic<bool> ended_ = false;
  std::array<Witness, 2> witnesses_;
  Duration run_queue_;
  Duration steal_;
};

}  // namespace vajrapulse::proofs
