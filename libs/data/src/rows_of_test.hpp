#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "source.hpp"
#include "vajrapulse/data/cursor.hpp"

namespace vajrapulse::data {

using Fields = std::vector<std::string>;

/// All rows of a table in memory, with all columns.
inline std::vector<Fields> rows_of(const std::expected<std::shared_ptr<const Table>, Refusal>& table) {
  if (!table) {
    ADD_FAILURE() << table.error().summary().text();
    return {};
  }
  const std::vector<std::string> columns((*table)->columns().begin(), (*table)->columns().end());
  auto feed = Feed::make(*table, {}, columns);
  if (!feed) {
    ADD_FAILURE() << feed.error().text();
    return {};
  }
  const auto cursor = (*feed)->cursor();
  std::vector<Fields> rows;
  Row row;
  for (std::uint64_t k = 0; k < (*table)->rows().value_or(0); ++k) {
    EXPECT_EQ(cursor->row(k, 0, row), Given::row);
    Fields& fields = rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i)
      fields.emplace_back(row.field(i));
  }
  return rows;
}

/// Why a text was refused, each error as a person reads it.
inline std::vector<std::string> refusals(std::string_view text, const Settings& settings) {
  auto table = open_text(text, settings);
  std::vector<std::string> errors;
  if (!table)
    for (const Error& error : table.error().errors)
      errors.push_back(error.text());
  return errors;
}

/// A folder of the test's own, gone at its end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "vajrapulse-data-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace vajrapulse::data
