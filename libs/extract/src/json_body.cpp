#include "json_body.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <optional>

#include "json_text.hpp"
#include "json_tree.hpp"
#include "reader_parts.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view what_is_wrong(simdjson::error_code code) {
  switch (code) {
    case simdjson::UTF8_ERROR: return "it is not UTF-8";
    case simdjson::UNCLOSED_STRING: return "a string does not end";
    case simdjson::UNESCAPED_CHARS: return "a control character stands in a string";
    case simdjson::STRING_ERROR: return "a string has a broken escape";
    case simdjson::NUMBER_ERROR: return "a number is broken or too large";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR: return "true, false or null is misspelt";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "it ends too early";
    case simdjson::TRAILING_CONTENT: return "something follows its end";
    default: return "its structure is broken";
  }
}

Miss unreadable(std::string_view why) { return {Reason::unreadable, fmt::format("the body is no JSON: {}", why)}; }

}  // namespace

Miss broken_text() { return unreadable(what_is_wrong(simdjson::STRING_ERROR)); }

void JsonBody::forget() noexcept {
  indexed_ = false;
  has_tree_ = false;
}

Miss JsonBody::broken(simdjson::error_code code) {
  indexed_ = false;
  if (code == simdjson::DEPTH_ERROR) return {Reason::too_much, "the body's JSON is nested more than 128 deep"};
  if (code == simdjson::CAPACITY) return {Reason::too_much, "the body's JSON has more than 1,000,000 values"};
  const std::size_t start = json_.find_first_not_of(" \t\r\n");
  if (start != json_.npos && json_[start] == '<') return unreadable("it looks like HTML or XML");
  return unreadable(what_is_wrong(code));
}

/// Where simdjson may read beyond the end: in the body's own buffer, or in ours.
bool JsonBody::place(Reader::Parts& parts) {
  std::string_view body = parts.body;
  const std::size_t mark = body.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  body.remove_prefix(mark);
  if (body.find_first_not_of(" \t\r\n") == body.npos) return false;
  if (parts.readable >= mark + body.size() + simdjson::SIMDJSON_PADDING) {
    json_ = body;
    room_ = parts.readable - mark;
    return true;
  }
  if (copy_.size() < body.size() + simdjson::SIMDJSON_PADDING) copy_.resize(body.size() + simdjson::SIMDJSON_PADDING);
  std::memcpy(copy_.data(), body.data(), body.size());
  std::memset(copy_.data() + body.size(), 0, simdjson::SIMDJSON_PADDING);
  json_ = {copy_.data(), body.size()};
  room_ = copy_.size();
  return true;
}

std::expected<void, Miss> JsonBody::index(Reader::Parts& parts) {
  if (indexed_) {
    document_.rewind();
    return {};
  }
  if (parts.body.size() > Reader::kMostJson)
    return std::unexpected(Miss{Reason::too_much, "the body has more than 64 MiB: too large for a JSONPath"});
  if (!place(parts)) return std::unexpected(unreadable("it is empty"));
  const auto code = parser_.iterate(simdjson::padded_string_view(json_.data(), json_.size(), room_)).get(document_);
  if (code) return std::unexpected(broken(code));
  indexed_ = true;
  return {};
}

std::expected<simdjson::ondemand::document*, Miss> JsonBody::document(Reader::Parts& parts) {
  if (auto ready = index(parts); !ready) return std::unexpected(std::move(ready.error()));
  return &document_;
}

std::expected<const JsonTree*, Miss> JsonBody::tree(Reader::Parts& parts) {
  if (has_tree_) return &tree_;
  if (auto ready = index(parts); !ready) return std::unexpected(std::move(ready.error()));
  tree_.json = json_;
  tree_.nodes.clear();
  if (const auto code = fill(tree_, document_)) return std::unexpected(broken(code));
  has_tree_ = true;
  return &tree_;
}

std::optional<std::string_view> decoded(std::string_view rest, Arena& texts) {
  const auto raw = raw_text(rest);
  if (!raw) return std::nullopt;
  if (!raw->escaped) return rest.substr(0, raw->size);
  const auto text = unescape(rest.substr(0, raw->size));
  if (!text) return std::nullopt;
  return texts.keep(*text);
}

Found value_of(const JsonTree& tree, const JsonTree::Node& node, Arena& texts) {
  Value value{.type = node.type, .text = tree.json.substr(node.begin, node.end - node.begin)};
  if (node.type == Type::text) {
    const auto text = decoded(tree.json.substr(node.begin + 1), texts);
    if (!text) return std::unexpected(broken_text());
    value.text = *text;
  } else if (node.type == Type::number) {
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), value.number);
  } else if (node.type == Type::boolean) {
    value.number = value.text == "true" ? 1 : 0;
  }
  return value;
}

}  // namespace vajrapulse::extract
