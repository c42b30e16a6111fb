#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"

int main(int argc, char** argv) {
  namespace commands = vajrapulse::commands;
  CLI::App root("VajraPulse: load tests that tell the truth.", "vajrapulse");
  root.set_version_flag("--version", std::string("vajrapulse ") + VAJRAPULSE_VERSION);

  const commands::Act acts[] = {commands::run(root),     commands::http(root),       commands::find_max(root),
                                commands::pattern(root), commands::validate(root),   commands::config(root),
                                commands::schema(root),  commands::demo_server(root)};
  vajrapulse::app::style_help(root,
                              "  vajrapulse demo-server &\n"
                              "  vajrapulse http http://127.0.0.1:8080/ --tps 1000 --duration 30s\n"
                              "  vajrapulse http http://127.0.0.1:8080/ --users 64 --out json=result.json\n"
                              "  vajrapulse run examples/plans/01-first.yml\n");
  return vajrapulse::app::parse_and_run(root, argc, argv, [&] {
    const auto chosen = root.get_subcommands();
    if (chosen.empty()) {
      std::fputs(root.help().c_str(), stdout);
      return 0;
    }
    std::size_t index = 0;
    for (const CLI::App* sub : root.get_subcommands([](const CLI::App*) { return true; })) {
      if (sub == chosen.front()) break;
      ++index;
    }
    return acts[index]();
  });
}
