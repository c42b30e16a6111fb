#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace vajrapulse {

/// What went wrong, as a stable kebab-case name: the `kind` tag of `vajrapulse.client.error.count`.
///
/// Each module declares the kinds it can produce as constants beside its headers, so that a new
/// protocol adds kinds without touching anyone else's file. The name must have static lifetime.
/// An empty kind means no error.
class ErrorKind {
 public:
  constexpr ErrorKind() = default;
  explicit constexpr ErrorKind(std::string_view static_name) : name_(static_name) {}

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  constexpr explicit operator bool() const noexcept { return !name_.empty(); }
  friend constexpr bool operator==(ErrorKind a, ErrorKind b) noexcept { return a.name_ == b.name_; }

 private:
  std::string_view name_;
};

inline constexpr ErrorKind kNoError{};
/// The user asked for something that cannot be: exit code 2, one sentence with place and cure.
inline constexpr ErrorKind kUsage{"usage"};
/// The run, or this iteration, was stopped before it ended.
inline constexpr ErrorKind kCancelled{"cancelled"};
inline constexpr ErrorKind kTimeout{"timeout"};
/// User code threw.
inline constexpr ErrorKind kException{"exception"};

/// A failure a person may read: what kind, what happened while doing what, and what to do about it.
struct Error {
  ErrorKind kind;
  std::string message;  ///< one sentence without a full stop: "cannot connect to 127.0.0.1:80: connection refused"
  std::string cure;     ///< what to do about it; may be empty

  /// "message; cure"
  [[nodiscard]] std::string text() const { return cure.empty() ? message : message + "; " + cure; }
};

template <class T>
using Expected = std::expected<T, Error>;

/// Success, or the Error that prevented it.
using Status = Expected<void>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string cure = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(cure)});
}

}  // namespace vajrapulse
