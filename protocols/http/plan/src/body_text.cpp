#include "body_text.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "step_line.hpp"
#include "vajrapulse/http/encodings.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::http_plan {
namespace {

using criteria::Type;
using document::Node;
using plan::Compiler;
using plan::Encoding;
using plan::Template;

/// RFC 8259 section 7.
std::string json_escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string encoded(std::string_view text, Encoding encoding) {
  switch (encoding) {
    case Encoding::url: return http::percent_encoded(text, http::UrlPart::url);
    case Encoding::query: return http::percent_encoded(text, http::UrlPart::name);
    case Encoding::json: return json_escaped(text);
    case Encoding::raw:
    case Encoding::header: break;
  }
  return std::string(text);
}

void append_number(double number, std::string& out) {
  constexpr double kExact = 9007199254740992;  // 2^53
  char digits[32];
  const bool whole = number == std::floor(number) && std::abs(number) <= kExact;
  const char* const end = whole ? std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(number)).ptr
                                : std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// A typed value as JSON; false where its text has to be rendered.
bool append_json(const criteria::Value& value, std::string& out) {
  switch (value.type) {
    case Type::boolean: out += value.number != 0 ? "true" : "false"; return true;
    case Type::null: out += "null"; return true;
    case Type::number:
    case Type::share:
    case Type::bytes:
      if (!std::isfinite(value.number)) return false;
      append_number(value.number, out);
      return true;
    default: return false;
  }
}

}  // namespace

void BodyText::constant(std::string_view text) {
  if (text.empty()) return;
  if (parts_.empty() || parts_.back().kind != Kind::constant) parts_.emplace_back();
  parts_.back().text += text;
}

void BodyText::filled(Template text) {
  secret_ = secret_ || text.secret();
  if (text.constant()) return constant(text.text());
  parts_.push_back({Kind::filled, {}, std::move(text)});
}

void BodyText::typed(Template value) { parts_.push_back({Kind::typed, {}, std::move(value)}); }

bool BodyText::is_constant() const noexcept {
  return parts_.empty() || (parts_.size() == 1 && parts_[0].kind == Kind::constant);
}

std::string BodyText::text() const { return parts_.empty() ? std::string() : parts_[0].text; }

Status BodyText::render(plan::Moment& moment, std::string& out) const {
  for (const Part& part : parts_) {
    if (part.kind == Kind::constant) {
      out += part.text;
      continue;
    }
    if (part.kind == Kind::typed && append_json(part.filled.value(moment), out)) continue;
    if (part.kind == Kind::typed) out += '"';
    const std::size_t from = out.size();
    if (auto status = part.filled.render(moment, out); !status) return status;
    if (part.kind == Kind::typed) out += '"';
    if (!boundary_.empty() && std::string_view(out).substr(from).find(boundary_) != std::string_view::npos)
      return fail(plan::kBadValue, "a value of the multipart body holds the body's boundary");
  }
  return {};
}

Template encoded_text(const Node& node, Encoding encoding, Compiler& compiler) {
  const std::size_t before = compiler.diagnostics().errors();
  Template plain = compiler.text(node, encoding);
  if (compiler.diagnostics().errors() != before) return {};
  const std::string text = with_literals(node.text, [&](const std::string& part) { return encoded(part, encoding); });
  if (text == node.text) return plain;
  auto compiled = Template::compile(text, compiler.vocabulary(), encoding);
  return compiled ? std::move(*compiled) : plain;
}

namespace {

constexpr std::size_t kDeepest = 100;

bool is_json_number(std::string_view text) noexcept {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      ++at;
    return at - begin;
  };
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

/// Writes a node as JSON.
class JsonWriter {
 public:
  JsonWriter(BodyText& out, Compiler& compiler) : out_(out), compiler_(compiler) {}

  void write(const Node& node, std::size_t depth = 0) {
    if (depth > kDeepest) return compiler_.error(node.place, "JSON here is more than 100 levels deep", "flatten it");
    switch (node.kind) {
      case Node::Kind::null: return out_.constant("null");
      case Node::Kind::scalar: return scalar(node);
      case Node::Kind::list: return list(node, depth);
      case Node::Kind::map: return map(node, depth);
    }
  }

 private:
  void scalar(const Node& node) {
    const bool verbatim = node.is_plain() && (node.text == "true" || node.text == "false" || is_json_number(node.text));
    if (verbatim) return out_.constant(node.text);
    Template text = encoded_text(node, Encoding::json, compiler_);
    if (text.single()) return single(node, std::move(text));
    out_.constant("\"");
    out_.filled(std::move(text));
    out_.constant("\"");
  }
  void single(const Node& node, Template text) {
    if (!text.constant()) return out_.typed(std::move(text));
    const std::size_t open = node.text.find("{{") + 2;
    const std::string_view name = http::trimmed(std::string_view(node.text).substr(open, node.text.find("}}") - open));
    const plan::Vocabulary::Meaning* const meaning = compiler_.vocabulary().find(name);
    std::string json;
    if (!meaning || !append_json(plan::value_of(*meaning), json)) json = "\"" + text.text() + "\"";
    out_.constant(json);
  }
  void list(const Node& node, std::size_t depth) {
    out_.constant("[");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) out_.constant(",");
      write(node.items[i], depth + 1);
    }
    out_.constant("]");
  }
  void map(const Node& node, std::size_t depth) {
    out_.constant("{");
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      if (i > 0) out_.constant(",");
      key(node.entries[i]);
      out_.constant(":");
      write(node.entries[i].value, depth + 1);
    }
    out_.constant("}");
  }
  void key(const document::Entry& entry) {
    Node text;
    text.kind = Node::Kind::scalar;
    text.text = entry.key;
    text.place = entry.place;
    out_.constant("\"");
    out_.filled(encoded_text(text, Encoding::json, compiler_));
    out_.constant("\"");
  }

  BodyText& out_;
  Compiler& compiler_;
};

Node scalar_of(const document::Entry& entry) {
  Node text;
  text.kind = Node::Kind::scalar;
  text.text = entry.key;
  text.place = entry.place;
  return text;
}

/// The value or values of an entry: a scalar, or each of a list; nothing for an empty one is an empty text.
template <class Each>
void each_value(const Node& value, Each each) {
  if (value.kind != Node::Kind::list) return each(value);
  for (const Node& item : value.items)
    each(item);
}

}  // namespace

Body json_body(const Node& value, Compiler& compiler) {
  Body body{.text = {}, .content_type = "application/json"};
  const bool written = value.kind == Node::Kind::scalar && !value.is_plain() &&
                       (value.text.starts_with('{') || value.text.starts_with('[')) && !value.text.starts_with("{{");
  if (written)
    body.text.filled(compiler.text(value, Encoding::json));  // JSON as it is; what is filled in is escaped
  else
    JsonWriter(body.text, compiler).write(value);
  return body;
}

void append_pairs(const Node& map, std::string_view what, BodyText& out, Compiler& compiler) {
  if (map.kind != Node::Kind::map)
    return compiler.wrong_kind(map, what, "a map of names and values", "write for example { name: value }");
  bool first = true;
  for (const document::Entry& entry : map.entries) {
    each_value(entry.value, [&](const Node& value) {
      if (!std::exchange(first, false)) out.constant("&");
      out.filled(encoded_text(scalar_of(entry), Encoding::query, compiler));
      out.constant("=");
      if (value.kind != Node::Kind::null) out.filled(encoded_text(value, Encoding::query, compiler));
    });
  }
}

Body form_body(const Node& fields, Compiler& compiler) {
  Body body{.text = {}, .content_type = "application/x-www-form-urlencoded"};
  append_pairs(fields, "form", body.text, compiler);
  return body;
}

Body raw_body(const Node& text, Compiler& compiler) {
  Body body{.text = {}, .content_type = "text/plain", .own_type = false};
  if (text.kind != Node::Kind::null) body.text.filled(compiler.text(text));
  return body;
}

}  // namespace vajrapulse::http_plan
