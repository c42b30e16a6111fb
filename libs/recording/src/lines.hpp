#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vajrapulse/recording/recording.hpp"

namespace vajrapulse::recording {

/// The lines of a source, one after another, with no more of it in memory than the longest line.
class Lines {
 public:
  explicit Lines(const Source& source);

  /// Goes to the next line; false at the end.
  Expected<bool> next();
  /// Adds the line behind the current one to it; false at the end, or when that would be longer than the longest line.
  Expected<bool> extend();
  /// Takes back what `extend` added: those lines come again.
  void shrink();

  /// Without its line end; valid until the next call. Of a line that is too long, the start.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::uint64_t number() const { return number_; }  ///< of its first line, from 1
  [[nodiscard]] std::uint64_t count() const { return lines_; }    ///< how many lines are in it
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  Expected<bool> find_end(std::size_t from);
  Expected<bool> fill();
  Expected<bool> skip_rest();

  const Source& source_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::size_t begin_ = 0;  ///< of the current text
  std::size_t end_ = 0;    ///< of it, without the line end
  std::size_t next_ = 0;   ///< where the line behind it begins
  std::size_t first_end_ = 0;
  std::size_t first_next_ = 0;
  std::uint64_t number_ = 1;
  std::uint64_t lines_ = 0;
  bool too_long_ = false;
  bool ended_ = false;
};

}  // namespace vajrapulse::recording
