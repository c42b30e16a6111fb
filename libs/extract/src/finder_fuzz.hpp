#pragma once

#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void run(const Finder& finder, Reader& reader, std::string_view body) {
  reader.read(body);
  const Found found = finder.first(reader);
  require(found || !found.error().message.empty());
  std::vector<Value> values;
  const auto count = finder.all(reader, values, 100);
  if (count) require(*count == values.size() && *count <= 100);
  std::size_t sum = 0;
  for (const Value& value : values)
    for (const char c : value.text)
      sum += static_cast<unsigned char>(c);
  (void)sum;
}

/// The first line is compiled; what compiles is run over the rest, and over all of it.
inline int find_in(Kind kind, const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view line = input.substr(0, input.find('\n'));
  const std::string_view rest = input.substr(line.size());
  static Reader reader;
  const auto finder = compile(kind, line);
  if (!finder) {
    require(finder.error().column > 0 && finder.error().column <= line.size() + 1 && !finder.error().message.empty());
    return 0;
  }
  run(**finder, reader, rest);
  run(**finder, reader, input);
  return 0;
}

}  // namespace vajrapulse::extract::fuzz
