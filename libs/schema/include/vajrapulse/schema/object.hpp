#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/schema/description.hpp"
#include "vajrapulse/schema/shape.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::schema {

namespace detail {

/// How one field gets into its member.
class Binding {
 public:
  virtual ~Binding() = default;
  virtual bool read(const document::Node& node, void* object, Reading& reading) const = 0;
};

template <class T, class M, class U>
class MemberBinding final : public Binding {
 public:
  MemberBinding(M T::* member, Shape<U> shape) : member_(member), shape_(std::move(shape)) {}
  bool read(const document::Node& node, void* object, Reading& reading) const override {
    return read_member(*shape_, node, static_cast<T*>(object)->*member_, reading);
  }

 private:
  M T::* member_;
  Shape<U> shape_;
};

/// The binding of an object that is a part of another.
template <class T, class P>
class PartBinding final : public Binding {
 public:
  PartBinding(P T::* part, std::shared_ptr<const Binding> of) : part_(part), of_(std::move(of)) {}
  bool read(const document::Node& node, void* object, Reading& reading) const override {
    return of_->read(node, &(static_cast<T*>(object)->*part_), reading);
  }

 private:
  P T::* part_;
  std::shared_ptr<const Binding> of_;
};

/// What all objects do alike, whatever their type.
struct ObjectCore {
  Description description;
  std::vector<std::shared_ptr<const Binding>> bindings;  ///< one for each of the description's fields

  bool read(const document::Node& node, void* object, Reading& reading) const;
};

/// Last checks, on what has been read without an error.
template <class T>
using Check = std::function<bool(const T& object, const document::Node& node, Reading& reading)>;

template <class T>
class ObjectReader final : public Reader<T> {
 public:
  bool read(const document::Node& node, T& into, Reading& reading) const override {
    if (keep_place) keep_place(into, node.place);
    if (!core.read(node, &into, reading)) return false;
    bool good = true;
    for (const Check<T>& check : checks)
      good = check(into, node, reading) && good;
    return good;
  }
  [[nodiscard]] const Description& description() const override { return core.description; }

  ObjectCore core;
  std::vector<Check<T>> checks;
  std::function<void(T&, const document::Place&)> keep_place;
};

}  // namespace detail

/// A map with known keys, each bound to a member of T: the one description of that map.
///
/// Example:
///   enum class Pattern { steady, ramp };
///   struct Scenario {
///     std::string name;
///     Pattern pattern = Pattern::steady;
///     Placed<std::int64_t> tps;  // knows where it stands, for later checks
///     std::optional<std::int64_t> from;
///     Duration duration{};
///   };
///   const Shape<Scenario> scenario =
///       object<Scenario>("scenario", "A task under a load pattern for a time.")
///           .field("name", &Scenario::name, kebab_name("scenario name"), "What it is called.").required()
///           .field("pattern", &Scenario::pattern,
///                  choice<Pattern>("pattern", {{"static", Pattern::steady}, {"ramp", Pattern::ramp}}),
///                  "How the rate goes.").fallback("static")
///           .field("tps", &Scenario::tps, rate(), "Iterations a second.").required().example("1000")
///           .field("from-tps", &Scenario::from, rate(), "Where the ramp begins.").when("pattern", {"ramp"})
///           .field("duration", &Scenario::duration, duration(), "How long.").required().example("10m");
///
///   document::Diagnostics found;
///   Reading reading(found);
///   Scenario read;
///   const bool good = scenario->read(node, read, reading);  // `duraton: 10s`: "'duraton' is no key of a scenario"
///   const std::string schema = json_schema(scenario->description(), "Scenario", "https://…/scenario.json");
template <class T>
class Object {
 public:
  Object(std::string name, std::string about) {
    description().kind = Description::Kind::object;
    description().name = std::move(name);
    description().about = std::move(about);
  }

  /// A key. The member is what the shape reads, or a std::optional or Placed of it, or a std::optional<Placed>.
  /// A key may be given twice when different `when` make it clear which is meant.
  template <class M, class U>
  Object& field(std::string key, M T::* member, Shape<U> shape, std::string about) {
    add(std::move(key), described(shape), std::move(about));
    reader_.core.bindings.push_back(std::make_shared<const detail::MemberBinding<T, M, U>>(member, std::move(shape)));
    return *this;
  }
  template <class M, class U>
  Object& field(std::string key, M T::* member, const Object<U>& object, std::string about) {
    return field(std::move(key), member, object.shape(), std::move(about));
  }

  // Of the field before.

  Object& required() {
    last().required = true;
    return *this;
  }
  /// What holds when it is absent, as one would write it; the member's initialiser has to agree.
  Object& fallback(std::string written) {
    last().fallback = std::move(written);
    return *this;
  }
  /// A value, as one would write it.
  Object& example(std::string written) {
    last().examples.push_back(std::move(written));
    return *this;
  }
  /// Allowed (and, if required, required) only when `key`, a choice of this object, has one of these values.
  Object& when(std::string key, std::vector<std::string> values) {
    last().with = std::move(key);
    last().values = std::move(values);
    return *this;
  }

  // Of the object.

  /// The keys of another object stand among those of this one.
  template <class P>
  Object& part(P T::* member, const Object<P>& of) {
    const detail::ObjectReader<P>& from = of.reader_;
    for (const auto& binding : from.core.bindings)
      reader_.core.bindings.push_back(std::make_shared<const detail::PartBinding<T, P>>(member, binding));
    for (const Field& each : from.core.description.fields)
      description().fields.push_back(each);
    for (const Rule& each : from.core.description.rules)
      description().rules.push_back(each);
    for (const detail::Check<P>& each : from.checks)
      check([member, each](const T& object, const document::Node& node, Reading& reading) {
        return each(object.*member, node, reading);
      });
    return *this;
  }
  Object& exactly_one(std::vector<std::string> keys) { return rule(Rule::Kind::exactly_one, std::move(keys)); }
  Object& at_most_one(std::vector<std::string> keys) { return rule(Rule::Kind::at_most_one, std::move(keys)); }
  Object& at_least_one(std::vector<std::string> keys) { return rule(Rule::Kind::at_least_one, std::move(keys)); }
  /// `key` needs all of the others beside it.
  Object& needs(std::string key, std::vector<std::string> others) {
    others.insert(others.begin(), std::move(key));
    return rule(Rule::Kind::needs, std::move(others));
  }
  /// Runs when all fields are good; reports what is wrong and then gives false.
  Object& check(detail::Check<T> check) {
    reader_.checks.push_back(std::move(check));
    return *this;
  }
  /// Where the map stands.
  Object& placed(document::Place T::* member) {
    reader_.keep_place = [member](T& object, const document::Place& place) { object.*member = place; };
    return *this;
  }
  /// The whole of it as one would write it on one line.
  Object& sample(std::string written) {
    description().examples.push_back(std::move(written));
    return *this;
  }

  [[nodiscard]] Shape<T> shape() const { return std::make_shared<const detail::ObjectReader<T>>(reader_); }
  operator Shape<T>() const { return shape(); }  // NOLINT(google-explicit-constructor): a description is its shape

 private:
  template <class>
  friend class Object;

  Description& description() { return reader_.core.description; }
  Field& last() { return description().fields.back(); }
  void add(std::string key, DescriptionPtr shape, std::string about) {
    Field field;
    field.key = std::move(key);
    field.about = std::move(about);
    field.shape = std::move(shape);
    description().fields.push_back(std::move(field));
  }
  Object& rule(Rule::Kind kind, std::vector<std::string> keys) {
    description().rules.push_back({kind, std::move(keys)});
    return *this;
  }

  detail::ObjectReader<T> reader_;
};

template <class T>
Object<T> object(std::string name, std::string about) {
  return Object<T>(std::move(name), std::move(about));
}

}  // namespace vajrapulse::schema
