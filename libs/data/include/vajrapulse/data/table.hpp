#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/data/columns.hpp"
#include "vajrapulse/data/query.hpp"

namespace vajrapulse::data {

/// Where rows come from.
enum class Kind : std::uint8_t {
  csv,         ///< RFC 4180, with a header that names the columns
  json,        ///< an array of objects (RFC 8259)
  json_lines,  ///< one object a line
  rows,        ///< handed in
  query        ///< the answer of a database
};

/// "csv", "json" or "json-lines".
Expected<Kind> parse_kind(std::string_view word);
/// By the end of a file's name: .csv, .tsv, .txt; .json; .jsonl, .ndjson.
Expected<Kind> kind_of_file(std::string_view path);

/// Rows written down in a plan.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// A file above either of these is streamed; a query or rows handed in are refused.
struct Limits {
  std::uint64_t bytes = std::uint64_t{256} << 20;  ///< at most 4 GiB
  std::uint64_t rows = 5'000'000;                  ///< at most 2^32 - 1
};

inline constexpr std::size_t kLongestRecord = std::size_t{1} << 20;  ///< in bytes
inline constexpr std::size_t kMostColumns = 1'000;
inline constexpr std::size_t kMostErrors = 20;

struct Settings {
  std::string name;  ///< of rows and queries, for errors; files are called by their path
  Kind kind = Kind::csv;
  std::string path;                     ///< of csv, json and json_lines
  char separator = '\0';                ///< of csv; '\0': the one of , ; tab | that the header has most of
  Rows rows;                            ///< of `rows`
  std::shared_ptr<QuerySource> source;  ///< of `query`
  std::string sql;
  std::vector<ColumnRule> columns;
  Limits limits;
};

/// Why a table was not opened: up to kMostErrors, in the order of the file. Each names the place:
/// "users.csv:4: row 3, column age: 'abc' is no integer". Lines as an editor counts them, rows without the header,
/// both from 1.
struct Refusal {
  std::vector<Error> errors;
  bool more = false;  ///< the rest of the table was not looked at

  /// The first one, and how many there are: for those who can hold only one.
  [[nodiscard]] Error summary() const;
};

/// Rows and named columns, the same for all threads, unchanged from the moment it is opened.
///
/// A file is mapped, not copied. CSV: blank lines are left out, names of columns lose blanks around them, rows have as
/// many fields as the header. JSON: a column for each key of any object; strings lose their quotes and escapes, null
/// is an empty field, arrays and objects keep their text.
/// A file above `Limits` is streamed: its rows are found while cursors walk over it, and its rules are held against
/// the rows that are given (all of the first thousand when it is opened). A file must not be made shorter while it is
/// open: the system ends a program that reads what is gone (SIGBUS).
class Table {
 public:
  struct Content;
  explicit Table(std::unique_ptr<const Content> content);
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table();

  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::span<const std::string> columns() const;
  /// Place of a column in `columns`; fails (kUsage) with the nearest name.
  [[nodiscard]] Expected<std::uint32_t> column(std::string_view name) const;
  /// Nothing when it is streamed: they are not counted beforehand.
  [[nodiscard]] std::optional<std::uint64_t> rows() const;
  [[nodiscard]] bool streamed() const { return !rows(); }
  [[nodiscard]] const Content& content() const { return *content_; }

 private:
  std::unique_ptr<const Content> content_;
};

/// Reads what is needed to give rows, and holds them against the rules. Not on a shard: it reads the file.
///
/// Example:
///   auto users = open({.path = "users.csv", .columns = {{.name = "age", .type = ColumnType::integer, .min = 0}}});
std::expected<std::shared_ptr<const Table>, Refusal> open(const Settings& settings);

}  // namespace vajrapulse::data
