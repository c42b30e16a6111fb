#include <sqlite3.h>
#include <sys/stat.h>

#include <memory>

#include "vajrapulse/data/query.hpp"

namespace vajrapulse::data {
namespace {

/// A statement may take this many steps of SQLite's machine, about a minute or two.
constexpr int kStepsBetweenLooks = 1'000'000;
constexpr int kMostLooks = 5'000;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

/// Reading tables, nothing else: no other file is attached, no extension loaded, no pragma set.
bool is_reading(int action, const char* function) {
  if (action == SQLITE_FUNCTION) return function && std::string_view(function) != "load_extension";
  return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE;
}

int authorize(void* denied, int action, const char*, const char* function, const char*, const char*) {
  if (is_reading(action, function)) return SQLITE_OK;
  *static_cast<bool*>(denied) = true;
  return SQLITE_DENY;
}

int count_looks(void* looks) { return ++*static_cast<int*>(looks) > kMostLooks ? 1 : 0; }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n;") == text.npos; }

std::string_view text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? std::string_view(text, std::size_t(sqlite3_column_bytes(statement, column))) : std::string_view{};
}

class Sqlite final : public QuerySource {
 public:
  explicit Sqlite(std::string path) : path_(std::move(path)) {}

  Status read(const std::string& sql, const RowSink& sink) override {
    auto database = open();
    if (!database) return std::unexpected(std::move(database.error()));
    int looks = 0;
    sqlite3_progress_handler(database->get(), kStepsBetweenLooks, count_looks, &looks);
    auto statement = prepare(database->get(), sql);
    if (!statement) return std::unexpected(std::move(statement.error()));
    return hand_on(database->get(), statement->get(), sink);
  }

  [[nodiscard]] std::string_view name() const override { return path_; }

 private:
  [[nodiscard]] Expected<Database> open() const;
  [[nodiscard]] Expected<Statement> prepare(sqlite3* database, const std::string& sql) const;
  Status hand_on(sqlite3* database, sqlite3_stmt* statement, const RowSink& sink) const;

  std::string path_;
};

Expected<Database> Sqlite::open() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0) return fail(kUsage, path_ + " is not there", "check the path");
  if (!S_ISREG(status.st_mode)) return fail(kUsage, path_ + " is no file", "name a database file of SQLite");
  // A name that begins with file: would be read as an address with options.
  const std::string path = path_.starts_with('/') ? path_ : "./" + path_;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  Database database(opened);
  if (result == SQLITE_OK) return database;
  return fail(kUsage, "cannot read " + path_ + ": " + sqlite3_errstr(result), "check the file's permissions");
}

Expected<Statement> Sqlite::prepare(sqlite3* database, const std::string& sql) const {
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  bool denied = false;
  sqlite3_set_authorizer(database, authorize, &denied);
  const int result = sqlite3_prepare_v2(database, sql.c_str(), int(sql.size()), &prepared, &rest);
  Statement statement(prepared);
  sqlite3_set_authorizer(database, nullptr, nullptr);
  if (denied) return fail(kUsage, path_ + ": the query does more than read tables of this file", "write one SELECT");
  if (result != SQLITE_OK)
    return fail(kUsage, path_ + ": " + sqlite3_errmsg(database), "try the query in the sqlite3 shell");
  if (!prepared) return fail(kUsage, path_ + ": the query is empty", "write one SELECT");
  if (!is_blank(rest)) return fail(kUsage, path_ + ": the query is more than one statement", "write one SELECT");
  if (sqlite3_column_count(prepared) == 0 || !sqlite3_stmt_readonly(prepared))
    return fail(kUsage, path_ + ": the query gives no rows", "write one SELECT");
  return statement;
}

Status Sqlite::hand_on(sqlite3* database, sqlite3_stmt* statement, const RowSink& sink) const {
  const int width = sqlite3_column_count(statement);
  std::vector<std::string> names;
  for (int i = 0; i < width; ++i)
    names.emplace_back(sqlite3_column_name(statement, i));
  if (auto taken = sink.columns(std::move(names)); !taken) return taken;
  std::vector<std::string_view> fields(static_cast<std::size_t>(width));
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int i = 0; i < width; ++i)
      fields[std::size_t(i)] = text_of(statement, i);
    if (auto taken = sink.row(fields); !taken) return taken;
  }
  if (result == SQLITE_DONE) return {};
  if (result == SQLITE_INTERRUPT)
    return fail(kUsage, path_ + ": the query takes too long", "ask for less, or add an index");
  return fail(kUsage, path_ + ": " + sqlite3_errmsg(database), "try the query in the sqlite3 shell");
}

}  // namespace

std::shared_ptr<QuerySource> sqlite_source(std::string path) { return std::make_shared<Sqlite>(std::move(path)); }

Expected<std::shared_ptr<QuerySource>> query_source(std::string_view address) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (address.starts_with(kSqlite) && address.size() > kSqlite.size())
    return sqlite_source(std::string(address.substr(kSqlite.size())));
  if (address.starts_with("postgresql://") || address.starts_with("postgres://"))
    return postgresql_source(std::string(address));
  // The address is not shown: it may hold a password.
  return fail(kUsage, "the database's address begins with no kind of database that is known",
              "write sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE");
}

}  // namespace vajrapulse::data
