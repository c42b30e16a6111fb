#include "vajrapulse/app/plan_job.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "generator.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"

namespace vajrapulse::app {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 20;
constexpr std::size_t kLongestAnswer = 65'536;

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::vector<std::pair<std::string, std::string>> whole_environment() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

/// What the command prints, when it ends well.
Expected<std::string> output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "re");
  if (!pipe) return fail(kUsage, "its command could not be started", "try it in a shell");
  std::string text(kLongestAnswer, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), pipe));
  if (pclose(pipe) != 0) return fail(kUsage, "its command failed", "try it in a shell");
  return text;
}

Expected<std::vector<std::pair<std::string, std::string>>> pairs_of(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(kUsage, "--var " + text + " is no name=value", "write for example --var rate=500");
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

/// A relative path without a way up.
bool stays_here(const std::string& file) {
  return !file.starts_with('/') && ("/" + file + "/").find("/../") == std::string::npos;
}

}  // namespace

void add_plan_options(CLI::App& command, PlanOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* type, const char* what) {
    return command.add_option(name, value, what)->option_text(type)->group("Plan");
  };
  add("--profile", options.profiles, "NAME", "Merge this profile of the plan over it; may be repeated")
      ->allow_extra_args(false);
  add("--var", options.variables, "NAME=VALUE", "Set a variable of the plan; may be repeated")->allow_extra_args(false);
  add("--set", options.set, "KEY=VALUE", "Set any key: http.timeout=5s, scenarios.steady.tps=500; may be repeated")
      ->allow_extra_args(false);
  add("--url", options.url, "URL", "What scenarios without a task request");
  add("--allow-path", options.allow_paths, "PATH",
      "Let the plan read this file or folder outside its own; may be repeated")
      ->allow_extra_args(false);
  command.add_flag("--allow-command", options.allow_command, "Let the plan run commands (for secrets)")->group("Plan");
}

std::vector<plan::ProtocolPart> plan_protocols(std::shared_ptr<const document::FileAccess> access) {
  http_plan::Files files;
  const std::string folder = access->root();
  files.locate = [access, folder](std::string_view path) -> Expected<std::string> {
    auto found = access->find(std::string(path), folder);
    if (!found) return std::unexpected(found.error());
    return found->resolved;
  };
  files.read = [access, locate = files.locate](std::string_view path) -> Expected<std::string> {
    auto found = locate(path);
    if (!found) return found;
    return access->files().read(*found, kLargestFile);
  };
  auto http = std::make_shared<http_plan::HttpPlan>(std::move(files));
  std::vector<plan::ProtocolPart> parts;
  parts.push_back({http->protocol(), [http](const document::Node* section, schema::Reading& reading) {
                     return http->configure(section, reading);
                   }});
  return parts;
}

Expected<plan::PlanRequest> plan_request(const PlanOptions& options, const RunOptions& run,
                                         std::vector<NamedTask> native) {
  plan::PlanRequest request;
  request.config.plan = options.file.empty() ? kDefaultPlan : options.file;
  if (options.file.empty() && access(kDefaultPlan, R_OK) != 0)
    return fail(kUsage,
                std::string("there is no plan: no file is named, and the current folder has no ") + kDefaultPlan,
                "name one, for example vajrapulse run checkout.yml");
  request.config.profiles = options.profiles;
  request.config.environment = variable;
  request.config.variables = whole_environment();
  request.config.set = options.set;
  auto variables = pairs_of(options.variables);
  if (!variables) return std::unexpected(variables.error());
  request.variables = std::move(*variables);
  if (!options.url.empty()) request.url = options.url;
  request.seed = run.seed;
  request.fresh_seed = fresh_seed();
  request.access = std::make_shared<const document::FileAccess>(
      document::disk_files(), document::folder_of(request.config.plan), options.allow_paths);
  request.native = std::move(native);
  if (options.allow_command) request.run_command = output_of;
  return request;
}

std::optional<PlanJob> plan_job(const plan::PlanRequest& request, RunOptions& run, document::Diagnostics& found) {
  auto ready = plan::make_ready(request, plan_protocols(request.access), found);
  if (!ready) return std::nullopt;
  Job job{.name = ready->name};
  job.scenarios = ready->scenarios;
  job.load_text = std::to_string(job.scenarios.size()) + (job.scenarios.size() == 1 ? " scenario" : " scenarios");
  job.shards = ready->shards;
  job.seed = ready->seed;
  job.judge = ready->judge;
  for (const auto& observer : ready->observers)
    job.observers.push_back(observer.get());
  for (const plan::OutputPlan& output : ready->outputs) {
    if (output.kind == "console") continue;
    if (!stays_here(output.file)) {
      found.error(output.place, "a plan writes into the current folder only, and '" + output.file + "' leads out of it",
                  "give it on the command line: --out " + output.kind + "=" + output.file);
      return std::nullopt;
    }
    run.out.push_back(output.kind + "=" + output.file);
  }
  for (const document::Diagnostic& warning : found.all())
    job.notes.push_back(warning.place.text() + ": " + warning.message);
  return PlanJob{std::move(job), std::move(*ready)};
}

}  // namespace vajrapulse::app
