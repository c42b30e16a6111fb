#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/plan_job.hpp"
#include "vajrapulse/schema/json_schema.hpp"
#include "vajrapulse/schema/reference_page.hpp"

namespace vajrapulse::commands {
namespace {

enum class Kind { json, reference };

constexpr const char* kIntroduction =
    "Every key of a [plan](plans.md), where it stands and what holds without it. The program writes this page from "
    "the\n"
    "table that it reads plans by: `vajrapulse schema --format markdown`.\n\n"
    "*With `{{…}}`* marks values that are filled in for each iteration; in all others a `{{name}}` is a variable of "
    "the\n"
    "plan, filled in once. A time has a unit (`500ms`, `1h30m`), a rate is a number a second (`1000`, `90/m`).\n"
    "`name` and `on-failure` may stand in every step.";

int print(Kind kind) {
  const auto access = std::make_shared<const document::FileAccess>(document::disk_files(), "");
  std::vector<plan::Protocol> protocols;
  for (const plan::ProtocolPart& part : app::plan_protocols(access))
    protocols.push_back(part.protocol);
  const auto shape = plan::plan_shape(protocols);
  const std::string text =
      kind == Kind::json
          ? schema::json_schema(shape->description(), "VajraPulse plan", "https://vajrapulse.dev/schema/plan.json")
          : schema::reference_page(shape->description(), "What a plan may say", kIntroduction);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

Act schema(CLI::App& root) {
  auto kind = std::make_shared<Kind>(Kind::json);
  CLI::App& command = *root.add_subcommand("schema", "Print what a plan may say: the JSON Schema, or the reference");
  command.add_option("--format", *kind, "json: JSON Schema 2020-12, for editors; markdown: the reference page")
      ->option_text("json|markdown")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Kind>{{"json", Kind::json}, {"markdown", Kind::reference}}))
      ->group("Output");
  app::style_help(command, "  vajrapulse schema > vajrapulse.schema.json\n");
  return [kind] { return print(*kind); };
}

}  // namespace vajrapulse::commands
