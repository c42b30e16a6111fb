#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/extract/mistake.hpp"
#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

/// Something that finds values in a body: a JSONPath, a regular expression, an XPath, a CSS selector, a plain text.
/// Compiled once and never changed: any number of threads may use it, each with its own Reader.
class Finder {
 public:
  virtual ~Finder() = default;

  /// The first value, in the order of the body.
  [[nodiscard]] virtual Found first(Reader& reader) const = 0;
  /// Every value, at most `most` of them, appended to `values`; how many. Finding none is no Miss.
  virtual std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                               std::size_t most = kMostValues) const = 0;
  /// How many there are, up to kMostValues.
  [[nodiscard]] std::expected<std::size_t, Miss> count(Reader& reader) const;

  /// As it was written.
  [[nodiscard]] virtual std::string_view text() const noexcept = 0;

  static constexpr std::size_t kMostValues = 100'000;
};

enum class Kind : std::uint8_t { json_path, regex, xpath, css, contains };

/// What else may be said beside the text.
struct Part {
  std::string group{};      ///< of a regex: a number or name; by default group 1 if there is one, else the whole match
  std::string attribute{};  ///< of a CSS selector: an attribute instead of the text, as `selector@attribute`
};

/// Any of them by its kind.
std::expected<std::unique_ptr<Finder>, Mistake> compile(Kind kind, std::string_view text, const Part& part = {});

}  // namespace vajrapulse::extract
