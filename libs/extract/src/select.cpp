#include <algorithm>

#include "follow.hpp"
#include "json_text.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostVisits = 4'000'000;

/// Walks a path down a tree. The order of RFC 9535: for each value selected so far, in order, what each selector
/// picks, in order.
class Selection {
 public:
  Selection(const Path& path, const JsonTree& tree, std::size_t most) : path_(path), tree_(tree), most_(most) {}

  Selected run() {
    from(0, 0);
    return std::move(selected_);
  }

 private:
  using Index = std::uint32_t;

  /// False: enough.
  bool visit() {
    if (++visits_ > kMostVisits) selected_.too_much = true;
    return !selected_.too_much && selected_.nodes.size() < most_;
  }

  bool from(Index node, std::size_t segment) {
    if (!visit()) return false;
    if (segment == path_.segments.size()) {
      selected_.nodes.push_back(&tree_.nodes[node]);
      return selected_.nodes.size() < most_;
    }
    const bool deep = path_.segments[segment].reach == Segment::Reach::descendant;
    return deep ? descend(node, segment) : pick(node, segment);
  }

  bool descend(Index node, std::size_t segment) {
    if (!pick(node, segment)) return false;
    for (Index child = node + 1; child < tree_.nodes[node].next; child = tree_.nodes[child].next) {
      if (!visit()) return false;
      if (!descend(child, segment)) return false;
    }
    return true;
  }

  bool pick(Index node, std::size_t segment) {
    return std::ranges::all_of(path_.segments[segment].selectors, [&](const Selector& selector) {
      switch (selector.kind) {
        case Selector::Kind::name: return name(node, segment, selector);
        case Selector::Kind::index: return index(node, segment, selector);
        case Selector::Kind::slice: return slice(node, segment, selector);
        case Selector::Kind::every: break;
      }
      return every(node, segment);
    });
  }

  bool every(Index node, std::size_t segment) {
    for (Index child = node + 1; child < tree_.nodes[node].next; child = tree_.nodes[child].next)
      if (!from(child, segment + 1)) return false;
    return true;
  }

  bool name(Index node, std::size_t segment, const Selector& selector) {
    if (tree_.nodes[node].type != Type::object) return true;
    for (Index child = node + 1; child < tree_.nodes[node].next; child = tree_.nodes[child].next) {
      if (!visit()) return false;
      if (is_name(tree_.json.substr(tree_.nodes[child].key), selector.name)) return from(child, segment + 1);
    }
    return true;
  }

  /// The nodes of an array's elements.
  bool elements(Index node, std::vector<Index>& elements) {
    elements.reserve(tree_.nodes[node].children);
    for (Index child = node + 1; child < tree_.nodes[node].next; child = tree_.nodes[child].next) {
      if (!visit()) return false;
      elements.push_back(child);
    }
    return true;
  }

  bool index(Index node, std::size_t segment, const Selector& selector) {
    const JsonTree::Node& array = tree_.nodes[node];
    if (array.type != Type::array) return true;
    const std::int64_t wanted = selector.index < 0 ? selector.index + array.children : selector.index;
    if (wanted < 0 || wanted >= array.children) return true;
    Index child = node + 1;
    for (std::int64_t i = 0; i < wanted; ++i) {
      if (!visit()) return false;
      child = tree_.nodes[child].next;
    }
    return from(child, segment + 1);
  }

  /// RFC 9535 section 2.3.4.2.2.
  bool slice(Index node, std::size_t segment, const Selector& selector) {
    const JsonTree::Node& array = tree_.nodes[node];
    if (array.type != Type::array || selector.step == 0) return true;
    std::vector<Index> found;
    if (!elements(node, found)) return false;
    const auto size = std::int64_t(found.size());
    const bool forward = selector.step > 0;
    const auto bound = [&](std::optional<std::int64_t> written, std::int64_t otherwise) {
      const std::int64_t at = written.value_or(otherwise);
      const std::int64_t from_start = written && at < 0 ? size + at : at;
      return forward ? std::clamp<std::int64_t>(from_start, 0, size)
                     : std::clamp<std::int64_t>(from_start, -1, size - 1);
    };
    const std::int64_t start = bound(selector.start, forward ? 0 : size - 1);
    const std::int64_t end = bound(selector.end, forward ? size : -1);
    for (std::int64_t i = start; forward ? i < end : i > end; i += selector.step)
      if (!from(found[std::size_t(i)], segment + 1)) return false;
    return true;
  }

  const Path& path_;
  const JsonTree& tree_;
  std::size_t most_;
  std::size_t visits_ = 0;
  Selected selected_;
};

}  // namespace

Selected select(const Path& path, const JsonTree& tree, std::size_t most) { return Selection(path, tree, most).run(); }

}  // namespace vajrapulse::extract
