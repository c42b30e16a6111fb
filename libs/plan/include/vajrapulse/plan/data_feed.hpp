#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/data/cursor.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/plan/step.hpp"

namespace vajrapulse::plan {

/// Gives an iteration what it has to know before its first step. One a shard.
class DataFeed {
 public:
  DataFeed() = default;
  DataFeed(const DataFeed&) = delete;
  DataFeed& operator=(const DataFeed&) = delete;
  virtual ~DataFeed() = default;
  /// Fills variables, or says that nothing is left: stop_scenario, stop_run, or stop_iteration with a failure of the
  /// moment.
  virtual Flow fill(Moment& moment) = 0;
};

/// A row of a table: fields are referred to where they lie, none is copied.
class TableFeed final : public DataFeed {
 public:
  /// A column that steps use, in the order in which the feed was asked for its columns.
  struct Column {
    Slot slot = 0;
    criteria::Type type = criteria::Type::text;  ///< number and boolean: as they are, where the field is one
  };
  /// `name` is the source's, for messages; `local` is Compiler::local of a key of its own.
  TableFeed(std::string name, const std::shared_ptr<const data::Feed>& feed, std::vector<Column> columns,
            std::size_t local);

  Flow fill(Moment& moment) override;

 private:
  std::string name_;
  std::shared_ptr<const data::Feed> feed_;
  std::unique_ptr<data::Cursor> cursor_;
  std::vector<Column> columns_;
  std::size_t local_;
};

}  // namespace vajrapulse::plan
