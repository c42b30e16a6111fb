#pragma once

#include <cstdint>
#include <vector>

#include "content.hpp"

namespace vajrapulse::data {

/// A walk over a file that is larger than memory: it goes forward record by record, remembers every kStride-th place
/// so that it can go back, reads ahead, and lets go of what lies far behind.
class Trail {
 public:
  explicit Trail(const StreamContent& content);

  /// Where a record was found.
  struct Found {
    Step step;
    std::size_t at = 0;      ///< where the step to it began
    std::uint64_t line = 0;  ///< on which the record begins
  };
  /// Goes to record `number` and behind it. At the end of the file the step says so, and `rows` is known.
  Found go(std::uint64_t number);

  /// What became of gathering.
  struct Gathered {
    Step::Kind stopped = Step::Kind::record;  ///< what stands where the next record should be, if that was reached
    std::uint64_t line = 0;                   ///< where the first step began
  };
  /// Adds to `begins` where the steps to record `number` and those behind it begin, up to `count` of them.
  Gathered gather(std::uint64_t number, std::uint64_t count, std::vector<std::size_t>& begins);

  [[nodiscard]] std::optional<std::uint64_t> rows() const { return rows_; }

 private:
  static constexpr std::uint64_t kStride = 4096;
  struct Mark {
    std::size_t at;
    std::uint64_t line;
  };
  void jump(std::uint64_t number);
  /// Steps over up to `count` records at once; not beyond the next mark.
  bool skip(std::uint64_t count, std::vector<std::size_t>* begins);
  void pass(std::size_t next, std::uint64_t records, std::uint64_t lines);
  void advise();

  const StreamContent& content_;
  const Format& format_;
  std::vector<Mark> marks_;
  std::uint64_t number_ = 0;  ///< of the record that comes next
  std::size_t at_;
  std::uint64_t line_;
  std::size_t advise_at_ = 0;
  std::optional<std::uint64_t> rows_;
};

}  // namespace vajrapulse::data
