#include "captured.hpp"

#include <string>

#include "encode.hpp"

namespace vajrapulse::plan {
namespace {

bool reads_back(const extract::Value& found) {
  std::string written;
  append_value(criteria::Value::of(found.number), written);
  return written == found.text;
}

}  // namespace

criteria::Value value_of(const extract::Value& found) {
  switch (found.type) {
    case extract::Type::null: return criteria::Value::null();
    case extract::Type::boolean: return criteria::Value::boolean(found.number != 0);
    case extract::Type::number:
      return reads_back(found) ? criteria::Value::of(found.number) : criteria::Value::of(found.text);
    default: return criteria::Value::of(found.text);
  }
}

}  // namespace vajrapulse::plan
