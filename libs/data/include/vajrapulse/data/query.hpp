#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// Takes what a query answers: its columns once, then row by row. A failure ends the query and is given back by `read`.
struct RowSink {
  std::function<Status(std::vector<std::string>)> columns;
  std::function<Status(std::span<const std::string_view>)> row;  ///< a null is an empty text
};

/// A database that rows come from before the run. A new kind of database is one class of this shape.
class QuerySource {
 public:
  QuerySource() = default;
  QuerySource(const QuerySource&) = delete;
  QuerySource& operator=(const QuerySource&) = delete;
  virtual ~QuerySource() = default;

  /// Runs one statement that only reads, and hands its rows on as they come. Waits for the database: never on a shard.
  /// Fails (kUsage) when the database cannot be reached or refuses; no error holds a password.
  virtual Status read(const std::string& sql, const RowSink& sink) = 0;
  /// For errors: "shop.db", "postgresql"; no password, no host.
  [[nodiscard]] virtual std::string_view name() const = 0;
};

/// A file of SQLite 3, opened for reading; a statement may look at that file only.
std::shared_ptr<QuerySource> sqlite_source(std::string path);

/// PostgreSQL. `connection` as libpq reads it: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or "host=… user=…"
/// (PostgreSQL documentation, 34.1.1); what it does not say, libpq takes from its own environment variables and
/// password file. The statement runs in a read-only transaction, for at most a minute.
/// libpq.so.5 is loaded when the first query is read, so that only plans that ask for it need it.
std::shared_ptr<QuerySource> postgresql_source(std::string connection);

/// By address: sqlite:FILE, or postgresql://…, postgres://…
Expected<std::shared_ptr<QuerySource>> query_source(std::string_view address);

}  // namespace vajrapulse::data
