#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vajrapulse::http {

/// Cuts a chunked body out of a byte stream (RFC 9112 section 7.1), wherever the bytes are split.
///
/// Extensions and trailers are read past, up to kExtraMax bytes of each in all. Copies nothing.
class ChunkedDecoder {
 public:
  static constexpr std::size_t kExtraMax = 64 * 1024;

  enum class Step {
    piece,  ///< `piece` is the next bytes of the body
    more,   ///< `input` is used up
    done,   ///< the body has ended; `input` begins after it
    bad,    ///< this is no chunked body
  };

  /// Takes what it can from the front of `input`; `piece` is a view into what `input` was.
  Step next(std::string_view& input, std::string_view& piece) noexcept;

 private:
  enum class State : std::uint8_t {
    size,
    padding,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    last_lf,
    done,
    bad
  };
  Step take_data(std::string_view& input, std::string_view& piece) noexcept;
  void take_framing(char c) noexcept;
  void take_size(char c) noexcept;
  void count_extra(State next) noexcept;

  State state_ = State::size;
  bool has_digits_ = false;
  std::uint32_t extra_bytes_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace vajrapulse::http
