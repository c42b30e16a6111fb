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

/// What reading may use and where it reports.
class Reading {
 public:
  explicit Reading(document::Diagnostics& into) : diagnostics_(into) {}
  virtual ~Reading() = default;

  [[nodiscard]] document::Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  /// Replaces the `{{names}}` in a value that has to be known before the run (a rate, a time) by the plan's variables;
  /// reports what is not known and gives nothing. By default there are no variables.
  virtual std::optional<std::string> constant(const document::Node& scalar);

 private:
  document::Diagnostics& diagnostics_;
};

struct Description;  // what a shape accepts, as data: see description.hpp

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

}  // namespace vajrapulse::schema
