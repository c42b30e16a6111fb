#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"

namespace vajrapulse::document {

std::string written_as_text(const std::vector<Diagnostic>& diagnostics, std::size_t left_out);
std::string written_as_json(const std::vector<Diagnostic>& diagnostics);
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string written_as_workflow_commands(const std::vector<Diagnostic>& diagnostics);

/// The line of `place` as a terminal shows it, with its number, and a line of carets below what is meant.
/// Tabs become four blanks, what a terminal would obey becomes U+FFFD, a long line is cut around the caret.
std::string excerpt(const Place& place);

}  // namespace vajrapulse::document
