#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/files.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

// How a plan becomes whole.
//
// Maps merge key by key, at any depth; lists and scalars replace. A key written `+key` appends to the list `key` below
// it (a single value counts as a list of one), and merges into a map. What is below what: the defaults, then the files
// of `extends:` (one or a list, each over the one before), then those of `include:`, then the file itself, then the
// chosen profiles in the order they were named, then the environment's VAJRAPULSE__SECTION__KEY, then
// `--set section.key=value`. `extends` is what a file changes; `include` is what stands beside it: a scalar or list
// that two pieces, or a piece and the file, both give is an error that names both. Names of files are relative to the
// file that has them. `${VAR}`, `${VAR:-default}` and `${VAR:?message}` in values (not in keys, not in values from
// VAJRAPULSE__ or --set) are replaced last, once: what a variable holds is a text, never YAML, never another `${}`;
// `:-` and `:?` also stand in for a variable that is empty; `$${` is a `${`. What a profile, a base or an override
// replaces is never looked up.

/// What a variable of the environment holds.
using Environment = std::function<std::optional<std::string>(std::string_view)>;

inline constexpr std::string_view kOverridePrefix = "VAJRAPULSE__";

struct ConfigRequest {
  std::string plan;                   ///< path of the file
  std::optional<std::string> text;    ///< of the plan, when it is not to be read from there
  std::vector<std::string> profiles;  ///< in the order they are merged
  std::optional<Node> defaults;       ///< below everything
  Environment environment;            ///< for `${VAR}`
  /// The environment's names and values; only those with kOverridePrefix count. `__` separates, `_` and `-` are equal,
  /// as are small and capital letters; list items go by their `name`, or their number from 0.
  std::vector<std::pair<std::string, std::string>> variables;
  /// "scenarios.steady-state.tps=500": list items go by their `name`, or their number from 0; names with dots stand in
  /// quotes. Values of both kinds: a text as it is; what begins with a quote, `[` or `{` (not `{{`) is read as YAML.
  std::vector<std::string> set;
};

struct Config {
  /// The effective plan, without `extends`, `include` and `profiles`.
  Node plan;
  std::vector<FileAccess::Found> files;  ///< every file that was read, the plan first
  std::vector<std::string> profiles;     ///< names there are to choose from
};

/// Reads the plan with everything that makes it whole. Any thread.
std::optional<Config> load(const ConfigRequest& request, const FileAccess& access, Diagnostics& diagnostics);

/// True for what has to be masked; `path` as `--set` has it ("http.headers.authorization").
using IsSecret = std::function<bool(std::string_view path, const Node& value)>;

/// The effective plan as YAML, each line with a comment of where its value came from. Loaded again it is the same plan,
/// but for what is masked as "***".
std::string show(const Node& plan, const IsSecret& is_secret = {});

}  // namespace vajrapulse::document
