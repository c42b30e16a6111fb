#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fault.hpp"
#include "vajrapulse/data/row.hpp"

namespace vajrapulse::data {

/// A column that is wanted, and which field of the row it becomes.
struct Slot {
  std::uint32_t column = 0;
  std::uint32_t field = 0;
};

/// The columns that are wanted, in the order of the table.
class Wanted {
 public:
  explicit Wanted(std::span<const std::uint32_t> columns);
  [[nodiscard]] std::span<const Slot> slots() const { return slots_; }
  [[nodiscard]] std::size_t fields() const { return slots_.size(); }

 private:
  std::vector<Slot> slots_;
};

/// One step through a file: a record, its end, or what is wrong where a record should be.
struct Step {
  enum class Kind : std::uint8_t { record, end, fault };
  Kind kind = Kind::record;
  std::size_t begin = 0;
  std::size_t end = 0;             ///< without the line end
  std::size_t next = 0;            ///< where to go on
  std::uint64_t lines_before = 0;  ///< line ends between the start of the step and `begin`
  std::uint64_t lines = 0;         ///< from there to `next`
  const char* fault = nullptr;     ///< one sentence of static lifetime
  const char* cure = nullptr;
};

/// Records that were stepped over together.
struct Skip {
  std::size_t at = 0;  ///< behind the last of them
  std::uint64_t records = 0;
  std::uint64_t lines = 0;  ///< line ends within them
};

/// Fields of the records of one file, for one thread.
class Splitter {
 public:
  Splitter() = default;
  Splitter(const Splitter&) = delete;
  Splitter& operator=(const Splitter&) = delete;
  virtual ~Splitter() = default;

  /// Fills a row that was started; what is wrong with the record, if anything.
  virtual std::optional<Fault> split(const Step& record, Row& row) = 0;
};

/// How records and their fields are written down in a file.
class Format {
 public:
  Format() = default;
  Format(const Format&) = delete;
  Format& operator=(const Format&) = delete;
  virtual ~Format() = default;

  /// Where the first record is looked for, and on which line that is.
  [[nodiscard]] virtual std::size_t first() const = 0;
  [[nodiscard]] virtual std::uint64_t first_line() const = 0;
  [[nodiscard]] virtual Step next(std::size_t at) const = 0;
  /// Steps over at most `count` records, quicker than one by one, and says where each of them begins if that is asked
  /// for. May stop before any record: `next` looks closer, and tells what is wrong.
  [[nodiscard]] virtual Skip skip(std::size_t at, std::uint64_t count, std::vector<std::size_t>* begins) const;
  [[nodiscard]] virtual std::span<const std::string> columns() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Splitter> splitter(const Wanted& wanted) const = 0;
};

/// The place of the first record in `text`: behind a byte order mark (RFC 3629, section 6). UTF-16 is refused.
Expected<std::size_t> begin_of(std::string_view text, std::string_view name);

}  // namespace vajrapulse::data
