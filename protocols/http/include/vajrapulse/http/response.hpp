#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vajrapulse/api/result.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"

namespace vajrapulse::http {

/// The parts of a request's time, in the order they happen; vajrapulse.request.duration{phase}.
enum class Phase : std::uint8_t {
  blocked,  ///< waited for one of a limited number of connections
  dns,
  connect,
  tls,
  send,     ///< until the last byte was handed to the kernel; 0 when it took them at once
  wait,     ///< from then to the first byte of the response
  receive,  ///< from then to its last byte
  total,    ///< from the call to the last byte, with retries and redirects
};
inline constexpr std::size_t kPhases = 8;
std::string_view name(Phase phase) noexcept;

/// How long each phase took; one that did not happen is absent, which is not zero.
class PhaseTimes {
 public:
  static constexpr Duration kAbsent{-1};

  PhaseTimes() noexcept { clear(); }
  void clear() noexcept { times_.fill(kAbsent); }
  [[nodiscard]] Duration operator[](Phase phase) const noexcept { return times_[static_cast<std::size_t>(phase)]; }
  [[nodiscard]] bool has(Phase phase) const noexcept { return (*this)[phase] != kAbsent; }
  void set(Phase phase, Duration time) noexcept { times_[static_cast<std::size_t>(phase)] = time; }

 private:
  std::array<Duration, kPhases> times_;
};

/// The bytes of a response that are still there when it has ended. Memory that a sender uses again and again.
struct Kept {
  std::string head;
  std::string body;
};

/// Deletes what is kept, unless it is the sender's.
struct LetGo {
  bool borrowed = false;
  void operator()(Kept* kept) const noexcept {
    if (!borrowed) delete kept;
  }
};

/// What came back, or why nothing did. A failure is data: `ok()` says which, nothing throws.
///
/// Example:
///   auto response = co_await client_.get(iteration, "http://127.0.0.1:8080/");
///   co_return response.result();
class [[nodiscard]] Response {
 public:
  /// 0 when no response head came.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// Neither a transport error nor a status that counts as failed.
  [[nodiscard]] bool ok() const noexcept { return !error_; }
  /// Why it failed: a kind of runtime/errors.hpp or http/errors.hpp, or `status-404`.
  [[nodiscard]] ErrorKind error() const noexcept { return error_; }
  /// The failure in a sentence (the first of its kind); valid as long as the client.
  [[nodiscard]] std::string_view message() const noexcept { return message_; }
  /// What a task returns: the client has recorded the failure already.
  [[nodiscard]] Result result() const { return ok() ? Result::success() : Result::recorded_failure(error_); }

  /// The head as received, with Keep::head or Keep::body.
  [[nodiscard]] std::string_view head() const noexcept {
    return kept_ ? std::string_view(kept_->head) : std::string_view();
  }
  /// A header's value, with Keep::head or Keep::body; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  /// The body, decoded when the client decompresses, with Keep::body.
  [[nodiscard]] std::string_view body() const noexcept {
    return kept_ ? std::string_view(kept_->body) : std::string_view();
  }

  [[nodiscard]] const PhaseTimes& phases() const noexcept { return phases_; }
  [[nodiscard]] Duration total() const noexcept { return phases_[Phase::total]; }
  [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const noexcept { return bytes_received_; }
  /// Size of the body without its framing, before decoding.
  [[nodiscard]] std::uint64_t body_bytes() const noexcept { return body_bytes_; }
  [[nodiscard]] int redirects() const noexcept { return redirects_; }

 private:
  friend class Call;
  ErrorKind error_;
  std::string_view message_;
  std::unique_ptr<Kept, LetGo> kept_;
  PhaseTimes phases_;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
  std::uint64_t body_bytes_ = 0;
  int status_ = 0;
  int redirects_ = 0;
};

}  // namespace vajrapulse::http
