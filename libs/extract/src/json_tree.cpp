#include "json_tree.hpp"

namespace vajrapulse::extract {
namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;

constexpr int kDeepest = 128;
constexpr std::size_t kMostNodes = 1'000'000;

/// Walks the document once and checks what it passes.
class Filler {
 public:
  Filler(JsonTree& tree, od::document& document) : tree_(tree), document_(document) {}

  error_code document() {
    od::json_type type{};
    if (const error_code failed = document_.type().get(type)) return failed;
    const auto root = std::uint32_t(tree_.json.find_first_not_of(" \t\r\n"));
    const std::size_t at = open(type, JsonTree::kNoKey, root);
    error_code failed = simdjson::SUCCESS;
    if (type == od::json_type::object) {
      od::object object;
      failed = document_.get_object().get(object);
      if (!failed) failed = members(object, at, 1);
    } else if (type == od::json_type::array) {
      od::array array;
      failed = document_.get_array().get(array);
      if (!failed) failed = elements(array, at, 1);
    } else {
      failed = scalar(document_, type);
    }
    if (failed) return failed;
    close(at);
    return here() == nullptr ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }

 private:
  std::uint32_t offset(const char* at) const noexcept { return std::uint32_t(at - tree_.json.data()); }

  /// The next token; null behind the last one.
  const char* here() {
    const char* next = nullptr;
    return document_.current_location().get(next) == simdjson::SUCCESS ? next : nullptr;
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

  std::size_t open(od::json_type type, std::uint32_t key, std::uint32_t begin) {
    tree_.nodes.push_back({.type = type_of(type), .key = key, .begin = begin, .end = begin, .next = 0, .children = 0});
    return tree_.nodes.size() - 1;
  }

  /// The last node ends before what comes next.
  void close(std::size_t at) {
    const char* next = here();
    const std::uint32_t end = next == nullptr ? std::uint32_t(tree_.json.size()) : offset(next);
    const std::string_view before = tree_.json.substr(0, end);
    tree_.nodes[at].end = std::uint32_t(before.find_last_not_of(" \t\r\n") + 1);
    tree_.nodes[at].next = std::uint32_t(tree_.nodes.size());
  }

  template <class T>
  static error_code scalar(T& value, od::json_type type) {
    if (type == od::json_type::number) return value.get_double().error();
    if (type == od::json_type::boolean) return value.get_bool().error();
    if (type == od::json_type::string) return value.get_raw_json_string().error();
    bool null = false;
    if (const error_code failed = value.is_null().get(null)) return failed;
    return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }

  error_code add(od::value value, std::uint32_t key, int depth) {
    if (depth > kDeepest) return simdjson::DEPTH_ERROR;
    if (tree_.nodes.size() >= kMostNodes) return simdjson::CAPACITY;
    od::json_type type{};
    if (const error_code failed = value.type().get(type)) return failed;
    const std::size_t at = open(type, key, offset(value.raw_json_token().data()));
    error_code failed = simdjson::SUCCESS;
    if (type == od::json_type::object) {
      od::object object;
      failed = value.get_object().get(object);
      if (!failed) failed = members(object, at, depth + 1);
    } else if (type == od::json_type::array) {
      od::array array;
      failed = value.get_array().get(array);
      if (!failed) failed = elements(array, at, depth + 1);
    } else {
      failed = scalar(value, type);
    }
    if (!failed) close(at);
    return failed;
  }

  error_code members(od::object& object, std::size_t parent, int depth) {
    for (auto field : object) {
      od::raw_json_string key;
      if (const error_code failed = field.key().get(key)) return failed;
      od::value value;
      if (const error_code failed = field.value().get(value)) return failed;
      if (const error_code failed = add(value, offset(key.raw()), depth)) return failed;
      ++tree_.nodes[parent].children;
    }
    return simdjson::SUCCESS;
  }

  error_code elements(od::array& array, std::size_t parent, int depth) {
    for (auto element : array) {
      od::value value;
      if (const error_code failed = element.get(value)) return failed;
      if (const error_code failed = add(value, JsonTree::kNoKey, depth)) return failed;
      ++tree_.nodes[parent].children;
    }
    return simdjson::SUCCESS;
  }

  JsonTree& tree_;
  od::document& document_;
};

}  // namespace

error_code fill(JsonTree& tree, od::document& document) { return Filler(tree, document).document(); }

}  // namespace vajrapulse::extract
