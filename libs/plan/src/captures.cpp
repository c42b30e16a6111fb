#include "vajrapulse/plan/captures.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captured.hpp"
#include "encode.hpp"
#include "finders.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using document::Node;

enum class Of { found, header, cookie, status, body, size, time };

struct Word {
  std::string_view key;
  Of of;
  extract::Kind kind = extract::Kind::json_path;
};
constexpr Word kWords[] = {{"jsonpath", Of::found, extract::Kind::json_path},
                           {"regex", Of::found, extract::Kind::regex},
                           {"xpath", Of::found, extract::Kind::xpath},
                           {"css", Of::found, extract::Kind::css},
                           {"header", Of::header},
                           {"cookie", Of::cookie},
                           {"status", Of::status},
                           {"body", Of::body},
                           {"size", Of::size},
                           {"time", Of::time}};
constexpr std::string_view kWordsText = "jsonpath, regex, header, cookie, xpath, css, status, body, size or time";

struct Capture {
  std::string name;
  Slot slot = 0;
  Of of = Of::found;
  std::string key;  ///< of a header or cookie
  std::unique_ptr<extract::Finder> finder;
  bool all = false;
  bool optional = false;
  std::optional<Template> fallback;  ///< when optional; none: no value
};

Keeps keeps_of(Of of) noexcept {
  if (of == Of::found || of == Of::body) return Keeps::body;
  return of == Of::header || of == Of::cookie ? Keeps::head : Keeps::nothing;
}

/// None of the words is there: perhaps one that was meant.
void where_from(const document::Entry& entry, Compiler& compiler) {
  std::vector<std::string> words;
  for (const Word& word : kWords)
    words.emplace_back(word.key);
  for (const document::Entry& given : entry.value.entries)
    if (const auto near = nearest(given.key, words))
      return compiler.error(given.place, "'" + given.key + "' is nothing that can be captured",
                            "did you mean '" + *near + "'?");
  compiler.error(entry.value.place, "where '" + entry.key + "' is captured from is not said",
                 "write one of " + std::string(kWordsText));
}

/// One or several words, of which the first is taken; another is a mistake.
const Word* word_of(const document::Entry& entry, Compiler& compiler, const Node*& value) {
  const Word* found = nullptr;
  for (const Word& word : kWords) {
    const Node* given = entry.value.find(word.key);
    if (!given) continue;
    if (found) {
      compiler.error(given->place, "'" + entry.key + "' is captured in two ways",
                     "leave " + std::string(found->key) + " or " + std::string(word.key) + " out");
      return nullptr;
    }
    found = &word;
    value = given;
  }
  if (!found) where_from(entry, compiler);
  return found;
}

bool truth(const Node* node, std::string_view key, Compiler& compiler) {
  if (!node) return false;
  if (node->kind != Node::Kind::scalar || (node->text != "true" && node->text != "false"))
    compiler.wrong_kind(*node, key, "true or false", "write " + std::string(key) + ": true");
  return node->text == "true";
}

std::string scalar_text(const Node* node, std::string_view what, Compiler& compiler) {
  return node ? compiler.known(*node, what).value_or("") : std::string();
}

/// Keys that only some ways of capturing have.
void check_companions(const Node& map, const Word& word, Compiler& compiler) {
  for (const document::Entry& entry : map.entries) {
    const std::string& key = entry.key;
    const bool known = key == word.key || key == "default" || (key == "all" && word.of == Of::found) ||
                       (key == "group" && word.key == "regex") || (key == "attribute" && word.key == "css");
    if (known) continue;
    std::vector<std::string> keys = {std::string(word.key), "default"};
    if (word.of == Of::found) keys.emplace_back("all");
    if (word.key == "regex") keys.emplace_back("group");
    if (word.key == "css") keys.emplace_back("attribute");
    const auto near = nearest(key, keys);
    std::string list;
    for (const std::string& each : keys)
      list += (list.empty() ? "" : ", ") + each;
    compiler.error(entry.place, "'" + key + "' is no key of a capture by " + std::string(word.key),
                   near ? "did you mean '" + *near + "'?" : "its keys are " + list);
  }
}

void read_default(const Node& map, Capture& capture, Compiler& compiler) {
  const Node* fallback = map.find("default");
  if (!fallback) return;
  capture.optional = true;
  if (fallback->kind != Node::Kind::null) capture.fallback = compiler.text(*fallback);
}

bool read_map(const document::Entry& entry, Capture& capture, Compiler& compiler) {
  const Node* value = nullptr;
  const Word* word = word_of(entry, compiler, value);
  if (!word) return false;
  check_companions(entry.value, *word, compiler);
  capture.of = word->of;
  capture.all = truth(entry.value.find("all"), "all", compiler);
  read_default(entry.value, capture, compiler);
  if (word->of == Of::header || word->of == Of::cookie) {
    capture.key = scalar_text(value, "the name of a " + std::string(word->key), compiler);
  } else if (word->of == Of::found) {
    const extract::Part part{.group = scalar_text(entry.value.find("group"), "a group", compiler),
                             .attribute = scalar_text(entry.value.find("attribute"), "an attribute", compiler)};
    capture.finder = finder_of(word->kind, *value, part, compiler);
    return capture.finder != nullptr;
  }
  return true;
}

bool read_path(const document::Entry& entry, Capture& capture, Compiler& compiler) {
  if (!entry.value.text.starts_with('$')) {
    compiler.error(entry.value.place, "'" + entry.value.text + "' is no JSONPath: it begins with $",
                   "write for example " + entry.key + ": $.token, or { regex: … }, { header: … }, { cookie: … }");
    return false;
  }
  capture.finder = finder_of(extract::Kind::json_path, entry.value, {}, compiler);
  return capture.finder != nullptr;
}

/// Everything that was found, as a JSON array.
void append_list(const std::vector<extract::Value>& values, std::string& out) {
  out += '[';
  for (const extract::Value& value : values) {
    if (out.size() > 1) out += ',';
    if (value.type == extract::Type::text) {
      out += '"';
      append_encoded(value.text, Encoding::json, out);
      out += '"';
    } else {
      out += value.text;
    }
  }
  out += ']';
}

}  // namespace

struct Captures::Parts {
  std::vector<Capture> captures;
  Keeps keeps = Keeps::nothing;
  mutable std::vector<extract::Value> all;

  /// The value, or why there is none. A text lives in the answer, the reader or the moment's scratch.
  std::expected<Value, std::string> value(const Capture& capture, const Answer& answer, Moment& moment,
                                          extract::Reader& reader) const;
  std::expected<Value, std::string> list(const Capture& capture, Moment& moment, extract::Reader& reader) const;
};

std::expected<Value, std::string> Captures::Parts::list(const Capture& capture, Moment& moment,
                                                        extract::Reader& reader) const {
  all.clear();
  const auto count = capture.finder->all(reader, all);
  if (!count) return std::unexpected(count.error().message);
  std::string& text = moment.scratch();
  append_list(all, text);
  return Value::of(std::string_view(text));
}

std::expected<Value, std::string> Captures::Parts::value(const Capture& capture, const Answer& answer, Moment& moment,
                                                         extract::Reader& reader) const {
  switch (capture.of) {
    case Of::header:
      if (const auto value = answer.header(capture.key, 0)) return Value::of(*value);
      return std::unexpected("there is no header " + capture.key);
    case Of::cookie:
      if (const auto value = answer.cookie(capture.key)) return Value::of(*value);
      return std::unexpected("no cookie " + capture.key + " was set");
    case Of::status: return Value::of(double(answer.status()));
    case Of::body: return Value::of(answer.body());
    case Of::size: return Value::of(double(answer.size()));
    case Of::time: return Value::of(double(answer.time().count()), criteria::Type::time);
    case Of::found: break;
  }
  if (capture.all) return list(capture, moment, reader);
  const extract::Found found = capture.finder->first(reader);
  if (!found) return std::unexpected(found.error().message);
  const Value value = value_of(*found);
  if (value.is_null()) return std::unexpected(std::string(capture.finder->text()) + " is null");
  return value;
}

Captures::Captures() = default;
Captures::~Captures() = default;
Captures::Captures(Captures&&) noexcept = default;
Captures& Captures::operator=(Captures&&) noexcept = default;

Captures Captures::compile(const Node& capture, Compiler& compiler) {
  Captures made;
  if (capture.kind != Node::Kind::map) {
    compiler.wrong_kind(capture, "capture", "a map of names", "write for example capture: { token: $.token }");
    return made;
  }
  made.parts_ = std::make_unique<Parts>();
  for (const document::Entry& entry : capture.entries) {
    Capture one;
    one.name = entry.key;
    bool good = false;
    if (entry.value.kind == Node::Kind::scalar)
      good = read_path(entry, one, compiler);
    else if (entry.value.kind == Node::Kind::map)
      good = read_map(entry, one, compiler);
    else
      compiler.wrong_kind(entry.value, "what is captured", "a JSONPath or a map",
                          "write for example " + entry.key + ": $.token");
    one.slot = compiler.declare(entry.key, entry.place);  // also a wrong one: what uses it is not wrong, too
    if (!good) continue;
    made.parts_->keeps = std::max(made.parts_->keeps, keeps_of(one.of));
    made.parts_->captures.push_back(std::move(one));
  }
  return made;
}

bool Captures::empty() const noexcept { return !parts_ || parts_->captures.empty(); }
Keeps Captures::keeps() const noexcept { return parts_ ? parts_->keeps : Keeps::nothing; }

Result Captures::take(const Answer& answer, Moment& moment, extract::Reader& reader) const {
  Result result = Result::success();
  if (!parts_) return result;
  Variables& variables = moment.variables();
  for (const Capture& capture : parts_->captures) {
    const auto value = parts_->value(capture, answer, moment, reader);
    if (value) {
      variables.set(capture.slot, *value);
    } else if (capture.fallback) {
      variables.set(capture.slot, capture.fallback->value(moment));
    } else {
      variables.set(capture.slot, Value::null());
      if (!capture.optional && result.ok())
        result = Result::failure(kCapture, "'" + capture.name + "' was not captured: " + value.error());
    }
  }
  return result;
}

}  // namespace vajrapulse::plan
