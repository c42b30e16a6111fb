#include "vajrapulse/schema/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "vajrapulse/base/text.hpp"
#include "words.hpp"

namespace vajrapulse::schema::detail {
namespace {

using NodeKind = document::Node::Kind;

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string quoted(std::string_view word) { return fmt::format("'{}'", word); }

std::string quoted_and_joined(const std::vector<std::string>& keys, std::string_view last) {
  std::vector<std::string> words;
  for (const std::string& key : keys)
    words.push_back(quoted(key));
  return joined(words, last);
}

/// The value of a key that decides which other keys are allowed.
struct Decision {
  enum class State { known, absent, wrong };
  State state = State::absent;
  std::string value;
};

/// Reads one map, once.
class ObjectPass {
 public:
  ObjectPass(const ObjectCore& core, const document::Node& node, void* object, Reading& reading)
      : core_(core),
        object_(core.description),
        node_(node),
        into_(object),
        reading_(reading),
        kinds_(std::exchange(reading.position().kinds, nullptr)),
        done_(core.bindings.size()) {
    reading_.position().around.push_back(&object_);
  }
  ObjectPass(const ObjectPass&) = delete;
  ObjectPass& operator=(const ObjectPass&) = delete;
  ~ObjectPass() { reading_.position().around.pop_back(); }

  bool run() {
    for (const Field& field : object_.fields)
      if (!field.with.empty()) decide(field.with);
    for (const document::Entry& entry : node_.entries)
      read(entry);
    for (const Field& field : object_.fields)
      if (field.required) require(field);
    for (const Rule& rule : object_.rules)
      hold(rule);
    return good_;
  }

 private:
  void error(const document::Place& place, std::string message, std::string cure) {
    good_ = false;
    reading_.diagnostics().error(place, std::move(message), std::move(cure));
  }

  // Fields.

  void decide(const std::string& key) {
    if (decisions_.contains(key)) return;
    Decision& decision = decisions_[key];
    const Field* field = object_.field(key);
    const document::Entry* entry = entry_of(key);
    if (entry == nullptr) {
      const bool has_fallback = field != nullptr && !field->fallback.empty();
      if (has_fallback) decision = {Decision::State::known, field->fallback};
      return;
    }
    decision.state = Decision::State::wrong;
    if (field == nullptr || !read_field(std::size_t(field - object_.fields.data()), *entry)) return;
    const bool placeholder = entry->value.text.find("{{") != std::string::npos;
    const auto value = placeholder ? reading_.constant(entry->value) : std::optional(entry->value.text);
    if (value) decision = {Decision::State::known, *value};
  }

  [[nodiscard]] const document::Entry* entry_of(std::string_view key) const {
    const auto found = std::ranges::find(node_.entries, key, &document::Entry::key);
    return found == node_.entries.end() ? nullptr : &*found;
  }

  /// Whether the field is for a map like this one; when nobody can tell, it is.
  [[nodiscard]] bool applies(const Field& field) const {
    if (field.with.empty()) return true;
    const Decision& decision = decisions_.at(field.with);
    if (decision.state == Decision::State::wrong) return true;
    return decision.state == Decision::State::known && contains(field.values, decision.value);
  }

  void read(const document::Entry& entry) {
    const Field* other = nullptr;
    for (std::size_t i = 0; i < object_.fields.size(); ++i) {
      const Field& field = object_.fields[i];
      if (field.key != entry.key) continue;
      if (applies(field)) {
        read_field(i, entry);
        return;
      }
      other = &field;
    }
    if (other != nullptr)
      belongs_elsewhere(entry, *other);
    else
      unknown(entry);
  }

  bool read_field(std::size_t index, const document::Entry& entry) {
    if (done_[index]) return *done_[index];
    const Field& field = object_.fields[index];
    Subject subject{.words = quoted(field.key),
                    .before = field.key + ": ",
                    .example = field.examples.empty() ? std::string() : field.examples.front()};
    const Within within(reading_, std::move(subject));
    const bool good = core_.bindings[index]->read(entry.value, into_, reading_);
    done_[index] = good;
    good_ = good_ && good;
    return good;
  }

  // Keys that are not for this map.

  void belongs_elsewhere(const document::Entry& entry, const Field& field) {
    const Decision& decision = decisions_.at(field.with);
    const bool known = decision.state == Decision::State::known;
    const std::string values = joined(field.values);
    error(entry.place,
          known ? fmt::format("'{}' belongs to {}: {}, and this {}'s {} is {}", entry.key, field.with, values,
                              object_.name, field.with, decision.value)
                : fmt::format("'{}' belongs to {}: {}, and this {} has no {}", entry.key, field.with, values,
                              object_.name, field.with),
          known ? fmt::format("remove it, or write {}: {}", field.with, field.values.front())
                : fmt::format("add {}: {}", field.with, field.values.front()));
  }

  void unknown(const document::Entry& entry) {
    if (of_another_kind(entry)) return;
    const std::string message = fmt::format("'{}' is no key of {}", entry.key, with_article(object_.name));
    if (const auto near = nearest_key(entry.key)) {
      meant_.push_back(*near);
      return error(entry.place, message, fmt::format("did you mean '{}'?", *near));
    }
    error(entry.place, message, misplaced_cure(entry));
  }

  /// In a map that a key has told from others: whether one of those others has this key.
  bool of_another_kind(const document::Entry& entry) {
    if (kinds_ == nullptr) return false;
    const Alternative* own = nullptr;
    const Alternative* other = nullptr;
    for (const Alternative& each : kinds_->alternatives) {
      const DescriptionPtr shape = resolved(each.shape);
      if (shape.get() == &object_) own = &each;
      if (other == nullptr && shape->field(entry.key) != nullptr) other = &each;
    }
    if (own == nullptr || other == nullptr) return false;
    error(entry.place,
          fmt::format("'{}' is a key of {}, and this is {}", entry.key,
                      with_article(fmt::format("{} {}", other->key, kinds_->name)),
                      with_article(fmt::format("{} {}", own->key, kinds_->name))),
          "remove it");
    return true;
  }

  [[nodiscard]] std::optional<std::string> nearest_key(std::string_view key) const {
    std::vector<std::string> allowed;
    std::vector<std::string> all;
    for (const Field& field : object_.fields) {
      all.push_back(field.key);
      if (applies(field)) allowed.push_back(field.key);
    }
    const std::string kebab = as_kebab(key);
    if (contains(all, kebab)) return kebab;
    auto near = nearest(key, allowed);
    return near ? near : nearest(key, all);
  }

  /// A key that would be right one level further out or in was probably indented wrongly.
  [[nodiscard]] std::string misplaced_cure(const document::Entry& entry) const {
    const auto& around = reading_.position().around;
    for (std::size_t i = around.size() - 1; i-- > 0;)
      if (around[i]->field(entry.key) != nullptr && around[i] != &object_)
        return fmt::format("'{}' is a key of the {} around it: indent it less", entry.key, around[i]->name);
    for (const Field& field : object_.fields) {
      const DescriptionPtr shape = resolved(field.shape);
      if (shape->kind == Description::Kind::object && shape->field(entry.key) != nullptr)
        return fmt::format("'{}' is a key of '{}': write it there, indented more", entry.key, field.key);
    }
    return keys_cure();
  }

  [[nodiscard]] std::string keys_cure() const {
    constexpr std::size_t kMost = 12;
    std::vector<std::string> keys;
    for (const Field& field : object_.fields)
      if (applies(field) && !contains(keys, field.key)) keys.push_back(field.key);
    if (keys.empty()) return "remove it";
    const bool more = keys.size() > kMost;
    if (more) keys.resize(kMost);
    return more ? fmt::format("its keys are {}, …", fmt::join(keys, ", "))
                : fmt::format("{} {}", keys.size() == 1 ? "its key is" : "its keys are", joined(keys, "and"));
  }

  // What has to be there.

  /// There, or misspelled and reported already.
  [[nodiscard]] bool has(const std::string& key) const { return node_.find(key) != nullptr || contains(meant_, key); }

  void require(const Field& field) {
    if (has(field.key) || !applies(field)) return;
    const bool by_value = !field.with.empty();
    if (by_value && decisions_.at(field.with).state == Decision::State::wrong) return;
    const std::string which = by_value ? fmt::format("{} with {}: {}", with_article(object_.name), field.with,
                                                     decisions_.at(field.with).value)
                                       : with_article(object_.name);
    error(node_.place, fmt::format("{} needs '{}'", which, field.key), add_cure(field));
  }

  [[nodiscard]] static std::string add_cure(const Field& field) {
    const std::string example = field.examples.empty() ? schema::sample(*field.shape) : field.examples.front();
    return example.empty() ? fmt::format("add '{}'", field.key)
                           : fmt::format("add for example {}: {}", field.key, example);
  }
  [[nodiscard]] std::string add_cure(const std::string& key) const {
    const Field* field = object_.field(key);
    return field == nullptr ? fmt::format("add '{}'", key) : add_cure(*field);
  }

  void hold(const Rule& rule) {
    if (rule.kind == Rule::Kind::needs) return hold_needs(rule);
    std::vector<std::string> there;
    for (const std::string& key : rule.keys)
      if (node_.find(key) != nullptr) there.push_back(key);
    const bool lacks = std::ranges::none_of(rule.keys, [&](const std::string& key) { return has(key); });
    if (lacks && rule.kind != Rule::Kind::at_most_one) {
      error(node_.place, fmt::format("{} needs {}", with_article(object_.name), quoted_and_joined(rule.keys, "or")),
            add_cure(rule.keys.front()));
    } else if (there.size() > 1 && rule.kind != Rule::Kind::at_least_one) {
      only_one(there);
    }
  }

  void only_one(const std::vector<std::string>& there) {
    const document::Entry* last = nullptr;
    for (const document::Entry& entry : node_.entries)
      if (contains(there, entry.key)) last = &entry;
    error(last == nullptr ? node_.place : last->place,
          fmt::format("{} cannot stand together in {}", quoted_and_joined(there, "and"), with_article(object_.name)),
          there.size() == 2 ? "remove one of them" : "keep one of them");
  }

  void hold_needs(const Rule& rule) {
    const document::Entry* entry = entry_of(rule.keys.front());
    if (entry == nullptr) return;
    for (std::size_t i = 1; i < rule.keys.size(); ++i)
      if (!has(rule.keys[i]))
        error(entry->place, fmt::format("'{}' needs '{}' beside it", entry->key, rule.keys[i]), add_cure(rule.keys[i]));
  }

  const ObjectCore& core_;
  const Description& object_;
  const document::Node& node_;
  void* into_;
  Reading& reading_;
  const Description* kinds_;
  std::vector<std::optional<bool>> done_;
  std::map<std::string, Decision, std::less<>> decisions_;
  std::vector<std::string> meant_;  ///< keys that were probably meant by misspelled ones
  bool good_ = true;
};

}  // namespace

bool ObjectCore::read(const document::Node& node, void* object, Reading& reading) const {
  if (node.kind != NodeKind::map) {
    reading.position().kinds = nullptr;
    return wrong_kind(node, description, reading);
  }
  return ObjectPass(*this, node, object, reading).run();
}

}  // namespace vajrapulse::schema::detail
