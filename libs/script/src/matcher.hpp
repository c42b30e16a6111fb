#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "state.hpp"

namespace vajrapulse::script {

/// Lua's patterns (Lua 5.4 manual, section 6.4.1), with every step charged for: Lua's own count none, and a pattern
/// like `.-.-.-.-x` takes the fourth power of the subject's length. Raises nothing and owns nothing.
class Matcher {
 public:
  static constexpr int kMostCaptures = 32;

  struct Capture {
    static constexpr std::ptrdiff_t kOpen = -1;
    static constexpr std::ptrdiff_t kPosition = -2;
    const char* begin;
    std::ptrdiff_t size;
  };

  Matcher(std::string_view subject, std::string_view pattern, State& state) noexcept
      : subject_(subject), pattern_(pattern), state_(&state) {}

  /// The end of a match that begins at `at`; null when there is none, or a problem.
  const char* match(const char* at) noexcept;

  /// What is wrong with the pattern; null when nothing is.
  [[nodiscard]] const char* problem() const noexcept { return problem_; }
  /// The budget ended in the middle.
  [[nodiscard]] bool spent() const noexcept { return spent_; }
  [[nodiscard]] int captures() const noexcept { return captures_; }
  [[nodiscard]] const Capture& capture(int i) const noexcept { return capture_[i]; }

 private:
  const char* from(const char* at, const char* p) noexcept;
  const char* item_end(const char* p) noexcept;
  bool one(const char* at, const char* p, const char* end) const noexcept;
  static bool in_class(unsigned char c, char kind) noexcept;
  static bool in_set(unsigned char c, const char* p, const char* last) noexcept;
  const char* longest(const char* at, const char* p, const char* end) noexcept;
  const char* shortest(const char* at, const char* p, const char* end) noexcept;
  const char* open(const char* at, const char* p, std::ptrdiff_t size) noexcept;
  const char* close(const char* at, const char* p) noexcept;
  const char* balanced(const char* at, const char* p) noexcept;
  const char* repeated(const char* at, char which) noexcept;
  const char* fail(const char* problem) noexcept;
  bool step(std::uint64_t cost = 1) noexcept;
  [[nodiscard]] const char* subject_end() const noexcept { return subject_.data() + subject_.size(); }
  [[nodiscard]] const char* pattern_end() const noexcept { return pattern_.data() + pattern_.size(); }

  std::string_view subject_;
  std::string_view pattern_;
  State* state_;
  const char* problem_ = nullptr;
  bool spent_ = false;
  int depth_ = 0;
  int captures_ = 0;
  Capture capture_[kMostCaptures] = {};
};

}  // namespace vajrapulse::script
