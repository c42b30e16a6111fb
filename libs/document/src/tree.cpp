#include "tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "vajrapulse/document/read.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::string_view kMergeKey = "<<";

void merge_map(Tree::Open& map, Node&& from) {
  for (auto& entry : from.entries) {
    if (!map.keys.try_emplace(entry.key, entry.place.line).second) continue;
    if (map.keys.size() > kMostKeys)
      refuse(map.node.place, fmt::format("this map has more than {} keys", kMostKeys),
             "keep data in a file of its own");
    map.node.entries.push_back(std::move(entry));
  }
}

[[noreturn]] void refuse_merge(const Place& place) {
  refuse(place, "'<<' takes a map or a list of maps", "write '<<: *name', where '&name' stands before a map");
}

}  // namespace

void refuse(Place place, std::string message, std::string cure) {
  throw Refusal{{.place = std::move(place), .message = std::move(message), .cure = std::move(cure)}};
}

bool Tree::wants_key() const noexcept {
  return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().waiting;
}

const Node* Tree::anchored(std::size_t anchor) const noexcept {
  const auto found = anchors_.find(anchor);
  return found == anchors_.end() ? nullptr : &found->second.node;
}

void Tree::count(std::size_t values, const Place& place) {
  if (values > kMostNodes - values_)
    refuse(place, fmt::format("this file has more than {} values once its aliases are expanded", kMostNodes),
           "use fewer aliases, or keep the data in a file of its own");
  values_ += values;
}

void Tree::open(Node::Kind kind, Place place, Layout layout, std::size_t anchor) {
  if (open_.size() >= kMostNesting)
    refuse(std::move(place), fmt::format("lists and maps are nested more than {} deep", kMostNesting),
           "close what is open, or divide the file");
  count(1, place);
  Open opened;
  opened.node.kind = kind;
  opened.layout = layout;
  opened.anchor = anchor;
  opened.before = values_ - 1;
  if (layout == Layout::block && kind == Node::Kind::list) opened.column = place.column;
  opened.node.place = std::move(place);
  open_.push_back(std::move(opened));
}

void Tree::close() {
  Open closed = std::move(open_.back());
  open_.pop_back();
  merge(closed);
  if (closed.anchor != 0) remember(closed.anchor, closed.node, values_ - closed.before, closed.depth);
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, closed.depth + 1);
  deliver(std::move(closed.node));
}

void Tree::add(Node value, std::size_t anchor) {
  count(1, value.place);
  if (anchor != 0) remember(anchor, value, 1, 0);
  deliver(std::move(value));
}

void Tree::key(std::string text, Place place, Style style) {
  auto& map = open_.back();
  if (text.size() > kMostKeyLength)
    refuse(std::move(place), fmt::format("a key is longer than {} bytes", kMostKeyLength), "use a shorter name");
  if (map.column == 0 && map.layout == Layout::block) map.column = place.column;
  const auto [found, is_new] = map.keys.try_emplace(text, place.line);
  if (!is_new)
    refuse(std::move(place), fmt::format("'{}' is given twice in this map", text),
           fmt::format("the first stands in line {}; keep one of them", found->second));
  if (map.keys.size() > kMostKeys)
    refuse(std::move(place), fmt::format("this map has more than {} keys", kMostKeys),
           "keep data in a file of its own");
  map.waiting = Entry{std::move(text), std::move(place), {}};
  if (style != Style::plain) map.waiting->value.style = style;  // tells a quoted "<<", which merges nothing
}

void Tree::deliver(Node value) {
  if (open_.empty()) {
    result_ = std::move(value);
    return;
  }
  auto& parent = open_.back();
  if (parent.node.kind == Node::Kind::list) {
    parent.node.items.push_back(std::move(value));
    return;
  }
  Entry entry = std::move(*parent.waiting);
  parent.waiting.reset();
  if (entry.key == kMergeKey && entry.value.style == Style::plain) {
    parent.merged.push_back(std::move(value));
    return;
  }
  entry.value = std::move(value);
  parent.node.entries.push_back(std::move(entry));
}

void Tree::remember(std::size_t anchor, const Node& node, std::size_t values, std::size_t depth) {
  count(values, node.place);  // the copy takes its memory, too
  anchors_.insert_or_assign(anchor, Anchored{node, values, depth});
}

void Tree::repeat(std::size_t anchor, const Place& place) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end())
    refuse(place, "this alias stands within the value that it repeats", "repeat only what is complete above");
  const auto& anchored = found->second;
  count(anchored.values, place);
  if (open_.size() + anchored.depth > kMostNesting)
    refuse(place, fmt::format("lists and maps are nested more than {} deep once this alias is expanded", kMostNesting),
           "use fewer aliases within aliases");
  if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, anchored.depth + 1);
  deliver(anchored.node);
}

void Tree::merge(Open& map) {
  for (auto& from : map.merged) {
    if (from.kind == Node::Kind::map) {
      merge_map(map, std::move(from));
      continue;
    }
    if (from.kind != Node::Kind::list) refuse_merge(from.place);
    for (auto& item : from.items) {
      if (item.kind != Node::Kind::map) refuse_merge(item.place);
      merge_map(map, std::move(item));
    }
  }
}

}  // namespace vajrapulse::document
