#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/plan/ready_plan.hpp"
#include "vajrapulse/plan/vocabulary.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// The variables and secrets of a plan, known before the run.
class PlanValues {
 public:
  /// Takes `variables:` of the plan, later ones may use earlier ones, and then what the command line says.
  void take_variables(const document::Node& plan, const PlanRequest& request, document::Diagnostics& found);
  void take_secrets(const std::vector<Named<SecretPlan>>& secrets, const PlanRequest& request,
                    document::Diagnostics& found);

  /// `text` with its `{{names}}` replaced; reports at `scalar` what is not known.
  std::optional<std::string> filled(const document::Node& scalar, document::Diagnostics& found) const;
  void put_into(Vocabulary& vocabulary) const;
  [[nodiscard]] bool has_secrets() const noexcept { return !secrets_.empty(); }

 private:
  struct Variable {
    std::string value;
    criteria::Type type = criteria::Type::text;
  };
  std::map<std::string, Variable, std::less<>> variables_;
  std::map<std::string, std::string, std::less<>> secrets_;
  bool secrets_taken_ = false;
  std::vector<std::string> doubted_;  ///< what was to define them is wrong
};

/// Reading with the plan's variables.
class PlanReading final : public schema::Reading {
 public:
  PlanReading(const PlanValues& values, document::Diagnostics& found) : Reading(found), values_(values) {}
  std::optional<std::string> constant(const document::Node& scalar) override {
    return values_.filled(scalar, diagnostics());
  }

 private:
  const PlanValues& values_;
};

}  // namespace vajrapulse::plan
