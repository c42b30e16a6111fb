#include "vajrapulse/extract/json_path.hpp"

#include <fmt/format.h>

#include "follow.hpp"
#include "path.hpp"
#include "reader_parts.hpp"

namespace vajrapulse::extract {
namespace {

Miss too_much(const Path& path) {
  return {Reason::too_much, fmt::format("{} would have to look at too many values of the body", path.text)};
}

}  // namespace

std::expected<JsonPath, Mistake> JsonPath::compile(std::string_view text) {
  auto path = parse_path(text);
  if (!path) return std::unexpected(std::move(path.error()));
  return JsonPath(std::move(*path));
}

Found JsonPath::first(Reader& reader) const {
  if (path_->definite) return follow(*path_, reader.parts());
  const auto tree = reader.parts().json().tree(reader.parts());
  if (!tree) return std::unexpected(tree.error());
  const Selected selected = select(*path_, **tree, 1);
  if (!selected.nodes.empty()) return value_of(**tree, *selected.nodes.front(), reader.parts().texts);
  if (selected.too_much) return std::unexpected(too_much(*path_));
  return std::unexpected(Miss{Reason::missing, fmt::format("the body has no {}", path_->text)});
}

std::expected<std::size_t, Miss> JsonPath::all(Reader& reader, std::vector<Value>& values, std::size_t most) const {
  if (path_->definite) {
    auto found = most > 0 ? first(reader) : Found(std::unexpected(Miss{}));
    if (found) values.push_back(*found);
    const bool none = !found && (found.error().reason == Reason::missing || found.error().reason == Reason::wrong_type);
    if (found || none) return found ? 1 : 0;
    return std::unexpected(std::move(found.error()));
  }
  const auto tree = reader.parts().json().tree(reader.parts());
  if (!tree) return std::unexpected(tree.error());
  const Selected selected = select(*path_, **tree, most);
  if (selected.too_much) return std::unexpected(too_much(*path_));
  for (const JsonTree::Node* node : selected.nodes) {
    auto value = value_of(**tree, *node, reader.parts().texts);
    if (!value) return std::unexpected(std::move(value.error()));
    values.push_back(*value);
  }
  return selected.nodes.size();
}

std::string_view JsonPath::text() const noexcept { return path_->text; }
bool JsonPath::definite() const noexcept { return path_->definite; }

}  // namespace vajrapulse::extract
