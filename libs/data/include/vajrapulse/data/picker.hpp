#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// Which row iteration k of a user gets.
enum class Pick : std::uint8_t {
  round_robin,        ///< k mod n: the rows in their order
  random,             ///< a row by a hash of seed and k; each as likely as the other
  weighted,           ///< the same, as likely as a column says
  unique,             ///< row k, each once over the whole run
  per_user,           ///< the same row for all iterations of a user: user mod n
  shuffle,            ///< every row once in an order of the seed's, then all again in another
  shuffle_in_windows  ///< the same within windows of rows, one window after another: for tables that are streamed
};

/// What happens when every row has been given.
enum class OnEnd : std::uint8_t { wrap, stop_scenario, stop_run, fail };

/// "round-robin", "random", "weighted", "unique", "per-user", "shuffle" or "shuffle-in-windows".
Expected<Pick> parse_pick(std::string_view word);
std::string_view word_of(Pick pick);
/// "wrap", "stop-scenario", "stop-run" or "fail".
Expected<OnEnd> parse_on_end(std::string_view word);
std::string_view word_of(OnEnd on_end);

struct PickSettings {
  Pick mode = Pick::round_robin;
  std::uint64_t seed = 0;
  /// Nothing said: `unique` stops its scenario, all others wrap. See `check` for what does not fit together.
  std::optional<OnEnd> on_end;
  /// The column of numbers that `weighted` goes by: none below 0, not all 0; empty fields are 0.
  std::string weights;
  /// Added to k. Scenarios (a warm-up, say) count their iterations from 0 each: with the iterations of those before it
  /// as its offset, a scenario goes on where they stopped, and no row is given twice.
  std::uint64_t offset = 0;
  std::uint64_t window = 65'536;  ///< rows; only of `shuffle_in_windows`
};

/// Fails (kUsage) by a sentence for what makes no sense together:
///  - `unique` with on-end wrap: the rows would come again
///  - an on-end with `random`, `weighted` or `per_user`: they never come to an end
///  - `weighted` without a column of weights, and a column of weights with any other
///  - a window of less than 2 rows or more than 1,048,576
Status check(const PickSettings& settings);
/// What `settings` do at the end; nothing when they never come to it.
std::optional<OnEnd> on_end_of(const PickSettings& settings);

/// From (k, user) to a row, by arithmetic alone: nothing is counted or remembered, so that the answer does not depend
/// on how many shards or workers ask, nor in which order. One is shared by all threads.
///
/// Random and weighted: SplitMix64's mix (Steele, Lea and Flood, 2014) of seed and k, brought into [0, n) by the high
/// half of a product (its bias is below n / 2^64); weights by Walker's alias table (Vose, 1991), 8 bytes a row and
/// shares to 2^-32 of a row's mean.
/// Shuffle: a Feistel network over the smallest power of two that holds n, walked until the result is below n (Black
/// and Rogaway, 2002), with a key for each round through the table: no memory.
///
/// Example:
///   auto picker = Picker::make({.mode = Pick::shuffle, .seed = 7}, 1'000'000);
///   std::optional<std::uint64_t> row = picker->pick(k, user);
class Picker {
 public:
  /// Of `rows` > 0; `weights` has one for each when the mode is `weighted`.
  static Expected<Picker> make(const PickSettings& settings, std::uint64_t rows, std::span<const double> weights = {});

  /// A row in [0, rows); nothing when every row has been given and the rows do not wrap.
  [[nodiscard]] std::optional<std::uint64_t> pick(std::uint64_t k, std::uint64_t user) const;
  /// Asks memory for what picking k will take.
  void expect(std::uint64_t k) const;
  [[nodiscard]] std::optional<OnEnd> on_end() const { return on_end_; }

 private:
  struct Aliases;
  Picker(const PickSettings& settings, std::uint64_t rows);
  [[nodiscard]] std::uint64_t shuffled(std::uint64_t k) const;
  [[nodiscard]] std::uint64_t shuffled_in_window(std::uint64_t k) const;

  Pick mode_;
  std::uint64_t seed_;
  std::uint64_t offset_;
  std::uint64_t window_;
  std::uint64_t rows_;
  std::optional<OnEnd> on_end_;
  std::shared_ptr<const Aliases> aliases_;
};

}  // namespace vajrapulse::data
