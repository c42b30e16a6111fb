#include "scan.hpp"

#include <algorithm>

namespace vajrapulse::script {
namespace {

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t characters(std::string_view text) noexcept {
  return std::size_t(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string_view line_of(std::string_view source, std::size_t line) {
  for (; line > 1; --line) {
    const std::size_t end = source.find('\n');
    if (end == source.npos) return {};
    source.remove_prefix(end + 1);
  }
  return source.substr(0, source.find('\n'));
}

/// Passes over texts and comments as Lua's lexer does (Lua 5.4 manual, section 3.1).
class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  std::optional<Mistake> scan() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (source_.substr(at_).starts_with("--")) {
        comment();
      } else if (c == '"' || c == '\'') {
        quoted(c);
      } else if (c == '[' && level(at_) >= 0) {
        bracketed();
      } else if (source_.substr(at_).starts_with("...")) {
        return refuse(3, "varargs (...) are not available in scripts", "name the parameters, or pass a table");
      } else if (is_word(c)) {
        const std::size_t begin = at_;
        while (at_ < source_.size() && is_word(source_[at_]))
          ++at_;
        if (source_.substr(begin, at_ - begin) == "_ENV") {
          at_ = begin;
          return refuse(4, "_ENV is not available in scripts", "keep values in a table of your own");
        }
      } else {
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] Mistake refuse(std::size_t length, std::string message, std::string cure) const {
    const std::string_view before = source_.substr(0, at_);
    const std::size_t begin = before.rfind('\n') + 1;
    return {.line = std::size_t(std::ranges::count(before, '\n')) + 1,
            .column = characters(before.substr(begin)) + 1,
            .length = length,
            .message = std::move(message),
            .cure = std::move(cure)};
  }

  /// Of [[, [=[, …: the number of =; -1 when none begins there.
  [[nodiscard]] int level(std::size_t at) const {
    std::size_t end = at + 1;
    while (end < source_.size() && source_[end] == '=')
      ++end;
    return end < source_.size() && source_[end] == '[' ? int(end - at - 1) : -1;
  }

  void bracketed() {
    const std::string close = "]" + std::string(std::size_t(level(at_)), '=') + "]";
    const std::size_t end = source_.find(close, at_ + close.size());
    at_ = end == source_.npos ? source_.size() : end + close.size();
  }

  void comment() {
    at_ += 2;
    if (at_ < source_.size() && source_[at_] == '[' && level(at_) >= 0) return bracketed();
    at_ = std::min(source_.find_first_of("\r\n", at_), source_.size());
  }

  void quoted(char quote) {
    for (++at_; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '\n' || c == '\r') return;
      if (c == quote) {
        ++at_;
        return;
      }
      if (c == '\\') escape();
    }
  }

  /// Leaves `at_` on the last byte of the escape; a line end may be two, and \z takes all that is blank.
  void escape() {
    if (++at_ >= source_.size()) return;
    const char c = source_[at_];
    const char behind = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    if ((c == '\r' && behind == '\n') || (c == '\n' && behind == '\r')) ++at_;
    while (c == 'z' && at_ + 1 < source_.size() &&
           std::string_view(" \t\r\n\f\v").find(source_[at_ + 1]) != std::string_view::npos)
      ++at_;
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

void locate(Mistake& mistake, std::string_view source, std::string_view token) {
  const std::string_view line = line_of(source, mistake.line);
  const std::size_t at = token.empty() ? line.npos : line.find(token);
  if (at == line.npos || line.find(token, at + 1) != line.npos) return;
  mistake.column = characters(line.substr(0, at)) + 1;
  mistake.length = std::max<std::size_t>(characters(token), 1);
}

std::optional<Mistake> scan(std::string_view source) {
  if (source.starts_with('\x1b'))
    return Mistake{
        .line = 1, .column = 1, .message = "this is compiled Lua, not text", .cure = "write the script's text"};
  if (source.size() > Interpreter::kMostSource)
    return Mistake{
        .line = 1, .message = "a script has at most 64 KiB", .cure = "make several steps of it, or a C++ task"};
  return Scanner(source).scan();
}

}  // namespace vajrapulse::script
