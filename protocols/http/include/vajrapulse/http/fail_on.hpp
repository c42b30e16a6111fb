#pragma once

#include <bitset>
#include <cstddef>
#include <span>
#include <string_view>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::http {

/// Which statuses count as failed: 400 and above unless said otherwise.
class FailOn {
 public:
  FailOn() noexcept;

  /// "status >= 400", "status != 200 and status != 404", "status == 500 or status == 503", "never".
  static Expected<FailOn> parse(std::string_view text);

  /// All fail but these; what is no status is passed over.
  static FailOn all_but(std::span<const int> statuses) noexcept;

  [[nodiscard]] bool operator()(int status) const noexcept {
    return status >= 0 && status < int(kStatuses) && failed_[static_cast<std::size_t>(status)];
  }

 private:
  static constexpr std::size_t kStatuses = 1000;
  std::bitset<kStatuses> failed_;
};

}  // namespace vajrapulse::http
