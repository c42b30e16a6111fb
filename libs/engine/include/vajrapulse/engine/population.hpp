#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::engine {

inline constexpr std::uint64_t kMostUsers = 10'000'000;

/// How many users there are over time, in levels, jumps and ramps. User u is there while u < at(t): the last to come
/// are the first to go.
///
/// Times are from the beginning of the load, without its pauses. Every shard asks for its own users and gets the same
/// answers, so who is there does not depend on how many shards there are.
class Population {
 public:
  /// `users` from the beginning on. They begin one by one, evenly over `spread`.
  static Population level(std::uint64_t users, Duration spread = {});
  /// From `from` to `to` on a straight line over `length`, rounded to whole users; then it stays. Those that are there
  /// from the beginning begin evenly over `spread`. Those that come later each do so at a moment of their own in a
  /// rhythm of `spread`, so that it knows no bursts.
  static Population ramp(std::uint64_t from, std::uint64_t to, Duration length, Duration spread = {});

  /// The same up to `at`, `users` from then on; those that are new begin evenly over `spread`.
  [[nodiscard]] Population changed(Duration at, std::uint64_t users, Duration spread = {}) const;
  /// The same up to `at`; from then on as `plan`, one level or ramp, says.
  [[nodiscard]] Population returned(Duration at, const Population& plan, Duration spread = {}) const;

  /// How many are there at `t`, those included that have not begun yet only so as to begin evenly.
  [[nodiscard]] std::uint64_t at(Duration t) const noexcept;
  /// Their number over [begin, end), in users times nanoseconds.
  [[nodiscard]] double user_time(Duration begin, Duration end) const noexcept;
  /// The most there are within [begin, end); 0 where that is empty.
  [[nodiscard]] std::uint64_t most(Duration begin, Duration end) const noexcept;
  /// How often it was changed.
  [[nodiscard]] std::size_t changes() const noexcept { return stages_.size() - 1; }
  /// The most there are at any time.
  [[nodiscard]] std::uint64_t most() const noexcept;

  /// A stretch of time in which a user is there: [joins, leaves).
  struct Stint {
    Duration joins;
    Duration leaves;  ///< the highest there is: stays

    friend bool operator==(const Stint&, const Stint&) = default;
  };
  /// The first stint of user `user` that is not over at `t`; none when it does not come any more.
  [[nodiscard]] std::optional<Stint> stint(std::uint64_t user, Duration t) const noexcept;

 private:
  /// From `begin` until the next stage's: a line from `from` to `to`, which may have begun before.
  struct Stage {
    Duration begin;
    std::uint64_t before;  ///< were there until then
    Duration line_begin;
    std::uint64_t from, to;
    Duration length;
    Duration spread;  ///< > 0: over which those that come at once begin, and in whose rhythm those of the line do
  };
  explicit Population(std::vector<Stage> stages) : stages_(std::move(stages)) {}
  [[nodiscard]] static std::uint64_t at(const Stage& stage, Duration t) noexcept;
  [[nodiscard]] static double user_time(const Stage& stage, Duration begin, Duration end) noexcept;
  template <class Visit>
  void each_within(Duration begin, Duration end, Visit visit) const;
  [[nodiscard]] static std::optional<Stint> stint(const Stage& stage, std::uint64_t user) noexcept;
  [[nodiscard]] Population with(Stage stage) const;

  std::vector<Stage> stages_;
};

}  // namespace vajrapulse::engine
