#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "map_files.hpp"
#include "same_node.hpp"
#include "vajrapulse/document/config.hpp"

namespace {

using namespace vajrapulse::document;

std::optional<std::string> variable(std::string_view name) {
  if (name == "NONE") return std::nullopt;
  return name == "EMPTY" ? "" : "${A}: [" + std::string(name) + "\n";
}

}  // namespace

/// The first line is a `--set` and a name of ours in the environment, the rest a plan; a plan that loads is the same
/// when it is shown and loaded again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 1 << 14) return 0;
  const std::string all(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(all.find('\n'), all.size());
  const auto set = all.substr(0, end);
  const FileAccess access(
      std::make_shared<MapFiles>(std::map<std::string, std::string>{
          {"/w/base.yml", "include: part.yml\na: {b: 1}\nl: [1]\n"}, {"/w/part.yml", "c: ${C}\n+l: 2\n"}}),
      "");
  ConfigRequest request{.plan = "plan.yml", .text = all.substr(std::min(end + 1, all.size())), .environment = variable};
  request.profiles = {"p"};
  if (!set.empty()) request.set = {set};
  request.variables = {{std::string(kOverridePrefix) + set.substr(0, set.find('=')), "1"}};
  Diagnostics diagnostics;
  const auto config = load(request, access, diagnostics);
  (void)diagnostics.written(Format::text);
  if (!config) return 0;
  Diagnostics none;
  const auto again = load({.plan = "shown.yml", .text = show(config->plan)}, access, none);
  if (!again || !is_same(config->plan, again->plan)) std::abort();
  return 0;
}
