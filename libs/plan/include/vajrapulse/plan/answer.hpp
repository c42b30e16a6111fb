#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::plan {

/// How much of an answer somebody looks at; a protocol need not keep more.
enum class Keeps : std::uint8_t {
  nothing,  ///< status, size and time at most
  head,     ///< headers and cookies, too
  body,     ///< the body, too
};

/// What came back, as `expect` and `capture` look at it. Everything it gives points into it and is good as long as it.
/// Whoever has one also has an extract::Reader, and lets it `read` the body before `expect` and `capture` look at it
/// when one of them keeps the body: both use what has been parsed once.
class Answer {
 public:
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  virtual ~Answer() = default;

  /// HTTP: the status; other protocols: their code.
  [[nodiscard]] virtual std::uint32_t status() const = 0;
  /// Bytes of the body, whether it was kept or not.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// From the first byte sent to the last one received, or what else the protocol calls its duration.
  [[nodiscard]] virtual Duration time() const = 0;

  /// Value `nth` of the header (from 0; upper and lower case are the same); nothing when there are no more.
  [[nodiscard]] virtual std::optional<std::string_view> header(std::string_view name, std::size_t nth) const = 0;
  /// The value of a cookie that this answer sets.
  [[nodiscard]] virtual std::optional<std::string_view> cookie(std::string_view name) const = 0;
  [[nodiscard]] virtual std::string_view body() const = 0;
};

}  // namespace vajrapulse::plan
