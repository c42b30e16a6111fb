#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vajrapulse::schema {

struct Description;
using DescriptionPtr = std::shared_ptr<const Description>;

/// A word that a choice takes.
struct Word {
  std::string text;
  std::string about;
};

/// What a scalar may look like, as a JSON Schema can say it.
struct ScalarForm {
  enum class Numbers : std::uint8_t { none, whole, any };
  /// What `{{…}}` in it means.
  enum class Placeholders : std::uint8_t {
    none,      ///< nothing
    constant,  ///< replaced before it is read, by Reading::constant
    kept,      ///< left for the run to fill in
  };

  std::string pattern;  ///< regular expression (ECMA-262) for texts; empty: any text
  std::size_t least_length = 0;
  std::optional<std::size_t> most_length;
  Numbers numbers = Numbers::none;
  std::optional<double> least;  ///< of numbers
  std::optional<double> most;
  bool truth = false;       ///< true and false are accepted
  std::vector<Word> words;  ///< of a choice; empty: not a choice
  Placeholders placeholders = Placeholders::constant;
};

/// A key of an object.
struct Field {
  std::string key;
  std::string about;
  DescriptionPtr shape;
  bool required = false;
  std::string fallback;               ///< what holds when the key is absent, as one writes it
  std::vector<std::string> examples;  ///< values, as one writes them; empty: those of the shape
  std::string with;                   ///< the key is allowed only when this other key …
  std::vector<std::string> values;    ///< … has one of these values
};

/// A rule between the keys of an object.
struct Rule {
  enum class Kind : std::uint8_t {
    exactly_one,
    at_most_one,
    at_least_one,
    needs,  ///< the first key needs all the others beside it
  };
  Kind kind = Kind::exactly_one;
  std::vector<std::string> keys;
};

/// One of several maps, told by a key that it has.
struct Alternative {
  std::string key;
  DescriptionPtr shape;  ///< of the whole map
  bool bare = false;     ///< the key may stand alone, as a text
};

/// What a shape accepts: plain data, from which messages, the JSON Schema, the reference page and completion come.
struct Description {
  enum class Kind : std::uint8_t { scalar, list, map, object, forms, keyed, reference, anything };

  Kind kind = Kind::scalar;
  std::string name;                   ///< a noun: "time", "scenario"
  std::string many;                   ///< its plural when an s at the end will not do
  std::string about;                  ///< one sentence or more
  std::vector<std::string> examples;  ///< values, as one writes them in YAML on one line

  ScalarForm scalar;

  DescriptionPtr of;            ///< what a list or map holds
  bool one_alone = false;       ///< one item may stand without the list
  std::size_t least_items = 0;  ///< of a list or map
  std::string unique;           ///< the key whose values no two items may share
  std::string key_name;         ///< what a map's keys are: "name", "header"
  std::string key_pattern;      ///< regular expression for a map's keys; empty: any

  std::vector<Field> fields;  ///< of an object
  std::vector<Rule> rules;

  std::vector<DescriptionPtr> forms;      ///< accepted when one of these accepts; each has a form of its own
  std::vector<Alternative> alternatives;  ///< of a keyed one

  std::function<DescriptionPtr()> target;  ///< of a reference

  /// The first field of that key; null when there is none.
  [[nodiscard]] const Field* field(std::string_view key) const noexcept;
};

/// "a scenario", "an assertion"
std::string with_article(std::string_view noun);
/// "scenarios", "lists of texts"
std::string plural(const Description& description);
/// What is accepted, for messages: "a time", "a list of scenarios", "a map of names to steps", "a time or a map".
std::string words_for(const Description& description);
/// An example as one would write it on one line, made up from the parts when nobody gave one.
std::string sample(const Description& description);
/// What a reference means, the description itself otherwise.
DescriptionPtr resolved(DescriptionPtr description);
/// A description that somebody else keeps alive.
DescriptionPtr borrowed(const Description& description);
/// "a", "a or b", "a, b or c"; `last` is the word before the last one
std::string joined(const std::vector<std::string>& words, std::string_view last = "or");

}  // namespace vajrapulse::schema
