#include "merge.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace vajrapulse::document {
namespace {

bool appends(std::string_view key) noexcept { return key.size() > 1 && key.front() == '+'; }

/// Entries of a map by key, however many.
class Index {
 public:
  explicit Index(Node& map) : map_(map) {
    for (std::size_t i = 0; i < map.entries.size(); ++i)
      places_.emplace(map.entries[i].key, i);
  }

  Entry* find(const std::string& key) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &map_.entries[found->second];
  }

  void add(Entry&& entry) {
    places_.emplace(entry.key, map_.entries.size());
    map_.entries.push_back(std::move(entry));
  }

 private:
  Node& map_;
  std::unordered_map<std::string, std::size_t> places_;
};

bool same_place(const Place& a, const Place& b) noexcept {
  return a.line == b.line && a.column == b.column && a.source && b.source && a.source->name() == b.source->name();
}

void append_items(Node& list, Node&& value) {
  if (value.kind != Node::Kind::list) {
    list.items.push_back(std::move(value));
    return;
  }
  for (auto& item : value.items)
    list.items.push_back(std::move(item));
}

/// `entry` has its '+' still.
void append(Entry& to, Entry&& entry, Diagnostics& diagnostics) {
  auto& target = to.value;
  if (target.kind == Node::Kind::null) {
    target = std::move(entry.value);
  } else if (target.kind == Node::Kind::list) {
    append_items(target, std::move(entry.value));
  } else if (target.kind == Node::Kind::map && entry.value.kind == Node::Kind::map) {
    merge_over(target, std::move(entry.value), diagnostics);
  } else {
    diagnostics.error(entry.place,
                      fmt::format("'{}' appends to '{}', which is {} in {}", entry.key, to.key, article_name(target),
                                  to.place.text()),
                      fmt::format("write '{}' to replace it", to.key));
  }
}

}  // namespace

void merge_over(Node& base, Node&& over, Diagnostics& diagnostics) {
  if (base.kind != Node::Kind::map || over.kind != Node::Kind::map) {
    base = std::move(over);
    return;
  }
  Index index(base);
  for (auto& entry : over.entries) {
    if (appends(entry.key)) {
      if (Entry* below = index.find(entry.key.substr(1))) {
        append(*below, std::move(entry), diagnostics);
        continue;
      }
    }
    Entry* below = index.find(entry.key);
    if (!below) {
      index.add(std::move(entry));
      continue;
    }
    if (appends(entry.key) && below->value.kind != Node::Kind::map) {  // both append to what is further below
      append(*below, std::move(entry), diagnostics);
      continue;
    }
    below->place = entry.place;
    merge_over(below->value, std::move(entry.value), diagnostics);
  }
}

void merge_beside(Node& base, Node&& piece, Diagnostics& diagnostics) {
  Index index(base);
  for (auto& entry : piece.entries) {
    Entry* other = index.find(entry.key);
    if (!other) {
      index.add(std::move(entry));
    } else if (same_place(other->place, entry.place)) {
      continue;  // the same file, included on two ways
    } else if (other->value.kind == Node::Kind::map && entry.value.kind == Node::Kind::map) {
      merge_beside(other->value, std::move(entry.value), diagnostics);
    } else if (appends(entry.key) && other->value.kind == Node::Kind::list) {
      append_items(other->value, std::move(entry.value));
    } else {
      diagnostics.error(entry.place, fmt::format("'{}' is given here and in {}", entry.key, other->place.text()),
                        "what is included stands beside the plan: keep one of them, or use 'extends' to change it");
    }
  }
}

void settle_appends(Node& map, Diagnostics& diagnostics) {
  if (map.kind != Node::Kind::map) return;
  std::vector<Entry> entries;
  entries.swap(map.entries);
  std::unordered_set<std::string> names;
  for (const auto& entry : entries)
    names.insert(entry.key);
  std::vector<Entry> later;
  for (auto& entry : entries) {
    const bool is_append = appends(entry.key);
    if (is_append && names.insert(entry.key.substr(1)).second) entry.key.erase(0, 1);  // nothing to append to
    (is_append && appends(entry.key) ? later : map.entries).push_back(std::move(entry));
  }
  Index index(map);
  for (auto& entry : later)
    if (Entry* target = index.find(entry.key.substr(1))) append(*target, std::move(entry), diagnostics);
  for (auto& entry : map.entries)
    settle_appends(entry.value, diagnostics);
}

void settle_plan(Node& plan, Diagnostics& diagnostics) {
  const auto profiles = std::ranges::find(plan.entries, "profiles", &Entry::key);
  std::optional<Node> kept;
  if (profiles != plan.entries.end()) kept = std::exchange(profiles->value, Node{});
  settle_appends(plan, diagnostics);
  if (kept) *plan.find("profiles") = std::move(*kept);
}

}  // namespace vajrapulse::document
