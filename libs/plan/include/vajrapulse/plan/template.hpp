#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/plan/vocabulary.hpp"

namespace vajrapulse::plan {

/// How what is filled in is written, so that data can never become structure.
enum class Encoding : std::uint8_t {
  raw,     ///< as it is: messages, bodies of the user's own making
  url,     ///< a part of a URL: what a URL cannot hold is percent-encoded; `/`, `?`, `&`, `=` stay as they are
  query,   ///< a query's or form's name or value: everything but unreserved characters is percent-encoded
  json,    ///< inside a JSON string: escaped
  header,  ///< a header's value: a line end or NUL makes it refuse
};

/// A text with `{{placeholders}}`: parsed once, filled in for each iteration. What is filled in is never parsed again.
///
///   {{token}}   {{users.username}}   {{iteration}}   {{uuid()}}   {{random_int(1,100)}}   {{now('%FT%T')}}
///   {{secret.KEY}}
///
/// `{{{{` stands for two braces. A placeholder is one name or one function; what a function takes is a whole number, a
/// text in quotes or a name. Random values come from the iteration, `now` is the calendar in UTC (calendar of the
/// reactor), its format as of strftime with %L for milliseconds; `now()` is ISO 8601.
class Template {
 public:
  Template() = default;

  /// Names are resolved now: one that nobody defines is a mistake, with its column in `text`. All mistakes come at
  /// once.
  static std::expected<Template, std::vector<criteria::Mistake>> compile(std::string_view text, Vocabulary& vocabulary,
                                                                         Encoding encoding = Encoding::raw);

  /// Nothing has to be filled in during the run; `text()` is the whole of it.
  [[nodiscard]] bool constant() const noexcept;
  /// Constant parts joined, for a constant one; else as written.
  [[nodiscard]] const std::string& text() const noexcept;
  /// Whether a placeholder is a secret: what is rendered must be masked where people read it.
  [[nodiscard]] bool secret() const noexcept;
  /// It is one placeholder and nothing else: `value` keeps its type.
  [[nodiscard]] bool single() const noexcept;

  /// Appends to `out`. An Error when something that is filled in has no value ("token was not captured"), or cannot
  /// stand there (a line end in a header).
  Status render(Moment& moment, std::string& out) const;
  /// What it stands for, with its type when it is single; null where `render` gives an Error. A text that had to be
  /// made lasts until the next `value` of this moment.
  [[nodiscard]] criteria::Value value(Moment& moment) const;

 private:
  struct Parts;
  explicit Template(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;
};

/// A value as a number; a text that is one counts as one (captured fields and table cells are texts).
[[nodiscard]] std::optional<double> as_number(const criteria::Value& value) noexcept;

}  // namespace vajrapulse::plan
