#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/data/picker.hpp"
#include "vajrapulse/data/row.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {

/// What an iteration got: a row, or what to do now that there is none left.
enum class Given : std::uint8_t { row, stop_scenario, stop_run, fail };

/// Gives rows to the iterations of one shard.
class Cursor {
 public:
  Cursor() = default;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  virtual ~Cursor() = default;

  /// Fills `row` for iteration `k` of its scenario. Allocates nothing once `row` has met its largest row.
  /// Of a table that is streamed, k should rise, as the iterations of a shard do; others cost a walk.
  /// Fails (kUsage) with place and cure when a streamed row is not as its rules say; later rows still come.
  virtual Expected<Given> row(std::uint64_t k, std::uint64_t user, Row& row) = 0;
};

/// A table, how its rows are picked, and which of its columns are wanted: one for each use of a table in a plan.
///
/// Example:
///   auto feed = Feed::make(table, {.mode = Pick::unique}, {"username", "password"});   // once
///   std::unique_ptr<Cursor> cursor = (*feed)->cursor();                                  // on each shard
///   Row row;                                                                             // in each iteration
///   if (auto given = cursor->row(k, user, row); given && *given == Given::row) login(row.field(0), row.field(1));
class Feed {
 public:
  /// Fails (kUsage) for a column that is not there (with the nearest name), for what `check` refuses, and of a table
  /// that is streamed for the modes that need all rows at once: random, weighted, per-user and shuffle.
  static Expected<std::shared_ptr<const Feed>> make(std::shared_ptr<const Table> table, const PickSettings& pick,
                                                    const std::vector<std::string>& columns);

  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  ~Feed();

  [[nodiscard]] const Table& table() const;
  /// One for each shard; keeps the feed.
  [[nodiscard]] std::unique_ptr<Cursor> cursor() const;

  struct Parts;
  explicit Feed(std::shared_ptr<const Parts> parts);

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace vajrapulse::data
