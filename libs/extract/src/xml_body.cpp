#include "xml_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostNodes = 200'000;
constexpr int kDeepest = 256;

/// White space counts in an element's text (XPath 1.0, section 5.7); a DOCTYPE is passed over, never acted upon.
constexpr unsigned kOptions = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_comments | pugi::parse_pi;

/// Walks the tree without recursion; what is too large to search.
std::optional<Miss> too_large(const pugi::xml_document& document) {
  std::size_t nodes = 0;
  int depth = 0;
  pugi::xml_node node = document.first_child();
  while (node && node != document) {
    if (++nodes > kMostNodes) return Miss{Reason::too_much, "the body's XML has more than 200,000 nodes"};
    if (depth > kDeepest) return Miss{Reason::too_much, "the body's XML is nested more than 256 deep"};
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && node != document && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node && node != document) node = node.next_sibling();
  }
  return std::nullopt;
}

Miss unreadable(std::string_view body, const pugi::xml_parse_result& result) {
  const std::string_view before =
      body.substr(0, std::min(body.size(), std::size_t(std::max<std::ptrdiff_t>(0, result.offset))));
  const auto line = std::size_t(std::ranges::count(before, '\n')) + 1;
  std::string what = result.description();
  if (!what.empty() && what.front() >= 'A' && what.front() <= 'Z') what.front() = char(what.front() - 'A' + 'a');
  return {Reason::unreadable, fmt::format("the body is no XML: {} in line {}", what, line)};
}

}  // namespace

std::expected<const pugi::xml_document*, Miss> XmlBody::document(const Reader::Parts& parts) {
  if (parsed_) return &document_;
  if (parts.body.size() > Reader::kMostXml)
    return std::unexpected(Miss{Reason::too_much, "the body has more than 8 MiB: too large for an XPath"});
  if (parts.body.find_first_not_of(" \t\r\n") == parts.body.npos)
    return std::unexpected(Miss{Reason::unreadable, "the body is no XML: it is empty"});
  const auto result = document_.load_buffer(parts.body.data(), parts.body.size(), kOptions);
  if (!result) return std::unexpected(unreadable(parts.body, result));
  if (auto large = too_large(document_)) return std::unexpected(std::move(*large));
  parsed_ = true;
  return &document_;
}

}  // namespace vajrapulse::extract
