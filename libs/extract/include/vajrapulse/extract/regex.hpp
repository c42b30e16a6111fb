#pragma once

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract {

/// A regular expression in RE2's syntax: no backreferences and no look-around, and so linear in time whatever the
/// pattern and the body. `.` matches no line end and `^` only the start, unless (?s) and (?m) say otherwise.
class Regex final : public Finder {
 public:
  /// `group`: a number or name; by default group 1 if there is one, else the whole match. At most 4,096 bytes and a
  /// program of 20,000 instructions (`a{1000}{1000}` is refused).
  static std::expected<Regex, Mistake> compile(std::string_view text, std::string_view group = {});

  /// The group's text; missing also when the group took no part in the match.
  [[nodiscard]] Found first(Reader& reader) const override;
  /// Of matches that do not overlap.
  std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                       std::size_t most = kMostValues) const override;
  [[nodiscard]] std::string_view text() const noexcept override;

 private:
  struct Program;
  explicit Regex(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace vajrapulse::extract
