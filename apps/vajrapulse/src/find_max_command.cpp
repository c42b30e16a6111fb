#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "http_target.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/find_max.hpp"

namespace vajrapulse::commands {
namespace {

struct FindMax {
  HttpTarget target;
  app::FindMaxOptions options;
};

int search(const FindMax& wanted) {
  auto job = wanted.target.job();
  if (!job) return app::complain(job.error());
  return app::find_max(
      wanted.options,
      {.name = job->name, .task = job->task, .most_shards = job->most_shards, .most_shards_why = job->most_shards_why});
}

}  // namespace

Act find_max(CLI::App& root) {
  auto wanted = std::make_shared<FindMax>();
  CLI::App& command = *root.add_subcommand("find-max", "Search for the highest rate that a target holds");
  CLI::App& http = *command.add_subcommand("http", "The target is a web server");
  command.require_subcommand(1);
  wanted->target.declare(http);
  app::add_find_max_options(http, wanted->options);
  const std::string examples =
      "  vajrapulse find-max http http://127.0.0.1:8080/ --slo 'p99<50ms' --slo 'errors<0.1%'\n"
      "  vajrapulse find-max http http://127.0.0.1:8080/ --start-rate 100 --max-rate 5000 --max-time 2m\n"
      "  vajrapulse find-max http http://127.0.0.1:8080/ --slo 'p99.9<1s' --out json=max.json\n";
  app::style_help(command, examples);
  app::style_help(http, examples);
  return [wanted] { return search(*wanted); };
}

}  // namespace vajrapulse::commands
