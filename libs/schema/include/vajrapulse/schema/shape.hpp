#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::schema {

/// A value with where it stands, for whom a later check finds it wrong.
template <class T>
struct Placed {
  T value{};
  document::Place place;
};

struct Description;  // what a shape accepts, as data: see description.hpp

/// What the value that is being read is called in messages, and how one would write it.
struct Subject {
  std::string words;    ///< "'tps'", "an item of 'tags'"; empty: the shape's own name
  std::string before;   ///< what stands before the value: "tps: "
  std::string example;  ///< "1000"; empty: the shape's own example
};

/// What reading may use and where it reports.
class Reading {
 public:
  explicit Reading(document::Diagnostics& into) : diagnostics_(into) {}
  virtual ~Reading() = default;

  [[nodiscard]] document::Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  /// Replaces the `{{names}}` in a value that has to be known before the run (a rate, a time) by the plan's variables;
  /// reports what is not known and gives nothing. By default there are no variables.
  virtual std::optional<std::string> constant(const document::Node& scalar);

  /// Where reading has got to, for shapes: what to call the value, the objects around it, and, when a key has told
  /// which of several maps this one is, all of those.
  struct Position {
    Subject subject;
    std::vector<const Description*> around;
    const Description* kinds = nullptr;
  };
  [[nodiscard]] Position& position() noexcept { return position_; }

 private:
  document::Diagnostics& diagnostics_;
  Position position_;
};

/// As long as it lives, messages speak of this subject.
class Within {
 public:
  Within(Reading& reading, Subject subject)
      : reading_(reading), before_(std::exchange(reading.position().subject, std::move(subject))) {}
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;
  ~Within() { reading_.position().subject = std::move(before_); }

 private:
  Reading& reading_;
  Subject before_;
};

/// How a node is read as a T: one object that validates, fills in, and says what it accepts. Immutable.
template <class T>
class Reader {
 public:
  virtual ~Reader() = default;
  /// Fills `into`; reports everything that is wrong and then returns false.
  virtual bool read(const document::Node& node, T& into, Reading& reading) const = 0;
  [[nodiscard]] virtual const Description& description() const = 0;
};

template <class T>
using Shape = std::shared_ptr<const Reader<T>>;

/// The description of a shape, which keeps the shape alive.
template <class T>
std::shared_ptr<const Description> described(const Shape<T>& shape) {
  return std::shared_ptr<const Description>(shape, &shape->description());
}

/// Whether the node can be read, for tests that ask no more.
template <class T>
bool accepts(const Shape<T>& shape, const document::Node& node) {
  document::Diagnostics found;
  Reading reading(found);
  T value{};
  return shape->read(node, value, reading) && found.ok();
}

}  // namespace vajrapulse::schema
