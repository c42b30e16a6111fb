#pragma once

#include <gumbo.h>

#include <expected>

#include "reader_parts.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

/// A body as HTML, parsed once. The tree lives in an arena: it is dropped at once, whatever its depth, and a body that
/// would become too large ends the parser in the middle.
class HtmlBody {
 public:
  HtmlBody();
  void forget() noexcept { root_ = nullptr; }
  /// The document node.
  std::expected<const GumboNode*, Miss> document(const Reader::Parts& parts);

 private:
  Arena arena_;
  const GumboNode* root_ = nullptr;
};

}  // namespace vajrapulse::extract
