#pragma once

#include <string>
#include <utility>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse {

/// How one iteration ended. A failure is data: it is counted, timed and grouped, never thrown.
class [[nodiscard]] Result {
 public:
  static Result success() { return Result{}; }
  /// `kind` groups failures (kebab-case, static lifetime); `message` is kept as the sample of its group.
  static Result failure(ErrorKind kind, std::string message = {}) { return {kind, std::move(message), false}; }
  /// A failure that the protocol's client has recorded as an error already: counts as failed, not as an
  /// error of its own.
  static Result recorded_failure(ErrorKind kind) { return {kind, {}, true}; }

  [[nodiscard]] bool ok() const noexcept { return !kind_; }
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] bool already_recorded() const noexcept { return recorded_; }

 private:
  Result() = default;
  Result(ErrorKind kind, std::string message, bool recorded)
      : kind_(kind), message_(std::move(message)), recorded_(recorded) {}
  ErrorKind kind_;
  std::string message_;
  bool recorded_ = false;
};

}  // namespace vajrapulse
