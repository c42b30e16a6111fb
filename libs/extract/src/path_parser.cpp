#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "json_text.hpp"
#include "mistake_at.hpp"
#include "path.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostSegments = 64;
constexpr std::size_t kMostSelectors = 64;
constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;  // RFC 9535 section 2.1

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name_first(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_char(char c) noexcept { return is_name_first(c) || is_digit(c); }

/// Reads a path from left to right; the first mistake ends it.
class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  std::expected<std::shared_ptr<const Path>, Mistake> parse() {
    auto path = std::make_shared<Path>();
    if (!root() || !segments(path->segments)) return std::unexpected(std::move(*mistake_));
    path->text = text_;
    path->definite = !path->segments.empty() && std::ranges::all_of(path->segments, is_definite);
    return path;
  }

 private:
  static bool is_definite(const Segment& segment) {
    if (segment.reach != Segment::Reach::child || segment.selectors.size() != 1) return false;
    const Selector& selector = segment.selectors.front();
    return selector.kind == Selector::Kind::name || (selector.kind == Selector::Kind::index && selector.index >= 0);
  }

  bool refuse(std::size_t at, std::size_t length, std::string message, std::string cure = {}) {
    if (!mistake_) mistake_ = mistake_at(text_, at, length, std::move(message), std::move(cure));
    return false;
  }

  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] char next() const noexcept { return done() ? '\0' : text_[at_]; }
  bool take(char wanted) noexcept {
    if (done() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void blanks() noexcept {
    while (!done() && is_blank(text_[at_]))
      ++at_;
  }

  bool root() {
    if (take('$')) return done() || !is_name_char(next()) || no_dot();
    if (next() == '@') return refuse(0, 1, "@ stands only in filters, and those are not supported", "begin with $");
    const bool name = is_name_first(next());
    return refuse(0, 1, "a JSONPath begins with $",
                  name ? fmt::format("write $.{}", text_) : std::string("write for example $.token"));
  }

  bool no_dot() {
    return refuse(at_, text_.size() - at_, "a . or [ is missing behind $",
                  fmt::format("write $.{}", text_.substr(at_)));
  }

  bool segments(std::vector<Segment>& segments) {
    while (!done()) {
      blanks();
      if (done()) return refuse(text_.size() - 1, 1, "a blank stands at the end of the path", "leave it out");
      if (segments.size() == kMostSegments) return refuse(at_, 1, "a path has at most 64 segments", "shorten it");
      Segment segment{.at = at_};
      if (!this->segment(segment)) return false;
      segments.push_back(std::move(segment));
    }
    return true;
  }

  bool segment(Segment& segment) {
    if (next() == '[') return brackets(segment);
    if (!take('.')) return refuse(at_, 1, fmt::format("'{}' is not expected here", letter()), cure_of_stray());
    if (take('.')) {
      segment.reach = Segment::Reach::descendant;
      if (next() == '[') return brackets(segment);
    }
    if (take('*')) {
      segment.selectors.push_back({.kind = Selector::Kind::every});
      return true;
    }
    return short_name(segment);
  }

  /// The character at the front, whole.
  [[nodiscard]] std::string_view letter() const noexcept {
    std::size_t size = 1;
    while (at_ + size < text_.size() && (static_cast<unsigned char>(text_[at_ + size]) & 0xc0) == 0x80)
      ++size;
    return text_.substr(at_, size);
  }

  [[nodiscard]] std::string cure_of_stray() const {
    if (next() == '-' && last_name_ < at_) {
      std::size_t end = at_;
      while (end < text_.size() && (is_name_char(text_[end]) || text_[end] == '-'))
        ++end;
      return fmt::format("put a name with - in brackets: ['{}']", text_.substr(last_name_, end - last_name_));
    }
    if (next() == '(') return "functions are not supported; select the value and compare it in an expect";
    return "go on with .name or [index]";
  }

  bool short_name(Segment& segment) {
    const std::size_t begin = at_;
    if (done() || !is_name_first(next())) {
      const std::string cure = is_digit(next()) ? "write an index in brackets: [0]" : "write for example $.token";
      return refuse(begin, 1, "a name is missing behind the .", cure);
    }
    while (!done() && is_name_char(next()))
      ++at_;
    last_name_ = begin;
    if (next() == '(') return refuse(begin, at_ - begin, "functions are not supported", cure_of_stray());
    segment.selectors.push_back({.kind = Selector::Kind::name, .name = std::string(text_.substr(begin, at_ - begin))});
    return true;
  }

  bool brackets(Segment& segment) {
    const std::size_t open = at_++;
    last_name_ = text_.npos;
    while (true) {
      blanks();
      if (segment.selectors.size() == kMostSelectors)
        return refuse(at_, 1, "brackets hold at most 64 selectors", "make several paths of it");
      if (!selector(segment)) return false;
      blanks();
      if (take(']')) return true;
      if (done()) return refuse(open, 1, "this [ is not closed", "close it with ]");
      if (!take(','))
        return refuse(at_, 1, fmt::format("'{}' is not expected here", letter()), "separate selectors by a comma");
    }
  }

  bool selector(Segment& segment) {
    const char c = next();
    if (done()) return refuse(text_.size() - 1, 1, "this [ is not closed", "close it with ]");
    if (c == '\'' || c == '"') return quoted_name(segment);
    if (take('*')) {
      segment.selectors.push_back({.kind = Selector::Kind::every});
      return true;
    }
    if (c == '-' || c == ':' || is_digit(c)) return numbers(segment);
    if (c == '?' || c == '(')
      return refuse(at_, text_.size() - at_, "filters ([?…]) are not supported",
                    "select by name or index, for example $.items[0].id, and compare in an expect");
    if (c == ']') return refuse(at_, 1, "nothing stands in these brackets", "write a name in quotes, an index or *");
    if (is_name_first(c)) return bare_name();
    return refuse(at_, 1, fmt::format("'{}' is not expected here", letter()), "write a name in quotes, an index or *");
  }

  bool bare_name() {
    const std::size_t begin = at_;
    while (!done() && (is_name_char(next()) || next() == '-'))
      ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    return refuse(begin, name.size(), "a name in brackets stands in quotes", fmt::format("write ['{}']", name));
  }

  bool quoted_name(Segment& segment) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    std::string name;
    while (!done() && next() != quote) {
      if (static_cast<unsigned char>(next()) < 0x20)
        return refuse(at_, 1, "a control character stands in this name", "write it as \\u and four digits");
      if (next() != '\\')
        name += text_[at_++];
      else if (!escape(quote, name))
        return false;
    }
    if (!take(quote))
      return refuse(begin, text_.size() - begin, "this name does not end", fmt::format("end it with {}", quote));
    segment.selectors.push_back({.kind = Selector::Kind::name, .name = std::move(name)});
    return true;
  }

  /// Section 2.3.1.1; the other quote is not escaped.
  bool escape(char quote, std::string& name) {
    const std::size_t begin = at_++;
    const char kind = next();
    if (kind == quote) {
      name += text_[at_++];
      return true;
    }
    std::size_t size = kind == 'u' ? 6 : 2;
    const bool half = kind == 'u' && is_surrogate(begin);
    if (half && text_.size() >= begin + 12 && text_.substr(begin + 6, 2) == "\\u") size = 12;
    const std::string_view raw = text_.substr(begin, size);
    const auto decoded = kind == '"' || kind == '\'' ? std::nullopt : unescape(raw);
    if (raw.size() < size || !decoded || (half && decoded->size() != 4))
      return refuse(begin, size, "this is no escape", "write \\\\ for a backslash, or \\u and four digits");
    name += *decoded;
    at_ = begin + size;
    return true;
  }

  [[nodiscard]] bool is_surrogate(std::size_t begin) const noexcept {
    if (begin + 2 > text_.size()) return false;
    const auto code = four_digits(text_.substr(begin + 2));
    return code && *code >= 0xd800 && *code < 0xe000;
  }

  bool integer(std::optional<std::int64_t>& number) {
    const std::size_t begin = at_;
    const bool minus = take('-');
    while (!done() && is_digit(next()))
      ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const std::string_view digits = word.substr(minus ? 1 : 0);
    if (word.empty()) return true;
    if (digits.empty() || (digits.front() == '0' && word.size() > 1))
      return refuse(begin, std::max<std::size_t>(word.size(), 1), fmt::format("'{}' is no index", word),
                    "write 0, 1, 2, … or -1 for the last");
    std::int64_t value = 0;
    const auto failure = std::from_chars(word.data(), word.data() + word.size(), value).ec;
    if (failure != std::errc() || value > kLargestInteger || value < -kLargestInteger)
      return refuse(begin, word.size(), fmt::format("the index {} is too large", word), "write at most 2^53 - 1");
    number = value;
    return true;
  }

  bool numbers(Segment& segment) {
    std::optional<std::int64_t> first;
    if (!integer(first)) return false;
    const std::size_t behind = at_;
    blanks();
    if (!take(':')) {
      at_ = behind;
      segment.selectors.push_back({.kind = Selector::Kind::index, .index = first.value_or(0)});
      return true;
    }
    Selector slice{.kind = Selector::Kind::slice, .start = first};
    blanks();
    if (!integer(slice.end)) return false;
    blanks();
    if (take(':')) {
      blanks();
      std::optional<std::int64_t> step;
      if (!integer(step)) return false;
      slice.step = step.value_or(1);
    }
    segment.selectors.push_back(std::move(slice));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t last_name_ = std::string_view::npos;
  std::optional<Mistake> mistake_;
};

}  // namespace

std::expected<std::shared_ptr<const Path>, Mistake> parse_path(std::string_view text) {
  if (auto fits = check_length(text, kLongestPath, "a JSONPath", "for example $.token"); !fits)
    return std::unexpected(std::move(fits.error()));
  return PathParser(text).parse();
}

}  // namespace vajrapulse::extract
