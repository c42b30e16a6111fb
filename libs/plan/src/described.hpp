#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/schema/description.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::plan {

// Descriptions of what a compiler reads, and no Shape does: steps, expectations, captures. They accept at least what
// the compiler accepts.

/// A map with known keys, field by field.
class Described {
 public:
  Described(std::string name, std::string about) {
    object_.kind = schema::Description::Kind::object;
    object_.name = std::move(name);
    object_.about = std::move(about);
  }

  Described& field(std::string key, schema::DescriptionPtr shape, std::string about, std::string example = {}) {
    schema::Field field;
    field.key = std::move(key);
    field.about = std::move(about);
    field.shape = std::move(shape);
    if (!example.empty()) field.examples.push_back(std::move(example));
    object_.fields.push_back(std::move(field));
    return *this;
  }
  // Of the field before.
  Described& required() {
    object_.fields.back().required = true;
    return *this;
  }
  Described& fallback(std::string written) {
    object_.fields.back().fallback = std::move(written);
    return *this;
  }
  // Of the whole.
  Described& sample(std::string written) {
    object_.examples.push_back(std::move(written));
    return *this;
  }
  Described& exactly_one(std::vector<std::string> keys) {
    object_.rules.push_back({schema::Rule::Kind::exactly_one, std::move(keys)});
    return *this;
  }

  [[nodiscard]] schema::DescriptionPtr made() const { return std::make_shared<const schema::Description>(object_); }

 private:
  schema::Description object_;
};

/// Any value.
inline schema::DescriptionPtr any(std::string name) { return schema::described(schema::anything(std::move(name), "")); }
/// A text, a number, true or false.
inline schema::DescriptionPtr scalar(std::string name) {
  return schema::described(schema::text({.name = std::move(name)}));
}
/// The same with `{{…}}`.
inline schema::DescriptionPtr filled_in(std::string name) {
  return schema::described(schema::template_text({.name = std::move(name)}));
}
inline schema::DescriptionPtr flag() { return schema::described(schema::boolean()); }

/// One of several.
inline schema::DescriptionPtr either(std::vector<schema::DescriptionPtr> forms) {
  schema::Description description;
  description.kind = schema::Description::Kind::forms;
  description.forms = std::move(forms);
  return std::make_shared<const schema::Description>(std::move(description));
}
inline schema::DescriptionPtr list_of(schema::DescriptionPtr of, schema::ListOptions options = {}) {
  return std::make_shared<const schema::Description>(schema::detail::describe_list(std::move(of), std::move(options)));
}
inline schema::DescriptionPtr map_of(schema::DescriptionPtr of, std::string key) {
  return std::make_shared<const schema::Description>(
      schema::detail::describe_map(std::move(of), {.key = std::move(key)}));
}

}  // namespace vajrapulse::plan
