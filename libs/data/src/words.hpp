#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/base/text.hpp"

namespace vajrapulse::data {

template <class T, std::size_t N>
using Words = std::array<std::pair<std::string_view, T>, N>;

/// The value that a word of `words` stands for; fails with the nearest word, else with all of them.
template <class T, std::size_t N>
Expected<T> parse_word(std::string_view what, std::string_view word, const Words<T, N>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    names.emplace_back(name);
  }
  std::string cure;
  if (auto like = nearest(word, names)) {
    cure = "write " + *like;
  } else {
    cure = "write one of";
    for (const std::string& name : names)
      cure += (name == names.front() ? " " : ", ") + name;
  }
  return fail(kUsage, "'" + std::string(word.substr(0, 40)) + "' is no " + std::string(what), std::move(cure));
}

template <class T, std::size_t N>
std::string_view word_for(T value, const Words<T, N>& words) {
  return std::ranges::find(words, value, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace vajrapulse::data
