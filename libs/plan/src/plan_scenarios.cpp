#include "plan_scenarios.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "vajrapulse/data/cursor.hpp"
#include "vajrapulse/plan/data_feed.hpp"

namespace vajrapulse::plan {
namespace {

criteria::Type type_of(const PlanTable& table, const std::string& column) {
  const auto at = table.types.find(column);
  return at == table.types.end() ? criteria::Type::text : at->second;
}

}  // namespace

std::unique_ptr<Vocabulary> ScenarioTask::vocabulary() const {
  auto vocabulary = std::make_unique<Vocabulary>();
  source_->values.put_into(*vocabulary);
  if (const document::Node* data = source_->document->find("data"))
    for (const document::Entry& entry : data->entries)
      if (!source_->tables.contains(entry.key)) vocabulary->doubt(entry.key);
  if (const document::Node* secrets = source_->document->find("secrets"))
    for (const document::Entry& entry : secrets->entries)
      if (!vocabulary->find("secret." + entry.key)) vocabulary->doubt("secret." + entry.key);
  for (const auto& [name, table] : source_->tables)
    for (const std::string& column : table.table->columns())
      vocabulary->field(name, column, type_of(table, column));
  return vocabulary;
}

Program ScenarioTask::compile(document::Diagnostics& found) const {
  Program program;
  program.vocabulary = vocabulary();
  Surroundings surroundings;
  for (const Named<const document::Node*>& named : source_->plan.tasks)
    surroundings.tasks.emplace(named.key.value, named.value);
  const document::Node* tasks = source_->document->find("tasks");
  surroundings.tasks_in_doubt = tasks && tasks->kind != document::Node::Kind::map;
  surroundings.shared = &source_->shared;
  const document::Node* shared = source_->document->find("shared");
  surroundings.shared_in_doubt =
      shared && (shared->kind != document::Node::Kind::map || shared->entries.size() != source_->shared.size());
  surroundings.native = &source_->native;
  program.log = std::make_shared<Log>([relay = source_->relay](std::string line) { relay->say(std::move(line)); });
  surroundings.log = program.log;
  Compiler compiler(source_->kinds, *program.vocabulary, found, std::move(surroundings));
  program.routine = compiler.routine(task_, place_);
  for (const Use& use : uses_) {
    std::vector<TableFeed::Column> columns;
    const PlanTable& table = source_->tables.find(use.source)->second;
    for (const std::string& column : use.columns) {
      const criteria::Type type = type_of(table, column);
      columns.push_back({program.vocabulary->field(use.source, column, type), type});
    }
    program.feeds.push_back(
        std::make_unique<TableFeed>(use.source, use.feed, std::move(columns), compiler.local("data " + use.source)));
  }
  program.stop = [relay = source_->relay, scenario = scenario_](Flow why) {
    if (why == Flow::stop_run) return relay->stop("", "a step ended the run");
    relay->stop(scenario, "its data is used up");
  };
  return program;
}

bool ScenarioTask::check(const document::Place& place, document::Diagnostics& found) {
  place_ = place;
  const std::size_t before = found.errors();
  const Program program = compile(found);
  if (found.errors() > before || !program.routine) return false;
  for (const Vocabulary::Field& field : program.vocabulary->used_fields()) {
    auto use = std::ranges::find(uses_, field.source, &Use::source);
    if (use == uses_.end()) {
      sources_.push_back(field.source);
      use = uses_.insert(uses_.end(), Use{.source = field.source, .columns = {}, .feed = nullptr});
    }
    use->columns.push_back(field.column);
  }
  return true;
}

bool ScenarioTask::choose_feeds(const std::map<std::string, std::uint64_t, std::less<>>& offsets,
                                document::Diagnostics& found) {
  bool good = true;
  for (Use& use : uses_) {
    const PlanTable& table = source_->tables.find(use.source)->second;
    data::PickSettings pick = table.pick;
    if (const auto at = offsets.find(use.source); at != offsets.end()) pick.offset = at->second;
    auto feed = data::Feed::make(table.table, pick, use.columns);
    if (feed) {
      use.feed = std::move(*feed);
    } else {
      found.error(table.place, feed.error().message, feed.error().cure);
      good = false;
    }
  }
  return good;
}

std::unique_ptr<Task> ScenarioTask::make() const {
  document::Diagnostics found;
  Program program = compile(found);
  // It has been compiled before without a mistake; a file that it sends may have gone since.
  if (!found.ok()) throw std::runtime_error(found.all().front().message);
  return std::make_unique<PlanTask>(std::move(program));
}

}  // namespace vajrapulse::plan
