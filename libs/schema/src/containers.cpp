#include <fmt/format.h>

#include <map>

#include "vajrapulse/schema/shapes.hpp"
#include "words.hpp"

namespace vajrapulse::schema {

namespace detail {
namespace {

using NodeKind = document::Node::Kind;

std::string where(const document::Place& place) {
  return place.source ? place.text() : fmt::format("line {}", place.line);
}

bool too_few(const document::Node& node, const Description& description, Reading& reading) {
  const Subject& subject = reading.position().subject;
  const std::string name = subject.words.empty() ? "the value" : subject.words;
  const std::string message = description.least_items == 1
                                  ? fmt::format("{} must not be empty", name)
                                  : fmt::format("{} needs at least {} {}", name, description.least_items,
                                                description.kind == Description::Kind::map ? "entries" : "items");
  reading.diagnostics().error(node.place, message, example_cure(description, subject));
  return false;
}

/// No two items have the same value at the key that must be unique.
bool all_unique(const document::Node& list, const Description& description, Reading& reading) {
  std::map<std::string_view, const document::Node*> seen;
  bool good = true;
  for (const document::Node& item : list.items) {
    const document::Node* value = item.find(description.unique);
    if (value == nullptr || value->kind != NodeKind::scalar) continue;
    const auto [first, fresh] = seen.emplace(value->text, value);
    if (fresh) continue;
    good = false;
    reading.diagnostics().error(
        value->place, fmt::format("two {} have the {} '{}'", plural(*description.of), description.unique, value->text),
        fmt::format("write another {} here; the first is at {}", description.unique, where(first->second->place)));
  }
  return good;
}

bool good_key(const document::Entry& entry, const MapOptions& options, Reading& reading) {
  if (options.names == Names::kebab && !is_kebab(entry.key)) {
    reading.diagnostics().error(entry.place, no_kebab(entry.key, options.key), kebab_cure(entry.key));
    return false;
  }
  if (options.names == Names::word && !is_word(entry.key)) {
    reading.diagnostics().error(
        entry.place,
        fmt::format("'{}' is no {}: it must be letters, digits, '-' and '_', and begin with a letter", entry.key,
                    options.key),
        kebab_cure(entry.key));
    return false;
  }
  return true;
}

bool keys_differ(const document::Node& map, const MapOptions& options, Reading& reading) {
  if (!options.ignore_case) return true;
  std::map<std::string, const document::Entry*> seen;
  bool good = true;
  for (const document::Entry& entry : map.entries) {
    const auto [first, fresh] = seen.emplace(lower(entry.key), &entry);
    if (fresh) continue;
    good = false;
    reading.diagnostics().error(
        entry.place, fmt::format("'{}' and '{}' are the same {}", first->second->key, entry.key, options.key),
        fmt::format("remove one; the first is at {}", where(first->second->place)));
  }
  return good;
}

}  // namespace

bool read_list(const document::Node& node, const Description& description, Reading& reading, const ReadItem& item) {
  if (node.kind != NodeKind::list) {
    const bool alone = description.one_alone && node.kind != NodeKind::null;
    return alone ? item(node, reading) : wrong_kind(node, description, reading);
  }
  bool good = node.items.size() >= description.least_items || too_few(node, description, reading);
  const std::string& list = reading.position().subject.words;
  Subject subject{.words = list.empty() ? "an item" : "an item of " + list, .before = "- ", .example = {}};
  const Within within(reading, std::move(subject));
  for (const document::Node& each : node.items)
    good = item(each, reading) && good;
  if (!description.unique.empty()) good = all_unique(node, description, reading) && good;
  return good;
}

bool read_map(const document::Node& node, const Description& description, const MapOptions& options, Reading& reading,
              const ReadEntry& entry) {
  if (node.kind != NodeKind::map) return wrong_kind(node, description, reading);
  bool good = node.entries.size() >= description.least_items || too_few(node, description, reading);
  good = keys_differ(node, options, reading) && good;
  for (const document::Entry& each : node.entries) {
    good = good_key(each, options, reading) && good;
    Subject subject{.words = fmt::format("'{}'", each.key), .before = each.key + ": ", .example = {}};
    const Within within(reading, std::move(subject));
    good = entry(each, reading) && good;
  }
  return good;
}

Description describe_list(DescriptionPtr of, ListOptions options) {
  Description description;
  description.kind = Description::Kind::list;
  description.of = std::move(of);
  description.about = std::move(options.about);
  description.examples = std::move(options.examples);
  description.one_alone = options.one_alone;
  description.least_items = options.least;
  description.unique = std::move(options.unique);
  return description;
}

Description describe_map(DescriptionPtr of, const MapOptions& options) {
  Description description;
  description.kind = Description::Kind::map;
  description.of = std::move(of);
  description.about = options.about;
  description.examples = options.examples;
  description.least_items = options.least;
  description.key_name = options.key;
  if (options.names == Names::kebab) description.key_pattern = kKebabPattern;
  if (options.names == Names::word) description.key_pattern = kWordPattern;
  return description;
}

Description describe_forms(std::string name, std::vector<DescriptionPtr> forms) {
  Description description;
  description.kind = Description::Kind::forms;
  description.name = std::move(name);
  description.forms = std::move(forms);
  return description;
}

bool no_form(const document::Node& node, const Description& description, Reading& reading) {
  return wrong_kind(node, description, reading);
}

Description describe_reference(std::string name, std::function<DescriptionPtr()> target) {
  Description description;
  description.kind = Description::Kind::reference;
  description.name = std::move(name);
  description.target = std::move(target);
  return description;
}

namespace {

/// Gives the node itself.
class NodeReader final : public Reader<const document::Node*> {
 public:
  explicit NodeReader(DescriptionPtr description) : description_(std::move(description)) {}
  bool read(const document::Node& node, const document::Node*& into, Reading& /*reading*/) const override {
    into = &node;
    return true;
  }
  [[nodiscard]] const Description& description() const override { return *description_; }

 private:
  DescriptionPtr description_;
};

}  // namespace
}  // namespace detail

Shape<const document::Node*> untouched(DescriptionPtr description) {
  return std::make_shared<const detail::NodeReader>(std::move(description));
}

Shape<const document::Node*> anything(std::string name, std::string about) {
  auto description = std::make_shared<Description>();
  description->kind = Description::Kind::anything;
  description->name = std::move(name);
  description->about = std::move(about);
  return untouched(std::move(description));
}

}  // namespace vajrapulse::schema
