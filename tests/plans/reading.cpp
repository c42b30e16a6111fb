#include "reading.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "vajrapulse/app/plan_job.hpp"

namespace vajrapulse::plans {
namespace {

/// All that the plans of these tests find in their environment.
std::optional<std::string> variable(std::string_view name) {
  if (name == "API_KEY") return "tiger-lily-47";
  if (name == "BASE_URL") return "http://127.0.0.1:8080";
  return std::nullopt;
}

std::string options_of(const std::string& file) {
  const std::string head = "# vajrapulse validate " + file + " ";
  std::ifstream text(file);
  std::string line;
  std::getline(text, line);
  return line.starts_with(head) ? line.substr(head.size()) : "";
}

}  // namespace

std::vector<std::string> plans_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const std::string kind = entry.path().extension();
    if (name[0] >= '0' && name[0] <= '9' && (kind == ".yml" || kind == ".json")) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

plan::PlanRequest request_for(const std::string& folder, const std::string& file) {
  std::filesystem::current_path(folder);
  CLI::App command;
  app::PlanOptions options{.file = file};
  app::add_plan_options(command, options);
  command.parse(options_of(file));
  auto request = app::plan_request(options, {});
  EXPECT_TRUE(request) << request.error().text();
  request->config.environment = variable;
  request->config.variables.clear();
  request->fresh_seed = 1;
  return std::move(*request);
}

document::Diagnostics validated(const std::string& folder, const std::string& file) {
  document::Diagnostics found;
  app::RunOptions run;
  const auto request = request_for(folder, file);
  const bool good = app::plan_job(request, run, found).has_value();
  EXPECT_EQ(good, found.ok());
  return found;
}

}  // namespace vajrapulse::plans
