#include "expand.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "unicode.hpp"
#include "vajrapulse/document/read.hpp"

namespace vajrapulse::document {
namespace {

bool is_name(std::string_view text) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// What stands between `${` and `}`.
struct Reference {
  std::string_view name;
  std::string_view sign;  ///< "", ":-" or ":?"
  std::string_view rest;
};

Reference parts_of(std::string_view inside) noexcept {
  const auto colon = inside.find(':');
  if (colon == inside.npos) return {inside, {}, {}};
  return {inside.substr(0, colon), inside.substr(colon, 2), inside.substr(std::min(colon + 2, inside.size()))};
}

/// Where a part of a scalar stands: in its line when it is there, else where the source has those words next.
Place place_within(const Node& node, std::size_t offset, std::size_t length) {
  const auto what = std::string_view(node.text).substr(offset, length);
  std::size_t before = 0;
  for (auto at = node.text.find(what); at < offset; at = node.text.find(what, at + what.size()))
    ++before;
  if (!node.place.source) return node.place;
  const std::size_t last = node.place.line + std::size_t(std::ranges::count(node.place.source->text(), '\n'));
  for (auto line = node.place.line; line <= last; ++line) {
    const auto text = node.place.source->line(line);
    std::size_t at = line == node.place.line ? bytes_of_characters(text, node.place.column - 1) : 0;
    for (at = text.find(what, at); at != text.npos; at = text.find(what, at + what.size()))
      if (before-- == 0) return {node.place.source, line, 1 + characters(text.substr(0, at)), characters(what)};
  }
  return node.place;
}

class Expansion {
 public:
  /// `room`: bytes that variables may still add to the plan.
  Expansion(Node& node, const Environment& environment, std::size_t& room, Diagnostics& diagnostics)
      : node_(node), environment_(environment), room_(room), diagnostics_(diagnostics) {}

  void run() {
    const std::string_view text = node_.text;
    for (auto open = text.find("${"); open != text.npos; open = text.find("${", at_)) {
      if (open > at_ && text[open - 1] == '$') {  // $${
        result_ += text.substr(at_, open - 1 - at_);
        result_ += "${";
        at_ = open + 2;
        continue;
      }
      result_ += text.substr(at_, open - at_);
      const auto close = text.find('}', open);
      if (close == text.npos)
        return wrong(open, text.size() - open, "this '${' is not closed",
                     "write ${NAME}, or $${ for a text that has '${' in it");
      if (!reference(open, close)) return;
      at_ = close + 1;
    }
    result_ += text.substr(at_);
    finish();
  }

 private:
  void wrong(std::size_t offset, std::size_t length, std::string message, std::string cure) {
    diagnostics_.error(place_within(node_, offset, length), std::move(message), std::move(cure));
  }

  bool reference(std::size_t open, std::size_t close) {
    const auto all = std::string_view(node_.text).substr(open, close + 1 - open);
    const auto inside = all.substr(2, all.size() - 3);
    const auto [name, sign, rest] = parts_of(inside);
    if (inside.find("${") != inside.npos) {
      wrong(open, all.size(), "a '${' stands within another", "give the inner one a variable of its own");
      return false;
    }
    if (!is_name(name) || (!sign.empty() && sign != ":-" && sign != ":?")) {
      wrong(open, all.size(), fmt::format("'{}' is no variable of the environment", all),
            "write ${NAME}, ${NAME:-default} or ${NAME:?message}; a text with '${' in it is written $${");
      return false;
    }
    auto value = environment_ ? environment_(name) : std::nullopt;
    if (value && value->empty() && !sign.empty()) value.reset();
    if (!value && sign != ":-") return not_set(open, all, name, sign, rest);
    add_origin(value ? fmt::format("${{{}}}", name) : fmt::format("default of ${{{}}}", name));
    const std::string_view given = value ? std::string_view(*value) : rest;
    if (given.size() > room_) {
      wrong(open, all.size(), "the variables of this plan hold more than a plan may have", "keep data in a file");
      return false;
    }
    room_ -= given.size();
    result_ += given;
    return true;
  }

  bool not_set(std::size_t open, std::string_view all, std::string_view name, std::string_view sign,
               std::string_view message) {
    wrong(open, all.size(), fmt::format("the environment has no {}", name),
          sign == ":?" && !message.empty() ? std::string(message)
                                           : fmt::format("set it, or give a default: ${{{}:-value}}", name));
    return false;
  }

  void add_origin(std::string origin) {
    if (!origin_.empty()) origin_ += ", ";
    origin_ += origin;
  }

  void finish() {
    node_.text = std::move(result_);
    if (!origin_.empty()) node_.origin = node_.origin.empty() ? origin_ : node_.origin + ", " + origin_;
    const auto& text = node_.text;
    const bool like_null = text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
    if (node_.style == Style::plain && like_null) node_.style = Style::quoted;
  }

  Node& node_;
  const Environment& environment_;
  std::size_t& room_;
  Diagnostics& diagnostics_;
  std::string result_;
  std::string origin_;
  std::size_t at_ = 0;
};

class Walk {
 public:
  Walk(const Environment& environment, const std::vector<std::shared_ptr<const Source>>& literal, Diagnostics& into)
      : environment_(environment), diagnostics_(into) {
    for (const auto& source : literal)
      literal_.insert(source.get());
  }

  void visit(Node& node) {
    if (diagnostics_.errors() >= Diagnostics::kMost) return;
    if (node.kind == Node::Kind::scalar && node.text.find("${") != node.text.npos &&
        !literal_.contains(node.place.source.get()))
      Expansion(node, environment_, room_, diagnostics_).run();
    for (auto& item : node.items)
      visit(item);
    for (auto& entry : node.entries)
      visit(entry.value);
  }

 private:
  const Environment& environment_;
  Diagnostics& diagnostics_;
  std::unordered_set<const Source*> literal_;
  std::size_t room_ = kMostBytes;
};

}  // namespace

void expand(Node& node, const Environment& environment, const std::vector<std::shared_ptr<const Source>>& literal,
            Diagnostics& diagnostics) {
  Walk(environment, literal, diagnostics).visit(node);
}

}  // namespace vajrapulse::document
