#pragma once

#include <algorithm>
#include <vector>

#include "fault.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {

/// What was found wrong while a table is opened, each with its row, so that it can be told in the order of the file.
class Findings {
 public:
  struct Found {
    std::uint64_t row;  ///< from 1; 0: the table as a whole
    std::size_t turn;   ///< in which it was found
    Error error;
  };

  void add(std::uint64_t row, Error error) { found_.push_back({row, found_.size(), std::move(error)}); }
  void add(const Place& place, const Fault& fault) { add(place.row, error_at(place, fault)); }
  /// There is more than is told.
  void stop() { more_ = true; }

  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] std::size_t size() const { return found_.size(); }
  [[nodiscard]] bool has(std::uint64_t row) const {
    return std::ranges::find(found_, row, &Found::row) != found_.end();
  }
  [[nodiscard]] Refusal refusal() &&;

 private:
  std::vector<Found> found_;
  bool more_ = false;
};

}  // namespace vajrapulse::data
