#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fault.hpp"
#include "vajrapulse/data/columns.hpp"

namespace vajrapulse::data {

/// One rule, ready to be held against fields by any thread.
class Rule {
 public:
  /// Fails (kUsage) for a pattern that is none, and for limits that make no sense.
  static Expected<Rule> of(ColumnRule rule);
  Rule(Rule&&) noexcept;
  Rule& operator=(Rule&&) noexcept;
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  ~Rule();

  [[nodiscard]] const ColumnRule& said() const { return rule_; }
  /// What is wrong with a field; all but uniqueness, which takes the whole table.
  [[nodiscard]] std::optional<Fault> fault_of(std::string_view field) const;

 private:
  struct Pattern;
  explicit Rule(ColumnRule rule);
  [[nodiscard]] std::optional<Fault> type_fault(std::string_view field) const;
  [[nodiscard]] std::optional<Fault> range_fault(std::string_view field, long double value) const;

  ColumnRule rule_;
  std::unique_ptr<const Pattern> pattern_;
};

/// `name`, or its nearest among `columns` as a cure.
Expected<std::uint32_t> find_column(std::string_view table, std::span<const std::string> columns,
                                    std::string_view name);

}  // namespace vajrapulse::data
