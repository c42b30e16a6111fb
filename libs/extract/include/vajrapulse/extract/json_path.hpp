#pragma once

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract {

struct Path;

/// A JSONPath (RFC 9535) without filters and functions.
///
///   $.token                     a member by name (letters, digits, _ and non-ASCII)
///   $['user-id'] $["a\u0062"]   any name, with the escapes of RFC 9535 section 2.3.1
///   $.items[0] $.items[-1]      an element, from the end when negative
///   $.items[*] $.*              every element or member
///   $.items[1:5:2] $[::-1]      a slice (section 2.3.4)
///   $['a','b',0]                several, in the order written
///   $..name $..[0] $..*         at any depth (section 2.5.2)
///
/// A path of names and non-negative indexes only (`definite`) is followed with simdjson On Demand: what stands before
/// the value and on the way to it is checked, what follows is not, and of a name given twice the first counts. Every
/// other path has the whole body parsed, once for all paths, at most 128 levels deep and 1,000,000 values.
class JsonPath final : public Finder {
 public:
  /// At most 1,024 bytes, 64 segments and 64 selectors in one pair of brackets.
  static std::expected<JsonPath, Mistake> compile(std::string_view text);

  [[nodiscard]] Found first(Reader& reader) const override;
  std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                       std::size_t most = kMostValues) const override;
  [[nodiscard]] std::string_view text() const noexcept override;
  [[nodiscard]] bool definite() const noexcept;

 private:
  explicit JsonPath(std::shared_ptr<const Path> path) : path_(std::move(path)) {}
  std::shared_ptr<const Path> path_;
};

}  // namespace vajrapulse::extract
