#include "finders.hpp"

#include <utility>

namespace vajrapulse::plan {
namespace {

std::unique_ptr<extract::Finder> compiled(extract::Kind kind, const document::Node& scalar, std::string_view text,
                                          const extract::Part& part, Compiler& compiler) {
  auto finder = extract::compile(kind, text, part);
  if (finder) return std::move(*finder);
  const extract::Mistake& mistake = finder.error();
  const criteria::Mistake found{
      .column = mistake.column, .length = mistake.length, .message = mistake.message, .cure = mistake.cure};
  compiler.error(scalar, found);
  return nullptr;
}

}  // namespace

std::unique_ptr<extract::Finder> finder_of_key(extract::Kind kind, const document::Entry& entry, Compiler& compiler) {
  document::Node key;
  key.kind = document::Node::Kind::scalar;
  key.text = entry.key;
  key.place = entry.place;
  return compiled(kind, key, entry.key, {}, compiler);
}

std::unique_ptr<extract::Finder> finder_of(extract::Kind kind, const document::Node& scalar, const extract::Part& part,
                                           Compiler& compiler) {
  const auto text = compiler.known(scalar, "what to look for");
  return text ? compiled(kind, scalar, *text, part, compiler) : nullptr;
}

}  // namespace vajrapulse::plan
