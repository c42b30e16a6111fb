#include "vajrapulse/app/main.hpp"

#include <CLI/CLI.hpp>

#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/find_max.hpp"
#include "vajrapulse/app/run.hpp"
#include "vajrapulse/base/text.hpp"

namespace vajrapulse {
namespace {

std::string listed(const std::vector<NamedTask>& tasks) {
  std::string names;
  for (const NamedTask& task : tasks)
    names += (names.empty() ? "" : ", ") + task.name;
  return names;
}

Expected<NamedTask> choose(const std::vector<NamedTask>& tasks, const std::string& wanted) {
  if (tasks.empty()) return fail(kUsage, "this program registers no task", "pass at least one to vajrapulse::main");
  if (wanted.empty()) {
    if (tasks.size() == 1) return tasks.front();
    return fail(kUsage, "several tasks and none named", "name one of: " + listed(tasks));
  }
  std::vector<std::string> names;
  for (const NamedTask& task : tasks) {
    if (task.name == wanted) return task;
    names.push_back(task.name);
  }
  const auto near = nearest(wanted, names);
  return fail(kUsage, "unknown task '" + wanted + "'",
              (near ? "did you mean " + *near + "? " : "") + "there are: " + listed(tasks));
}

/// The same program's search: `./checkout find-max --slo 'p99<50ms'`.
struct FindMax {
  std::string wanted;
  app::FindMaxOptions options;

  CLI::App* declare(CLI::App& root, const std::string& names) {
    CLI::App* command = root.add_subcommand("find-max", "Search for the highest rate that the task holds");
    command->add_option("task", wanted, "Which task to run: " + names)->option_text("TASK");
    app::add_find_max_options(*command, options);
    app::style_help(*command, "  " + root.get_name() + " find-max --slo 'p99<50ms' --slo 'errors<0.1%'\n");
    return command;
  }
  int run(const std::vector<NamedTask>& tasks) const {
    auto task = choose(tasks, wanted);
    if (!task) return app::complain(task.error());
    return app::find_max(options, {.name = task->name, .task = *task});
  }
};

}  // namespace

int main(int argc, char** argv, std::vector<NamedTask> tasks, std::vector<engine::RunObserver*> observers) {
  CLI::App command("A load test of its own: runs a task under a load and says what happened.");
  const std::string program = argc > 0 ? std::string(argv[0]) : "load-test";
  command.name(program.substr(program.rfind('/') + 1));
  app::RunOptions options;
  std::string wanted;
  command.add_option("task", wanted, "Which task to run: " + listed(tasks))->option_text("TASK");
  app::add_run_options(command, options);
  command.set_version_flag("--version", std::string(VAJRAPULSE_VERSION));
  app::style_help(command, "  " + command.get_name() + " --tps 1000 --duration 30s\n  " + command.get_name() +
                               " --users 64 --iterations 100000 --out json=result.json\n");
  FindMax searching;
  const CLI::App* find_max = searching.declare(command, listed(tasks));
  return app::parse_and_run(command, argc, argv, [&] {
    if (find_max->parsed()) return searching.run(tasks);
    auto task = choose(tasks, wanted);
    if (!task) return app::complain(task.error());
    auto load = app::make_load(options.load);
    if (!load) return app::complain(load.error());
    if (!load->recorded.requests.empty())
      load->notes.emplace_back("of the recording only the times count here: the task decides what it does");
    app::Job job = app::make_job(task->name, *task, std::move(*load));
    job.observers = std::move(observers);
    return app::run(options, std::move(job));
  });
}

}  // namespace vajrapulse
