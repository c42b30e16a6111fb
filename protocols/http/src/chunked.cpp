#include "vajrapulse/http/chunked.hpp"

#include <algorithm>

#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view& input, std::string_view& piece) noexcept {
  while (true) {
    if (state_ == State::done) return Step::done;
    if (state_ == State::bad) return Step::bad;
    if (input.empty()) return Step::more;
    if (state_ == State::data) return take_data(input, piece);
    take_framing(input.front());
    input.remove_prefix(1);
  }
}

ChunkedDecoder::Step ChunkedDecoder::take_data(std::string_view& input, std::string_view& piece) noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  piece = input.substr(0, size);
  input.remove_prefix(size);
  left_ -= size;
  if (left_ == 0) state_ = State::data_cr;
  return Step::piece;
}

void ChunkedDecoder::take_framing(char c) noexcept {
  const auto expect = [&](char wanted, State next) { state_ = c == wanted ? next : State::bad; };
  const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
  switch (state_) {
    case State::size: take_size(c); break;
    case State::padding:
      if (c == ';')
        state_ = State::extension;
      else if (c == '\r')
        state_ = State::size_lf;
      else if (c != ' ' && c != '\t')
        state_ = State::bad;
      else
        count_extra(State::padding);
      break;
    case State::extension:
      if (c == '\r')
        state_ = State::size_lf;
      else if (control)
        state_ = State::bad;
      else
        count_extra(State::extension);
      break;
    case State::size_lf:
      expect('\n', left_ == 0 ? State::trailer_start : State::data);
      has_digits_ = false;
      break;
    case State::data_cr: expect('\r', State::data_lf); break;
    case State::data_lf: expect('\n', State::size); break;
    case State::trailer_start:
      if (c == '\r')
        state_ = State::last_lf;
      else if (!is_token_char(c))
        state_ = State::bad;
      else
        count_extra(State::trailer);
      break;
    case State::trailer:
      if (c == '\r')
        state_ = State::trailer_lf;
      else if (control)
        state_ = State::bad;
      else
        count_extra(State::trailer);
      break;
    case State::trailer_lf: expect('\n', State::trailer_start); break;
    case State::last_lf: expect('\n', State::done); break;
    case State::data:
    case State::done:
    case State::bad: break;
  }
}

void ChunkedDecoder::take_size(char c) noexcept {
  const int digit = hex_digit(c);
  if (digit >= 0) {
    if (left_ >> 60 != 0) {  // would not fit 64 bits
      state_ = State::bad;
      return;
    }
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    if (has_digits_) count_extra(State::size);  // or zeros in front could go on for ever
    has_digits_ = true;
    return;
  }
  if (!has_digits_)
    state_ = State::bad;
  else if (c == '\r')
    state_ = State::size_lf;
  else if (c == ';')
    state_ = State::extension;
  else if (c == ' ' || c == '\t')
    state_ = State::padding;
  else
    state_ = State::bad;
}

void ChunkedDecoder::count_extra(State next) noexcept { state_ = ++extra_bytes_ > kExtraMax ? State::bad : next; }

}  // namespace vajrapulse::http
