#pragma once

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract {

/// An XPath 1.0 over XML. Names are matched as written, prefix included: `//soap:Body`, or `//*[local-name()='Body']`.
///
/// A node gives its string value (all text within; an attribute's value), an expression its number, text or truth.
/// A DOCTYPE is skipped: entities it declares are neither fetched nor expanded. At most 200,000 nodes, 256 deep.
class XPath final : public Finder {
 public:
  /// At most 1,024 bytes and 4 brackets within each other.
  static std::expected<XPath, Mistake> compile(std::string_view text);

  [[nodiscard]] Found first(Reader& reader) const override;
  std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                       std::size_t most = kMostValues) const override;
  [[nodiscard]] std::string_view text() const noexcept override;

 private:
  struct Query;
  explicit XPath(std::shared_ptr<const Query> query) : query_(std::move(query)) {}
  std::shared_ptr<const Query> query_;
};

}  // namespace vajrapulse::extract
