#include "vajrapulse/schema/json_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "example_value.hpp"
#include "keyed.hpp"
#include "page_words.hpp"
#include "words.hpp"

namespace vajrapulse::schema {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Description::Kind;
using Placeholders = ScalarForm::Placeholders;

/// {{name}}, or ${NAME} of the environment.
constexpr const char* kPlaceholder = R"(\{\{|\$\{)";

Json required(const std::string& key) { return {{"required", Json::array({key})}}; }

template <class Each, class Make>
Json array_of(const Each& each, Make make) {
  Json array = Json::array();
  for (const auto& one : each)
    array.push_back(make(one));
  return array;
}

Json examples_of(const std::vector<std::string>& written) { return array_of(written, example_value); }

void describe(Json& schema, const std::string& about) {
  if (!about.empty()) schema["description"] = about;
}

/// One of the words, or what only the run's variables will tell.
Json one_of(const std::vector<std::string>& words) {
  return {{"anyOf", Json::array({{{"enum", words}}, {{"type", "string"}, {"pattern", kPlaceholder}}})}};
}

Json choice_schema(const ScalarForm& form) {
  std::vector<std::string> words;
  for (const Word& word : form.words)
    words.push_back(word.text);
  if (form.placeholders == Placeholders::none) return {{"enum", words}};
  return one_of(words);
}

Json types_of(const ScalarForm& form) {
  Json types = Json::array({"string"});
  if (form.numbers == ScalarForm::Numbers::whole) types.push_back("integer");
  if (form.numbers == ScalarForm::Numbers::any) types.push_back("number");
  if (form.truth) types.push_back("boolean");
  return types.size() == 1 ? types.front() : types;
}

/// Whole numbers without a point.
Json limit(double value) {
  constexpr double kExact = 9e15;
  const bool whole = value > -kExact && value < kExact && double(std::int64_t(value)) == value;
  return whole ? Json(std::int64_t(value)) : Json(value);
}

Json scalar_schema(const ScalarForm& form) {
  if (!form.words.empty()) return choice_schema(form);
  Json schema{{"type", types_of(form)}};
  const bool replaced = form.placeholders == Placeholders::constant;
  if (!form.pattern.empty())
    schema["pattern"] = replaced ? fmt::format("{}|{}", form.pattern, kPlaceholder) : form.pattern;
  // What replaces a placeholder may be longer or shorter than it.
  if (form.least_length == 1 || (form.least_length > 1 && !replaced)) schema["minLength"] = form.least_length;
  if (form.most_length && !replaced) schema["maxLength"] = *form.most_length;
  if (form.numbers != ScalarForm::Numbers::none && form.least) schema["minimum"] = limit(*form.least);
  if (form.numbers != ScalarForm::Numbers::none && form.most) schema["maximum"] = limit(*form.most);
  return schema;
}

/// Makes one schema; objects stand once, under $defs.
class SchemaWriter {
 public:
  Json whole(const Description& root, std::string_view title, std::string_view id) {
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}};
    const DescriptionPtr start = resolved(borrowed(root));
    schema.update(content(*start));
    if (!definitions_.empty()) schema["$defs"] = std::move(definitions_);
    return schema;
  }

 private:
  Json of(const DescriptionPtr& description) {
    switch (description->kind) {
      case Kind::object:
      case Kind::keyed: return defined(description, description->name);
      case Kind::reference: return referred(*description);
      case Kind::scalar: return scalar(*description);
      case Kind::list:
      case Kind::map:
      case Kind::forms:
      case Kind::anything: break;
    }
    return content(*description);
  }

  /// Long patterns stand once.
  Json scalar(const Description& description) {
    constexpr std::size_t kLong = 40;
    Json body = content(description);
    if (description.scalar.pattern.size() < kLong) return body;
    const std::string text = body.dump();
    const auto known = scalars_.find(text);
    if (known != scalars_.end()) return {{"$ref", known->second}};
    const std::string slug = free_name(as_kebab(description.name));
    definitions_[slug] = std::move(body);
    scalars_.emplace(text, "#/$defs/" + slug);
    return {{"$ref", "#/$defs/" + slug}};
  }

  Json referred(const Description& reference) {
    const auto known = references_.find(reference.name);
    if (known != references_.end()) return {{"$ref", known->second}};
    const DescriptionPtr target = resolved(reference.target());
    const bool named = target->kind == Kind::object || target->kind == Kind::keyed;
    return defined(target, named ? target->name : reference.name, reference.name);
  }

  /// The reference to a definition, which is written when it is not there yet.
  Json defined(const DescriptionPtr& description, const std::string& name, const std::string& reference = {}) {
    const auto known = names_.find(description.get());
    if (known != names_.end()) return {{"$ref", known->second}};
    const std::string slug = free_name(as_kebab(name));
    const std::string pointer = "#/$defs/" + slug;
    names_.emplace(description.get(), pointer);
    kept_.push_back(description);
    if (!reference.empty()) references_.emplace(reference, pointer);
    definitions_[slug] = nullptr;  // its place in the order
    Json body = content(*description);
    definitions_[slug] = std::move(body);
    return {{"$ref", pointer}};
  }

  [[nodiscard]] std::string free_name(const std::string& wanted) const {
    std::string name = wanted.empty() ? "value" : wanted;
    for (int i = 2; definitions_.contains(name); ++i)
      name = fmt::format("{}-{}", wanted.empty() ? "value" : wanted, i);
    return name;
  }

  Json content(const Description& description) {
    Json schema = bare(description);
    describe(schema, description.about);
    if (!description.examples.empty()) schema["examples"] = examples_of(description.examples);
    return schema;
  }

  Json bare(const Description& description) {
    switch (description.kind) {
      case Kind::scalar: return scalar_schema(description.scalar);
      case Kind::list: return list(description);
      case Kind::map: return map(description);
      case Kind::object: return object(description);
      case Kind::keyed: return keyed(description);
      case Kind::forms:
        return {{"anyOf", array_of(description.forms, [&](const DescriptionPtr& form) { return of(form); })}};
      case Kind::reference: return referred(description);
      case Kind::anything: break;
    }
    return Json::object();
  }

  Json list(const Description& description) {
    Json item = of(description.of);
    Json list{{"type", "array"}, {"items", item}};
    if (description.least_items > 0) list["minItems"] = description.least_items;
    if (!description.one_alone) return list;
    return {{"anyOf", Json::array({std::move(item), std::move(list)})}};
  }

  Json map(const Description& description) {
    Json map{{"type", "object"}, {"additionalProperties", of(description.of)}};
    if (!description.key_pattern.empty()) map["propertyNames"] = {{"pattern", description.key_pattern}};
    if (description.least_items > 0) map["minProperties"] = description.least_items;
    return map;
  }

  Json property(const Field& field) {
    Json schema = of(field.shape);
    const std::string about = about_key(field);
    const bool more = !about.empty() && !schema.contains("$ref") && schema.contains("description");
    describe(schema, more ? fmt::format("{} {}", about, schema["description"].get<std::string>()) : about);
    if (!field.fallback.empty()) schema["default"] = example_value(field.fallback);
    if (!field.examples.empty()) schema["examples"] = examples_of(field.examples);
    return schema;
  }

  Json object(const Description& description) {
    Json schema{{"type", "object"}};
    Json properties = Json::object();
    for (const Field& field : description.fields) {
      Json one = property(field);
      if (!properties.contains(field.key))
        properties[field.key] = std::move(one);
      else if (alike(description, field.key))
        add_about(properties[field.key], one);
      else
        properties[field.key] = {{"anyOf", Json::array({properties[field.key], std::move(one)})}};
    }
    schema["properties"] = std::move(properties);
    schema["additionalProperties"] = false;
    add_required(schema, description);
    add_conditions(schema, description);
    add_rules(schema, description);
    return schema;
  }

  /// Whether all fields of this key have the same shape.
  bool alike(const Description& object, const std::string& key) {
    const Json first = of(object.field(key)->shape);
    return std::ranges::all_of(object.fields,
                               [&](const Field& field) { return field.key != key || of(field.shape) == first; });
  }

  static void add_about(Json& property, const Json& other) {
    if (!property.contains("examples") && other.contains("examples")) property["examples"] = other["examples"];
    if (!other.contains("description")) return;
    const auto more = other["description"].get<std::string>();
    describe(property, property.contains("description")
                           ? fmt::format("{} {}", property["description"].get<std::string>(), more)
                           : more);
  }

  static void add_required(Json& schema, const Description& object) {
    for (const Field& field : object.fields)
      if (field.required && field.with.empty()) schema["required"].push_back(field.key);
  }

  /// Whether the key decides without being there.
  static bool holds_absent(const Description& object, const std::string& key, const std::vector<std::string>& values) {
    const Field* field = object.field(key);
    return field != nullptr && std::ranges::find(values, field->fallback) != values.end();
  }

  void add_conditions(Json& schema, const Description& object) {
    for (const Field& field : object.fields)
      if (!field.with.empty() && !schema["dependentSchemas"].contains(field.key)) add_allowed(schema, object, field);
    if (schema.contains("dependentSchemas") && schema["dependentSchemas"].empty()) schema.erase("dependentSchemas");
    for (const Field& field : object.fields)
      if (!field.with.empty()) add_demanded(schema, object, field);
  }

  /// The key is allowed only beside those values.
  static void add_allowed(Json& schema, const Description& object, const Field& of) {
    std::vector<std::string> values;
    for (const Field& field : object.fields) {
      if (field.key != of.key) continue;
      if (field.with != of.with) return;  // allowed otherwise, too
      values.insert(values.end(), field.values.begin(), field.values.end());
    }
    Json allowed{{"properties", {{of.with, one_of(values)}}}};
    if (!holds_absent(object, of.with, values)) allowed["required"] = Json::array({of.with});
    schema["dependentSchemas"][of.key] = std::move(allowed);
  }

  /// Beside those values the key is required, or has a shape of its own.
  void add_demanded(Json& schema, const Description& object, const Field& field) {
    const bool unlike = !alike(object, field.key);
    if (!field.required && !unlike) return;
    Json condition{{"properties", {{field.with, {{"enum", field.values}}}}}};
    if (!holds_absent(object, field.with, field.values)) condition["required"] = Json::array({field.with});
    Json then = Json::object();
    if (unlike) then["properties"] = {{field.key, of(field.shape)}};
    if (field.required) then["required"] = Json::array({field.key});
    schema["allOf"].push_back({{"if", std::move(condition)}, {"then", std::move(then)}});
  }

  static void add_rules(Json& schema, const Description& object) {
    for (const Rule& rule : object.rules) {
      if (rule.kind == Rule::Kind::needs) {
        for (std::size_t i = 1; i < rule.keys.size(); ++i)
          schema["dependentRequired"][rule.keys.front()].push_back(rule.keys[i]);
        continue;
      }
      schema["allOf"].push_back(rule_schema(rule));
    }
  }

  static Json rule_schema(const Rule& rule) {
    if (rule.kind == Rule::Kind::exactly_one) return {{"oneOf", array_of(rule.keys, required)}};
    if (rule.kind == Rule::Kind::at_least_one) return {{"anyOf", array_of(rule.keys, required)}};
    Json pairs = Json::array();
    for (std::size_t i = 0; i < rule.keys.size(); ++i)
      for (std::size_t j = i + 1; j < rule.keys.size(); ++j)
        pairs.push_back({{"required", Json::array({rule.keys[i], rule.keys[j]})}});
    return {{"not", {{"anyOf", std::move(pairs)}}}};
  }

  Json keyed(const Description& description) {
    Json schema{{"type", "object"}};
    schema["anyOf"] = array_of(description.alternatives, [](const Alternative& each) { return required(each.key); });
    for (std::size_t i = 0; i < description.alternatives.size(); ++i) {
      Json condition = required(description.alternatives[i].key);
      const auto others = owners(description, i);
      if (!others.empty())
        condition["not"] = {
            {"anyOf", array_of(others, [&](std::size_t j) { return required(description.alternatives[j].key); })}};
      schema["allOf"].push_back({{"if", std::move(condition)}, {"then", of(description.alternatives[i].shape)}});
    }
    return with_bare_keys(std::move(schema), description);
  }

  /// Keys that may stand alone are texts instead of a map.
  static Json with_bare_keys(Json schema, const Description& keyed) {
    Json bare = Json::array();
    for (const Alternative& each : keyed.alternatives)
      if (each.bare) bare.push_back(each.key);
    return bare.empty() ? schema : Json{{"anyOf", Json::array({{{"enum", std::move(bare)}}, std::move(schema)})}};
  }

  Json definitions_ = Json::object();
  std::map<const Description*, std::string> names_;
  std::map<std::string, std::string> references_;
  std::map<std::string, std::string> scalars_;
  std::vector<DescriptionPtr> kept_;  ///< so that no address is used twice
};

}  // namespace

std::string json_schema(const Description& root, std::string_view title, std::string_view id) {
  return SchemaWriter().whole(root, title, id).dump(2) + "\n";
}

}  // namespace vajrapulse::schema
