#include "example_value.hpp"

#include <memory>

#include "vajrapulse/document/read.hpp"
#include "words.hpp"

namespace vajrapulse::schema {
namespace {

using Json = nlohmann::ordered_json;
using document::Node;

Json scalar_value(const Node& node) {
  if (!node.is_plain()) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  return is_number(node.text) && Json::accept(node.text) ? Json::parse(node.text) : Json(node.text);
}

Json value(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::scalar: return scalar_value(node);
    case Node::Kind::list: {
      Json list = Json::array();
      for (const Node& item : node.items)
        list.push_back(value(item));
      return list;
    }
    case Node::Kind::map: break;
  }
  Json map = Json::object();
  for (const document::Entry& entry : node.entries)
    map[entry.key] = value(entry.value);
  return map;
}

}  // namespace

Json example_value(const std::string& written) {
  document::Diagnostics ignored;
  const auto node = document::read(std::make_shared<const document::Source>("example.yml", written), ignored);
  return node && ignored.ok() ? value(*node) : Json(written);
}

}  // namespace vajrapulse::schema
