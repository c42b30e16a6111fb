#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "unicode.hpp"
#include "vajrapulse/document/config.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::size_t kFurthestComment = 60;  ///< cells; longer lines have their comment two blanks behind them

/// A text that YAML reads as the same plain scalar.
bool is_plain(std::string_view text) noexcept {
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`= \t";
  if (text.empty() || text.back() == ' ' || text.back() == ':') return false;
  const bool negative = text.size() > 1 && text[0] == '-' && ((text[1] >= '0' && text[1] <= '9') || text[1] == '.');
  if (kIndicators.find(text.front()) != text.npos && !negative) return false;
  if (text == "~" || text == "null" || text == "Null" || text == "NULL" || text == "..." || text == "<<") return false;
  if (text.find(": ") != text.npos || text.find(" #") != text.npos) return false;
  for (auto rest = text; !rest.empty();) {
    const auto character = first_character(rest);
    if (!character.valid || is_control(character.code) || character.code == 0xfeff) return false;
    rest.remove_prefix(character.bytes);
  }
  return true;
}

/// Double quotes with the escapes of YAML 1.2, 5.7.
std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const auto character = first_character(text);
    const auto bytes = text.substr(0, character.bytes);
    if (bytes == "\n")
      quoted += "\\n";
    else if (bytes == "\"" || bytes == "\\")
      quoted += "\\" + std::string(bytes);
    else if (!character.valid)
      quoted += "\xef\xbf\xbd";
    else if (is_control(character.code) || character.code == 0xfeff)
      quoted += fmt::format("\\u{:04x}", std::uint32_t(character.code));
    else
      quoted += bytes;
    text.remove_prefix(character.bytes);
  }
  return quoted + "\"";
}

/// Loading would take `${` for a variable.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) result += '$';
    result += text[i];
  }
  return result;
}

/// Can be written below a `|` as it is.
bool is_block(std::string_view text) noexcept {
  if (text.empty() || text.front() == ' ' || text.front() == '\n' || text.ends_with("\n\n")) return false;
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }) &&
         !first_invalid(text) && text.find("\xef\xbb\xbf") == text.npos && text.find("\x7f") == text.npos;
}

bool is_file(std::string_view name) noexcept { return !name.starts_with("--") && !name.starts_with(kOverridePrefix); }

std::string_view without_controls(std::string_view text) noexcept {
  const auto end = std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return text.substr(0, std::size_t(end - text.begin()));
}

std::string where(const Place& place, const std::string& origin) {
  std::string from = "default";
  if (place.source) {
    from = without_controls(place.source->name());
    if (is_file(place.source->name())) from += fmt::format(":{}", place.line);
  }
  return origin.empty() ? from : from + ", " + origin;
}

class Writer {
 public:
  explicit Writer(const IsSecret& is_secret) : is_secret_(is_secret) {}

  std::string whole(const Node& plan) {
    if (plan.kind == Node::Kind::map && !plan.entries.empty())
      map(plan, 0, "", "");
    else
      value(plan, plan.place, 0, "", "");
    return aligned();
  }

 private:
  struct Line {
    std::string text;
    std::string comment;
  };

  static std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
  }

  /// `lead`: what stands before the first key in its line: "- " of a list.
  void map(const Node& node, std::size_t indent, std::string lead, const std::string& path) {
    for (const auto& entry : node.entries) {
      if (lead.empty()) lead = std::string(indent, ' ');
      const auto key = is_plain(entry.key) ? entry.key : in_quotes(entry.key);
      value(entry.value, entry.place, indent, lead + key + ":", below(path, entry.key));
      lead.clear();
    }
  }

  void list(const Node& node, std::size_t indent, const std::string& path) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      const Node* name = item.find("name");
      const auto place = below(path, name ? name->text : std::to_string(i));
      const std::string dash = std::string(indent, ' ') + "-";
      if (item.kind == Node::Kind::map && !item.entries.empty() && !is_masked(item, place))
        map(item, indent + 2, dash + " ", place);
      else
        value(item, item.place, indent, dash, place);
    }
  }

  [[nodiscard]] bool is_masked(const Node& node, const std::string& path) const {
    return is_secret_ && is_secret_(path, node);
  }

  /// What stands behind `head`, "key:" or "-", and below it. `place`: of the key or item.
  void value(const Node& node, const Place& place, std::size_t indent, const std::string& head,
             const std::string& path) {
    const std::string gap = head.empty() ? "" : " ";
    const bool holds = !node.items.empty() || !node.entries.empty();
    const auto comment = where(holds ? place : node.place, node.origin);
    if (is_masked(node, path)) return line(head + gap + "\"***\"", comment);
    if (node.kind == Node::Kind::scalar) return scalar(node, indent, head + gap, comment);
    if (node.kind == Node::Kind::null) return line(node.text.empty() ? head : head + gap + "null", comment);
    if (!holds) return line(head + gap + (node.kind == Node::Kind::map ? "{}" : "[]"), comment);
    if (!head.empty()) line(head, comment);
    if (node.kind == Node::Kind::map)
      map(node, indent + 2, "", path);
    else
      list(node, head.empty() ? 0 : indent + 2, path);
  }

  void scalar(const Node& node, std::size_t indent, const std::string& head, const std::string& comment) {
    const auto text = escaped(node.text);
    if (node.style == Style::plain && is_plain(text)) return line(head + text, comment);
    if (node.style != Style::block || !is_block(text)) return line(head + in_quotes(text), comment);
    line(head + (text.ends_with('\n') ? "|" : "|-"), comment);
    std::string_view rest = text;
    if (rest.ends_with('\n')) rest.remove_suffix(1);
    for (bool more = true; more;) {
      const auto end = rest.find('\n');
      const auto one = rest.substr(0, end);
      line(one.empty() ? "" : std::string(indent + 2, ' ') + std::string(one), "");
      more = end != rest.npos;
      if (more) rest.remove_prefix(end + 1);
    }
  }

  void line(std::string text, std::string comment) { lines_.push_back({std::move(text), std::move(comment)}); }

  [[nodiscard]] std::string aligned() const {
    std::size_t width = 0;
    for (const auto& line : lines_)
      if (const auto length = characters(line.text); !line.comment.empty() && length <= kFurthestComment)
        width = std::max(width, length);
    std::string all;
    for (const auto& line : lines_) {
      all += line.text;
      if (!line.comment.empty()) {
        const auto length = characters(line.text);
        all += std::string(length < width ? width - length : 0, ' ') + "  # " + line.comment;
      }
      all += '\n';
    }
    return all;
  }

  const IsSecret& is_secret_;
  std::vector<Line> lines_;
};

}  // namespace

std::string show(const Node& plan, const IsSecret& is_secret) { return Writer(is_secret).whole(plan); }

}  // namespace vajrapulse::document
