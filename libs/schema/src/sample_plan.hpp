#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::schema::sample_plan {

// A small plan in all kinds of shapes, for tests.

enum class Pattern { steady, ramp };

struct Think {
  Duration least{};
  std::optional<Duration> most;
};
struct Step;
using Steps = std::vector<std::shared_ptr<Step>>;
struct Step {
  std::string http;
  std::vector<Named<std::string>> headers;
  std::vector<std::int64_t> expect;
  Think think;
  std::string condition;
  Steps then;
};
struct Scenario {
  Placed<std::string> name;
  Pattern pattern = Pattern::steady;
  std::int64_t tps = 0;
  std::optional<std::int64_t> from;
  std::optional<Duration> duration;
  std::optional<std::string> task;
  std::vector<Named<std::int64_t>> tasks;
  bool measure = true;
};
struct Plan {
  std::optional<std::string> name;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> memory;
  double allowed = 0;
  std::vector<std::string> tags;
  std::vector<Named<std::string>> variables;
  std::vector<Named<Steps>> tasks;
  std::vector<Scenario> scenarios;
};

/// The plan's table. It owns all of its shapes.
class Table {
 public:
  Table();
  [[nodiscard]] const Shape<Plan>& plan() const { return plan_; }
  [[nodiscard]] const Shape<std::shared_ptr<Step>>& step() const { return step_; }

 private:
  Shape<std::shared_ptr<Step>> step_;
  Shape<Plan> plan_;
};

}  // namespace vajrapulse::schema::sample_plan
