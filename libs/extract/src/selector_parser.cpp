#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "mistake_at.hpp"
#include "selectors.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostSimple = 32;
constexpr int kLargest = 1'000'000;

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
  return out;
}

/// Reads a list of selectors from left to right; the first mistake ends it.
class SelectorParser {
 public:
  explicit SelectorParser(std::string_view text) : text_(text) {}

  std::expected<std::shared_ptr<Selectors>, Mistake> parse() {
    auto selectors = std::make_shared<Selectors>();
    selectors->text = text_;
    if (!lists(*selectors)) return std::unexpected(std::move(*mistake_));
    return selectors;
  }

 private:
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
  bool blanks() noexcept {
    const std::size_t begin = at_;
    while (!done() && is_blank(text_[at_]))
      ++at_;
    return at_ > begin;
  }

  [[nodiscard]] std::string_view letter() const noexcept {
    std::size_t size = 1;
    while (at_ + size < text_.size() && (static_cast<unsigned char>(text_[at_ + size]) & 0xc0) == 0x80)
      ++size;
    return text_.substr(at_, size);
  }

  bool lists(Selectors& selectors) {
    do {
      blanks();
      selectors.lists.emplace_back();
      simple_ = 0;
      if (!list(selectors.lists.back())) return false;
    } while (take(','));
    if (take('@')) return attribute_part(selectors);
    return done() || refuse(at_, 1, fmt::format("'{}' is not expected here", letter()),
                            "separate selectors by a blank, a comma, >, + or ~");
  }

  bool attribute_part(Selectors& selectors) {
    const std::size_t begin = at_;
    selectors.attribute = lower(text_.substr(at_));
    if (selectors.attribute.empty())
      return refuse(begin - 1, 1, "an attribute is missing behind the @", "write for example a@href");
    if (!std::ranges::all_of(selectors.attribute, [](char c) { return is_name_char(c) || c == ':'; }))
      return refuse(begin, text_.size() - begin, fmt::format("'{}' is no attribute", text_.substr(begin)),
                    "write @ and the attribute at the end of all selectors, for example a@href");
    return true;
  }

  bool list(std::vector<Compound>& list) {
    while (true) {
      Compound compound;
      if (!this->compound(compound)) return false;
      list.push_back(std::move(compound));
      const bool blank = blanks();
      if (done() || next() == ',' || next() == '@') return true;
      const auto join = take('>')   ? Join::child
                        : take('+') ? Join::next
                        : take('~') ? Join::later
                        : blank     ? Join::descendant
                                    : Join::none;
      if (join == Join::none) return true;
      list.back().join = join;
      blanks();
    }
  }

  bool compound(Compound& compound) {
    const std::size_t begin = at_;
    if (take('*')) {
    } else if (is_name_char(next())) {
      std::string type;
      if (!name(type, "a type")) return false;
      compound.all.push_back({.kind = Simple::Kind::type, .name = lower(type)});
    }
    while (!done() && (next() == '#' || next() == '.' || next() == '[' || next() == ':'))
      if (!simple(compound)) return false;
    simple_ += std::max<std::size_t>(compound.all.size(), 1);
    if (simple_ > kMostSimple)
      return refuse(begin, 1, "this selector has too many parts", "use at most 32 between commas");
    if (at_ > begin) return true;
    if (done())
      return refuse(text_.empty() ? 0 : text_.size() - 1, 1, "a selector is missing at the end",
                    "write for example div.price");
    return refuse(at_, 1, fmt::format("a selector is missing before '{}'", letter()), "write for example div.price");
  }

  bool name(std::string& name, std::string_view what) {
    const std::size_t begin = at_;
    while (!done() && (is_name_char(next()) || next() == '\\')) {
      if (next() == '\\') {
        // A backslash before anything but hexadecimal digits means it as it is (CSS Syntax, section 4.3.7).
        if (at_ + 1 >= text_.size() || std::string_view("0123456789abcdefABCDEF\n").find(text_[at_ + 1]) != text_.npos)
          return refuse(at_, 2, "this escape is not supported", "use [class~='…'] or [id='…'] with quotes");
        ++at_;
      }
      name += text_[at_++];
    }
    if (name.empty()) return refuse(begin, 1, fmt::format("{} is missing here", what), "write for example div.price");
    const bool number = is_digit(text_[begin]) || (text_[begin] == '-' && name.size() > 1 && is_digit(name[1]));
    if (number)
      return refuse(begin, name.size(), fmt::format("a name does not begin with a digit: '{}'", name),
                    "use [id='…'] or [class~='…'] with quotes");
    return true;
  }

  bool simple(Compound& compound) {
    Simple simple;
    const char kind = text_[at_];
    if (kind == '[') {
      if (!attribute(simple)) return false;
    } else if (kind == ':') {
      if (!pseudo(compound, simple)) return false;
    } else {
      ++at_;
      simple.kind = kind == '#' ? Simple::Kind::id : Simple::Kind::class_name;
      if (!name(simple.name, kind == '#' ? "an id" : "a class")) return false;
    }
    compound.all.push_back(std::move(simple));
    return true;
  }

  bool attribute(Simple& simple) {
    const std::size_t open = at_++;
    blanks();
    if (!name(simple.name, "an attribute")) return false;
    simple.name = lower(simple.name);
    blanks();
    if (take(']')) {
      simple.kind = Simple::Kind::has;
      return true;
    }
    if (done()) return refuse(open, 1, "this [ is not closed", "close it with ]");
    if (!comparison(simple)) return false;
    blanks();
    if (!attribute_value(simple)) return false;
    blanks();
    if (take(']')) return true;
    if (done()) return refuse(open, 1, "this [ is not closed", "close it with ]");
    return refuse(at_, 1, fmt::format("'{}' is not expected here", letter()), "close the [ with ]");
  }

  bool comparison(Simple& simple) {
    constexpr std::string_view kSigns = "=^$*~|";
    constexpr Simple::Kind kKinds[] = {Simple::Kind::equals, Simple::Kind::begins, Simple::Kind::ends,
                                       Simple::Kind::holds,  Simple::Kind::word,   Simple::Kind::dash};
    const std::size_t which = kSigns.find(next());
    const bool whole = which == 0 || (which != kSigns.npos && text_.substr(at_ + 1).starts_with('='));
    if (!whole)
      return refuse(at_, 1, fmt::format("'{}' is not expected here", letter()), "write one of = ^= $= *= ~= |=");
    simple.kind = kKinds[which];
    at_ += which == 0 ? 1 : 2;
    return true;
  }

  bool attribute_value(Simple& simple) {
    const std::size_t begin = at_;
    if (next() != '"' && next() != '\'') {
      while (!done() && next() != ']' && !is_blank(next()))
        simple.value += text_[at_++];
      return !simple.value.empty() || refuse(begin, 1, "a value is missing here", "write for example [type='hidden']");
    }
    const char quote = text_[at_++];
    while (!done() && next() != quote) {
      if (next() == '\\' && at_ + 1 < text_.size()) ++at_;
      simple.value += text_[at_++];
    }
    return take(quote) ||
           refuse(begin, text_.size() - begin, "this value does not end", fmt::format("end it with {}", quote));
  }

  bool pseudo(Compound& compound, Simple& simple) {
    const std::size_t begin = at_++;
    std::string name;
    if (!this->name(name, "a word like first-child")) return false;
    name = lower(name);
    simple.kind = Simple::Kind::nth;
    simple.offset = 1;
    if (name == "first-child") return true;
    if (name == "last-child") {
      simple.kind = Simple::Kind::nth_last;
      return true;
    }
    if (name == "only-child") {
      compound.all.push_back(simple);
      simple.kind = Simple::Kind::nth_last;
      return true;
    }
    if (name == "nth-child" || name == "nth-last-child") {
      if (name == "nth-last-child") simple.kind = Simple::Kind::nth_last;
      return nth(simple);
    }
    return refuse(begin, at_ - begin, fmt::format(":{} is not supported", name),
                  "supported are :first-child, :last-child, :only-child, :nth-child(…) and :nth-last-child(…)");
  }

  bool nth(Simple& simple) {
    const std::size_t open = at_;
    if (!take('(')) return refuse(at_, 1, "a ( is missing", "write for example :nth-child(2)");
    const std::size_t close = text_.find(')', at_);
    if (close == text_.npos) return refuse(open, 1, "this ( is not closed", "close it with )");
    std::string formula;
    for (const char c : text_.substr(at_, close - at_))
      if (!is_blank(c)) formula += lower(std::string_view(&c, 1));
    if (!read_formula(formula, simple))
      return refuse(open + 1, std::max<std::size_t>(close - open - 1, 1), fmt::format("'{}' counts nothing", formula),
                    "write a number, odd, even or for example 2n+1");
    at_ = close + 1;
    return true;
  }

  /// "odd", "even", "3", "2n", "-n+3", "2n+1" (Selectors Level 3, section 6.6.5.2).
  static bool read_formula(std::string_view formula, Simple& simple) {
    if (formula == "odd" || formula == "even") {
      simple.step = 2;
      simple.offset = formula == "odd" ? 1 : 0;
      return true;
    }
    const std::size_t n = formula.find('n');
    simple.step = 0;
    simple.offset = 0;
    if (n == formula.npos) return number(formula, simple.offset);
    const std::string_view step = formula.substr(0, n);
    const std::string_view offset = formula.substr(n + 1);
    if (step.empty() || step == "+" || step == "-")
      simple.step = step == "-" ? -1 : 1;
    else if (!number(step, simple.step))
      return false;
    if (offset.empty()) return true;
    return (offset.front() == '+' || offset.front() == '-') && number(offset, simple.offset);
  }

  static bool number(std::string_view word, int& number) {
    if (word.starts_with('+')) word.remove_prefix(1);
    const auto [stop, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
    return !word.empty() && failure == std::errc() && stop == word.data() + word.size() && number <= kLargest &&
           number >= -kLargest;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t simple_ = 0;
  std::optional<Mistake> mistake_;
};

}  // namespace

std::expected<std::shared_ptr<Selectors>, Mistake> parse_selectors(std::string_view text) {
  if (auto fits = check_length(text, kLongestSelector, "a CSS selector", "for example div.price"); !fits)
    return std::unexpected(std::move(fits.error()));
  return SelectorParser(text).parse();
}

}  // namespace vajrapulse::extract
