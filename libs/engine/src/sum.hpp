#pragma once

#include <memory>
#include <vector>

#include "exact_pattern.hpp"

namespace vajrapulse::engine {

/// Patterns that run at the same time, all from the begin; a part that has ended adds nothing more.
class Sum final : public ExactPattern {
 public:
  /// Two parts at least; their highest rates together are at most 10^9/s.
  explicit Sum(std::vector<std::shared_ptr<const ExactPattern>> parts);

  [[nodiscard]] double rate_at(Duration t) const override;
  [[nodiscard]] Amount amount_before(Duration t) const override;
  /// By a bracketed Newton's method on Λ.
  [[nodiscard]] std::optional<Duration> last_at_most(Wide amount) const override;
  [[nodiscard]] std::optional<Level> level_at(Duration t) const override;
  [[nodiscard]] std::optional<Duration> length() const override;
  /// The parts' highest rates together, whether or not they come at the same time.
  [[nodiscard]] double highest_rate() const override;
  [[nodiscard]] std::string text() const override;

 private:
  std::vector<std::shared_ptr<const ExactPattern>> parts_;
  std::int64_t end_ns_ = 0;  ///< the highest there is, when a part goes on
  Wide end_ = 0;             ///< Λ there
};

}  // namespace vajrapulse::engine
