#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "vajrapulse/http/response_reader.hpp"

namespace vajrapulse::http {

/// What a ResponseReader made of some bytes, for tests: comparable, with nothing that depends on how they were cut.
struct Reading {
  int status = 0;
  int minor = -1;
  std::string head;
  std::string body;
  bool complete = false;
  bool keep_alive = false;
  std::string error;
  std::size_t used = 0;  ///< bytes taken, when complete

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// Feeds `bytes` in pieces, the sizes of which `next_size` gives, and then the end of the stream.
template <class NextSize>
Reading read_in_pieces(ResponseReader& reader, std::string_view bytes, ResponseReader::Answers answers,
                       NextSize next_size) {
  using Step = ResponseReader::Step;
  Reading result;
  reader.start(answers);
  std::string fed;  // a copy that moves: a view kept too long shows under ASan
  std::size_t taken = 0;
  std::string_view input;
  const auto end = [&](Step step) {
    result.complete = step == Step::done;
    if (step == Step::bad) result.error = reader.error().name();
    if (result.complete) result.used = taken - input.size();
    return result;
  };
  while (true) {
    std::string_view piece;
    switch (const Step step = reader.next(input, piece)) {
      case Step::head:
        result.status = reader.head().status;
        result.minor = reader.head().minor;
        result.head = reader.head().text;
        result.keep_alive = reader.head().keep_alive;
        break;
      case Step::body: result.body += piece; break;
      case Step::more: {
        if (taken == bytes.size()) return end(reader.end());
        const std::size_t size = next_size(bytes.size() - taken);
        std::string(bytes.substr(taken, size)).swap(fed);
        input = fed;
        taken += input.size();
        break;
      }
      case Step::done:
      case Step::bad: return end(step);
    }
  }
}

inline Reading read_whole(std::string_view bytes, ResponseReader::Answers answers = ResponseReader::Answers::get) {
  ResponseReader reader;
  return read_in_pieces(reader, bytes, answers, [](std::size_t left) { return left; });
}

}  // namespace vajrapulse::http
