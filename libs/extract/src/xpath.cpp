#include "vajrapulse/extract/xpath.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "mistake_at.hpp"
#include "xml_body.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kLongest = 1'024;
constexpr int kMostNested = 4;

/// Each level of brackets may walk the whole body for each node of the level above.
std::expected<void, Mistake> check_brackets(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == ']') {
      --depth;
    } else if (c == '[' && ++depth > kMostNested) {
      return std::unexpected(
          mistake_at(text, at, 1, "these brackets are too many within each other", "use at most 4 levels of [ ]"));
    }
  }
  return {};
}

Mistake mistake_of(std::string_view text, const pugi::xpath_parse_result& result) {
  const auto at = std::size_t(std::clamp<std::ptrdiff_t>(result.offset, 0, std::ptrdiff_t(text.size())));
  std::string message = result.description();
  if (!message.empty() && message.front() >= 'A' && message.front() <= 'Z')
    message.front() = char(message.front() - 'A' + 'a');
  return mistake_at(text, at, 1, fmt::format("{} in this XPath", message), "write for example //user[@id='7']/name");
}

/// The text of a node as XPath 1.0 defines it (section 5); the query `.` of it.
std::string_view node_text(const pugi::xpath_node& node, Arena& texts) {
  static const pugi::xpath_query kSelf("string(.)");
  return texts.keep(kSelf.evaluate_string(node));
}

}  // namespace

struct XPath::Query {
  explicit Query(std::string_view written) : text(written), query(text.c_str()) {}
  std::string text;
  pugi::xpath_query query;

  /// Of an expression that is no set of nodes.
  [[nodiscard]] Value plain(const pugi::xml_document& document, Arena& texts) const {
    if (query.return_type() == pugi::xpath_type_boolean) {
      const bool truth = query.evaluate_boolean(document);
      return {.type = Type::boolean, .text = truth ? "true" : "false", .number = truth ? 1.0 : 0.0};
    }
    Value value{.type = Type::text, .text = texts.keep(query.evaluate_string(document))};
    if (query.return_type() != pugi::xpath_type_number) return value;
    value.type = Type::number;
    value.number = query.evaluate_number(document);
    return value;
  }
};

std::expected<XPath, Mistake> XPath::compile(std::string_view text) {
  if (auto fits = check_length(text, kLongest, "an XPath", "for example //user/name"); !fits)
    return std::unexpected(std::move(fits.error()));
  if (const auto nul = text.find('\0'); nul != text.npos)
    return std::unexpected(mistake_at(text, nul, 1, "a NUL byte stands in this XPath", "leave it out"));
  if (auto fits = check_brackets(text); !fits) return std::unexpected(std::move(fits.error()));
  try {
    return XPath(std::make_shared<const Query>(text));
  } catch (const pugi::xpath_exception& broken) {
    return std::unexpected(mistake_of(text, broken.result()));
  }
}

Found XPath::first(Reader& reader) const {
  const auto document = reader.parts().xml().document(reader.parts());
  if (!document) return std::unexpected(document.error());
  if (query_->query.return_type() != pugi::xpath_type_node_set) return query_->plain(**document, reader.parts().texts);
  const pugi::xpath_node node = query_->query.evaluate_node(**document);
  if (!node) return std::unexpected(Miss{Reason::missing, fmt::format("nothing in the body matches {}", query_->text)});
  return Value{.type = Type::text, .text = node_text(node, reader.parts().texts)};
}

std::expected<std::size_t, Miss> XPath::all(Reader& reader, std::vector<Value>& values, std::size_t most) const {
  const auto document = reader.parts().xml().document(reader.parts());
  if (!document) return std::unexpected(document.error());
  if (most == 0) return 0;
  if (query_->query.return_type() != pugi::xpath_type_node_set) {
    values.push_back(query_->plain(**document, reader.parts().texts));
    return 1;
  }
  pugi::xpath_node_set nodes = query_->query.evaluate_node_set(**document);
  nodes.sort();
  const std::size_t count = std::min(nodes.size(), most);
  for (std::size_t i = 0; i < count; ++i)
    values.push_back({.type = Type::text, .text = node_text(nodes[i], reader.parts().texts)});
  return count;
}

std::string_view XPath::text() const noexcept { return query_->text; }

}  // namespace vajrapulse::extract
