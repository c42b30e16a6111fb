#pragma once

#include <memory>
#include <string_view>

namespace vajrapulse::http {

/// Decodes a compressed body as it comes, in pieces of bounded size, however much one byte expands to.
///
/// Example:
///   while (decoder->next(input, piece) == Decompressor::Step::piece) use(piece);
class Decompressor {
 public:
  enum class Step {
    piece,  ///< `piece` is the next decoded bytes, valid until the next call
    more,   ///< `input` is used up
    bad,    ///< damaged
  };

  /// For a value of content-encoding; null for one that is not known here, `identity` included.
  static std::unique_ptr<Decompressor> make(std::string_view content_encoding);
  /// The codings `make` knows, as accept-encoding wants them.
  static constexpr std::string_view kAccepted = "gzip, br, zstd";

  virtual ~Decompressor() = default;
  virtual Step next(std::string_view& input, std::string_view& piece) = 0;
  /// True when the coded data came to its own end (or there was none at all).
  [[nodiscard]] virtual bool complete() const = 0;
};

}  // namespace vajrapulse::http
