#include "yaml_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "unicode.hpp"
#include "yaml_bounds.hpp"
#include "yaml_mistakes.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/// "null" and "~" as written at the front of `text`; empty when nothing is.
std::string_view written_null(std::string_view text) noexcept {
  for (const std::string_view word : {"null", "Null", "NULL", "~"})
    if (text.starts_with(word)) return word;
  return {};
}

bool is_known_tag(const std::string& tag) noexcept {
  constexpr std::string_view kYaml = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?" || tag == "!") return true;
  if (!tag.starts_with(kYaml)) return false;
  constexpr std::array<std::string_view, 7> kKnown{"str", "int", "float", "bool", "null", "map", "seq"};
  return std::ranges::find(kKnown, std::string_view(tag).substr(kYaml.size())) != kKnown.end();
}

}  // namespace

std::size_t YamlEvents::offset(const YAML::Mark& mark) noexcept {
  last_ = std::min(std::size_t(std::max(mark.pos, 0)), text_.text().size());
  return last_;
}

void YamlEvents::OnDocumentStart(const YAML::Mark& mark) {
  if (!std::exchange(has_document_, true)) return;
  const auto at = offset(mark);
  if (text_.from(at).starts_with("---") || text_.text().substr(0, at).find("\n...") != std::string_view::npos)
    refuse(text_.at(at, 3), "a second document begins here", "keep one plan in a file; remove the '---'");
  refuse(text_.at(at, text_.line_from(at).size()), "this line does not belong to what stands above it",
         "a file is one map or one list: give the line the form of the lines above");
}

YamlEvents::Scalar YamlEvents::quoted(std::size_t at, const std::string& value) {
  const auto end = text_.closing_quote(at);
  const std::string sign(1, text_.text()[at]);
  if (end == std::string_view::npos)
    refuse(text_.at(at), fmt::format("the quote {} is not closed", sign),
           fmt::format("write {} at the end of the text", sign));
  check_continuation(at, end);
  const auto inside = text_.text().substr(at + 1, end - at - 1);
  Scalar scalar;
  scalar.node.place = text_.at(at + 1, characters(inside.substr(0, inside.find('\n'))));
  scalar.node.style = Style::quoted;
  scalar.node.text = value;
  scalar.end = end + 1;
  return scalar;
}

YamlEvents::Scalar YamlEvents::block(std::size_t at, const std::string& value) {
  const auto header = text_.line_from(at);
  auto first = std::min(text_.text().find('\n', at), text_.text().size() - 1) + 1;
  const auto line = text_.line_from(first);
  first += std::min(line.find_first_not_of(' '), line.size());
  Scalar scalar;
  const bool is_empty = value.empty() || first >= text_.text().size();
  scalar.node.place = is_empty ? text_.at(at) : text_.at(first, characters(text_.line_from(first)));
  scalar.node.style = Style::block;
  scalar.node.text = value;
  scalar.end = at + header.size();
  return scalar;
}

YamlEvents::Scalar YamlEvents::plain(std::size_t at, const std::string& value) {
  const auto line = text_.line_from(at);
  Scalar scalar;
  const bool whole = line.starts_with(value);
  scalar.node.place = text_.at(at, characters(whole ? std::string_view(value) : line));
  scalar.node.text = value;
  scalar.end = at + (whole ? value.size() : line.size());
  return scalar;
}

YamlEvents::Scalar YamlEvents::scalar(std::size_t at, const std::string& tag, const std::string& value) {
  if (!is_known_tag(tag))
    refuse(text_.at(last_, tag.size()), fmt::format("the tag '{}' is not known", tag),
           "leave it out; put quotes around a text that begins with '!'");
  const auto rest = text_.from(at);
  Scalar read;
  if (tag == "!" && (rest.starts_with('"') || rest.starts_with('\'')))
    read = quoted(at, value);
  else if (tag == "!" && (rest.starts_with('|') || rest.starts_with('>')))
    read = block(at, value);
  else
    read = plain(at, value);
  if (tag == "!" || tag.ends_with(":str")) read.node.style = std::max(read.node.style, Style::quoted);
  read.node.kind = Node::Kind::scalar;
  return read;
}

/// Of the innermost list or map that is written by indent.
std::size_t YamlEvents::indent_column() const noexcept {
  const auto& opened = tree_.opened();
  for (auto open = opened.rbegin(); open != opened.rend(); ++open)
    if (open->layout == Layout::block) return open->column;
  return 0;
}

void YamlEvents::check_continuation(std::size_t at, std::size_t end) {
  const auto column = indent_column();
  if (column == 0) return;
  for (auto line = text_.text().find('\n', at); line < end; line = text_.text().find('\n', line + 1)) {
    const auto next = text_.line_from(line + 1);
    const auto indent = next.find_first_not_of(" \t");
    if (indent == next.npos || indent >= column) continue;
    const char sign = text_.text()[at];
    refuse(text_.at(at), fmt::format("the quote {} is not closed in its line", sign),
           fmt::format("write {} at the end of the text, or indent the lines that continue it", sign));
  }
}

void YamlEvents::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          const std::string& value) {
  auto at = offset(mark);
  const auto first = text_.from(at);
  if (first.starts_with('&') || first.starts_with('!')) at = text_.skip_properties(at);
  auto read = scalar(at, tag, value);
  if (!tree_.wants_key()) return tree_.add(std::move(read.node), anchor);
  key_end_ = read.end;
  explicit_key_ = text_.text().substr(0, at).find_last_not_of(kBlank) != std::string_view::npos &&
                  text_.text()[text_.text().substr(0, at).find_last_not_of(kBlank)] == '?';
  const auto style = read.node.style;
  tree_.key(std::move(read.node.text), std::move(read.node.place), style);
}

void YamlEvents::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto at = offset(mark);
  const auto written = written_null(text_.from(text_.from(at).starts_with('&') ? text_.skip_properties(at) : at));
  if (tree_.wants_key()) {
    if (written.empty()) refuse(text_.at(at), "a key is missing before this ':'", "write a name before it");
    key_end_ = at + written.size();
    return tree_.key(std::string(written), text_.at(at, written.size()), Style::plain);
  }
  Node node;
  node.text = written;
  const auto& opened = tree_.opened();
  if (!written.empty()) {
    node.place = text_.at(at, written.size());
  } else if (!opened.empty() && opened.back().waiting) {
    check_colon();
    node.place = opened.back().waiting->place;
  } else {
    const auto before = text_.text().substr(0, at).find_last_not_of(kBlank);
    node.place = text_.at(before == std::string_view::npos ? at : before);
  }
  tree_.add(std::move(node), anchor);
}

/// yaml-cpp takes `timeout:5s` and `- ` without its blank for keys that have no value.
void YamlEvents::check_colon() {
  const auto& open = tree_.opened().back();
  if (explicit_key_) return;
  const auto next = text_.text().find_first_not_of(kBlank, key_end_);
  if (next != std::string_view::npos && text_.text()[next] == ':') return;
  refuse_without_colon(open.waiting->key, open.waiting->place, open.layout);
}

void YamlEvents::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto at = offset(mark);
  const auto word = text_.from(at).substr(0, text_.from(at).find_first_of(" \t\r\n,]}"));
  const auto place = text_.at(at, characters(word));
  if (!tree_.wants_key()) return tree_.repeat(anchor, place);
  const Node* node = tree_.anchored(anchor);
  if (!node || node->kind != Node::Kind::scalar)
    refuse(place, "an alias that is used as a key has to stand for a text", "write the key itself");
  key_end_ = at + word.size();
  explicit_key_ = false;
  tree_.key(node->text, place, node->style);
}

void YamlEvents::open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                      YAML::EmitterStyle::value style) {
  auto at = offset(mark);
  if (!is_known_tag(tag))
    refuse(text_.at(at, tag.size()), fmt::format("the tag '{}' is not known", tag),
           "leave it out; put quotes around a text that begins with '!'");
  if (text_.from(at).starts_with('&') || text_.from(at).starts_with('!')) at = text_.skip_properties(at);
  if (tree_.wants_key()) {
    if (at > 0 && text_.text().substr(at - 1).starts_with("{{")) refuse_template(text_, at - 1);
    if (style == YAML::EmitterStyle::Flow && !is_closed(text_, at)) refuse_open_bracket(text_, at);
    refuse(text_.at(at), kind == Node::Kind::map ? "a map cannot be a key" : "a list cannot be a key",
           "put quotes around a key that begins with '{' or '['");
  }
  const auto layout = style == YAML::EmitterStyle::Flow ? Layout::flow : Layout::block;
  tree_.open(kind, text_.at(at), layout, anchor);
  tree_.opened().back().offset = at;
}

void YamlEvents::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value style) {
  open(Node::Kind::list, mark, tag, anchor, style);
}

void YamlEvents::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                            YAML::EmitterStyle::value style) {
  open(Node::Kind::map, mark, tag, anchor, style);
}

}  // namespace vajrapulse::document
