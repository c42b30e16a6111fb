#include "vajrapulse/plan/data_feed.hpp"

#include <utility>

#include "captured.hpp"
#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/template.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;

/// The row of one iteration; its views are the iteration's variables.
struct KeptRow final : Local {
  void reset() override {}
  data::Row row;
};

Value value_of_field(std::string_view field, Type type) {
  if (field.empty()) return Value::null();
  if (type == Type::boolean) {
    if (field == "true" || field == "1") return Value::boolean(true);
    if (field == "false" || field == "0") return Value::boolean(false);
  }
  const Value text = Value::of(field);
  if (type != Type::number) return text;
  const auto number = as_number(text);
  return number ? value_of(extract::Value{extract::Type::number, field, *number}) : text;
}

}  // namespace

TableFeed::TableFeed(std::string name, const std::shared_ptr<const data::Feed>& feed, std::vector<Column> columns,
                     std::size_t local)
    : name_(std::move(name)), feed_(feed), cursor_(feed->cursor()), columns_(std::move(columns)), local_(local) {}

Flow TableFeed::fill(Moment& moment) {
  const Iteration& iteration = moment.iteration();
  data::Row& row = moment.local<KeptRow>(local_, [] { return std::make_unique<KeptRow>(); }).row;
  const auto given = cursor_->row(iteration.index(), iteration.user(), row);
  if (!given) {
    moment.fail(Result::failure(kNoData, given.error().text()));
    return Flow::stop_iteration;
  }
  switch (*given) {
    case data::Given::stop_scenario: return Flow::stop_scenario;
    case data::Given::stop_run: return Flow::stop_run;
    case data::Given::fail:
      moment.fail(Result::failure(kNoData, "'" + name_ + "' has no row left"));
      return Flow::stop_iteration;
    case data::Given::row: break;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i)
    moment.variables().refer(columns_[i].slot, value_of_field(row.field(i), columns_[i].type));
  return Flow::next;
}

}  // namespace vajrapulse::plan
