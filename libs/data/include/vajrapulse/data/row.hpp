#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace vajrapulse::data {

/// The fields of one row, in the order in which they were asked for. Belongs to one iteration, and can be filled again
/// and again: it keeps its memory.
///
/// A field is a view into the table's file, or, where quotes or escapes had to be undone, into this row. It lives until
/// the row is filled again, and as long as the table.
class Row {
 public:
  Row() = default;
  Row(Row&&) noexcept = default;
  Row& operator=(Row&&) noexcept = default;
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;
  ~Row() = default;

  [[nodiscard]] std::string_view field(std::size_t index) const { return fields_[index]; }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  /// Which row of the table it is, from 0.
  [[nodiscard]] std::uint64_t number() const { return number_; }

  /// For those who fill it: all fields are empty afterwards.
  void start(std::uint64_t number, std::size_t fields) {
    number_ = number;
    used_ = 0;
    fields_.assign(fields, {});
  }
  /// Drops the fields from the `fields`-th on.
  void trim(std::size_t fields) { fields_.resize(fields); }
  void set(std::size_t index, std::string_view field) { fields_[index] = field; }
  /// Room for `bytes` more in the row's own memory; fields that lie there move along when it grows.
  char* room(std::size_t bytes);
  /// How many of those bytes were used.
  void used(std::size_t bytes) { used_ += bytes; }

 private:
  void grow(std::size_t bytes);

  std::uint64_t number_ = 0;
  std::vector<std::string_view> fields_;
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace vajrapulse::data
