#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/criteria/assertion.hpp"
#include "vajrapulse/criteria/run_names.hpp"

namespace vajrapulse::search {

/// What has to be true of a rate for it to hold: service level objectives in the expression language.
class Objectives {
 public:
  /// Errors name the expression and the column.
  static Expected<Objectives> compile(const std::vector<std::string>& texts);

  [[nodiscard]] std::size_t size() const noexcept { return expressions_.size(); }
  [[nodiscard]] const std::string& text(std::size_t index) const { return expressions_[index].text(); }
  /// Expression::margin of each.
  [[nodiscard]] std::vector<std::optional<double>> margins(const criteria::RunView& view) const;
  [[nodiscard]] criteria::AssertionOutcome judge(std::size_t index, const criteria::RunView& view) const;

 private:
  std::shared_ptr<criteria::RunNames> names_;
  std::vector<criteria::Expression> expressions_;
};

}  // namespace vajrapulse::search
