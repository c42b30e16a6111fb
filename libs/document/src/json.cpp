#include "json.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "tree.hpp"
#include "unicode.hpp"
#include "yaml_text.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

bool is_number(std::string_view word) noexcept {
  const auto digits = [&word] {
    const auto count = std::min(word.find_first_not_of("0123456789"), word.size());
    word.remove_prefix(count);
    return count;
  };
  if (word.starts_with('-')) word.remove_prefix(1);
  const bool zero = word.starts_with('0');
  const auto whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (word.starts_with('.')) {
    word.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (word.starts_with('e') || word.starts_with('E')) {
    word.remove_prefix(1);
    if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return word.empty();
}

/// Events of a JSON text. What is open stands in the tree, so nothing recurses.
class JsonReader {
 public:
  explicit JsonReader(const std::shared_ptr<const Source>& source) : text_(source) {}

  std::optional<Node> read() {
    skip_white();
    if (at_ == text_.text().size()) return Node{.place = text_.at(0)};
    do {
      value();
      while (!tree_.opened().empty() && after_value()) {
      }
    } while (!tree_.opened().empty());
    skip_white();
    if (at_ < text_.text().size()) fail("something stands behind the end of the document", "a file is one value");
    return std::move(tree_).result();
  }

 private:
  [[noreturn]] void fail(std::string message, std::string cure, std::size_t length = 1) {
    refuse(text_.at(at_, length), std::move(message), std::move(cure));
  }

  void skip_white() noexcept { at_ = std::min(text_.text().find_first_not_of(kWhite, at_), text_.text().size()); }
  [[nodiscard]] char peek() const noexcept { return at_ < text_.text().size() ? text_.text()[at_] : '\0'; }
  bool take(char c) noexcept {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  /// A value, or the beginning of one: an opened list or map stands before its first value then.
  void value() {
    for (;;) {
      skip_white();
      if (peek() == '{' || peek() == '[') {
        if (!open()) return;
      } else {
        return scalar();
      }
    }
  }

  /// False for what is closed at once.
  bool open() {
    const bool map = peek() == '{';
    tree_.open(map ? Node::Kind::map : Node::Kind::list, text_.at(at_), Layout::flow);
    ++at_;
    skip_white();
    if (take(map ? '}' : ']')) {
      tree_.close();
      return false;
    }
    if (map) key();
    return true;
  }

  /// Behind a value: true when something was closed, so that this is again behind a value; false before the next.
  bool after_value() {
    const auto& open = tree_.opened().back();
    const bool map = open.node.kind == Node::Kind::map;
    skip_white();
    if (take(map ? '}' : ']')) {
      tree_.close();
      return true;
    }
    if (at_ == text_.text().size())
      refuse(open.node.place, map ? "this '{' is not closed" : "this '[' is not closed",
             map ? "write '}' at the end" : "write ']' at the end");
    const auto comma = at_;
    if (!take(','))
      fail(map ? "a ',' or '}' has to stand here" : "a ',' or ']' has to stand here", "write a ',' between two values");
    skip_white();
    if (peek() == '}' || peek() == ']') {
      at_ = comma;
      fail("this ',' has nothing behind it", "JSON has no ',' after the last value: remove it");
    }
    if (map) key();
    return false;
  }

  void key() {
    if (peek() != '"') fail("a key in double quotes has to stand here", "JSON has its keys in double quotes");
    auto node = text();
    tree_.key(std::move(node.text), std::move(node.place), Style::quoted);
    skip_white();
    if (!take(':')) fail("a ':' has to stand here", "write ':' between a key and its value");
  }

  void scalar() {
    if (peek() == '"') return tree_.add(text());
    const auto rest = text_.from(at_);
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n,:[]{}\""));
    const bool null = word == "null";
    if (!null && word != "true" && word != "false" && !is_number(word))
      fail(word.empty() ? "a value is missing here" : fmt::format("'{}' is no value of JSON", word),
           "texts are in double quotes; other values are numbers, true, false and null", characters(word));
    Node node{.kind = null ? Node::Kind::null : Node::Kind::scalar, .text = std::string(word)};
    node.place = text_.at(at_, word.size());
    at_ += word.size();
    tree_.add(std::move(node));
  }

  Node text() {
    const auto begin = at_++;
    Node node{.kind = Node::Kind::scalar, .style = Style::quoted};
    while (peek() != '"') {
      const auto rest = text_.from(at_);
      if (rest.empty() || rest.front() == '\n') {
        at_ = begin;
        fail("the quote \" is not closed in its line", "write \" at the end of the text, and \\n for a line end in it");
      }
      if (take('\\')) {
        escape(node.text);
        continue;
      }
      const auto plain = std::min(rest.find_first_of("\"\\\n"), rest.size());
      node.text += rest.substr(0, plain);
      at_ += plain;
    }
    node.place = text_.at(begin + 1);
    node.place.length = std::max<std::size_t>(characters(text_.text().substr(begin + 1, at_ - begin - 1)), 1);
    ++at_;
    return node;
  }

  void escape(std::string& to) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (const auto known = kNames.find(peek()); known != kNames.npos && peek() != '\0') {
      to += kMeant[known];
      ++at_;
      return;
    }
    if (peek() != 'u') {
      --at_;
      fail(fmt::format("'{}' means nothing in JSON", text_.from(at_).substr(0, 2)), "write \\\\ for a backslash", 2);
    }
    append_utf8(to, character());
  }

  /// `uXXXX`, or two of them for a character beyond U+FFFF (RFC 8259, section 7).
  char32_t character() {
    const auto begin = at_ - 1;
    const auto high = four_digits();
    if (high && (*high < 0xd800 || *high > 0xdfff)) return *high;
    if (high && *high < 0xdc00 && take('\\')) {
      const auto low = four_digits();
      if (low && *low >= 0xdc00 && *low < 0xe000) return 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00);
    }
    at_ = begin;
    fail("this \\u is no character", "write four hexadecimal digits, or the character itself", 2);
  }

  std::optional<char32_t> four_digits() {
    const auto digits = text_.from(at_ + 1).substr(0, 4);
    std::uint32_t code = 0;
    const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (!take('u') || digits.size() < 4 || failure != std::errc() || stop != digits.data() + 4) return std::nullopt;
    at_ += 4;
    return code;
  }

  YamlText text_;
  Tree tree_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Node> read_json(const std::shared_ptr<const Source>& source) { return JsonReader(source).read(); }

}  // namespace vajrapulse::document
