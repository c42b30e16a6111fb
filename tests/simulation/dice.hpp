#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/random.hpp"

namespace vajrapulse::simulation {

/// Draws what a seed chooses, and writes it down.
///
/// One draw a statement: compilers differ in the order of arguments.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool once_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + random_.below(high - low + 1); }
  Duration micros(std::uint64_t low, std::uint64_t high) { return std::chrono::microseconds(between(low, high)); }
  template <class T, std::size_t N>
  const T& one_of(const T (&all)[N]) {
    return all[random_.below(N)];
  }
  void say(std::string_view key, std::string_view value) { said_.append(key).append("=").append(value).append(" "); }
  void say(std::string_view key, std::uint64_t value) { say(key, std::string_view(std::to_string(value))); }
  void say(std::string_view key, Duration value) { say(key, std::to_string(to_ns(value) / 1000) + "us"); }
  [[nodiscard]] const std::string& said() const noexcept { return said_; }

 private:
  Random random_;
  std::string said_;
};

}  // namespace vajrapulse::simulation
