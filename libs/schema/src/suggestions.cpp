#include "vajrapulse/schema/suggestions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "page_words.hpp"

namespace vajrapulse::schema {

namespace {

using Kind = Description::Kind;

/// A description that holds at the place, and the key that led there.
struct Spot {
  DescriptionPtr description;
  const Field* field = nullptr;
};

/// References followed, forms taken apart.
void expand(const DescriptionPtr& description, const Field* field, std::vector<Spot>& into) {
  const DescriptionPtr target = resolved(description);
  if (target->kind == Kind::forms) {
    for (const DescriptionPtr& form : target->forms)
      expand(form, field, into);
    return;
  }
  into.push_back({target, field});
  if (target->one_alone) expand(target->of, field, into);
}

void step_into(const Description& object, const std::string& key, std::vector<Spot>& into) {
  for (const Field& field : object.fields)
    if (field.key == key) expand(field.shape, &field, into);
}

std::vector<Spot> step(const std::vector<Spot>& spots, const std::string& segment) {
  std::vector<Spot> next;
  for (const Spot& spot : spots) {
    const Description& description = *spot.description;
    if (description.kind == Kind::list || description.kind == Kind::map) expand(description.of, nullptr, next);
    if (description.kind == Kind::object) step_into(description, segment, next);
    for (const Alternative& each : description.alternatives)
      step_into(*resolved(each.shape), segment, next);
  }
  return next;
}

class Collected {
 public:
  void add(Suggestion suggestion) {
    const bool known = std::ranges::any_of(
        all_, [&](const Suggestion& each) { return each.kind == suggestion.kind && each.text == suggestion.text; });
    if (!known) all_.push_back(std::move(suggestion));
  }
  void keys_of(const Description& object) {
    for (const Field& field : object.fields)
      add({Suggestion::Kind::key, field.key, words_for(*field.shape), about_key(field)});
  }
  void values_of(const Spot& spot) {
    const Description& scalar = *spot.description;
    for (const Word& word : scalar.scalar.words)
      add({Suggestion::Kind::value, word.text, {}, word.about});
    if (scalar.name == "true or false") {
      add({Suggestion::Kind::value, "true", {}, {}});
      add({Suggestion::Kind::value, "false", {}, {}});
    }
    if (spot.field != nullptr)
      for (const std::string& example : spot.field->examples)
        add({Suggestion::Kind::value, example, {}, "for example"});
    for (const std::string& example : scalar.examples)
      add({Suggestion::Kind::value, example, {}, "for example"});
  }
  void kinds_of(const Description& keyed) {
    for (const Alternative& each : keyed.alternatives)
      add({Suggestion::Kind::key, each.key, fmt::format("{} {}", each.key, keyed.name), resolved(each.shape)->about});
    for (const Alternative& each : keyed.alternatives)
      keys_of(*resolved(each.shape));
  }
  [[nodiscard]] std::vector<Suggestion> take() { return std::move(all_); }

 private:
  std::vector<Suggestion> all_;
};

}  // namespace

std::vector<Suggestion> suggestions(const Description& root, const std::vector<std::string>& path) {
  std::vector<Spot> spots;
  expand(borrowed(root), nullptr, spots);
  for (const std::string& segment : path)
    spots = step(spots, segment);
  Collected collected;
  for (const Spot& spot : spots) {
    if (spot.description->kind == Kind::object) collected.keys_of(*spot.description);
    if (spot.description->kind == Kind::keyed) collected.kinds_of(*spot.description);
    if (spot.description->kind == Kind::scalar) collected.values_of(spot);
  }
  return collected.take();
}

}  // namespace vajrapulse::schema
