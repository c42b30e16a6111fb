#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::plan {

/// Where the `log` steps of one shard write: the first lines of each second, the others are counted, so that a log
/// step in a test of 100,000 iterations a second neither slows it nor floods the screen.
class Log {
 public:
  static constexpr std::uint64_t kMostASecond = 10;

  /// `sink` gets whole lines without line end, on the shard's thread; it must not block.
  explicit Log(std::function<void(std::string line)> sink, std::uint64_t most_a_second = kMostASecond)
      : sink_(std::move(sink)), most_(most_a_second) {}

  /// Whether a line may be written at `now`; one that may not is counted.
  [[nodiscard]] bool admits(TimePoint now);
  void write(std::string line) { sink_(std::move(line)); }
  /// Says how many lines of the last second were left out; at the end of the run, and by itself with the next second.
  void close();

 private:
  std::function<void(std::string)> sink_;
  std::uint64_t most_;
  std::int64_t second_ = -1;
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
};

/// "steady-state 17: text", in one line and not too long: what a server sent shall not drive a terminal.
std::string log_line(const Iteration& iteration, std::string_view text);

}  // namespace vajrapulse::plan
