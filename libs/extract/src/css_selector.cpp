#include "vajrapulse/extract/css_selector.hpp"

#include <fmt/format.h>

#include "html_body.hpp"
#include "matching.hpp"
#include "mistake_at.hpp"

namespace vajrapulse::extract {
namespace {

Miss too_much(const Selectors& selectors) {
  return {Reason::too_much, fmt::format("{} would have to compare too many elements of the body", selectors.text)};
}

}  // namespace

std::expected<CssSelector, Mistake> CssSelector::compile(std::string_view text, std::string_view attribute) {
  auto selectors = parse_selectors(text);
  if (!selectors) return std::unexpected(std::move(selectors.error()));
  if (!attribute.empty() && !(*selectors)->attribute.empty())
    return std::unexpected(mistake_at(text, text.rfind('@'), (*selectors)->attribute.size() + 1,
                                      "the attribute is given twice", "leave out one of them"));
  if (!attribute.empty()) {
    (*selectors)->attribute = attribute;
    (*selectors)->text += fmt::format("@{}", attribute);
  }
  return CssSelector(std::move(*selectors));
}

Found CssSelector::first(Reader& reader) const {
  const auto document = reader.parts().html().document(reader.parts());
  if (!document) return std::unexpected(document.error());
  const Matched matched = match(*selectors_, *document, 1);
  if (!matched.elements.empty())
    return Value{.type = Type::text, .text = content(*selectors_, matched.elements.front(), reader.parts().texts)};
  if (matched.too_much) return std::unexpected(too_much(*selectors_));
  return std::unexpected(Miss{Reason::missing, fmt::format("nothing in the body matches {}", selectors_->text)});
}

std::expected<std::size_t, Miss> CssSelector::all(Reader& reader, std::vector<Value>& values, std::size_t most) const {
  const auto document = reader.parts().html().document(reader.parts());
  if (!document) return std::unexpected(document.error());
  const Matched matched = match(*selectors_, *document, most);
  if (matched.too_much) return std::unexpected(too_much(*selectors_));
  for (const GumboNode* element : matched.elements)
    values.push_back({.type = Type::text, .text = content(*selectors_, element, reader.parts().texts)});
  return matched.elements.size();
}

std::string_view CssSelector::text() const noexcept { return selectors_->text; }

}  // namespace vajrapulse::extract
