#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

std::string_view article_name(Type type) noexcept {
  switch (type) {
    case Type::null: return "null";
    case Type::boolean: return "a boolean";
    case Type::number: return "a number";
    case Type::text: return "a text";
    case Type::object: return "an object";
    case Type::array: return "an array";
  }
  return "null";
}

}  // namespace vajrapulse::extract
