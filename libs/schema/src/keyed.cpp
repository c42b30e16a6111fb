#include <fmt/format.h>

#include <algorithm>

#include "keyed.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::schema {
namespace {

std::vector<std::string> keys_of(const Description& keyed) {
  std::vector<std::string> keys;
  for (const Alternative& each : keyed.alternatives)
    keys.push_back(each.key);
  return keys;
}

/// Whether a map of this kind may have the key beside its own.
bool has_field(const Alternative& alternative, const std::string& key) {
  return resolved(alternative.shape)->field(key) != nullptr;
}

/// The alternatives whose key is there, but not as a field of another one that is there.
std::vector<std::size_t> present(const document::Node& node, const Description& keyed) {
  const auto there = [&](std::size_t i) { return node.find(keyed.alternatives[i].key) != nullptr; };
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < keyed.alternatives.size(); ++i)
    if (there(i) && std::ranges::none_of(owners(keyed, i), there)) own.push_back(i);
  return own;
}

void report_none(const document::Node& node, const Description& keyed, Reading& reading) {
  const std::vector<std::string> keys = keys_of(keyed);
  const std::string message = fmt::format("{} needs one of: {}", with_article(keyed.name), fmt::join(keys, ", "));
  for (const document::Entry& entry : node.entries) {
    const auto near = nearest(entry.key, keys);
    if (near) return reading.diagnostics().error(entry.place, message, fmt::format("did you mean '{}'?", *near));
  }
  reading.diagnostics().error(node.place, message, example_cure(keyed, reading.position().subject));
}

void report_two(const document::Node& node, const Description& keyed, const std::vector<std::size_t>& there,
                Reading& reading) {
  std::vector<const document::Entry*> found;
  for (const document::Entry& entry : node.entries)
    if (std::ranges::any_of(there, [&](std::size_t i) { return keyed.alternatives[i].key == entry.key; }))
      found.push_back(&entry);
  reading.diagnostics().error(
      found[1]->place,
      fmt::format("'{}' and '{}' are two {}, and this is one", found[0]->key, found[1]->key, plural(keyed)),
      fmt::format("write each as {} of its own", with_article(keyed.name)));
}

}  // namespace

std::vector<std::size_t> owners(const Description& keyed, std::size_t alternative) {
  const Alternative& asked = keyed.alternatives[alternative];
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < keyed.alternatives.size(); ++i) {
    const Alternative& other = keyed.alternatives[i];
    if (i != alternative && has_field(other, asked.key) && !has_field(asked, other.key)) found.push_back(i);
  }
  return found;
}

std::optional<std::size_t> kind_of(const document::Node& node, const Description& keyed, Reading& reading) {
  if (node.kind != document::Node::Kind::map) {
    wrong_kind(node, keyed, reading);
    return std::nullopt;
  }
  const std::vector<std::size_t> there = present(node, keyed);
  if (there.size() == 1) return there.front();
  if (there.empty())
    report_none(node, keyed, reading);
  else
    report_two(node, keyed, there, reading);
  return std::nullopt;
}

Description describe_keyed(std::string name, std::string about, std::vector<Alternative> alternatives) {
  Description description;
  description.kind = Description::Kind::keyed;
  description.name = std::move(name);
  description.about = std::move(about);
  description.alternatives = std::move(alternatives);
  return description;
}

}  // namespace vajrapulse::schema
