#include "assertion_place.hpp"

#include "vajrapulse/schema/reading.hpp"

namespace vajrapulse::plan {

void report(const schema::Placed<std::string>& text, const criteria::Mistake& mistake,
            document::Diagnostics& diagnostics) {
  document::Node scalar;
  scalar.kind = document::Node::Kind::scalar;
  scalar.text = text.value;
  scalar.place = text.place;
  diagnostics.error(schema::place_inside(scalar, mistake.column, mistake.length), mistake.message, mistake.cure);
}

}  // namespace vajrapulse::plan
