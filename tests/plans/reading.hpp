#pragma once

#include <string>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/plan/ready_plan.hpp"

namespace vajrapulse::plans {

/// Names of the plans in a folder, in their order: files that begin with a digit. Others are what plans refer to.
std::vector<std::string> plans_in(const std::string& folder);

/// How `vajrapulse validate FILE …` reads the plan, with an environment of its own. The first line of a plan may say
/// with which options: "# vajrapulse validate FILE --set http.timeout=soon". Goes to the plan's folder, so that files
/// are called as a person there calls them.
plan::PlanRequest request_for(const std::string& folder, const std::string& file);

/// What is said of it.
document::Diagnostics validated(const std::string& folder, const std::string& file);

}  // namespace vajrapulse::plans
