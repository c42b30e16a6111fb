#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::http::detail {

/// A token bucket: `per_second` on the long run, and never more than `burst` at once.
struct Rate {
  std::uint64_t per_second = 1;  ///< 1 to 1,000,000
  std::uint64_t burst = 1;       ///< 1 to 1,000,000
  bool operator==(const Rate&) const = default;
};

/// Which requests are within a rate: one bucket for each rate that is asked for, at most 64.
///
/// All there is to know of a bucket is when it will be full again (the generic cell rate algorithm of ITU-T I.371):
/// each request that is let through moves that on by 1/rate; one that would move it further ahead than the
/// bucket is deep is refused, and moves nothing.
class RateLimit {
 public:
  static constexpr std::size_t kRatesMax = 64;

  enum class Outcome { within, beyond, too_many_rates };
  struct Decision {
    Outcome outcome = Outcome::within;
    Duration wait{};  ///< beyond: until one more will be let through
  };
  /// A request that came at `now`; in the order of time.
  Decision ask(Rate rate, TimePoint now);

 private:
  struct Bucket {
    Rate rate;
    TimePoint full_at;
  };
  Bucket* bucket(Rate rate, TimePoint now);
  std::vector<Bucket> buckets_;
};

/// How many requests came in the last second, to 10 ms.
class RecentRequests {
 public:
  /// One came at `now`; how many there were, with this one.
  std::uint64_t add(TimePoint now) noexcept;

 private:
  static constexpr Duration kStep = std::chrono::milliseconds(10);
  static constexpr std::int64_t kSteps = 100;

  std::array<std::uint64_t, kSteps> counts_{};
  std::int64_t step_ = 0;  ///< the newest that was counted in
  std::uint64_t sum_ = 0;
};

/// A server that gets slower under load: what lies above `after` requests a second costs `by` for each `after` of it.
struct Degrading {
  std::uint64_t after = 1'000;  ///< at least 1
  Duration base = std::chrono::milliseconds(1);
  Duration by = std::chrono::milliseconds(100);

  static constexpr Duration kMost = std::chrono::minutes(1);
  /// base + by · (recent − after) / after, at most a minute; `base` up to `after`.
  [[nodiscard]] Duration latency(std::uint64_t recent) const noexcept;
};

}  // namespace vajrapulse::http::detail
