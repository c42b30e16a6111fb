#pragma once

#include <string>
#include <vector>

#include "text.hpp"

namespace vajrapulse::console {

struct Row {
  std::string label;
  std::vector<std::string> figures;
  Ink ink = Ink::plain;
};

/// Columns of a row's name, in tables and wherever else a line begins with one.
int label_columns(const Style& style);

/// A heading and rows below it, figures aligned right. On a narrow screen columns move together; where even that
/// is too wide, the columns that are left go to a second block below the first.
std::string table(const std::string& title, const std::vector<std::string>& columns, const std::vector<Row>& rows,
                  const Style& style);

}  // namespace vajrapulse::console
