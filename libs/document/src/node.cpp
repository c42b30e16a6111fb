#include "vajrapulse/document/node.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace vajrapulse::document {
namespace {

bool is_number(std::string_view text) noexcept {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && stop == text.data() + text.size();
}

bool is_truth(std::string_view text) noexcept {
  return text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE";
}

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) noexcept { return const_cast<Node*>(std::as_const(*this).find(key)); }

std::string_view article_name(const Node& node) noexcept {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
    case Node::Kind::scalar: break;
  }
  if (node.style != Style::plain) return "a text";
  if (is_truth(node.text)) return "true or false";
  return is_number(node.text) ? "a number" : "a text";
}

}  // namespace vajrapulse::document
