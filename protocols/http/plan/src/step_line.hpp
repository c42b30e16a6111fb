#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::http_plan {

/// What `http: POST /login` says.
struct StepLine {
  std::string method = "GET";
  std::string url;     ///< with its placeholders
  std::size_t at = 0;  ///< where the URL begins in the line, in bytes
};

/// Reads the line of an `http` step: a URL, with a method before it if it is not GET.
std::expected<StepLine, criteria::Mistake> parse_step_line(std::string_view line);

/// A URL with placeholders, taken apart where its host ends.
struct UrlText {
  std::string_view origin;  ///< "http://host:8080", "{{base}}"; empty: relative to the plan's base-url
  std::string_view path;    ///< without query
  std::string_view query;   ///< with its question mark; no fragment
};
UrlText take_apart(std::string_view url);

/// Where the placeholder that begins at `at` ends (behind its braces); `text.size()` when it does not.
std::size_t placeholder_end(std::string_view text, std::size_t at) noexcept;

/// A part of a text with placeholders.
struct TextPart {
  bool placeholder = false;
  std::string text;  ///< of a placeholder with its braces; of a constant part as it is meant
};
std::vector<TextPart> text_parts(std::string_view text);
/// A constant part as a text with placeholders writes it: two braces are four.
std::string with_braces(std::string_view constant);

/// `text` with its constant parts as `encode` writes them; placeholders stay.
template <class Encode>
std::string with_literals(std::string_view text, Encode encode) {
  std::string out;
  for (const TextPart& part : text_parts(text))
    out += part.placeholder ? part.text : with_braces(encode(part.text));
  return out;
}

}  // namespace vajrapulse::http_plan
