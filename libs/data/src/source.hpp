#pragma once

#include <memory>

#include "content.hpp"
#include "findings.hpp"

namespace vajrapulse::data {

/// The contents of each kind of source. What is wrong goes to `findings`; nothing when there is no table at all.
std::unique_ptr<Table::Content> content_of_file(const Settings& settings, Findings& findings);
std::unique_ptr<Table::Content> content_of_mapping(Mapping mapping, const Settings& settings, Findings& findings);
std::unique_ptr<Table::Content> content_of_rows(const Settings& settings, Findings& findings);
std::unique_ptr<Table::Content> content_of_query(const Settings& settings, Findings& findings);

/// Holds all rows against the rules; of a table that is streamed the first thousand, and keeps the rules for the rest.
void validate(Table::Content& content, const std::vector<ColumnRule>& rules, Findings& findings);

/// `open`, with a text in place of a file.
std::expected<std::shared_ptr<const Table>, Refusal> open_text(std::string_view text, const Settings& settings);

}  // namespace vajrapulse::data
