#include "yaml_mistakes.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "unicode.hpp"
#include "yaml_bounds.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  return text;
}

std::string_view without_comment(std::string_view text) noexcept { return trimmed(text.substr(0, text.find(" #"))); }

/// As much of what a file has as a message can bear.
std::string shortened(std::string_view text) {
  constexpr std::size_t kMost = 60;
  const auto end = bytes_of_characters(text, kMost);
  return end == text.size() ? std::string(text) : std::string(text.substr(0, end)) + "…";
}

std::string in_quotes(std::string_view whole) {
  const auto text = shortened(whole);
  const char quote = text.find_first_of("\"\\") == text.npos ? '"' : '\'';
  return fmt::format("{}{}{}", quote, text, quote);
}

/// One line of the text, and where `at` stands in it.
struct Line {
  std::size_t begin = 0;
  std::string_view text;
  std::size_t column = 0;  ///< bytes before `at`

  [[nodiscard]] std::size_t indent() const noexcept { return std::min(text.find_first_not_of(kBlanks), text.size()); }
  [[nodiscard]] std::string_view content() const noexcept { return without_comment(text.substr(indent())); }
};

Line line_at(const YamlText& text, std::size_t at) {
  const auto begin = text.line_begin(at);
  return {begin, text.line_from(begin), at - begin};
}

/// The next line above with more than blanks and comments.
std::optional<Line> line_above(const YamlText& text, std::size_t begin) {
  while (begin > 0) {
    const auto line = line_at(text, begin - 1);
    if (!line.content().empty() && !line.content().starts_with('#')) return line;
    begin = line.begin;
  }
  return std::nullopt;
}

Place whole(YamlText& text, const Line& line) {
  return text.at(line.begin + line.indent(), characters(line.content()));
}

/// The ':' that ends the key of a line; npos when there is none.
std::size_t key_colon(std::string_view content) noexcept {
  for (std::size_t i = 0; i < content.size(); ++i)
    if (content[i] == ':' && (i + 1 == content.size() || kBlanks.find(content[i + 1]) != kBlanks.npos)) return i;
  return content.npos;
}

void check_tabs(YamlText& text, const Line& line) {
  const auto indent = line.text.substr(0, line.indent());
  const auto tab = indent.find('\t');
  if (tab == indent.npos) return;
  refuse(text.at(line.begin + tab, indent.size() - tab), "a tab indents this line",
         "YAML is indented by blanks: write two blanks for each tab");
}

void check_template(YamlText& text, const Line& line) {
  for (auto at = line.text.find("{{"); at != line.text.npos; at = line.text.find("{{", at + 2)) {
    const auto before = trimmed(line.text.substr(0, at));
    constexpr std::string_view kStarts = ":-[,{?";
    if (before.empty() || kStarts.find(before.back()) != kStarts.npos) refuse_template(text, line.begin + at);
  }
}

/// `@`, a backtick and `%` are kept by YAML for itself (YAML 1.2, 5.3 and 5.4).
void check_reserved(YamlText& text, std::size_t at) {
  const auto rest = without_comment(text.line_from(at));
  if (rest.empty() || std::string_view("@`%*&!").find(rest.front()) == std::string_view::npos) return;
  refuse(text.at(at, characters(rest)),
         fmt::format("a text cannot begin with '{}' unless it is in quotes", rest.front()),
         "put quotes around it: " + in_quotes(rest));
}

void check_anchor(YamlText& text, const Stumble& stumble) {
  const auto rest = text.line_from(stumble.at);
  const auto name = rest.substr(0, rest.find_first_of(" \t,]}"));
  if (name.size() < 2) return;
  refuse(text.at(stumble.at, characters(name)),
         fmt::format("no '&{}' stands above this '{}'", shortened(name.substr(1)), shortened(name)),
         fmt::format("write '&{}' before the value it repeats, or put quotes around a text that begins with '*'",
                     name.substr(1)));
}

void check_escape(YamlText& text, const Stumble& stumble) {
  const auto backslash = text.text().substr(0, stumble.at).rfind('\\');
  if (backslash == std::string_view::npos) return;
  const auto escape = text.text().substr(backslash, std::clamp<std::size_t>(stumble.at - backslash, 2, 10));
  refuse(text.at(backslash, characters(escape)), fmt::format("'{}' means nothing in a text in double quotes", escape),
         R"(write \\ for a backslash, or put the text in single quotes)");
}

char closing(const Tree::Open& open) noexcept { return open.node.kind == Node::Kind::list ? ']' : '}'; }
char opening(const Tree::Open& open) noexcept { return open.node.kind == Node::Kind::list ? '[' : '{'; }

/// `${NAME}` has braces that count within `[]` and `{}`.
void check_variable(YamlText& text, const Line& line) {
  const auto at = line.text.substr(0, std::min(line.column + 1, line.text.size())).rfind("${");
  if (at == line.text.npos) return;
  const auto rest = line.text.substr(at);
  const auto close = rest.find('}');
  const auto variable = rest.substr(0, close == rest.npos ? close : close + 1);
  refuse(text.at(line.begin + at, characters(variable)), "within [ ] and { }, '${' has to be in quotes",
         "put quotes around the text: " + in_quotes(variable));
}

void check_flow(YamlText& text, const Stumble& stumble) {
  const auto rest = text.line_from(stumble.at);
  if (!stumble.open || stumble.open->layout != Layout::flow) {
    if (!rest.empty() && (rest.front() == ']' || rest.front() == '}'))
      refuse(text.at(stumble.at), fmt::format("this '{}' closes nothing", rest.front()),
             "remove it, or put quotes around the text");
    return;
  }
  const auto& open = *stumble.open;
  check_variable(text, line_at(text, stumble.at));
  if (!rest.empty() && (rest.front() == ']' || rest.front() == '}'))
    refuse(text.at(stumble.at),
           fmt::format("this '{}' cannot close the '{}' of line {}", rest.front(), opening(open), open.node.place.line),
           fmt::format("write '{}' here", closing(open)));
  if (is_closed(text, open.offset))
    refuse(text.at(stumble.at), fmt::format("a ',' or '{}' has to stand before this", closing(open)),
           "write a ',' between two values; put quotes around a text that has ':', ',' or brackets");
  refuse_open_bracket(text, open.offset);
}

void check_block_marks(YamlText& text, const Stumble& stumble, const Line& line) {
  const bool first = line.column <= line.indent();
  const auto rest = without_comment(text.line_from(stumble.at));
  if (stumble.message == "illegal block entry" && !first)
    refuse(text.at(stumble.at, characters(rest)), "a list cannot begin in the line of its key",
           fmt::format("write the '-' in a line of its own, or [{}]", trimmed(rest.substr(1))));
  if (stumble.message == "illegal map key")
    refuse(text.at(stumble.at, characters(rest)), "a text cannot begin with '? ' unless it is in quotes",
           "put quotes around it: " + in_quotes(rest));
  if (stumble.message == "unexpected character in block scalar")
    refuse(text.at(stumble.at, characters(rest)), "text stands in the line of a '|' or '>'",
           "begin the text in the next line, indented");
}

/// A second ": " in a line.
void check_second_colon(YamlText& text, const Line& line) {
  auto content = line.content();
  auto begin = line.begin + line.indent();
  while (content.starts_with("- ")) {
    const auto next = std::min(content.find_first_not_of(' ', 1), content.size());
    content.remove_prefix(next);
    begin += next;
  }
  const auto colon = key_colon(content);
  if (colon == content.npos || begin + colon >= line.begin + line.column) return;
  const auto value = trimmed(content.substr(colon + 1));
  refuse(text.at(begin + std::size_t(value.data() - content.data()), characters(value)),
         "a text with ': ' in it has to be in quotes", "put quotes around it: " + in_quotes(value));
}

/// "b: 2" deeper than the "a: 1" above it, which has its value.
void check_deeper(YamlText& text, const Line& line) {
  const auto above = line_above(text, line.begin);
  if (!above) return;
  const auto content = above->content();
  const auto colon = key_colon(content);
  if (colon == content.npos && key_colon(line.content()) != content.npos) {
    if (content.starts_with('-') || content.starts_with('"') || content.starts_with('\'')) return;
    refuse_without_colon(content, whole(text, *above), Layout::block);
  }
  if (line.indent() > above->indent() && colon != content.npos && colon + 1 < content.size())
    refuse(whole(text, line),
           fmt::format("this line is indented deeper than '{}' above, which has its value already", shortened(content)),
           "indent both alike, or give the line above no value of its own");
}

/// Where the content of a line begins behind its dashes.
std::size_t behind_dashes(const Line& line) noexcept {
  std::size_t column = line.indent();
  while (line.text.substr(column).starts_with("- "))
    column = std::min(line.text.find_first_not_of(' ', column + 1), line.text.size());
  return column;
}

/// "2 or 4": the indents of open lists and maps that are next to this line's.
std::string indents_near(const YamlText& text, const Line& line) {
  const std::size_t mine = line.indent();
  std::optional<std::size_t> less;
  std::optional<std::size_t> more;
  std::size_t least = std::string_view::npos;
  for (auto above = line_above(text, line.begin); above && least > 0; above = line_above(text, above->begin)) {
    for (const auto level : {behind_dashes(*above), above->indent()}) {
      if (level >= least) continue;
      least = level;
      if (level > mine) more = level;
      if (level < mine && !less) less = level;
    }
  }
  if (less && more) return fmt::format("{} or {}", *less, *more);
  return std::to_string(less ? *less : more.value_or(0));
}

void check_indent(YamlText& text, const Stumble& stumble, const Line& line) {
  if (line.column > line.indent()) return;
  const bool in_map = stumble.open && stumble.open->node.kind == Node::Kind::map;
  if (line.content().starts_with("- ") && in_map)
    refuse(whole(text, line), "a list item stands where a key is expected",
           "indent it like the items above, or write the key that it belongs to");
  refuse(whole(text, line), fmt::format("this line is indented by {}, which fits no line above", line.indent()),
         fmt::format("indent it by {}, like the lines it belongs to", indents_near(text, line)));
}

void check_behind_quote(YamlText& text, const Stumble& stumble, const Line& line) {
  const auto before = trimmed(line.text.substr(0, line.column));
  if (before.empty() || line.column <= line.indent()) return;
  const auto rest = without_comment(text.line_from(stumble.at));
  if (before.back() == '\'' || before.back() == '"')
    refuse(text.at(stumble.at, characters(rest)), "text stands behind the quote that closes",
           before.back() == '\'' ? "write '' for a ' in a text in single quotes"
                                 : "write \\\" for a \" in a text in double quotes");
  if (before.back() == ']' || before.back() == '}')
    refuse(text.at(stumble.at, characters(rest)), fmt::format("text stands behind the '{}' that closes", before.back()),
           "put quotes around the whole text");
}

void check_open_quote(YamlText& text, const Stumble& stumble) {
  const auto quote = text.text().find_first_of("\"'", text.skip_properties(stumble.last));
  if (quote == std::string_view::npos || text.closing_quote(quote) < stumble.at) return;
  const char sign = text.text()[quote];
  refuse(text.at(quote), fmt::format("the quote {} is not closed", sign),
         fmt::format("write {} at the end of the text", sign));
}

bool is_one_of(std::string_view message, std::initializer_list<std::string_view> beginnings) {
  return std::ranges::any_of(beginnings, [&](std::string_view begin) { return message.starts_with(begin); });
}

/// The value that a template without quotes was meant to be: to the end of the line, or of the item in `[]` or `{}`.
std::string_view template_value(std::string_view line, std::string_view before) noexcept {
  if (line.find("}}") == line.npos) return without_comment(line);
  if (before.find_first_of("[{") == before.npos) return without_comment(line);
  std::size_t end = 0;
  for (auto open = line.find("{{"); open == 0 || line.find_first_of(",]}", end) > open; open = line.find("{{", end)) {
    const auto close = line.find("}}", open);
    if (open == line.npos || close == line.npos) break;
    end = close + 2;
  }
  return trimmed(line.substr(0, line.find_first_of(",]}", end)));
}

}  // namespace

void refuse_template(YamlText& text, std::size_t at) {
  const auto begin = text.line_begin(at);
  while (at > begin && std::string_view(" \t,[{").find(text.text()[at - 1]) == std::string_view::npos)
    --at;  // "item-{{id}}" is one text
  const auto value = template_value(text.line_from(at), text.text().substr(begin, at - begin));
  refuse(text.at(at, characters(value)), "'{{' without quotes begins a map, not a text",
         "put quotes around it: " + in_quotes(value));
}

void refuse_open_bracket(YamlText& text, std::size_t at) {
  const char bracket = text.text()[at];
  refuse(text.at(at), fmt::format("this '{}' is not closed", bracket),
         fmt::format("write '{}' at the end", bracket == '[' ? ']' : '}'));
}

void refuse_without_colon(std::string_view whole, const Place& place, Layout layout) {
  const std::string text = shortened(whole);
  const std::string_view word = text;
  const auto colon = word.find(':');
  if (colon != word.npos && colon > 0 && colon + 1 < word.size())
    refuse(place, fmt::format("no blank stands behind the ':' of '{}'", word),
           fmt::format("write '{}: {}'", word.substr(0, colon), trimmed(word.substr(colon + 1))));
  if (word.size() > 1 && word.front() == '-')
    refuse(place, fmt::format("no blank stands behind the '-' of '{}'", word),
           fmt::format("write '- {}'", word.substr(1)));
  if (layout == Layout::flow)
    refuse(place, fmt::format("'{}' has no value, which every key in {{ }} has", word),
           fmt::format("write {{ {}: value }}, or [ {} ] for a list", word, word));
  refuse(place, fmt::format("'{}' is no key: no ':' stands behind it", word),
         fmt::format("write '{}:' and its value, or indent the line if it continues the text above", word));
}

void refuse_stumble(YamlText& text, const Stumble& stumble) {
  const auto line = line_at(text, stumble.at);
  const auto message = stumble.message;
  if (is_one_of(message, {"unknown escape", "invalid unicode", "bad character found while scanning hex"}))
    check_escape(text, stumble);
  if (is_one_of(message, {"illegal EOF in scalar", "illegal document indicator"})) check_open_quote(text, stumble);
  check_tabs(text, line);
  if (const auto above = line_above(text, line.begin)) check_tabs(text, *above);
  check_template(text, line);
  if (message.starts_with("the referenced anchor")) check_anchor(text, stumble);
  if (is_one_of(message, {"alias not found", "anchor not found", "illegal character found while scanning a"}))
    check_reserved(text, text.skip_properties(stumble.last) == stumble.at
                             ? stumble.at
                             : stumble.at - std::min<std::size_t>(stumble.at, 1));
  if (message == "unknown token") check_reserved(text, stumble.at);
  check_flow(text, stumble);
  check_block_marks(text, stumble, line);
  if (message == "illegal map value") {
    check_second_colon(text, line);
    check_deeper(text, line);
  }
  if (is_one_of(message, {"end of map", "end of sequence", "illegal block entry", "illegal map value"})) {
    check_behind_quote(text, stumble, line);
    check_indent(text, stumble, line);
  }
  refuse(text.at(stumble.at), fmt::format("this cannot be read as YAML: {}", message),
         "look at the quotes, brackets and indent of this line and the one above it");
}

}  // namespace vajrapulse::document
