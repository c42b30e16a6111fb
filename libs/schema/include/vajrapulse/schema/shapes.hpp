#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/schema/description.hpp"
#include "vajrapulse/schema/reading.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::schema {

// Scalars. A scalar that contains `{{` is first made constant by Reading::constant; only `template_text` and languages
// that say so keep it.

struct TextOptions {
  std::string name = "text";  ///< a noun, for messages: "'X' is no tag"
  std::string about{};
  std::size_t least = 0;  ///< characters; 1: not empty
  std::optional<std::size_t> most{};
  std::string pattern{};        ///< ECMA-262; the whole text has to match
  std::string pattern_words{};  ///< what the pattern means: "letters and digits"
  std::vector<std::string> examples{};
};
/// Any scalar as a text: numbers and true as they are written.
Shape<std::string> text(TextOptions options = {});
/// A text that may hold `{{placeholders}}`; they are left as they are.
Shape<std::string> template_text(TextOptions options = {});
/// Lower-case words joined by '-': "steady-state". `name` is what it names: "scenario name".
Shape<std::string> kebab_name(std::string name);

/// true or false, in quotes or not.
Shape<bool> boolean();
Shape<std::int64_t> whole_number(std::int64_t least, std::int64_t most);
Shape<double> number(std::optional<double> least = {}, std::optional<double> most = {});
/// A time with its unit: parse_duration.
Shape<Duration> duration();
/// Millionths of one per second: parse_rate.
Shape<std::int64_t> rate();
/// parse_bytes.
Shape<std::uint64_t> bytes();
/// A share of 0 to 1: "5%", "0.05".
Shape<double> share();

/// Reads by another shape and makes a T of it.
template <class T, class U, class Make>
Shape<T> mapped(Shape<U> shape, Make make);

/// A whole number of the type T.
template <std::integral T = std::int64_t>
Shape<T> integer(std::int64_t least = std::int64_t(std::numeric_limits<T>::min()),
                 std::int64_t most = std::in_range<std::int64_t>(std::numeric_limits<T>::max())
                                         ? std::int64_t(std::numeric_limits<T>::max())
                                         : std::numeric_limits<std::int64_t>::max()) {
  if constexpr (std::same_as<T, std::int64_t>)
    return whole_number(least, most);
  else
    return mapped<T>(whole_number(least, most), [](std::int64_t value) { return static_cast<T>(value); });
}

// Small languages and choices.

/// A scalar of a language of its own: a load, an expression, a JSONPath.
struct Language {
  std::string name;  ///< a noun: "load", "condition"
  std::string about{};
  std::vector<std::string> examples{};
  std::string pattern{};  ///< ECMA-262, for the JSON Schema only; may accept more than the conversion does
  ScalarForm::Numbers numbers = ScalarForm::Numbers::any;  ///< whether a bare number can be one of it
  ScalarForm::Placeholders placeholders = ScalarForm::Placeholders::constant;
};

namespace detail {

template <class T>
using Converted = std::expected<T, std::vector<Mistake>>;

template <class E>
Mistake mistake_from(const E& error) {
  if constexpr (requires { error.column; })
    return {error.column, error.length, error.message, error.cure};
  else
    return {0, 0, error.message, error.cure};
}
template <class E>
std::vector<Mistake> mistakes_from(const E& error) {
  return {mistake_from(error)};
}
template <class E>
std::vector<Mistake> mistakes_from(const std::vector<E>& errors) {
  std::vector<Mistake> mistakes;
  for (const E& error : errors)
    mistakes.push_back(mistake_from(error));
  return mistakes;
}

Description describe(const Language& language);

template <class T, class Convert>
class ScalarReader final : public Reader<T> {
 public:
  ScalarReader(Description description, Convert convert)
      : description_(std::move(description)), convert_(std::move(convert)) {}

  bool read(const document::Node& node, T& into, Reading& reading) const override {
    const std::optional<std::string> text = scalar_text(node, description_, reading);
    if (!text) return false;
    auto value = convert_(std::string_view(*text));
    if (value) {
      into = std::move(*value);
      return true;
    }
    report(node, mistakes_from(value.error()), description_, reading);
    return false;
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  Description description_;
  Convert convert_;
};

template <class T, class Convert>
Shape<T> scalar(Description description, Convert convert) {
  return std::make_shared<const ScalarReader<T, Convert>>(std::move(description), std::move(convert));
}

/// Which of the words it is.
std::expected<std::size_t, Mistake> chosen(std::string_view text, const std::string& name,
                                           const std::vector<Word>& words);
Description describe_choice(std::string name, std::vector<Word> words);

}  // namespace detail

/// `convert` takes the scalar's text and gives a T or what is wrong: an Error, a Mistake (anything with column, length,
/// message and cure) or a vector of Mistakes, which are shown inside the scalar.
template <class T, class Convert>
Shape<T> custom(const Language& language, Convert convert) {
  return detail::scalar<T>(detail::describe(language), std::move(convert));
}

/// One word of a choice, and what it means.
template <class E>
struct Choice {
  std::string text;
  E value;
  std::string about{};
};
/// One of some words: choice<Arrivals>("kind of arrivals", {{"even", Arrivals::even}, {"poisson", Arrivals::poisson}}).
template <class E>
Shape<E> choice(std::string name, std::vector<Choice<E>> choices) {
  std::vector<Word> words;
  std::vector<E> values;
  for (Choice<E>& each : choices) {
    words.push_back({std::move(each.text), std::move(each.about)});
    values.push_back(std::move(each.value));
  }
  Description description = detail::describe_choice(name, words);
  auto convert = [name = std::move(name), words = std::move(words),
                  values = std::move(values)](std::string_view text) -> std::expected<E, Mistake> {
    const auto index = detail::chosen(text, name, words);
    if (!index) return std::unexpected(index.error());
    return values[*index];
  };
  return detail::scalar<E>(std::move(description), std::move(convert));
}
/// One of some words, as a text.
Shape<std::string> word(std::string name, std::vector<Word> words);

// Lists and maps.

struct ListOptions {
  std::string about{};
  std::size_t least = 0;   ///< items
  bool one_alone = false;  ///< a single item may stand without the list
  std::string unique{};    ///< a key of the items whose values must all differ: "name"
  std::vector<std::string> examples{};
};

/// What the keys of a map may be.
enum class Names : std::uint8_t {
  any,
  kebab,  ///< lower-case words joined by '-'
  word,   ///< letters, digits, '-' and '_', beginning with a letter
};
struct MapOptions {
  std::string key = "name";  ///< what the keys are, a noun: "task name", "header"
  Names names = Names::any;
  std::string about{};
  std::size_t least = 0;     ///< entries
  bool ignore_case = false;  ///< keys that differ only in case are the same
  std::vector<std::string> examples{};
};

/// An entry of a map that keeps its order.
template <class T>
struct Named {
  Placed<std::string> key;
  T value{};
};

namespace detail {

/// Reads the item with this number, made by the caller.
using ReadItem = std::function<bool(const document::Node& node, Reading& reading)>;
using ReadEntry = std::function<bool(const document::Entry& entry, Reading& reading)>;
bool read_list(const document::Node& node, const Description& description, Reading& reading, const ReadItem& item);
bool read_map(const document::Node& node, const Description& description, const MapOptions& options, Reading& reading,
              const ReadEntry& entry);
Description describe_list(DescriptionPtr of, ListOptions options);
Description describe_map(DescriptionPtr of, const MapOptions& options);

template <class T>
class ListReader final : public Reader<std::vector<T>> {
 public:
  ListReader(Shape<T> of, ListOptions options)
      : of_(std::move(of)), description_(describe_list(described(of_), std::move(options))) {}

  bool read(const document::Node& node, std::vector<T>& into, Reading& reading) const override {
    into.clear();
    return read_list(node, description_, reading, [&](const document::Node& item, Reading& inner) {
      T value{};
      if (!of_->read(item, value, inner)) return false;
      into.push_back(std::move(value));
      return true;
    });
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  Shape<T> of_;
  Description description_;
};

template <class T>
class MapReader final : public Reader<std::vector<Named<T>>> {
 public:
  MapReader(Shape<T> of, MapOptions options)
      : of_(std::move(of)), options_(std::move(options)), description_(describe_map(described(of_), options_)) {}

  bool read(const document::Node& node, std::vector<Named<T>>& into, Reading& reading) const override {
    into.clear();
    return read_map(node, description_, options_, reading, [&](const document::Entry& entry, Reading& inner) {
      Named<T> named;
      if (!of_->read(entry.value, named.value, inner)) return false;
      named.key = {entry.key, entry.place};
      into.push_back(std::move(named));
      return true;
    });
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  Shape<T> of_;
  MapOptions options_;
  Description description_;
};

}  // namespace detail

template <class T>
Shape<std::vector<T>> list_of(Shape<T> of, ListOptions options = {}) {
  return std::make_shared<const detail::ListReader<T>>(std::move(of), std::move(options));
}
/// A list, or one item without the list.
template <class T>
Shape<std::vector<T>> one_or_list(Shape<T> of, ListOptions options = {}) {
  options.one_alone = true;
  return list_of(std::move(of), std::move(options));
}
/// Keys that the user chooses, in the order of the file.
template <class T>
Shape<std::vector<Named<T>>> map_of(Shape<T> of, MapOptions options = {}) {
  return std::make_shared<const detail::MapReader<T>>(std::move(of), std::move(options));
}

// Made of other shapes.

namespace detail {

template <class M>
struct IsOptional : std::false_type {};
template <class M>
struct IsOptional<std::optional<M>> : std::true_type {};
template <class M>
struct IsPlaced : std::false_type {};
template <class M>
struct IsPlaced<Placed<M>> : std::true_type {};

template <class M, class U>
void assign(M& member, U&& value, const document::Place& place) {
  if constexpr (std::is_assignable_v<M&, U&&> && !IsOptional<M>::value) {
    member = std::forward<U>(value);
  } else if constexpr (IsOptional<M>::value) {
    assign(member.emplace(), std::forward<U>(value), place);
  } else {
    static_assert(IsPlaced<M>::value, "the member does not take what the shape reads");
    member.place = place;
    assign(member.value, std::forward<U>(value), place);
  }
}

/// Reads into a T, std::optional<T>, Placed<T> or std::optional<Placed<T>>.
template <class M, class U>
bool read_member(const Reader<U>& shape, const document::Node& node, M& member, Reading& reading) {
  if constexpr (std::same_as<M, U>) {
    return shape.read(node, member, reading);
  } else {
    U value{};
    if (!shape.read(node, value, reading)) return false;
    assign(member, std::move(value), node.place);
    return true;
  }
}

template <class T, class U, class Take>
class ThroughReader final : public Reader<T> {
 public:
  ThroughReader(Shape<U> shape, Take take) : shape_(std::move(shape)), take_(std::move(take)) {}
  bool read(const document::Node& node, T& into, Reading& reading) const override {
    U value{};
    if (!shape_->read(node, value, reading)) return false;
    take_(into, std::move(value), node);
    return true;
  }
  [[nodiscard]] const Description& description() const override { return shape_->description(); }

 private:
  Shape<U> shape_;
  Take take_;
};

template <class U>
class WrittenReader final : public Reader<std::string> {
 public:
  explicit WrittenReader(Shape<U> shape) : shape_(std::move(shape)) {}
  bool read(const document::Node& node, std::string& into, Reading& reading) const override {
    U value{};
    if (!shape_->read(node, value, reading)) return false;
    const auto text = scalar_text(node, shape_->description(), reading);
    if (text) into = *text;
    return text.has_value();
  }
  [[nodiscard]] const Description& description() const override { return shape_->description(); }

 private:
  Shape<U> shape_;
};

template <class T, class U, class Take>
Shape<T> through(Shape<U> shape, Take take) {
  return std::make_shared<const ThroughReader<T, U, Take>>(std::move(shape), std::move(take));
}

}  // namespace detail

template <class T, class U, class Make>
Shape<T> mapped(Shape<U> shape, Make make) {
  return detail::through<T>(std::move(shape), [make = std::move(make)](T& into, U&& value, const document::Node&) {
    into = make(std::move(value));
  });
}
/// A scalar that is checked by its shape and kept as written, placeholders replaced: for who puts several together.
template <class U>
Shape<std::string> as_written(Shape<U> shape) {
  return std::make_shared<const detail::WrittenReader<U>>(std::move(shape));
}
/// Keeps where the value stands.
template <class T>
Shape<Placed<T>> placed(Shape<T> shape) {
  return detail::through<Placed<T>>(std::move(shape), [](Placed<T>& into, T&& value, const document::Node& node) {
    into = {std::move(value), node.place};
  });
}
/// A T that is written as one of its members alone: inside(&Think::least, duration()) reads `1s`.
template <class T, class M, class U>
Shape<T> inside(M T::* member, Shape<U> shape) {
  return detail::through<T>(std::move(shape), [member](T& into, U&& value, const document::Node& node) {
    detail::assign(into.*member, std::move(value), node.place);
  });
}

/// How a T is read from a scalar, a list, a map; null: not at all.
template <class T>
struct Forms {
  Shape<T> scalar{};
  Shape<T> list{};
  Shape<T> map{};
};

namespace detail {

Description describe_forms(std::string name, std::vector<DescriptionPtr> forms);
/// Reports that the node has none of the forms.
bool no_form(const document::Node& node, const Description& description, Reading& reading);

template <class T>
class FormsReader final : public Reader<T> {
 public:
  FormsReader(std::string name, Forms<T> forms) : forms_(std::move(forms)) {
    std::vector<DescriptionPtr> parts;
    for (const Shape<T>& shape : {forms_.scalar, forms_.list, forms_.map})
      if (shape) parts.push_back(described(shape));
    description_ = describe_forms(std::move(name), std::move(parts));
  }
  bool read(const document::Node& node, T& into, Reading& reading) const override {
    const Shape<T>& shape = of(node.kind);
    return shape ? shape->read(node, into, reading) : no_form(node, description_, reading);
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  const Shape<T>& of(document::Node::Kind kind) const {
    static const Shape<T> none;
    switch (kind) {
      case document::Node::Kind::scalar: return forms_.scalar;
      case document::Node::Kind::list: return forms_.list;
      case document::Node::Kind::map: return forms_.map;
      case document::Node::Kind::null: break;
    }
    return none;
  }
  Forms<T> forms_;
  Description description_;
};

}  // namespace detail

/// Read by what it looks like: `think: 1s` or `think: { min: 1s, max: 2s }`. `name` is a noun.
template <class T>
Shape<T> by_form(std::string name, Forms<T> forms) {
  return std::make_shared<const detail::FormsReader<T>>(std::move(name), std::move(forms));
}

/// One of several maps: the one that has `key`. The shape reads the whole map, with the key.
template <class T>
struct Kind {
  std::string key;
  Shape<T> shape;
};

/// Which alternative of a keyed description the map is; reports when it is none, or two.
std::optional<std::size_t> kind_of(const document::Node& node, const Description& keyed, Reading& reading);
Description describe_keyed(std::string name, std::string about, std::vector<Alternative> alternatives);

/// Says to the object that reads next which maps it could have been.
class Told {
 public:
  Told(Reading& reading, const Description& kinds) : reading_(reading) { reading.position().kinds = &kinds; }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;
  ~Told() { reading_.position().kinds = nullptr; }

 private:
  Reading& reading_;
};

namespace detail {

template <class T>
class KeyedReader final : public Reader<T> {
 public:
  KeyedReader(std::string name, std::string about, std::vector<Kind<T>> kinds) : kinds_(std::move(kinds)) {
    std::vector<Alternative> alternatives;
    for (const Kind<T>& kind : kinds_)
      alternatives.push_back({kind.key, described(kind.shape)});
    description_ = describe_keyed(std::move(name), std::move(about), std::move(alternatives));
  }
  bool read(const document::Node& node, T& into, Reading& reading) const override {
    const auto kind = kind_of(node, description_, reading);
    if (!kind) return false;
    const Told told(reading, description_);
    return kinds_[*kind].shape->read(node, into, reading);
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  std::vector<Kind<T>> kinds_;
  Description description_;
};

}  // namespace detail

/// A map whose kind is told by which key it has: a step is `http: …`, `think: …` or `if: …`.
template <class T>
Shape<T> keyed(std::string name, std::string about, std::vector<Kind<T>> kinds) {
  return std::make_shared<const detail::KeyedReader<T>>(std::move(name), std::move(about), std::move(kinds));
}

namespace detail {

Description describe_reference(std::string name, std::function<DescriptionPtr()> target);

template <class T>
class ReferenceReader final : public Reader<T> {
 public:
  ReferenceReader(std::string name, std::function<Shape<T>()> supplier)
      : supplier_(std::move(supplier)),
        description_(describe_reference(std::move(name), [supply = supplier_] { return described(supply()); })) {}
  bool read(const document::Node& node, T& into, Reading& reading) const override {
    return supplier_()->read(node, into, reading);
  }
  [[nodiscard]] const Description& description() const override { return description_; }

 private:
  std::function<Shape<T>()> supplier_;
  Description description_;
};

}  // namespace detail

/// A shape that is known only later, such as the one around this one. The supplier is asked when something is read and
/// must not own what holds the reference: let it capture a reference or a weak pointer.
template <class T>
Shape<T> ref(std::string name, std::function<Shape<T>()> supplier) {
  return std::make_shared<const detail::ReferenceReader<T>>(std::move(name), std::move(supplier));
}

/// The node itself, unread, for who reads it later by its description; the document has to outlive the pointer.
Shape<const document::Node*> untouched(DescriptionPtr description);
/// Any value at all, unread.
Shape<const document::Node*> anything(std::string name, std::string about);

}  // namespace vajrapulse::schema
