#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/plan_job.hpp"
#include "vajrapulse/app/run.hpp"

namespace vajrapulse::commands {
namespace {

struct Options {
  app::PlanOptions plan;
  app::RunOptions run;
};

int run_plan(Options options) {
  const auto request = app::plan_request(options.plan, options.run);
  if (!request) return app::complain(request.error());
  document::Diagnostics found;
  auto plan = app::plan_job(*request, options.run, found);
  if (!plan) {
    std::fputs(found.written(document::Format::text).c_str(), stderr);
    return 2;
  }
  return app::run(options.run, std::move(plan->job));
}

}  // namespace

Act run(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *root.add_subcommand("run", "Run a plan: a test described in a file");
  command.add_option("plan", options->plan.file, "The plan, YAML or JSON (default vajrapulse.conf.yml)")
      ->option_text("PLAN");
  app::add_plan_options(command, options->plan);
  app::add_generator_options(command, options->run);
  app::style_help(command,
                  "  vajrapulse run checkout.yml\n"
                  "  vajrapulse run checkout.yml --profile staging --var base-url=http://127.0.0.1:8080\n"
                  "  vajrapulse run stages.yml --url http://127.0.0.1:8080/ --out json=result.json\n"
                  "  vajrapulse run checkout.yml --set scenarios.steady-state.tps=500 --out junit=junit.xml\n");
  return [options] { return run_plan(*options); };
}

}  // namespace vajrapulse::commands
