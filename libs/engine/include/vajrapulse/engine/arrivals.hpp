#pragma once

#include <cstdint>
#include <optional>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/load_pattern.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::engine {

/// The seed of the measured arrivals of a run with this seed.
std::uint64_t arrivals_seed(std::uint64_t run_seed);

/// The starts that one shard owes, in order.
///
/// The run's arrivals are one global sequence, k = 0, 1, 2, …, at Λ⁻¹(k), or at Λ⁻¹ of the k-th arrival of a
/// seeded unit Poisson process. This shard takes every `stride`-th of them from `first`, so that what the
/// target sees does not depend on how many shards or workers share the work.
///
/// Example:
///   Arrivals arrivals{pattern, {.length = 10s}, {.first = 1, .stride = 4}};
///   while (auto start = arrivals.next()) { timers.at(origin + *start, …); }
class Arrivals {
 public:
  struct Share {
    std::uint64_t first = 0;
    std::uint64_t stride = 1;
  };
  struct Settings {
    ArrivalKind kind = ArrivalKind::even;
    std::uint64_t seed = 0;              ///< of the Poisson process; the same for all shares
    Duration length{};                   ///< starts lie in [0, length)
    std::optional<std::uint64_t> limit;  ///< at most this many arrivals of all shares together
  };
  /// `pattern` must outlive this and its copies. A copy walks on from where the original stands.
  Arrivals(const LoadPattern& pattern, const Settings& settings, Share share);

  /// Offset of the next intended start from the pattern's start; nothing after the last one.
  std::optional<Duration> next() {
    if (next_index_ < even_.end) [[likely]] {
      const Duration due(even_.due_ns);
      index_ = next_index_;
      next_index_ += share_.stride;
      even_.due_ns += even_.step_ns;
      even_.remainder += even_.step_remainder;
      if (even_.remainder >= even_.modulus) {
        even_.remainder -= even_.modulus;
        ++even_.due_ns;
      }
      return due;
    }
    return next_uneven();
  }

  enum class Last : std::uint8_t { stands, given_back };
  /// Goes on in `pattern` and up to `length`. The sequence stays: the same k, the same Poisson process. What `next`
  /// gave last stands as it was, or is given back: then `next` gives it once more, where it is due in `pattern`.
  void follow(const LoadPattern& pattern, Duration length, Last last);

  /// k of the arrival that `next` gave last.
  [[nodiscard]] std::uint64_t index() const noexcept { return index_; }

  /// Whether `next` gave its last arrival because of the limit rather than the length.
  [[nodiscard]] bool ended_by_limit() const noexcept { return limit_ && next_index_ >= *limit_; }

  /// How many arrivals `next` will still give that are due before `until`. Of a Poisson process with more of them
  /// than can be drawn in a moment: how many are expected.
  [[nodiscard]] std::uint64_t remaining(Duration until) const;

 private:
  /// Where the walk stands in an even stretch: due_ns + remainder/modulus is the next start.
  struct Even {
    std::uint64_t end = 0;
    std::int64_t due_ns = 0;
    std::uint64_t remainder = 0;
    std::uint64_t modulus = 1;
    std::int64_t step_ns = 0;
    std::uint64_t step_remainder = 0;
  };
  std::optional<Duration> next_uneven();
  std::optional<Duration> next_poisson();
  [[nodiscard]] std::uint64_t own_before(std::uint64_t end) const noexcept;
  void enter(const EvenStretch& stretch);

  const LoadPattern* pattern_;
  Share share_;
  std::uint64_t next_index_;
  std::uint64_t index_ = 0;
  std::uint64_t end_;  ///< even arrivals: of all shares; Poisson: the limit
  std::optional<std::uint64_t> limit_;
  Even even_;
  ArrivalKind kind_;
  Duration length_;
  Random random_;
  std::uint64_t drawn_ = 0;  ///< how many arrivals of the Poisson process have been drawn
  double sum_ = 0;           ///< where the last of them lies in unit time
};

}  // namespace vajrapulse::engine
