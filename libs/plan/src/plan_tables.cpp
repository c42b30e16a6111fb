#include "plan_tables.hpp"

#include <algorithm>
#include <utility>

#include "vajrapulse/base/name_hash.hpp"
#include "vajrapulse/base/random.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

data::Rows rows_of(const DataPlan& plan, document::Diagnostics& found) {
  data::Rows rows;
  const auto column_of = [&](const std::string& name) {
    const auto at = std::ranges::find(rows.columns, name);
    if (at != rows.columns.end()) return std::size_t(at - rows.columns.begin());
    rows.columns.push_back(name);
    return rows.columns.size() - 1;
  };
  for (const Node* row : plan.rows) {
    if (row->kind != Node::Kind::map) {
      found.error(row->place, "a row is a map of columns to values, not " + std::string(document::article_name(*row)),
                  "write for example { user: ann, password: secret }");
      continue;
    }
    std::vector<std::string> fields(rows.columns.size());
    for (const document::Entry& entry : row->entries) {
      if (entry.value.kind == Node::Kind::list || entry.value.kind == Node::Kind::map) {
        found.error(entry.value.place,
                    "a field is a text or a number, not " + std::string(document::article_name(entry.value)),
                    "write it as one value");
        continue;
      }
      const std::size_t column = column_of(entry.key);
      fields.resize(rows.columns.size());
      if (entry.value.kind == Node::Kind::scalar) fields[column] = entry.value.text;
    }
    rows.rows.push_back(std::move(fields));
  }
  for (auto& fields : rows.rows)
    fields.resize(rows.columns.size());
  return rows;
}

std::vector<data::ColumnRule> rules_of(const DataPlan& plan) {
  std::vector<data::ColumnRule> rules;
  for (const Named<ColumnPlan>& named : plan.columns) {
    const ColumnPlan& column = named.value;
    rules.push_back({.name = named.key.value,
                     .type = data::parse_column_type(column.type).value_or(data::ColumnType::text),
                     .pattern = column.pattern,
                     .values = column.values,
                     .min = column.min,
                     .max = column.max,
                     .unique = column.unique,
                     .required = column.required});
  }
  return rules;
}

criteria::Type type_of(std::string_view column_type) {
  if (column_type == "integer" || column_type == "number") return criteria::Type::number;
  return column_type == "boolean" ? criteria::Type::boolean : criteria::Type::text;
}

class Opening {
 public:
  Opening(const document::Node& document, const PlanRequest& request, document::Diagnostics& found)
      : written_(document.find("data")), request_(request), found_(found) {}

  std::optional<PlanTable> open(const Named<DataPlan>& named, std::uint64_t seed) {
    const DataPlan& plan = named.value;
    data::Settings settings{.name = named.key.value};
    settings.columns = rules_of(plan);
    source_ = written_ ? written_->find(named.key.value) : nullptr;
    if (!source_ || source_->kind != Node::Kind::map) return std::nullopt;  // the table of types says what is wrong
    if (!plan.separator.empty()) settings.separator = plan.separator.front();
    if (!find_rows(plan, settings)) return std::nullopt;
    PlanTable opened{.place = plan.place, .name = named.key.value};
    if (!read_pick(plan, seed, opened.pick)) return std::nullopt;
    auto table = data::open(settings);
    if (!table) {
      for (const Error& error : table.error().errors)
        found_.error(place_of(plan, error.message), as_named(error.message), error.cure);
      return std::nullopt;
    }
    opened.table = std::move(*table);
    for (const Named<ColumnPlan>& column : plan.columns)
      opened.types[column.key.value] = type_of(column.value.type);
    return opened;
  }

 private:
  bool wrong(const document::Place& place, const Error& error) {
    found_.error(place, error.message, error.cure);
    return false;
  }

  bool find_rows(const DataPlan& plan, data::Settings& settings) {
    if (plan.query) {
      auto source = database(*plan.query);
      if (!source) return wrong(place_of("query", "database", plan.place), source.error());
      settings.kind = data::Kind::query;
      settings.source = std::move(*source);
      settings.sql = plan.query->sql;
      return true;
    }
    if (!plan.file) {
      settings.kind = data::Kind::rows;
      settings.rows = rows_of(plan, found_);
      return found_.ok() || !settings.rows.rows.empty();
    }
    const auto file = request_.access->find(plan.file->value, document::folder_of(request_.config.plan));
    if (!file) return wrong(plan.file->place, file.error());
    const auto kind = plan.format ? data::parse_kind(*plan.format) : data::kind_of_file(plan.file->value);
    if (!kind) return wrong(plan.file->place, kind.error());
    settings.kind = *kind;
    settings.path = file->resolved;
    file_ = *file;
    return true;
  }

  /// A file of SQLite is a file like any other.
  Expected<std::shared_ptr<data::QuerySource>> database(const QueryPlan& query) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (!query.database.starts_with(kSqlite)) {
      // A server that a plan names must not be sent what files outside its folder hold.
      for (const char* key : {"passfile", "service", "sslkey", "sslcert", "sslrootcert", "sslcrl", "krbsrvname"})
        if (query.database.find(key) != std::string::npos)
          return fail(kUsage,
                      "the database's address names '" + std::string(key) + "', a file outside the plan's folder",
                      "leave it out; a password may stand in PGPASSWORD");
      return data::query_source(query.database);
    }
    const auto file =
        request_.access->find(query.database.substr(kSqlite.size()), document::folder_of(request_.config.plan));
    if (!file) return std::unexpected(file.error());
    return data::sqlite_source(file->resolved);
  }

  bool read_pick(const DataPlan& plan, std::uint64_t seed, data::PickSettings& pick) {
    pick.seed = seed;
    if (plan.pick) pick.mode = data::parse_pick(*plan.pick).value_or(data::Pick::round_robin);
    if (plan.on_end) pick.on_end = data::parse_on_end(*plan.on_end).value_or(data::OnEnd::wrap);
    if (plan.weights) pick.weights = *plan.weights;
    const Status fits = data::check(pick);
    if (fits) return true;
    const bool end = fits.error().message.find("on-end") != std::string::npos;
    const char* key = plan.weights && pick.mode != data::Pick::weighted ? "weights" : end ? "on-end" : "pick";
    return wrong(place_of(source_->find(key) ? key : "on-end", plan.place), fits.error());
  }

  [[nodiscard]] document::Place place_of(std::string_view key, const document::Place& otherwise) const {
    const Node* value = source_->find(key);
    return value ? value->place : otherwise;
  }
  [[nodiscard]] document::Place place_of(std::string_view key, std::string_view inner,
                                         const document::Place& otherwise) const {
    const Node* value = source_->find(key);
    const Node* part = value ? value->find(inner) : nullptr;
    return part ? part->place : otherwise;
  }

  /// What is wrong with a rule is wrong there; what is wrong with a row, where the rows come from.
  [[nodiscard]] document::Place place_of(const DataPlan& plan, const std::string& message) const {
    for (const Named<ColumnPlan>& column : plan.columns)
      if (message.starts_with("column " + column.key.value + ":") ||
          message.ends_with("no column '" + column.key.value + "'"))
        return column.key.place;
    if (plan.weights && message.find("weight") != std::string::npos) return place_of("weights", plan.place);
    return place_of(plan.file ? "file" : plan.query ? "query" : "rows", plan.place);
  }

  /// A file goes by the name that the plan has for it.
  [[nodiscard]] std::string as_named(std::string message) const {
    const std::size_t at = file_.resolved.empty() ? std::string::npos : message.find(file_.resolved);
    return at == std::string::npos ? message : message.replace(at, file_.resolved.size(), file_.name);
  }

  const Node* written_;
  const Node* source_ = nullptr;  ///< of which the data is being opened
  document::FileAccess::Found file_;
  const PlanRequest& request_;
  document::Diagnostics& found_;
};

}  // namespace

PlanTables open_tables(const Plan& plan, const Node& document, const PlanRequest& request, std::uint64_t seed,
                       document::Diagnostics& found) {
  PlanTables tables;
  Opening opening(document, request, found);
  // Each source picks by a seed of its own.
  for (const Named<DataPlan>& named : plan.data)
    if (auto opened = opening.open(named, Random(seed).fork(name_hash(named.key.value)).next()))
      tables.emplace(named.key.value, std::move(*opened));
  return tables;
}

}  // namespace vajrapulse::plan
