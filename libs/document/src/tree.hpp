#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// Reading cannot go on: thrown through a parser that knows no other way to be ended, caught by read().
struct Refusal {
  Diagnostic why;
};

[[noreturn]] void refuse(Place place, std::string message, std::string cure);

enum class Layout : std::uint8_t { block, flow };

/// Builds a Node from what a parser meets, in the order of the text: bounds, duplicate keys, aliases, `<<`.
class Tree {
 public:
  /// A list or map that is not closed yet.
  struct Open {
    Node node;
    Layout layout = Layout::block;
    std::size_t anchor = 0;                             ///< 0: none
    std::size_t offset = 0;                             ///< of its first byte, when who reads it tells
    std::size_t before = 0;                             ///< values before this one
    std::size_t column = 0;                             ///< where its keys or dashes begin; 0: not known yet
    std::size_t depth = 1;                              ///< of lists and maps in it, itself included
    std::optional<Entry> waiting;                       ///< a key whose value comes next
    std::unordered_map<std::string, std::size_t> keys;  ///< with the lines they stand in
    std::vector<Node> merged;                           ///< values of `<<`
  };

  void open(Node::Kind kind, Place place, Layout layout, std::size_t anchor = 0);
  void close();
  /// A scalar or null: an item of the list, or the value of the map's last key.
  void add(Node value, std::size_t anchor = 0);
  void key(std::string text, Place place, Style style);
  /// What the anchor stands for, once more.
  void repeat(std::size_t anchor, const Place& place);

  [[nodiscard]] bool wants_key() const noexcept;
  [[nodiscard]] const std::vector<Open>& opened() const noexcept { return open_; }
  [[nodiscard]] std::vector<Open>& opened() noexcept { return open_; }
  /// The text of a scalar that an alias used as a key stands for.
  [[nodiscard]] const Node* anchored(std::size_t anchor) const noexcept;
  [[nodiscard]] std::optional<Node> result() && { return std::move(result_); }

 private:
  struct Anchored {
    Node node;
    std::size_t values = 1;
    std::size_t depth = 0;
  };

  void count(std::size_t values, const Place& place);
  void deliver(Node value);
  void remember(std::size_t anchor, const Node& node, std::size_t values, std::size_t depth);
  void merge(Open& map);

  std::vector<Open> open_;
  std::unordered_map<std::size_t, Anchored> anchors_;
  std::optional<Node> result_;
  std::size_t values_ = 0;
};

}  // namespace vajrapulse::document
