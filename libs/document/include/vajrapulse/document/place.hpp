#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vajrapulse::document {

struct Place;

/// A text that values came from: a file, `--set`, an environment variable. Kept as long as a Place refers to it.
class Source {
 public:
  /// `named_by`: where another file includes or extends this one.
  Source(std::string name, std::string text, std::shared_ptr<const Place> named_by = nullptr);

  /// As people call it: "checkout.yml", "--set http.timeout".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Null for what was named on the command line.
  [[nodiscard]] const Place* named_by() const noexcept { return named_by_.get(); }
  /// From 1, without its line end; empty beyond the end.
  [[nodiscard]] std::string_view line(std::size_t number) const noexcept;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::size_t> begins_;
  std::shared_ptr<const Place> named_by_;
};

/// Where something stands, as an editor counts.
struct Place {
  std::shared_ptr<const Source> source;
  std::size_t line = 1;    ///< from 1
  std::size_t column = 1;  ///< in characters (Unicode), from 1
  std::size_t length = 1;  ///< characters that are meant, at least 1

  /// "checkout.yml:12:7"
  [[nodiscard]] std::string text() const;
  /// The same line, `offset` characters further, `length` long: a part of a scalar.
  [[nodiscard]] Place part(std::size_t offset, std::size_t length) const;
};

}  // namespace vajrapulse::document
