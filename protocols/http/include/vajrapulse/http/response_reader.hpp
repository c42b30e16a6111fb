#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/http/chunked.hpp"

namespace vajrapulse::http {

/// How the end of a body is known (RFC 9112 section 6.3).
enum class Framing : std::uint8_t { none, length, chunked, until_close };

/// What the head of a response says; the views point into the bytes it was read from.
struct ResponseHead {
  std::string_view text;  ///< all of it, from the status line to the blank line
  std::string_view content_encoding;
  std::string_view location;
  std::uint64_t content_length = 0;  ///< with Framing::length
  int status = 0;
  int minor = 1;  ///< HTTP/1.minor
  Framing framing = Framing::none;
  bool keep_alive = true;  ///< another request may follow on this connection
  bool sets_cookies = false;
};

/// Reads one HTTP/1 response out of a byte stream (RFC 9112), wherever the bytes are split.
///
/// Copies nothing while the head lies within one piece of input; a head that is split is gathered in memory
/// that the reader keeps for the next one. Interim responses (1xx, but for 101) are read past.
///
/// Example:
///   reader.start(ResponseReader::Answers::get);
///   for (std::string_view piece;;) switch (reader.next(input, piece)) { … }
class ResponseReader {
 public:
  /// What was asked: a HEAD request is answered without a body, whatever the head says.
  enum class Answers : std::uint8_t { get, head };
  enum class Step {
    more,  ///< `input` is used up: feed the next bytes, or `end()`
    head,  ///< `head()` is there, valid until the next bytes are fed; call again
    body,  ///< `piece` is the next bytes of the body, a view into what `input` was
    done,  ///< the response is complete; `input` begins after it
    bad,   ///< `error()` says what is wrong; nothing further can be read
  };

  /// Forgets the last response and gets ready for the next one.
  void start(Answers answers) noexcept;

  Step next(std::string_view& input, std::string_view& piece);

  /// The peer closed: `done` where that ends the body, else `bad`, with `http-truncated` or, when not one
  /// byte had come, `connection-closed`.
  Step end() noexcept;

  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }
  [[nodiscard]] bool has_head() const noexcept { return !head_.text.empty(); }
  [[nodiscard]] ErrorKind error() const noexcept { return error_; }
  /// Some byte of a response has come.
  [[nodiscard]] bool started() const noexcept { return started_; }

 private:
  enum class State : std::uint8_t { head, body, done, bad };
  struct Place {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  Step read_head(std::string_view& input);
  Step read_body(std::string_view& input, std::string_view& piece) noexcept;
  Step parse_lines(std::string_view text);
  bool read_line(std::string_view text, std::string_view line);
  bool read_status_line(std::string_view line) noexcept;
  bool read_field(std::string_view text, std::string_view line);
  bool read_length(std::string_view value);
  void read_connection(std::string_view value) noexcept;
  void read_transfer_encoding(std::string_view value) noexcept;
  void conclude(std::string_view text);
  void start_head() noexcept;
  Step refuse(ErrorKind kind) noexcept;
  [[nodiscard]] bool is_interim() const noexcept { return head_.status < 200 && head_.status != 101; }

  ResponseHead head_;
  std::string kept_;  // the part of a split head that has come so far
  std::uint64_t left_ = 0;
  ChunkedDecoder chunks_;
  ErrorKind error_;
  std::uint32_t line_begin_ = 0;
  std::uint32_t scanned_ = 0;  // up to here there is no end of line
  Place location_;
  Place content_encoding_;
  State state_ = State::head;
  Answers answers_ = Answers::get;
  bool started_ = false;
  bool ended_ = false;  // the blank line has been read
  bool has_length_ = false;
  bool has_coding_ = false;
  bool chunked_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  std::uint8_t interim_ = 0;
};

}  // namespace vajrapulse::http
