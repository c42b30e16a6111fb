#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/document/node.hpp"
#include "vajrapulse/engine/pattern_keys.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/plan/assertion.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::plan {

using schema::Named;
using schema::Placed;

/// `64`, or `10..64`: a ramp.
struct UserCount {
  std::optional<std::uint64_t> from;
  std::uint64_t to = 1;
};

/// How many users, and what they do between iterations.
struct UsersPlan {
  std::optional<Placed<UserCount>> users;
  std::optional<engine::ClosedModel::Think> think;  ///< `1s`, or `500ms..2s`
  std::optional<Duration> ramp_users, pacing;
};

/// After which scenario another begins, when that one's last iteration has ended.
struct AfterPlan {
  Placed<std::string> scenario;
  Duration delay{};
};

/// A scenario as a plan has it.
struct ScenarioPlan {
  document::Place place;
  Placed<std::string> name;
  // The load, one of three ways:
  std::optional<Placed<std::string>> load;
  std::optional<Placed<std::string>> pattern;
  engine::PatternKeys keys;  ///< what belongs to the pattern, as written
  std::optional<Placed<std::string>> tps;
  UsersPlan users;
  // How long, and what comes before and after:
  std::optional<Placed<std::string>> duration;
  std::optional<std::uint64_t> iterations;
  std::optional<Duration> warmup, cooldown, drain_timeout, force_timeout;
  // Open models:
  std::optional<std::uint64_t> max_in_flight;
  std::optional<engine::OnLimit> on_limit;
  std::optional<engine::ArrivalKind> arrivals;
  std::optional<Duration> slack;
  // What, and when:
  std::optional<Placed<std::string>> task;
  std::vector<Named<std::uint64_t>> tasks;  ///< with their weights
  bool measure = true;
  std::optional<AfterPlan> after;
  std::optional<Placed<std::string>> when;
};

/// One turn: a scenario, or several that begin together.
struct TurnPlan {
  std::vector<ScenarioPlan> scenarios;
};

struct ColumnPlan {
  std::string type = "text";
  std::string pattern;
  std::vector<std::string> values;
  std::optional<double> min, max;
  bool unique = false, required = false;
};

struct QueryPlan {
  std::string database;
  std::string sql;
};

/// Rows that iterations use, as a plan has them.
struct DataPlan {
  document::Place place;
  std::optional<Placed<std::string>> file;
  std::optional<std::string> format;
  std::string separator;
  std::vector<const document::Node*> rows;  ///< maps, written in the plan
  std::optional<QueryPlan> query;
  std::optional<std::string> pick;
  std::optional<std::string> weights;
  std::optional<std::string> on_end;
  std::vector<Named<ColumnPlan>> columns;
};

/// Where a secret's value comes from.
struct SecretPlan {
  document::Place place;
  std::optional<std::string> environment;
  std::optional<Placed<std::string>> file;
  std::optional<Placed<std::string>> command;
};

/// Which of the values that iterations left for each other one of them gets.
enum class SharedKind : std::uint8_t {
  value,  ///< the latest
  queue,  ///< each once, the oldest first
  list,   ///< one at random, which stays
};
/// What happens to one more value where there is no room.
enum class OnFull : std::uint8_t { drop_oldest, drop_newest, fail };
/// A name under which iterations leave values for each other.
struct SharedPlan {
  SharedKind kind = SharedKind::value;
  std::size_t size = 1000;  ///< values; a `value` is one
  OnFull on_full = OnFull::drop_oldest;
};

/// Where results go beside the console.
struct OutputPlan {
  document::Place place;
  std::string kind;  ///< "console", "json", "junit"
  std::string file;
};

/// A plan as it was read: every value has been checked by itself, names are not looked up yet. Refers to the document
/// that it was read from.
struct Plan {
  std::string name;
  std::optional<std::uint64_t> seed;
  std::optional<std::size_t> shards;
  std::vector<Named<std::string>> variables;
  std::vector<Named<SecretPlan>> secrets;
  const document::Node* merged = nullptr;              ///< extends, include and profiles: in place before this is read
  std::vector<Named<const document::Node*>> sections;  ///< of protocols: "http"
  std::vector<Named<DataPlan>> data;
  std::vector<Named<SharedPlan>> shared;
  std::vector<Named<const document::Node*>> tasks;
  std::vector<TurnPlan> turns;
  std::vector<AssertionSpec> assertions;
  std::vector<OutputPlan> outputs;
};

}  // namespace vajrapulse::plan
