#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "csv.hpp"
#include "json.hpp"
#include "mapping.hpp"
#include "rules.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {

struct Table::Content {
  std::string name;
  std::vector<std::string> columns;
  std::optional<std::uint64_t> rows;  ///< nothing: streamed

  Content() = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;
  virtual ~Content() = default;

  /// Fills `row` with row number `number`; not when streamed.
  virtual void read(std::uint64_t number, const Wanted& wanted, Row& row) const = 0;
  /// Asks memory for what reading row `number` takes, which is some rows ahead; in kStages stages, from 0, since each
  /// tells where the next one looks.
  static constexpr std::size_t kStages = 3;
  virtual void expect(std::uint64_t number, std::size_t stage) const = 0;
  /// Which line the row begins on; 0 where there are no lines. Walks the file: for errors only.
  [[nodiscard]] virtual std::uint64_t line_of(std::uint64_t number) const = 0;
};

/// Where each record of a CSV file begins: 4 bytes a row.
struct CsvContent final : Table::Content {
  CsvContent(Mapping file, std::unique_ptr<Csv> format) : mapping(std::move(file)), csv(std::move(format)) {}
  void read(std::uint64_t number, const Wanted& wanted, Row& row) const override;
  void expect(std::uint64_t number, std::size_t stage) const override;
  [[nodiscard]] std::uint64_t line_of(std::uint64_t number) const override;

  Mapping mapping;
  std::unique_ptr<Csv> csv;
  std::vector<std::uint32_t> begins;
};

/// Where each field lies: 8 bytes a field. For JSON, whose objects take long to read, and for rows without a file.
struct CellContent final : Table::Content {
  struct Cell {
    static constexpr std::uint32_t kInFile = std::uint32_t{1} << 31;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;  ///< in bytes; with kInFile when it lies in the file, else in `own`
    [[nodiscard]] std::uint32_t length() const { return size & ~kInFile; }
    [[nodiscard]] bool in_file() const { return (size & kInFile) != 0; }
  };
  void read(std::uint64_t number, const Wanted& wanted, Row& row) const override;
  void expect(std::uint64_t number, std::size_t stage) const override;
  [[nodiscard]] std::uint64_t line_of(std::uint64_t number) const override;
  [[nodiscard]] Cell keep(std::string_view text);

  std::optional<Mapping> mapping;
  std::unique_ptr<Json> json;
  std::string own;
  std::vector<Cell> cells;
  std::vector<std::uint32_t> starts;  ///< of each row's cells, and their end; a row may have fewer than columns
  std::vector<std::uint32_t> begins;  ///< of each row in the file, for `line_of`
};

/// A file whose rows are found while cursors walk over it.
struct StreamContent final : Table::Content {
  StreamContent(Mapping file, std::unique_ptr<Format> of) : mapping(std::move(file)), format(std::move(of)) {}
  void read(std::uint64_t, const Wanted&, Row&) const override {}
  void expect(std::uint64_t, std::size_t) const override {}
  [[nodiscard]] std::uint64_t line_of(std::uint64_t) const override { return 0; }

  Mapping mapping;
  std::unique_ptr<Format> format;
  std::vector<Rule> rules;
  std::vector<std::uint32_t> rule_columns;
};

}  // namespace vajrapulse::data
