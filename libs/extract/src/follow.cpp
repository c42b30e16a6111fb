#include "follow.hpp"

#include <fmt/format.h>

#include "json_text.hpp"

namespace vajrapulse::extract {
namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;

/// One definite path through one document.
class Follower {
 public:
  Follower(const Path& path, Reader::Parts& parts, od::document& document)
      : path_(path), parts_(parts), body_(parts.json()), document_(document) {}

  Found value() {
    od::value value;
    for (std::size_t i = 0; i < path_.segments.size(); ++i) {
      const Selector& selector = path_.segments[i].selectors.front();
      const error_code failed =
          selector.kind == Selector::Kind::name ? member(i, selector.name, value) : element(i, selector.index, value);
      if (failed == simdjson::INCORRECT_TYPE) return wrong_type(i, value);
      if (failed == simdjson::NO_SUCH_FIELD || failed == simdjson::INDEX_OUT_OF_BOUNDS) return missing(i);
      if (failed) return std::unexpected(body_.broken(failed));
    }
    return read(value);
  }

 private:
  error_code member(std::size_t i, std::string_view name, od::value& value) {
    od::object object;
    const error_code begun = i == 0 ? document_.get_object().get(object) : value.get_object().get(object);
    if (begun) return begun;
    for (auto field : object) {
      od::raw_json_string key;
      if (const error_code failed = field.key().get(key)) return failed;
      if (is_name(rest(key.raw()), name)) return field.value().get(value);
    }
    return simdjson::NO_SUCH_FIELD;
  }

  error_code element(std::size_t i, std::int64_t index, od::value& value) {
    od::array array;
    const error_code begun = i == 0 ? document_.get_array().get(array) : value.get_array().get(array);
    if (begun) return begun;
    for (auto each : array) {
      if (const error_code failed = each.error()) return failed;
      if (index-- == 0) return each.get(value);
    }
    return simdjson::INDEX_OUT_OF_BOUNDS;
  }

  [[nodiscard]] std::string_view rest(const char* at) const noexcept {
    return body_.json().substr(std::size_t(at - body_.json().data()));
  }

  static Type type_of(od::json_type type) noexcept {
    switch (type) {
      case od::json_type::array: return Type::array;
      case od::json_type::object: return Type::object;
      case od::json_type::number: return Type::number;
      case od::json_type::string: return Type::text;
      case od::json_type::boolean: return Type::boolean;
      case od::json_type::null: break;
    }
    return Type::null;
  }

  /// "$.user" of "$.user.id", the way to segment `i`.
  [[nodiscard]] std::string_view way(std::size_t i) const noexcept {
    return std::string_view(path_.text).substr(0, i < path_.segments.size() ? path_.segments[i].at : path_.text.npos);
  }

  Found wrong_type(std::size_t i, od::value& value) {
    od::json_type type{};
    const error_code failed = i == 0 ? document_.type().get(type) : value.type().get(type);
    if (failed) return std::unexpected(body_.broken(failed));
    // Of a bare value only the first letter has been looked at: "nope" is no null.
    if (i == 0 && type != od::json_type::object && type != od::json_type::array)
      if (auto whole = body_.tree(parts_); !whole) return std::unexpected(std::move(whole.error()));
    const bool name = path_.segments[i].selectors.front().kind == Selector::Kind::name;
    return std::unexpected(
        Miss{Reason::wrong_type, fmt::format("{} is {}, not {}, so there is no {}", way(i), article_name(type_of(type)),
                                             name ? "an object" : "an array", way(i + 1))});
  }

  [[nodiscard]] Found missing(std::size_t i) const {
    return std::unexpected(Miss{Reason::missing, fmt::format("the body has no {}", way(i + 1))});
  }

  Found read(od::value& value) {
    od::json_type type{};
    if (const error_code failed = value.type().get(type)) return std::unexpected(body_.broken(failed));
    Value found{.type = type_of(type)};
    if (type == od::json_type::string) return text(value);
    const error_code failed = type == od::json_type::object  ? raw(value.get_object(), found)
                              : type == od::json_type::array ? raw(value.get_array(), found)
                                                             : scalar(value, type, found);
    if (failed) return std::unexpected(body_.broken(failed));
    return found;
  }

  Found text(od::value& value) {
    od::raw_json_string string;
    if (const error_code failed = value.get_raw_json_string().get(string)) return std::unexpected(body_.broken(failed));
    const auto text = decoded(rest(string.raw()), parts_.texts);
    if (!text) return std::unexpected(broken_text());
    return Value{.type = Type::text, .text = *text};
  }

  template <class Container>
  static error_code raw(simdjson::simdjson_result<Container> begun, Value& found) {
    Container container;
    if (const error_code failed = std::move(begun).get(container)) return failed;
    std::string_view json;
    if (const error_code failed = container.raw_json().get(json)) return failed;
    found.text = json.substr(0, json.find_last_not_of(" \t\r\n") + 1);
    return simdjson::SUCCESS;
  }

  static error_code scalar(od::value& value, od::json_type type, Value& found) {
    const std::string_view token = value.raw_json_token();
    found.text = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    if (type == od::json_type::number) return value.get_double().get(found.number);
    if (type == od::json_type::null) {
      bool null = false;
      if (const error_code failed = value.is_null().get(null)) return failed;
      return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    bool truth = false;
    const error_code failed = value.get_bool().get(truth);
    found.number = truth ? 1 : 0;
    return failed;
  }

  const Path& path_;
  Reader::Parts& parts_;
  JsonBody& body_;
  od::document& document_;
};

}  // namespace

Found follow(const Path& path, Reader::Parts& parts) {
  auto document = parts.json().document(parts);
  if (!document) return std::unexpected(std::move(document.error()));
  return Follower(path, parts, **document).value();
}

}  // namespace vajrapulse::extract
