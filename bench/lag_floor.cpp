// How late this host wakes a thread that does nothing but sleep: the floor under every scheduler lag.
//
//   lag_floor RATE SECONDS     one line of JSON, in ns: {"rate":…,"count":…,"p50":…,"p99":…,"p99.9":…,"max":…}
//
// A bare clock_nanosleep(TIMER_ABSTIME) loop with 1 ns of timer slack; run it on the core that the generator had.
#include <sys/prctl.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs + now.tv_nsec;
}

void sleep_until_ns(std::int64_t due) {
  const timespec until{.tv_sec = due / kSecondNs, .tv_nsec = due % kSecondNs};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
  }
}

std::vector<std::int64_t> measure(double rate, double seconds) {
  std::vector<std::int64_t> lags(static_cast<std::size_t>(rate * seconds));
  const std::int64_t origin = now_ns() + kSecondNs / 100;
  for (std::size_t k = 0; k < lags.size(); ++k) {
    const std::int64_t due = origin + static_cast<std::int64_t>(static_cast<double>(k) / rate * 1e9);
    sleep_until_ns(due);
    lags[k] = now_ns() - due;
  }
  std::sort(lags.begin(), lags.end());
  return lags;
}

// Nearest rank, as the reports do.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, double p) {
  const auto rank = static_cast<std::size_t>(p * static_cast<double>(sorted.size()) + 0.9999999);
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace

int main(int argc, char** argv) {
  const double rate = argc > 1 ? std::atof(argv[1]) : 1000;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 10;
  if (rate * seconds < 1) {
    std::fprintf(stderr, "lag_floor RATE SECONDS: both positive, at least one wake-up\n");
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1UL);
  const std::vector<std::int64_t> lags = measure(rate, seconds);
  std::printf(R"({"rate":%g,"count":%zu,"p50":%lld,"p99":%lld,"p99.9":%lld,"max":%lld})"
              "\n",
              rate, lags.size(), static_cast<long long>(percentile(lags, 0.5)),
              static_cast<long long>(percentile(lags, 0.99)), static_cast<long long>(percentile(lags, 0.999)),
              static_cast<long long>(lags.back()));
  return 0;
}
