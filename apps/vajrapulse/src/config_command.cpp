#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/plan_job.hpp"

namespace vajrapulse::commands {
namespace {

/// Whether a key is what usually holds a secret. A placeholder holds none, whatever its key; nor do the rules of a
/// column, what is captured, or where secrets come from.
bool looks_secret(std::string_view path, const document::Node& value) {
  if (value.kind != document::Node::Kind::scalar || value.text.find("{{") != std::string::npos) return false;
  for (const std::string_view part : {"secrets.", "columns.", "capture."})
    if (path.starts_with(part) || path.find("." + std::string(part)) != std::string_view::npos) return false;
  std::string lower(path.substr(path.rfind('.') + 1));
  for (char& c : lower)
    c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  for (const char* word : {"password", "passwd", "secret", "token", "authorization", "api-key", "api_key", "bearer"})
    if (lower.find(word) != std::string::npos) return true;
  if (lower == "pass" || lower == "pin" || lower == "cookie") return true;
  // user:password@host, ?api_key=…
  const std::size_t scheme = value.text.find("://");
  const std::size_t at = scheme == std::string::npos ? scheme : value.text.find('@', scheme);
  if (at != std::string::npos && value.text.find(':', scheme + 3) < at) return true;
  return value.text.find("api_key=") != std::string::npos || value.text.find("token=") != std::string::npos;
}

int show(const app::PlanOptions& options) {
  const auto request = app::plan_request(options, {});
  if (!request) return app::complain(request.error());
  document::Diagnostics found;
  const auto config = document::load(request->config, *request->access, found);
  if (!config || !found.ok()) {
    std::fputs(found.written(document::Format::text).c_str(), stderr);
    return 2;
  }
  std::fputs(document::show(config->plan, looks_secret).c_str(), stdout);
  return 0;
}

}  // namespace

Act config(CLI::App& root) {
  auto options = std::make_shared<app::PlanOptions>();
  CLI::App& command = *root.add_subcommand("config", "Show what a plan comes to, with all that is merged into it");
  CLI::App& shown =
      *command.add_subcommand("show", "Print the effective plan; where each value came from stands beside it");
  command.require_subcommand(1);
  shown.add_option("plan", options->file, "The plan (default vajrapulse.conf.yml)")->option_text("PLAN");
  app::add_plan_options(shown, *options);
  app::style_help(command, "  vajrapulse config show checkout.yml --profile staging\n");
  return [options] { return show(*options); };
}

}  // namespace vajrapulse::commands
