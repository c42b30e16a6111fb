#include "written.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "unicode.hpp"

namespace vajrapulse::document {
namespace {

using Json = nlohmann::ordered_json;

/// A message may quote what a file has: no terminal shall obey it.
std::string harmless(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto character = first_character(text);
    const bool bad = !character.valid || is_control(character.code);
    result += bad ? std::string_view("\xef\xbf\xbd") : text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
  }
  return result;
}

std::string_view severity_name(Severity severity) noexcept { return severity == Severity::error ? "error" : "warning"; }

std::string text_of(const Diagnostic& diagnostic) {
  const auto mark = diagnostic.severity == Severity::warning ? "warning: " : "";
  std::string text = fmt::format("{}: {}{}\n", harmless(diagnostic.place.text()), mark, harmless(diagnostic.message));
  text += excerpt(diagnostic.place);
  if (!diagnostic.cure.empty()) text += "  " + harmless(diagnostic.cure) + "\n";
  for (const auto& via : diagnostic.via)
    text += fmt::format("  read from {}\n", harmless(via.text()));
  return text;
}

Json json_of(const Place& place) {
  return {{"file", place.source ? place.source->name() : std::string()},
          {"line", place.line},
          {"column", place.column},
          {"length", place.length}};
}

Json json_of(const Diagnostic& diagnostic) {
  Json object = json_of(diagnostic.place);
  object["severity"] = severity_name(diagnostic.severity);
  object["message"] = diagnostic.message;
  object["cure"] = diagnostic.cure;
  object["via"] = Json::array();
  for (const auto& via : diagnostic.via)
    object["via"].push_back(json_of(via));
  return object;
}

std::string escaped(std::string_view text, std::string_view signs) {
  std::string result;
  for (const char c : text) {
    if (signs.find(c) == signs.npos)
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string command_of(const Diagnostic& diagnostic) {
  const Place& place = diagnostic.place;
  const auto name = place.source ? std::string_view(place.source->name()) : std::string_view();
  const auto message = diagnostic.cure.empty() ? diagnostic.message : diagnostic.message + "\n" + diagnostic.cure;
  return fmt::format("::{} file={},line={},endLine={},col={},endColumn={}::{}\n", severity_name(diagnostic.severity),
                     escaped(name, "%\r\n:,"), place.line, place.line, place.column, place.column + place.length,
                     escaped(message, "%\r\n"));
}

}  // namespace

std::string written_as_text(const std::vector<Diagnostic>& diagnostics, std::size_t left_out) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    if (!text.empty()) text += "\n";
    text += text_of(diagnostic);
  }
  if (left_out > 0) text += fmt::format("\n… and {} more\n", left_out);
  return text;
}

std::string written_as_json(const std::vector<Diagnostic>& diagnostics) {
  Json list = Json::array();
  for (const auto& diagnostic : diagnostics)
    list.push_back(json_of(diagnostic));
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string written_as_workflow_commands(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics)
    text += command_of(diagnostic);
  return text;
}

}  // namespace vajrapulse::document
