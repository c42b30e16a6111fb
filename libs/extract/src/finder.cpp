#include "vajrapulse/extract/finder.hpp"

#include "vajrapulse/extract/contains.hpp"
#include "vajrapulse/extract/css_selector.hpp"
#include "vajrapulse/extract/json_path.hpp"
#include "vajrapulse/extract/regex.hpp"
#include "vajrapulse/extract/xpath.hpp"

namespace vajrapulse::extract {
namespace {

template <class T>
std::expected<std::unique_ptr<Finder>, Mistake> as_finder(std::expected<T, Mistake> compiled) {
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  return std::make_unique<T>(std::move(*compiled));
}

}  // namespace

std::expected<std::size_t, Miss> Finder::count(Reader& reader) const {
  std::vector<Value> values;
  return all(reader, values);
}

std::expected<std::unique_ptr<Finder>, Mistake> compile(Kind kind, std::string_view text, const Part& part) {
  switch (kind) {
    case Kind::json_path: return as_finder(JsonPath::compile(text));
    case Kind::regex: return as_finder(Regex::compile(text, part.group));
    case Kind::xpath: return as_finder(XPath::compile(text));
    case Kind::css: return as_finder(CssSelector::compile(text, part.attribute));
    case Kind::contains: break;
  }
  return as_finder(Contains::compile(text));
}

}  // namespace vajrapulse::extract
