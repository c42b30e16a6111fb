#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/data/picker.hpp"
#include "vajrapulse/data/table.hpp"
#include "vajrapulse/plan/plan_task.hpp"
#include "vajrapulse/plan/ready_plan.hpp"

namespace vajrapulse::plan {

/// A data source of a plan, opened.
struct PlanTable {
  document::Place place;
  std::shared_ptr<const data::Table> table;
  data::PickSettings pick;
  std::map<std::string, criteria::Type, std::less<>> types;  ///< of columns that have one
  std::string name;
};

using PlanTables = std::map<std::string, PlanTable, std::less<>>;

/// Opens them all and holds them against their rules; reports what is wrong.
PlanTables open_tables(const Plan& plan, const document::Node& document, const PlanRequest& request, std::uint64_t seed,
                       document::Diagnostics& found);

}  // namespace vajrapulse::plan
