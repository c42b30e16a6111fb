#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vajrapulse/http/chunked.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/http/response_reader.hpp"

namespace vajrapulse::http {

struct RequestLimits {
  std::size_t head_bytes = 64 * 1024;
  std::size_t header_count = 100;
};

/// One request's head, as views into the bytes it was parsed from.
struct RequestHead {
  std::string_view method;
  std::string_view target;  ///< as sent
  std::string_view path;    ///< of the target, without query; "*" for OPTIONS *
  std::string_view query;   ///< without the '?'
  int minor = 1;            ///< HTTP/1.minor
  std::vector<Field> fields;
  Framing framing = Framing::none;  ///< never until_close
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expect_continue = false;

  /// The value of the first field called `name` (in any case); empty when there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
  /// Points every view to the same bytes at another place.
  void rebase(const char* from, const char* to) noexcept;
};

/// What a server can say about the bytes it has so far.
struct RequestOutcome {
  enum class Kind { incomplete, complete, refused };
  Kind kind = Kind::incomplete;
  std::size_t head_bytes = 0;  ///< complete: what the head took, with leading empty lines and its last CRLF
  int status = 0;              ///< refused: 400, 431, 501 or 505
  std::string_view why;        ///< refused: one short sentence, static
};

/// Reads request heads as RFC 9112 writes them, and refuses what could be read in two ways (bare LF,
/// obs-fold, space before the colon, length and chunked together, several differing lengths).
///
/// It keeps nothing but how far it has looked, so that a head that arrives byte by byte costs no more than
/// one that arrives whole: call `parse` again with the same bytes and more behind them.
class RequestParser {
 public:
  explicit RequestParser(const RequestLimits& limits) : limits_(limits) {}

  RequestOutcome parse(std::string_view input, RequestHead& head);

 private:
  RequestOutcome parse_block(std::string_view block, std::size_t skipped, RequestHead& head);
  RequestOutcome incomplete(std::string_view input);

  RequestLimits limits_;
  std::size_t searched_ = 0;
};

/// Cuts a request's body out of a byte stream: plain, of a known length, or chunked (RFC 9112 section 7.1).
class BodyDecoder {
 public:
  using Step = ChunkedDecoder::Step;

  BodyDecoder() = default;
  explicit BodyDecoder(const RequestHead& head) noexcept;

  /// Takes what it can from the front of `input`. `piece` is then the next bytes of the body (a view into
  /// what `input` was); `more`: feed on; `done`: the body has ended and `input` begins after it.
  Step next(std::string_view& input, std::string_view& piece) noexcept;

  [[nodiscard]] bool done() const noexcept { return done_; }

 private:
  Step next_of_length(std::string_view& input, std::string_view& piece) noexcept;
  Step next_of_chunks(std::string_view& input, std::string_view& piece) noexcept;

  ChunkedDecoder chunks_;
  std::uint64_t left_ = 0;
  bool chunked_ = false;
  bool done_ = true;
};

}  // namespace vajrapulse::http
