#include "matching.hpp"

#include <algorithm>
#include <string>

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostSteps = 5'000'000;
constexpr std::string_view kBlanks = " \t\n\r\f";

/// The contents of a <template> are no part of the page.
const GumboVector* children(const GumboNode* node) {
  if (node->type == GUMBO_NODE_ELEMENT) return &node->v.element.children;
  if (node->type == GUMBO_NODE_DOCUMENT) return &node->v.document.children;
  return nullptr;
}

bool is_element(const GumboNode* node) {
  return node != nullptr && (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE);
}

/// The node behind `node` within `top`, in the order of the page; null at the end.
const GumboNode* following(const GumboNode* node, const GumboNode* top) {
  if (const GumboVector* inner = children(node); inner != nullptr && inner->length > 0)
    return static_cast<const GumboNode*>(inner->data[0]);
  while (node != top) {
    const GumboNode* parent = node->parent;
    const GumboVector* siblings = children(parent);
    if (siblings != nullptr && node->index_within_parent + 1 < siblings->length)
      return static_cast<const GumboNode*>(siblings->data[node->index_within_parent + 1]);
    node = parent;
  }
  return nullptr;
}

const char* attribute(const GumboNode* element, const std::string& name) {
  const GumboAttribute* found = gumbo_get_attribute(&element->v.element.attributes, name.c_str());
  return found == nullptr ? nullptr : found->value;
}

bool equal_in_lower(std::string_view any, std::string_view lower) {
  return std::ranges::equal(any, lower,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a | 0x20) : a) == b; });
}

bool is_type(const GumboElement& element, const std::string& name) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return name == gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return equal_in_lower({piece.data, piece.data == nullptr ? 0 : piece.length}, name);
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t begin = list.find_first_not_of(kBlanks);
    if (begin == list.npos) return false;
    list.remove_prefix(begin);
    const std::size_t end = std::min(list.find_first_of(kBlanks), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(end);
  }
  return false;
}

/// Selectors Level 3, section 6.3: an empty value matches nothing but = and |=.
bool compares(const Simple& simple, std::string_view value) {
  const std::string& wanted = simple.value;
  switch (simple.kind) {
    case Simple::Kind::equals: return value == wanted;
    case Simple::Kind::begins: return !wanted.empty() && value.starts_with(wanted);
    case Simple::Kind::ends: return !wanted.empty() && value.ends_with(wanted);
    case Simple::Kind::holds: return !wanted.empty() && value.find(wanted) != value.npos;
    case Simple::Kind::word: return has_word(value, wanted);
    case Simple::Kind::dash:
      return value == wanted || (value.starts_with(wanted) && value.substr(wanted.size()).starts_with('-'));
    default: return true;
  }
}

/// Matches from right to left: an element, then what must stand to the left of it or above.
class Matcher {
 public:
  Matcher(const Selectors& selectors, std::size_t most) : selectors_(selectors), most_(most) {}

  Matched run(const GumboNode* document) {
    for (const GumboNode* node = document; node != nullptr && !enough(); node = following(node, document)) {
      if (!is_element(node) || !any(node)) continue;
      if (selectors_.attribute.empty() || attribute(node, selectors_.attribute) != nullptr)
        matched_.elements.push_back(node);
    }
    return std::move(matched_);
  }

 private:
  [[nodiscard]] bool enough() const { return matched_.too_much || matched_.elements.size() >= most_; }
  bool step(std::size_t cost = 1) {
    steps_ += cost;
    if (steps_ > kMostSteps) matched_.too_much = true;
    return !matched_.too_much;
  }

  bool any(const GumboNode* element) {
    return std::ranges::any_of(selectors_.lists,
                               [&](const auto& list) { return ends_in(list, list.size() - 1, element); });
  }

  bool ends_in(const std::vector<Compound>& list, std::size_t last, const GumboNode* element) {
    if (!step() || !all(list[last], element)) return false;
    if (last == 0) return true;
    const Compound& left = list[last - 1];
    if (left.join == Join::child || left.join == Join::descendant) return above(list, last - 1, element);
    return before(list, last - 1, element);
  }

  bool above(const std::vector<Compound>& list, std::size_t last, const GumboNode* element) {
    for (const GumboNode* parent = element->parent; is_element(parent); parent = parent->parent) {
      if (!step()) return false;
      if (ends_in(list, last, parent)) return true;
      if (list[last].join == Join::child) return false;
    }
    return false;
  }

  bool before(const std::vector<Compound>& list, std::size_t last, const GumboNode* element) {
    const GumboVector* siblings = children(element->parent);
    if (siblings == nullptr) return false;
    for (std::size_t i = element->index_within_parent; i-- > 0;) {
      const auto* sibling = static_cast<const GumboNode*>(siblings->data[i]);
      if (!step()) return false;
      if (!is_element(sibling)) continue;
      if (ends_in(list, last, sibling)) return true;
      if (list[last].join == Join::next) return false;
    }
    return false;
  }

  bool all(const Compound& compound, const GumboNode* element) {
    return std::ranges::all_of(compound.all, [&](const Simple& simple) { return holds(simple, element); });
  }

  bool holds(const Simple& simple, const GumboNode* element) {
    switch (simple.kind) {
      case Simple::Kind::type: return is_type(element->v.element, simple.name);
      case Simple::Kind::nth:
      case Simple::Kind::nth_last: return counts(simple, element);
      case Simple::Kind::id: {
        const char* id = attribute(element, "id");
        return id != nullptr && id == simple.name;
      }
      case Simple::Kind::class_name: {
        const char* classes = attribute(element, "class");
        return classes != nullptr && step(std::char_traits<char>::length(classes) / 16) &&
               has_word(classes, simple.name);
      }
      default: break;
    }
    const char* value = attribute(element, simple.name);
    return value != nullptr && step(std::char_traits<char>::length(value) / 16) && compares(simple, value);
  }

  /// Whether the element is the (a·n + b)-th of its parent's, from the front or the back, for some n >= 0.
  bool counts(const Simple& simple, const GumboNode* element) {
    const GumboVector* siblings = element->parent == nullptr ? nullptr : children(element->parent);
    if (siblings == nullptr) return false;
    const bool back = simple.kind == Simple::Kind::nth_last;
    const std::size_t begin = back ? element->index_within_parent : 0;
    const std::size_t end = back ? siblings->length : element->index_within_parent + 1;
    if (!step(end - begin)) return false;
    int place = 0;
    for (std::size_t i = begin; i < end; ++i)
      if (is_element(static_cast<const GumboNode*>(siblings->data[i]))) ++place;
    const int distance = place - simple.offset;
    if (simple.step == 0) return distance == 0;
    return distance % simple.step == 0 && distance / simple.step >= 0;
  }

  const Selectors& selectors_;
  std::size_t most_;
  std::size_t steps_ = 0;
  Matched matched_;
};

}  // namespace

Matched match(const Selectors& selectors, const GumboNode* document, std::size_t most) {
  return Matcher(selectors, most).run(document);
}

std::string_view content(const Selectors& selectors, const GumboNode* element, Arena& texts) {
  if (!selectors.attribute.empty()) return texts.keep(attribute(element, selectors.attribute));
  std::string text;
  for (const GumboNode* node = element; node != nullptr; node = following(node, element)) {
    const bool is_text =
        node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA;
    if (is_text) text += node->v.text.text;
  }
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return texts.keep(std::string_view(text).substr(begin, text.find_last_not_of(kBlanks) + 1 - begin));
}

}  // namespace vajrapulse::extract
