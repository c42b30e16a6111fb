#include "override.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "merge.hpp"
#include "unicode.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/document/config.hpp"
#include "vajrapulse/document/read.hpp"

namespace vajrapulse::document {
namespace {

std::string loosely(std::string_view name) {
  std::string word(name);
  for (char& c : word) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  }
  return word;
}

bool matches(const std::string& name, const std::string& wanted, Spelling spelling) {
  return spelling == Spelling::exact ? name == wanted : loosely(name) == loosely(wanted);
}

/// Where the bytes [begin, begin + length) of an assignment stand.
Place place_in(const std::shared_ptr<const Source>& source, std::size_t begin, std::size_t length) {
  const std::string_view text = source->text();
  const auto before = characters(text.substr(0, begin));
  return {source, 1, 1 + before, std::max<std::size_t>(characters(text.substr(begin, length)), 1)};
}

bool is_null_word(std::string_view text) noexcept {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Quotes, `[` and `{` begin YAML; `{{` begins a template, and the rest is a text.
bool is_yaml(std::string_view value) noexcept {
  return !value.empty() && std::string_view("\"'[{").find(value.front()) != value.npos && !value.starts_with("{{");
}

void move_places(Node& node, const std::shared_ptr<const Source>& to, std::size_t columns) {
  const auto move = [&](Place& place) {
    place.source = to;
    if (place.line == 1) place.column += columns;
  };
  move(node.place);
  for (auto& item : node.items)
    move_places(item, to, columns);
  for (auto& entry : node.entries) {
    move(entry.place);
    move_places(entry.value, to, columns);
  }
}

std::optional<Node> read_value(const std::shared_ptr<const Source>& source, std::size_t begin,
                               Diagnostics& diagnostics) {
  const auto value = source->text().substr(begin);
  const auto place = place_in(source, begin, value.size());
  if (!is_yaml(value)) {
    Node node{.kind = is_null_word(value) ? Node::Kind::null : Node::Kind::scalar, .text = value, .place = place};
    return node;
  }
  Diagnostics inner;
  auto node = read(std::make_shared<Source>(source->name(), value), inner);
  const auto columns = place.column - 1;
  for (auto& found : inner.all()) {
    found.place.source = source;
    if (found.place.line == 1) found.place.column += columns;
    diagnostics.add(std::move(found));
  }
  if (node) move_places(*node, source, columns);
  return node;
}

/// The path before the '=' of an assignment.
class SetPath {
 public:
  SetPath(const std::shared_ptr<const Source>& source, Diagnostics& diagnostics)
      : source_(source), text_(source->text()), diagnostics_(diagnostics) {}

  std::optional<std::vector<Segment>> read() {
    std::vector<Segment> path;
    do {
      auto segment = next();
      if (!segment) return std::nullopt;
      path.push_back(std::move(*segment));
      if (path.size() > kMostNesting) return wrong(at_, 1, "this path is too long", "a plan is not so deep");
    } while (take('.'));
    if (!take('=')) return wrong(at_, 1, "a '=' has to stand behind the path", "write --set section.key=value");
    return path;
  }

  [[nodiscard]] std::size_t end() const noexcept { return at_; }

 private:
  std::nullopt_t wrong(std::size_t begin, std::size_t length, std::string message, std::string cure) {
    diagnostics_.error(place_in(source_, std::min(begin, text_.size()), length), std::move(message), std::move(cure));
    return std::nullopt;
  }

  bool take(char c) noexcept {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<Segment> next() {
    const auto begin = at_;
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    if (first == '"' || first == '\'') {
      const auto close = text_.find(first, at_ + 1);
      if (close == text_.npos)
        return wrong(begin, text_.size() - begin, fmt::format("the quote {} is not closed", first),
                     fmt::format("write {} behind the name", first));
      at_ = close + 1;
      return segment(begin + 1, close);
    }
    at_ = std::min(text_.find_first_of(".=", at_), text_.size());
    return segment(begin, at_);
  }

  std::optional<Segment> segment(std::size_t begin, std::size_t end) {
    if (begin == end) return wrong(begin, 1, "a name is missing here", "write --set section.key=value");
    return Segment{std::string(text_.substr(begin, end - begin)), place_in(source_, begin, end - begin)};
  }

  const std::shared_ptr<const Source>& source_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
};

/// Names between `__`.
std::optional<std::vector<Segment>> variable_path(const std::shared_ptr<const Source>& source, std::size_t length,
                                                  Diagnostics& diagnostics) {
  std::vector<Segment> path;
  for (std::size_t begin = kOverridePrefix.size(); begin <= length;) {
    const auto end = std::min(source->text().find("__", begin), length);
    if (begin == end || path.size() >= kMostNesting) {
      diagnostics.error(place_in(source, 0, length), "a name is missing in this variable",
                        "write VAJRAPULSE__SECTION__KEY, with '__' between names");
      return std::nullopt;
    }
    path.push_back({source->text().substr(begin, end - begin), place_in(source, begin, end - begin)});
    begin = end == length ? length + 1 : end + 2;
  }
  return path;
}

class Descent {
 public:
  Descent(Override&& change, Diagnostics& diagnostics) : change_(std::move(change)), diagnostics_(diagnostics) {}

  void into(Node& plan) {
    Node* node = &plan;
    for (depth_ = 0; node && depth_ + 1 < change_.path.size(); ++depth_)
      node = step(*node);
    if (node) put(*node);
  }

 private:
  [[nodiscard]] const Segment& segment() const { return change_.path[depth_]; }

  /// "http.timeout", as far as it was followed.
  [[nodiscard]] std::string way() const {
    std::string way;
    for (std::size_t i = 0; i < depth_; ++i)
      way += (way.empty() ? "" : ".") + change_.path[i].name;
    return way.empty() ? "the plan" : "'" + way + "'";
  }

  Node* step(Node& node) {
    if (node.kind == Node::Kind::list) return item(node);
    if (!open_map(node)) return nullptr;
    if (Entry* entry = find(node)) return &entry->value;
    Node made{.kind = Node::Kind::map, .place = segment().place};
    node.entries.push_back({spelled(), segment().place, std::move(made)});
    return &node.entries.back().value;
  }

  void put(Node& node) {
    if (node.kind == Node::Kind::list) {
      if (Node* place = item(node)) *place = std::move(change_.value);
      return;
    }
    if (!open_map(node)) return;
    Node layer{.kind = Node::Kind::map};
    const Entry* entry = find(node);
    const auto key = entry ? entry->key : spelled();
    layer.entries.push_back({key, segment().place, std::move(change_.value)});
    merge_over(node, std::move(layer), diagnostics_);
    Entry& last = node.entries.back();
    if (last.key == key && key.size() > 1 && key.front() == '+')
      last.key.erase(0, 1);  // there was nothing to append to
  }

  bool open_map(Node& node) {
    if (node.kind == Node::Kind::null) node = Node{.kind = Node::Kind::map, .place = segment().place};
    if (node.kind == Node::Kind::map) return true;
    diagnostics_.error(segment().place,
                       fmt::format("{} is {} and has no '{}' in it", way(), article_name(node), segment().name),
                       fmt::format("it stands in {}", node.place.text()));
    return false;
  }

  Entry* find(Node& map) {
    const auto found = std::ranges::find_if(
        map.entries, [&](const Entry& entry) { return matches(entry.key, segment().name, change_.spelling); });
    return found == map.entries.end() ? nullptr : &*found;
  }

  [[nodiscard]] std::string spelled() const {
    return change_.spelling == Spelling::loose ? loosely(segment().name) : segment().name;
  }

  Node* item(Node& list) {
    const auto& wanted = segment().name;
    std::vector<std::string> names;
    for (auto& item : list.items) {
      const Node* name = item.find("name");
      if (!name) continue;
      if (matches(name->text, wanted, change_.spelling)) return &item;
      names.push_back(name->text);
    }
    std::size_t number = 0;
    const auto [stop, failure] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool is_number = failure == std::errc() && stop == wanted.data() + wanted.size();
    if (is_number && number < list.items.size()) return &list.items[number];
    no_item(list, names);
    return nullptr;
  }

  void no_item(const Node& list, const std::vector<std::string>& names) {
    const auto near = nearest(change_.spelling == Spelling::loose ? loosely(segment().name) : segment().name, names);
    std::string cure = fmt::format("its items go by their numbers, from 0 to {}", list.items.size() - 1);
    if (list.items.empty()) cure = "it is empty";
    if (!names.empty())
      cure =
          fmt::format("there is {}",
                      fmt::join(names.begin(), names.begin() + std::min<std::ptrdiff_t>(8, std::ssize(names)), ", "));
    if (near) cure = fmt::format("did you mean '{}'?", *near);
    diagnostics_.error(segment().place, fmt::format("{} has no item '{}'", way(), segment().name), std::move(cure));
  }

  Override change_;
  Diagnostics& diagnostics_;
  std::size_t depth_ = 0;
};

}  // namespace

std::optional<Override> read_set(const std::string& assignment, Diagnostics& diagnostics) {
  const auto named = assignment.substr(0, assignment.find('='));
  auto source = std::make_shared<const Source>("--set " + named, assignment);
  if (const auto invalid = first_invalid(assignment)) {
    diagnostics.error(place_in(source, *invalid, 1), "this is no UTF-8", "check the encoding of the terminal");
    return std::nullopt;
  }
  SetPath reader(source, diagnostics);
  auto path = reader.read();
  if (!path) return std::nullopt;
  auto value = read_value(source, reader.end(), diagnostics);
  if (!value) return std::nullopt;
  return Override{source, std::move(*path), std::move(*value), Spelling::exact};
}

std::optional<Override> read_variable(const std::string& name, const std::string& value, Diagnostics& diagnostics) {
  auto source = std::make_shared<const Source>(name, name + "=" + value);
  if (first_invalid(source->text())) {
    diagnostics.error(place_in(source, 0, name.size()), "this variable is no UTF-8", "check what sets it");
    return std::nullopt;
  }
  auto path = variable_path(source, name.size(), diagnostics);
  if (!path) return std::nullopt;
  auto node = read_value(source, name.size() + 1, diagnostics);
  if (!node) return std::nullopt;
  return Override{source, std::move(*path), std::move(*node), Spelling::loose};
}

void apply(Override&& change, Node& plan, Diagnostics& diagnostics) {
  Descent(std::move(change), diagnostics).into(plan);
}

}  // namespace vajrapulse::document
