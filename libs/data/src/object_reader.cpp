#include <simdjson.h>

#include "json.hpp"
#include "mapping.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(simdjson::SIMDJSON_PADDING <= Mapping::kPadding);

Fault fault_for(simdjson::error_code error) {
  return {"", "it is no valid JSON: " + std::string(simdjson::error_message(error)), "write it as RFC 8259 says"};
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9')
    ++at;
  return at;
}

/// RFC 8259, section 6. simdjson leaves what is not asked for unread.
bool is_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = at;
  at = skip_digits(text, at);
  if (at == whole || (at > whole + 1 && text[whole] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t part = at + 1;
    at = skip_digits(text, part);
    if (at == part) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t power = at;
    at = skip_digits(text, power);
    if (at == power) return false;
  }
  return at == text.size();
}

std::string_view without_blanks_behind(std::string_view token) {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\t' || token.back() == '\r' || token.back() == '\n'))
    token.remove_suffix(1);
  return token;
}

}  // namespace

struct ObjectReader::State {
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  ondemand::object_iterator at;
  ondemand::object_iterator end;
  bool first = true;

  simdjson::error_code read(Member& member);
  simdjson::error_code read_value(ondemand::value value, Member& member);
};

ObjectReader::ObjectReader() : state_(std::make_unique<State>()) {}
ObjectReader::~ObjectReader() = default;

std::optional<Fault> ObjectReader::open(std::string_view text) {
  State& state = *state_;
  state.first = true;
  if (auto error =
          state.parser.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING).get(state.document))
    return fault_for(error);
  if (auto error = state.document.get_object().get(state.object)) {
    if (error == simdjson::INCORRECT_TYPE) return Fault{"", "it is no object", "write each row as {\"column\": value}"};
    return fault_for(error);
  }
  if (auto error = state.object.begin().get(state.at)) return fault_for(error);
  if (auto error = state.object.end().get(state.end)) return fault_for(error);
  return std::nullopt;
}

std::expected<bool, Fault> ObjectReader::next(Member& member) {
  State& state = *state_;
  if (!state.first) ++state.at;
  state.first = false;
  if (!(state.at != state.end)) {
    if (state.document.current_location().error() == simdjson::OUT_OF_BOUNDS) return false;
    return std::unexpected(Fault{"", "text goes on behind the object", "put one object on a line"});
  }
  if (auto error = state.read(member)) {
    Fault fault = fault_for(error);
    fault.column = std::string(member.key.substr(0, 40));
    return std::unexpected(std::move(fault));
  }
  return true;
}

simdjson::error_code ObjectReader::State::read(Member& member) {
  member.key = {};
  ondemand::field field;
  if (auto error = (*at).get(field)) return error;
  if (auto error = field.unescaped_key().get(member.key)) return error;
  return read_value(field.value(), member);
}

simdjson::error_code ObjectReader::State::read_value(ondemand::value value, Member& member) {
  ondemand::json_type type{};
  if (auto error = value.type().get(type)) return error;
  member.in_file = true;
  if (type == ondemand::json_type::object || type == ondemand::json_type::array)
    return simdjson::to_json_string(value).get(member.value);
  const std::string_view token = without_blanks_behind(value.raw_json_token());
  if (type == ondemand::json_type::string) {
    std::string_view text;
    if (auto error = value.get_string().get(text)) return error;
    member.in_file = text.size() + 2 == token.size();
    member.value = member.in_file ? token.substr(1, text.size()) : text;
    return simdjson::SUCCESS;
  }
  member.value = type == ondemand::json_type::null ? std::string_view{} : token;
  if (type == ondemand::json_type::null) return token == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  if (type == ondemand::json_type::number) return is_number(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
  return token == "true" || token == "false" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
}

}  // namespace vajrapulse::data
