#pragma once

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract {

struct Selectors;

/// A CSS selector over HTML, parsed as HTML5 says (what a browser would repair is repaired). A subset of Selectors
/// Level 3:
///
///   div  *  #id  .class  [href]  [a=v] [a^=v] [a$=v] [a*=v] [a~=v] [a|=v]
///   a b   a > b   a + b   a ~ b   a, b   :first-child  :last-child  :only-child  :nth-child(2n+1 | odd | even | 3)
///
/// Gives the element's text, without white space at its ends, or an attribute: `input[name=csrf]@value`. The contents
/// of <template> are no part of the page. At most 60,000 nodes and about 512 levels.
class CssSelector final : public Finder {
 public:
  /// At most 1,024 bytes and 32 simple selectors between commas. `attribute` is the same as `@attribute` in the text.
  static std::expected<CssSelector, Mistake> compile(std::string_view text, std::string_view attribute = {});

  /// An element without the attribute is passed over.
  [[nodiscard]] Found first(Reader& reader) const override;
  std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                       std::size_t most = kMostValues) const override;
  [[nodiscard]] std::string_view text() const noexcept override;

 private:
  explicit CssSelector(std::shared_ptr<const Selectors> selectors) : selectors_(std::move(selectors)) {}
  std::shared_ptr<const Selectors> selectors_;
};

}  // namespace vajrapulse::extract
