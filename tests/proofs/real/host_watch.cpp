#include "host_watch.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace vajrapulse::proofs {
namespace {

constexpr Duration kEvery = std::chrono::microseconds(500);
constexpr std::size_t kMostWakes = 120'000;  // a minute

TimePoint now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return TimePoint(std::chrono::seconds(t.tv_sec) + Duration(t.tv_nsec));
}

void sleep_until(TimePoint due) {
  const Duration since = due.time_since_epoch();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since);
  const timespec until{.tv_sec = whole.count(), .tv_nsec = (since - whole).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
  }
}

/// The eighth figure of /proc/stat's first line: ticks that the hypervisor says it gave to others.
Duration steal() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  std::int64_t ticks = 0;
  file >> cpu;
  for (int i = 0; i < 8; ++i)
    file >> ticks;
  return file ? Duration(std::chrono::seconds(ticks)) / ::sysconf(_SC_CLK_TCK) : Duration::zero();
}

/// The second figure of each thread's schedstat: nanoseconds runnable but waiting for a processor.
Duration run_queue() {
  std::int64_t sum_ns = 0;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t ran_ns = 0, waited_ns = 0;
    if (file >> ran_ns >> waited_ns) sum_ns += waited_ns;
  }
  return Duration(sum_ns);
}

double ms(Duration duration) { return double(to_ns(duration)) * 1e-6; }

}  // namespace

void start_threads_on(int processor) {
  if (std::thread::hardware_concurrency() < 2) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

HostWatch::HostWatch() : run_queue_(run_queue()), steal_(steal()) {
  for (int processor = 0; Witness & each : witnesses_) {
    each.lateness.reserve(kMostWakes);
    start_threads_on(processor++);
    each.thread = std::thread([this, &each] { watch(each); });
  }
}

HostWatch::~HostWatch() { finish(); }

void HostWatch::watch(Witness& witness) {
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  TimePoint due = now() + kEvery;
  while (!ended_ && witness.lateness.size() < kMostWakes) {
    sleep_until(due);
    const TimePoint woken = now();
    witness.lateness.push_back(woken - due);
    if (woken - due > kPause) witness.pauses.push_back({.begin = due - kEvery, .end = woken});
    due = std::max(due + kEvery, woken);
  }
}

HostWatch::Seen HostWatch::finish(Duration shards) {
  Seen seen;
  ended_ = true;
  for (Witness& each : witnesses_) {
    if (each.thread.joinable()) each.thread.join();
    seen.pauses.insert(seen.pauses.end(), each.pauses.begin(), each.pauses.end());
    seen.lateness.insert(seen.lateness.end(), each.lateness.begin(), each.lateness.end());
  }
  std::ranges::sort(seen.pauses, {}, &Pause::begin);
  std::ranges::sort(seen.lateness);
  seen.run_queue = run_queue() - run_queue_ + shards;
  seen.steal = steal() - steal_;
  return seen;
}

Duration HostWatch::Seen::floor(double percentile) const {
  if (lateness.empty()) return {};
  return lateness[std::size_t(percentile / 100 * double(lateness.size() - 1))];
}

Duration HostWatch::Seen::paused() const noexcept {
  Duration sum{};
  for (const Duration each : lateness)
    if (each > kPause) sum += each;
  return sum;
}

bool HostWatch::Seen::disturbed(TimePoint from, TimePoint until) const noexcept {
  constexpr Duration kBacklog = std::chrono::milliseconds(1);
  return std::ranges::any_of(pauses,
                             [&](const Pause& pause) { return pause.begin <= until && from <= pause.end + kBacklog; });
}

std::string HostWatch::Seen::text() const {
  return fmt::format(
      "the host held bare sleeps up {} times, for {:.1f} ms in all (p50 {:.3f}, p99 {:.3f} ms); {:.1f} ms of run-queue "
      "wait, {:.0f} ms of steal",
      pauses.size(), ms(paused()), ms(floor(50)), ms(floor(99)), ms(run_queue), ms(steal));
}

}  // namespace vajrapulse::proofs
