#include "yaml.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "yaml_bounds.hpp"
#include "yaml_events.hpp"
#include "yaml_mistakes.hpp"
#include "yaml_text.hpp"

namespace vajrapulse::document {
namespace {

/// yaml-cpp passes over a directive that it does not know together with what follows it.
void check_directives(YamlText& text) {
  bool first = true;
  for (std::size_t at = 0; at < text.text().size(); at += text.text().substr(at).find('\n') + 1) {
    const auto line = text.line_from(at);
    if (line.starts_with('%') && !(first && line.starts_with("%YAML ")))
      refuse(text.at(at), "a line cannot begin with '%' unless it is in quotes", "put quotes around the text");
    if (!line.empty() && !line.starts_with('#')) first = false;
    if (text.text().find('\n', at) == std::string_view::npos) break;
  }
}

std::size_t place_of(const YAML::Exception& failure, const YamlText& text) {
  return std::min(std::size_t(std::max(failure.mark.pos, 0)), text.text().size());
}

}  // namespace

std::optional<Node> read_yaml(const std::shared_ptr<const Source>& source) {
  YamlText text(source);
  check_directives(text);
  check_bounds(text);
  YamlEvents events(text);
  try {
    std::istringstream stream{std::string(text.text())};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& failure) {
    const auto& opened = events.tree().opened();
    refuse_stumble(text, {.message = failure.msg,
                          .at = place_of(failure, text),
                          .last = events.last(),
                          .open = opened.empty() ? nullptr : &opened.back()});
  }
  return std::move(events.tree()).result();
}

}  // namespace vajrapulse::document
