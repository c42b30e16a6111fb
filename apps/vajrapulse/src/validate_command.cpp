#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/plan_job.hpp"

namespace vajrapulse::commands {
namespace {

struct Options {
  std::vector<std::string> files;
  app::PlanOptions plan;
  app::RunOptions run;
  document::Format format = document::Format::text;
};

/// All that is wrong with all of them, in one list.
int validate(const Options& options) {
  document::Diagnostics all;
  std::size_t good = 0;
  for (const std::string& file : options.files) {
    app::PlanOptions plan = options.plan;
    plan.file = file;
    const auto request = app::plan_request(plan, options.run);
    if (!request) return app::complain(request.error());
    document::Diagnostics found;
    app::RunOptions run = options.run;
    if (app::plan_job(*request, run, found)) ++good;
    for (const document::Diagnostic& diagnostic : found.all())
      all.add(diagnostic);
  }
  const std::string text = all.written(options.format);
  std::fputs(text.c_str(), options.format == document::Format::text ? stderr : stdout);
  if (options.format == document::Format::text && good == options.files.size())
    std::printf("%s\n", good == 1 ? (options.files.front() + " is a good plan").c_str()
                                  : (std::to_string(good) + " good plans").c_str());
  return good == options.files.size() ? 0 : 2;
}

}  // namespace

Act validate(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *root.add_subcommand("validate", "Say what is wrong with plans, without running them");
  command.add_option("plans", options->files, "The plans, YAML or JSON")->option_text("PLAN…")->required();
  app::add_plan_options(command, options->plan);
  command
      .add_option("--format", options->format, "text for people, json for programs, github for annotations of a change")
      ->option_text("text|json|github")
      ->transform(CLI::CheckedTransformer(std::map<std::string, document::Format>{
          {"text", document::Format::text}, {"json", document::Format::json}, {"github", document::Format::github}}))
      ->group("Output");
  app::style_help(command,
                  "  vajrapulse validate checkout.yml\n"
                  "  vajrapulse validate plans/*.yml --format github\n");
  return [options] { return validate(*options); };
}

}  // namespace vajrapulse::commands
