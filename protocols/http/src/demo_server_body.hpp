#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vajrapulse::http::detail {

/// What a request says by name: the members of a JSON object, the fields of a form or of a query.
class NamedValues {
 public:
  struct Entry {
    std::string name;
    std::string value;
  };
  static constexpr std::size_t kMost = 100;

  /// False when there are `kMost` already.
  bool add(std::string name, std::string value);
  /// The first of that name; null when there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  /// A whole number from 0 to `max`; nothing where it is absent or something else.
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view name, std::uint64_t max) const noexcept;
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

/// "name=value&…", percent-encoded, + for a space (WHATWG URL, section 5.1). A broken escape stays as it is.
std::optional<NamedValues> read_form(std::string_view text);

/// A JSON object (RFC 8259): its strings, and its numbers as they are written. What else it holds is checked and left
/// out. Nothing when the text is no object, is nested more than 16 deep or has more than `NamedValues::kMost` of them.
std::optional<NamedValues> read_json_object(std::string_view text);

/// By the content type: a form for application/x-www-form-urlencoded, else a JSON object. What begins as an object is
/// one all the same: that is what `curl -d` makes of it.
std::optional<NamedValues> read_body(std::string_view content_type, std::string_view body);

/// The whole of `text` as a number from 0 to `max`.
std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t max) noexcept;

/// `text` as a JSON string, with its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace vajrapulse::http::detail
