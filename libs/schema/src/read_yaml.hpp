#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/document/read.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::schema {

/// What a test sees of reading a text: whether it went well, the value, and each finding as
/// "line:column+length message; cure".
template <class T>
struct Read {
  bool good = false;
  T value{};
  std::vector<std::string> found;
};

inline std::vector<std::string> lines(const document::Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const document::Diagnostic& each : diagnostics.all())
    lines.push_back(
        fmt::format("{}:{}+{} {}; {}", each.place.line, each.place.column, each.place.length, each.message, each.cure));
  return lines;
}

/// Reading that knows the variable `rate`, which is 500.
class KnowsRate final : public Reading {
 public:
  using Reading::Reading;
  std::optional<std::string> constant(const document::Node& scalar) override {
    if (scalar.text == "{{rate}}") return "500";
    return Reading::constant(scalar);
  }
};

template <class T, class In = Reading>
Read<T> read_yaml(const Shape<T>& shape, const std::string& text) {
  document::Diagnostics diagnostics;
  Read<T> result;
  const auto node = document::read(std::make_shared<const document::Source>("plan.yml", text), diagnostics);
  if (node) {
    In reading(diagnostics);
    result.good = shape->read(*node, result.value, reading);
  }
  result.found = lines(diagnostics);
  return result;
}

}  // namespace vajrapulse::schema
