#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/document/node.hpp"
#include "vajrapulse/schema/description.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::schema {

// For those who write shapes of their own.

/// What is wrong with a scalar, and where in it.
struct Mistake {
  std::size_t column = 0;  ///< in characters, from 1; 0: the whole scalar
  std::size_t length = 0;
  std::string message;  ///< one clause: "'erors' is no name here"
  std::string cure;
};

/// The text of a scalar, made constant when the description says so; reports what is no scalar.
std::optional<std::string> scalar_text(const document::Node& node, const Description& description, Reading& reading);
/// Reports the mistakes at their places in the scalar, or at all of it when its placeholders have been replaced.
void report(const document::Node& scalar, const std::vector<Mistake>& mistakes, const Description& description,
            Reading& reading);
/// Reports that the node is no value of this kind, or that there is none. Gives false.
bool wrong_kind(const document::Node& node, const Description& description, Reading& reading);
/// "write for example tps: 1000": the cure that shows a value.
std::string example_cure(const Description& description, const Subject& subject);
/// Where a part of a scalar stands, as far as its text is as the file has it.
document::Place place_inside(const document::Node& scalar, std::size_t column, std::size_t length);

}  // namespace vajrapulse::schema
