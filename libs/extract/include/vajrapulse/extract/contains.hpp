#pragma once

#include "vajrapulse/extract/finder.hpp"

namespace vajrapulse::extract {

/// A plain text that the body must hold, byte for byte.
class Contains final : public Finder {
 public:
  /// Any text but an empty one, which every body would hold.
  static std::expected<Contains, Mistake> compile(std::string_view text);

  [[nodiscard]] Found first(Reader& reader) const override;
  /// Places that do not overlap.
  std::expected<std::size_t, Miss> all(Reader& reader, std::vector<Value>& values,
                                       std::size_t most = kMostValues) const override;
  [[nodiscard]] std::string_view text() const noexcept override { return text_; }

 private:
  explicit Contains(std::string_view text) : text_(text) {}
  std::string text_;
};

}  // namespace vajrapulse::extract
