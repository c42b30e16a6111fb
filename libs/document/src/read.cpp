#include "vajrapulse/document/read.hpp"

#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "json.hpp"
#include "tree.hpp"
#include "unicode.hpp"
#include "yaml.hpp"
#include "yaml_text.hpp"

namespace vajrapulse::document {
namespace {

void check_size(const std::shared_ptr<const Source>& source) {
  if (source->text().size() <= kMostBytes) return;
  refuse({source},
         fmt::format("this file has {} MiB, more than the {} MiB a plan may have", source->text().size() >> 20,
                     kMostBytes >> 20),
         "keep data in files of their own, which may be of any size");
}

void check_encoding(YamlText& text) {
  const auto all = text.text();
  if (all.starts_with("\xff\xfe") || all.starts_with("\xfe\xff"))
    refuse(text.at(0), "this file is UTF-16", "save it as UTF-8");
  if (const auto invalid = first_invalid(all))
    refuse(text.at(*invalid), fmt::format("the byte 0x{:02x} is no UTF-8", static_cast<unsigned char>(all[*invalid])),
           "save the file as UTF-8");
}

/// YAML 1.2, 5.1: printable characters only. yaml-cpp takes 0x04 for the end of the file.
void check_controls(YamlText& text) {
  const auto all = text.text();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto c = static_cast<unsigned char>(all[i]);
    if (c == '\r' && !all.substr(i + 1).starts_with('\n'))
      refuse(text.at(i), "a carriage return without a line feed", "save the file with LF or CRLF as its line ends");
    if (c >= 0x20 ? c == 0x7f : c != '\t' && c != '\n' && c != '\r')
      refuse(text.at(i), c == 0 ? "a NUL byte: this is no text" : fmt::format("the control character 0x{:02x}", c),
             "remove it; in double quotes it is written as an escape, \\x1b for instance");
  }
}

std::optional<Node> read_source(const std::shared_ptr<const Source>& source) {
  check_size(source);
  YamlText text(source);
  check_encoding(text);
  check_controls(text);
  if (source->name().ends_with(".json")) return read_json(source);
  auto node = read_yaml(source);
  if (!node) node = Node{.place = {source}};
  return node;
}

}  // namespace

std::optional<Node> read(std::shared_ptr<const Source> source, Diagnostics& diagnostics) {
  try {
    return read_source(source);
  } catch (Refusal& refusal) {
    diagnostics.add(std::move(refusal.why));
  } catch (const std::exception& failure) {
    diagnostics.error({std::move(source)}, fmt::format("this file cannot be read: {}", failure.what()));
  }
  return std::nullopt;
}

}  // namespace vajrapulse::document
