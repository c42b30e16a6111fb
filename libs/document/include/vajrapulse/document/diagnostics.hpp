#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vajrapulse/document/place.hpp"

namespace vajrapulse::document {

enum class Severity : std::uint8_t { error, warning };

/// One thing that is wrong, where, and what would be right.
struct Diagnostic {
  Place place;
  std::string message;  ///< one clause without a full stop: "'duraton' is no key of a scenario"
  std::string cure;     ///< "did you mean 'duration'?", "write a time, for example 10s"; may be empty
  Severity severity = Severity::error;
  /// How the file came to be read: the include, the extends; nearest first. Filled in by Diagnostics from the source.
  std::vector<Place> via;
};

/// How findings are written.
enum class Format : std::uint8_t {
  text,    ///< file:line:column: message, the line with a caret, the cure; for people
  json,    ///< a list of objects; for programs
  github,  ///< workflow commands that annotate a change
};

/// What was found wrong with a file, all of it, in the order of the text.
class Diagnostics {
 public:
  static constexpr std::size_t kMost = 100;  ///< more are counted, not kept

  void error(Place place, std::string message, std::string cure = {});
  void warning(Place place, std::string message, std::string cure = {});
  void add(Diagnostic diagnostic);
  /// Rewrites messages and cures: masks what people must not see.
  void rewrite(const std::function<std::string(std::string)>& as_shown);

  [[nodiscard]] bool ok() const noexcept { return errors_ == 0; }
  /// Also those that were reported before: who asks whether something went wrong just now learns it every time.
  [[nodiscard]] std::size_t errors() const noexcept { return errors_; }
  /// By file and line; the same finding at the same place once.
  [[nodiscard]] std::vector<Diagnostic> all() const;
  [[nodiscard]] std::string written(Format format) const;

 private:
  std::vector<Diagnostic> found_;
  std::size_t errors_ = 0;
  std::size_t left_out_ = 0;  ///< beyond kMost
};

}  // namespace vajrapulse::document
