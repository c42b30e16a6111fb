#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/app/run.hpp"
#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/document/config.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/plan/ready_plan.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// Which plan, and what the command line says about it.
struct PlanOptions {
  std::string file;  ///< empty: vajrapulse.conf.yml in the current folder
  std::vector<std::string> profiles;
  std::vector<std::string> variables;  ///< "name=value"
  std::vector<std::string> set;        ///< "http.timeout=5s"
  std::string url;
  std::vector<std::string> allow_paths;
  bool allow_command = false;
};

inline constexpr const char* kDefaultPlan = "vajrapulse.conf.yml";

/// Declares them but for the file (group "Plan").
void add_plan_options(CLI::App& command, PlanOptions& options);

/// The protocols that plans of this program can use.
std::vector<plan::ProtocolPart> plan_protocols(std::shared_ptr<const document::FileAccess> access);

/// How the plan is read; an Error for what the command line has wrong.
Expected<plan::PlanRequest> plan_request(const PlanOptions& options, const RunOptions& run,
                                         std::vector<NamedTask> native = {});

/// The run that a plan describes, and what keeps it alive.
struct PlanJob {
  Job job;
  plan::ReadyPlan plan;
};
/// What is wrong with the plan is in `found`; then there is none. Outputs of the plan join those of the command line.
std::optional<PlanJob> plan_job(const plan::PlanRequest& request, RunOptions& run, document::Diagnostics& found);

}  // namespace vajrapulse::app
