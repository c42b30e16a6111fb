#include "vajrapulse/plan/ready_plan.hpp"

#include <algorithm>
#include <utility>

#include "plan_scenarios.hpp"
#include "plan_tables.hpp"
#include "plan_values.hpp"
#include "scenario_load.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/data/cursor.hpp"
#include "vajrapulse/plan/assertions.hpp"
#include "vajrapulse/plan/conditions.hpp"
#include "vajrapulse/plan/steps.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;
using engine::PlannedScenario;

Node scalar_node(std::string text, const document::Place& place) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.style = document::Style::quoted;
  node.text = std::move(text);
  node.place = place;
  return node;
}

/// A list of one step that has one key.
std::unique_ptr<Node> one_step(std::string key, Node value) {
  auto list = std::make_unique<Node>();
  list->kind = Node::Kind::list;
  list->place = value.place;
  Node step;
  step.kind = Node::Kind::map;
  step.place = value.place;
  step.entries.push_back({std::move(key), value.place, std::move(value)});
  list->items.push_back(std::move(step));
  return list;
}

/// How many iterations a scenario will have; nothing when nobody knows beforehand.
std::optional<std::uint64_t> planned_iterations(const engine::Scenario& scenario) {
  std::optional<std::uint64_t> count = scenario.iterations;
  const auto* open = std::get_if<engine::OpenModel>(&scenario.load);
  const bool even = open && open->arrivals == engine::ArrivalKind::even;  // else nobody knows exactly
  if (even && scenario.duration > Duration::zero()) {
    const std::uint64_t due = open->pattern->arrivals_before(scenario.duration);
    count = std::min(count.value_or(due), due);
  }
  return count;
}

/// Puts a run together from a plan that has been read.
class Making {
 public:
  Making(std::shared_ptr<PlanSource> source, const PlanRequest& request, document::Diagnostics& found)
      : source_(std::move(source)), request_(request), found_(found) {}

  std::vector<PlannedScenario> scenarios() {
    collect();
    check_names();
    all_read_ = plans_.size() == written_scenarios();
    for (std::size_t i = 0; i < plans_.size(); ++i)
      tasks_.push_back(std::make_shared<ScenarioTask>(source_, task_of(*plans_[i]), plans_[i]->name.value));
    check_tasks();
    std::vector<PlannedScenario> made(plans_.size());
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      made[i].measured = plans_[i]->measure;
      if (read_load(*plans_[i], written(*plans_[i]), found_, made[i].scenario)) usable_.push_back(i);
      made[i].follows = before_[i];
      read_after(i, made[i]);
    }
    if (all_read_ && usable_.size() == made.size()) read_conditions(made);
    check_order(made);
    if (all_read_ && !std::ranges::any_of(made, &PlannedScenario::measured) && !made.empty())
      found_.error(plans_.front()->name.place, "no scenario is measured", "leave out measure: false in one of them");
    if (request_.url && !url_used_ && all_read_)
      found_.error({std::make_shared<const document::Source>("--url", *request_.url), 1, 1, request_.url->size()},
                   "every scenario has a task, so nothing requests --url",
                   "leave it out, or change where the plan's requests go: --set http.base-url=URL");
    if (!found_.ok()) return {};
    share_data(made);
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (const NamedTask* native = native_of(*plans_[i])) {
        made[i].scenario.task = *native;
      } else {
        made[i].scenario.task = {task_of(*plans_[i]), [task = tasks_[i]] { return task->make(); }};
      }
    }
    return made;
  }
  [[nodiscard]] const std::vector<const ScenarioPlan*>& plans() const noexcept { return plans_; }
  [[nodiscard]] std::vector<AssertedScenario> asserted_scenarios() const { return asserted_; }

 private:
  /// In the order of the plan; each follows all of the turn before it.
  void collect() {
    std::vector<std::size_t> before;
    for (const TurnPlan& turn : source_->plan.turns) {
      std::vector<std::size_t> now;
      for (const ScenarioPlan& scenario : turn.scenarios) {
        now.push_back(plans_.size());
        plans_.push_back(&scenario);
        before_.push_back(before);
      }
      before = std::move(now);
    }
  }

  void check_names() {
    for (std::size_t i = 0; i < plans_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (plans_[i]->name.value == plans_[j]->name.value)
          found_.error(plans_[i]->name.place,
                       "scenario '" + plans_[i]->name.value + "' is there twice, first in line " +
                           std::to_string(plans_[j]->name.place.line),
                       "give it another name");
  }

  /// The task that a scenario runs, by name: one of the plan, or one made of several with weights, or of --url.
  std::string task_of(const ScenarioPlan& scenario) {
    if (scenario.task) return scenario.task->value;
    if (!scenario.tasks.empty()) return weighted(scenario);
    if (request_.url) {
      url_used_ = true;
      const std::string name = "GET " + *request_.url;
      add_task(name, [&] { return one_step("http", scalar_node(name, scenario.place)); });
      return name;
    }
    return source_->plan.tasks.size() == 1 + source_->made.size() || source_->plan.tasks.size() == 1
               ? source_->plan.tasks.front().key.value
               : "";
  }

  /// A task written in C++, where the scenario names one and no task of the plan has that name.
  [[nodiscard]] const NamedTask* native_of(const ScenarioPlan& scenario) const {
    if (!scenario.task) return nullptr;
    const std::string& name = scenario.task->value;
    const auto same = [&](const Named<const Node*>& task) { return task.key.value == name; };
    if (std::ranges::any_of(source_->plan.tasks, same)) return nullptr;
    const auto native = std::ranges::find(source_->native, name, &NamedTask::name);
    return native == source_->native.end() ? nullptr : &*native;
  }

  std::string weighted(const ScenarioPlan& scenario) {
    std::string name;
    for (const Named<std::uint64_t>& task : scenario.tasks)
      name += (name.empty() ? "" : " + ") + task.key.value + " " + std::to_string(task.value);
    add_task(name, [&] {
      Node weights;
      weights.kind = Node::Kind::map;
      weights.place = scenario.tasks.front().key.place;
      for (const Named<std::uint64_t>& task : scenario.tasks) {
        Node weight = scalar_node(std::to_string(task.value), task.key.place);
        weight.style = document::Style::plain;
        weights.entries.push_back({task.key.value, task.key.place, std::move(weight)});
      }
      return one_step("weighted", std::move(weights));
    });
    return name;
  }

  template <class Make>
  void add_task(const std::string& name, Make make) {
    auto& tasks = source_->plan.tasks;
    const auto same = [&](const Named<const Node*>& task) { return task.key.value == name; };
    if (std::ranges::any_of(tasks, same)) return;
    source_->made.push_back(make());
    tasks.push_back({{name, source_->made.back()->place}, source_->made.back().get()});
  }

  /// Also those that no scenario runs: what is wrong with them is wrong all the same.
  void check_tasks() {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const ScenarioPlan& scenario = *plans_[i];
      if (native_of(scenario)) continue;
      if (task_of(scenario).empty()) {
        found_.error(scenario.name.place, "scenario '" + scenario.name.value + "' has no task",
                     source_->plan.tasks.empty() ? "add task: with the name of one under tasks:, or give --url URL"
                                                 : "add task: with the name of one of the tasks");
        continue;
      }
      tasks_[i]->check(scenario.task ? scenario.task->place : scenario.name.place, found_);
    }
    const auto written = source_->plan.tasks;
    for (const Named<const Node*>& task : written) {
      ScenarioTask alone(source_, task.key.value, "");
      alone.check(task.key.place, found_);
    }
  }

  /// How many there are in the document; one that could not be read is missing in the plan.
  std::size_t written_scenarios() const {
    std::size_t count = 0;
    const Node* list = source_->document->find("scenarios");
    if (!list || list->kind != Node::Kind::list) return plans_.size() + 1;
    for (const Node& turn : list->items) {
      const Node* group = turn.find("parallel");
      count += group ? group->items.size() : 1;
    }
    return count;
  }

  /// The map that a scenario was read from.
  const Node* written(const ScenarioPlan& scenario) const {
    const auto is = [&](const Node& node) {
      return node.place.source == scenario.place.source && node.place.line == scenario.place.line &&
             node.place.column == scenario.place.column;
    };
    const Node* list = source_->document->find("scenarios");
    if (!list) return nullptr;
    for (const Node& turn : list->items) {
      const Node* group = turn.find("parallel");
      if (!group && is(turn)) return &turn;
      if (group)
        for (const Node& each : group->items)
          if (is(each)) return &each;
    }
    return nullptr;
  }

  /// Scenarios that wait for each other would never begin.
  void check_order(const std::vector<PlannedScenario>& made) {
    std::vector<std::size_t> waits(made.size(), 0);  // for how many
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < made.size(); ++i)
      if ((waits[i] = made[i].follows.size()) == 0) ready.push_back(i);
    while (!ready.empty()) {
      const std::size_t done = ready.back();
      ready.pop_back();
      for (std::size_t i = 0; i < made.size(); ++i)
        if (std::ranges::find(made[i].follows, done) != made[i].follows.end() && --waits[i] == 0) ready.push_back(i);
    }
    for (std::size_t i = 0; i < made.size(); ++i) {
      const ScenarioPlan& plan = *plans_[i];
      if (waits[i] == 0 || (!plan.after && !plan.when)) continue;
      found_.error(plan.after ? plan.after->scenario.place : plan.when->place,
                   "scenario '" + plan.name.value + "' waits for one that waits for it: neither begins",
                   "let it wait for one that stands above it");
      return;
    }
  }

  std::optional<std::size_t> number_of(const std::string& name) const {
    for (std::size_t i = 0; i < plans_.size(); ++i)
      if (plans_[i]->name.value == name) return i;
    return std::nullopt;
  }

  void read_after(std::size_t i, PlannedScenario& made) {
    const auto& after = plans_[i]->after;
    if (!after) return;
    const auto number = number_of(after->scenario.value);
    if (!number && !all_read_) return;  // it may be the one that could not be read
    if (!number) {
      std::vector<std::string> names;
      for (const ScenarioPlan* plan : plans_)
        names.push_back(plan->name.value);
      const auto near = nearest(after->scenario.value, names);
      found_.error(after->scenario.place, "no scenario is called '" + after->scenario.value + "'",
                   near ? "did you mean '" + *near + "'?" : "name one of the scenarios");
      return;
    }
    made.follows = {*number};
    made.after = PlannedScenario::After::last_iteration;
    made.delay = after->delay;
  }

  /// A scenario with a condition waits for those that it asks about, and for those before it.
  void read_conditions(std::vector<PlannedScenario>& made) {
    for (const PlannedScenario& planned : made)
      asserted_.push_back(asserted(planned));
    for (std::size_t i = 0; i < made.size(); ++i) {
      if (!plans_[i]->when) continue;
      auto when = compile_when(*plans_[i]->when, i, asserted_, found_);
      if (!when) continue;
      made[i].skip_when = std::move(when->skip_when);
      made[i].after = PlannedScenario::After::last_iteration;
      for (const std::size_t number : when->scenarios)
        if (std::ranges::find(made[i].follows, number) == made[i].follows.end()) made[i].follows.push_back(number);
    }
  }

  /// Rows that are to be used once are shared out among the scenarios, in the order of the plan.
  void share_data(std::vector<PlannedScenario>& made) {
    std::map<std::string, std::uint64_t, std::less<>> given;
    std::map<std::string, std::string, std::less<>> endless;  ///< by source: who uses nobody knows how many
    for (std::size_t i = 0; i < made.size(); ++i) {
      engine::Scenario& scenario = made[i].scenario;
      for (const std::string& name : tasks_[i]->sources()) {
        const PlanTable& table = source_->tables.find(name)->second;
        const bool unique = table.pick.mode == data::Pick::unique;
        if (unique) check_unique(name, *plans_[i], scenario, endless);
        cap(table, unique ? given[name] : 0, made[i], plans_[i]->name.place);
      }
      tasks_[i]->choose_feeds(given, found_);
      for (const std::string& name : tasks_[i]->sources()) {
        if (source_->tables.find(name)->second.pick.mode != data::Pick::unique) continue;
        const auto count = planned_iterations(scenario);
        if (count) {
          given[name] += *count;
          scenario.iterations = count;  // also when its rate is raised by hand: the rows behind are others'
        } else {
          endless[name] = scenario.name;
        }
      }
    }
  }

  void check_unique(const std::string& name, const ScenarioPlan& plan, const engine::Scenario& scenario,
                    const std::map<std::string, std::string, std::less<>>& endless) {
    if (scenario.warmup > Duration::zero() || scenario.cooldown > Duration::zero())
      found_.error(plan.name.place,
                   "'" + name + "' gives each row once, and a warm-up would use them before they count",
                   "leave warmup and cooldown out, or pick: round-robin");
    if (const auto other = endless.find(name); other != endless.end())
      found_.error(plan.name.place,
                   "nobody knows how many rows of '" + name + "' scenario '" + other->second + "' uses before this one",
                   "give that one iterations, or each a source of its own");
  }

  /// A scenario that ends with its data ends exactly there.
  void cap(const PlanTable& table, std::uint64_t given, PlannedScenario& made, const document::Place& place) {
    const auto rows = table.table->rows();
    const auto on_end = data::on_end_of(table.pick);
    if (!rows || (on_end != data::OnEnd::stop_scenario && on_end != data::OnEnd::stop_run)) return;
    engine::Scenario& scenario = made.scenario;
    if (*rows <= given) {
      found_.error(
          place,
          "'" + table.name + "' has " + std::to_string(*rows) + " rows, and the scenarios before this one use them all",
          "add rows, or pick: round-robin");
      return;
    }
    if (scenario.cooldown > Duration::zero()) {
      found_.error(place,
                   "the scenario ends with the rows of '" + table.name + "', so nobody knows when a cooldown begins",
                   "leave cooldown out, or let the data go on: on-end: wrap");
      return;
    }
    const std::uint64_t left = *rows - given;
    if (scenario.iterations && *scenario.iterations < left) return;
    scenario.iterations = left;
    made.ends_run = made.ends_run || on_end == data::OnEnd::stop_run;
  }

  std::shared_ptr<PlanSource> source_;
  const PlanRequest& request_;
  document::Diagnostics& found_;
  std::vector<const ScenarioPlan*> plans_;
  std::vector<std::vector<std::size_t>> before_;
  std::vector<std::shared_ptr<ScenarioTask>> tasks_;
  std::vector<std::size_t> usable_;
  std::vector<AssertedScenario> asserted_;
  bool all_read_ = false;
  bool url_used_ = false;
};

/// Nothing is lost in silence.
void say_what_was_dropped(const SharedPlaces& shared, engine::RunSummary& summary) {
  for (const auto& [name, place] : shared)
    if (const std::uint64_t dropped = place->dropped(); dropped > 0)
      summary.warnings.push_back("'" + name + "' was full: " + format_count(dropped) +
                                 (dropped == 1 ? " value was" : " values were") + " dropped");
}

/// What the assertions came to, and the exit code that follows.
void judge(Assertions& assertions, engine::RunSummary& summary) {
  constexpr int kAssertionFailed = 99;
  summary.assertions = assertions.judge(summary);
  const bool failed = std::ranges::any_of(summary.assertions, [](const auto& result) { return !result.passed; });
  if (failed && summary.exit_code == 0) summary.exit_code = kAssertionFailed;
}

std::vector<Protocol> protocols_of(const std::vector<ProtocolPart>& parts) {
  std::vector<Protocol> protocols;
  for (const ProtocolPart& part : parts)
    protocols.push_back(part.protocol);
  return protocols;
}

/// Every protocol hears of its section, also that there is none.
void configure(const std::vector<ProtocolPart>& parts, const Plan& plan, schema::Reading& reading) {
  for (const ProtocolPart& part : parts) {
    const auto section = std::ranges::find_if(
        plan.sections, [&](const auto& named) { return named.key.value == part.protocol.section; });
    part.configure(section == plan.sections.end() ? nullptr : section->value, reading);
  }
}

/// All that follows once the document is whole.
std::optional<ReadyPlan> ready_from(const std::shared_ptr<PlanSource>& source, const PlanRequest& request,
                                    const std::vector<ProtocolPart>& parts, document::Diagnostics& found) {
  source->native = request.native;
  source->values.take_variables(*source->document, request, found);
  PlanReading reading(source->values, found);
  const std::vector<Protocol> protocols = protocols_of(parts);
  const bool read = plan_shape(protocols)->read(*source->document, source->plan, reading);
  source->values.take_secrets(source->plan.secrets, request, found);
  configure(parts, source->plan, reading);
  source->kinds = step_kinds();
  for (const Protocol& protocol : protocols)
    source->kinds.insert(source->kinds.end(), protocol.steps.begin(), protocol.steps.end());

  ReadyPlan ready;
  ready.seed = request.seed.value_or(source->plan.seed.value_or(request.fresh_seed));
  source->tables = open_tables(source->plan, *source->document, request, ready.seed, found);
  source->shared = make_shared_places(source->plan.shared);
  Making making(source, request, found);
  ready.scenarios = making.scenarios();
  auto asserted_scenarios = making.asserted_scenarios();
  std::shared_ptr<Assertions> assertions;
  if (!asserted_scenarios.empty() && asserted_scenarios.size() == making.plans().size())
    assertions = Assertions::compile(source->plan.assertions, std::move(asserted_scenarios), found);
  if (!read || !found.ok()) return std::nullopt;
  ready.name = source->plan.name.empty() ? request.config.plan : source->plan.name;
  ready.shards = source->plan.shards;
  ready.outputs = source->plan.outputs;
  ready.observers.push_back(source->relay);
  if (!source->plan.assertions.empty()) {
    assertions->on_abort([relay = source->relay](const std::string& reason) { relay->stop("", reason); });
    ready.observers.push_back(assertions);
  }
  ready.judge = [assertions, source](engine::RunSummary& summary) {
    say_what_was_dropped(source->shared, summary);
    if (assertions) judge(*assertions, summary);
  };
  return ready;
}

}  // namespace

std::optional<ReadyPlan> make_ready(const PlanRequest& request, const std::vector<ProtocolPart>& parts,
                                    document::Diagnostics& found) {
  auto config = document::load(request.config, *request.access, found);
  if (!config) return std::nullopt;
  auto source = std::make_shared<PlanSource>();
  source->document = std::make_shared<const Node>(std::move(config->plan));
  auto ready = ready_from(source, request, parts, found);
  Vocabulary vocabulary;
  source->values.put_into(vocabulary);
  found.rewrite([&](std::string text) { return vocabulary.masked(std::move(text)); });
  return ready;
}

}  // namespace vajrapulse::plan
