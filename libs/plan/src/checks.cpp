#include "vajrapulse/plan/checks.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captured.hpp"
#include "condition.hpp"
#include "finders.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using document::Node;

/// Statuses that are good, as written.
struct Statuses {
  std::uint32_t low = 0, high = 0;
  std::string written;
};

struct Check {
  enum class Of { header, cookie, body, found, size, time };
  Of of = Of::body;
  std::string what;  ///< "header location", "$.total"
  std::string name;  ///< of a header or cookie
  std::unique_ptr<extract::Finder> finder;
  Condition condition;
};

Keeps keeps_of(Check::Of of) noexcept {
  if (of == Check::Of::size || of == Check::Of::time) return Keeps::nothing;
  return of == Check::Of::header || of == Check::Of::cookie ? Keeps::head : Keeps::body;
}

std::optional<std::uint32_t> code(std::string_view text) noexcept {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc() && stop == end && number < 1'000'000 ? std::optional(number) : std::nullopt;
}

std::optional<Statuses> statuses_of(const std::string& text) {
  if (const auto one = code(text)) return Statuses{*one, *one, text};
  if (text.size() == 3 && (text.ends_with("xx") || text.ends_with("XX")))
    if (const auto first = code(text.substr(0, 1))) return Statuses{*first * 100, *first * 100 + 99, text};
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  const auto low = code(text.substr(0, dots)), high = code(text.substr(dots + 2));
  return low && high && *low <= *high ? std::optional(Statuses{*low, *high, text}) : std::nullopt;
}

/// What is found, or that it is not there; what it points to is the reader's.
std::expected<Value, std::string> found_value(const Check& check, extract::Reader& reader) {
  const extract::Found found = check.finder->first(reader);
  if (found) return value_of(*found);
  return std::unexpected(check.what + ": " + found.error().message);
}

std::expected<Value, std::string> value_for(const Check& check, const Answer& answer, extract::Reader& reader) {
  switch (check.of) {
    case Check::Of::header:
      if (const auto value = answer.header(check.name, 0)) return Value::of(*value);
      return std::unexpected("there is no header " + check.name);
    case Check::Of::cookie:
      if (const auto value = answer.cookie(check.name)) return Value::of(*value);
      return std::unexpected("no cookie " + check.name + " was set");
    case Check::Of::body: return Value::of(answer.body());
    case Check::Of::size: return Value::of(double(answer.size()), criteria::Type::bytes);
    case Check::Of::time: return Value::of(double(answer.time().count()), criteria::Type::time);
    case Check::Of::found: break;
  }
  return found_value(check, reader);
}

}  // namespace

struct Checks::Parts {
  std::vector<Statuses> statuses;
  std::vector<Check> checks;
  Keeps keeps = Keeps::nothing;
  const Vocabulary* vocabulary = nullptr;
  mutable extract::Reader values;  ///< for patterns, beside the one that reads the body

  void add_statuses(const Node& node, Compiler& compiler);
  void add_named(Check::Of of, std::string_view what, const Node& map, Compiler& compiler);
  void add_found(extract::Kind kind, std::string_view what, const Node& map, Compiler& compiler);
  void add(Check check) {
    keeps = std::max(keeps, keeps_of(check.of));
    checks.push_back(std::move(check));
  }
  [[nodiscard]] std::optional<std::string> bad_status(std::uint32_t status) const;
  [[nodiscard]] std::optional<std::string> broken(const Check& check, const Answer& answer, Moment& moment,
                                                  extract::Reader& reader) const;
};

void Checks::Parts::add_statuses(const Node& node, Compiler& compiler) {
  if (node.kind == Node::Kind::list) {
    if (node.items.empty()) compiler.error(node.place, "no status is expected", "write for example status: 200");
    for (const Node& item : node.items)
      add_statuses(item, compiler);
    return;
  }
  const auto written = compiler.known(node, "an expected status");
  if (!written) return;
  if (auto read = statuses_of(*written))
    statuses.push_back(std::move(*read));
  else
    compiler.error(node.place, "'" + *written + "' is no status", "write for example 200, [200, 201], 2xx or 200..299");
}

void Checks::Parts::add_named(Check::Of of, std::string_view what, const Node& map, Compiler& compiler) {
  if (map.kind != Node::Kind::map)
    return compiler.wrong_kind(map, what, "a map",
                               of == Check::Of::header ? "write for example header: { location: /cart }"
                                                       : "write for example cookie: { sid: { exists: true } }");
  for (const document::Entry& entry : map.entries) {
    Check check;
    check.of = of;
    check.what = std::string(what) + " " + entry.key;
    check.name = entry.key;
    check.condition = Condition::compile(entry.value, Condition::Of::text, compiler);
    add(std::move(check));
  }
}

void Checks::Parts::add_found(extract::Kind kind, std::string_view what, const Node& map, Compiler& compiler) {
  if (map.kind != Node::Kind::map)
    return compiler.wrong_kind(map, what, "a map",
                               kind == extract::Kind::json_path
                                   ? "write for example json: { $.status: paid }"
                                   : "write what to look for, a colon and what it has to be");
  for (const document::Entry& entry : map.entries) {
    Check check;
    check.of = Check::Of::found;
    check.what = entry.key;
    check.finder = finder_of_key(kind, entry, compiler);
    check.condition = Condition::compile(entry.value, Condition::Of::found, compiler);
    if (check.finder) add(std::move(check));
  }
}

std::optional<std::string> Checks::Parts::bad_status(std::uint32_t status) const {
  if (statuses.empty()) return std::nullopt;
  std::string wanted;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (status >= statuses[i].low && status <= statuses[i].high) return std::nullopt;
    wanted += (i == 0 ? "" : i + 1 == statuses.size() ? " or " : ", ") + statuses[i].written;
  }
  return "status was " + std::to_string(status) + ", not " + wanted;
}

std::optional<std::string> Checks::Parts::broken(const Check& check, const Answer& answer, Moment& moment,
                                                 extract::Reader& reader) const {
  if (check.condition.counts()) {
    const auto count = check.finder->count(reader);
    if (!count) return check.what + ": " + count.error().message;
    if (auto why = check.condition.broken_by_count(check.what, *count)) return why;
  }
  if (!check.condition.looks()) return std::nullopt;
  const auto value = value_for(check, answer, reader);
  Condition::Subject subject{.what = check.what, .value = std::nullopt, .missing = {}};
  if (value)
    subject.value = *value;
  else
    subject.missing = value.error();
  return check.condition.broken_by(subject, moment, values);
}

Checks::Checks() = default;
Checks::~Checks() = default;
Checks::Checks(Checks&&) noexcept = default;
Checks& Checks::operator=(Checks&&) noexcept = default;

Checks Checks::compile(const Node& expect, Compiler& compiler) {
  Checks made;
  if (expect.kind != Node::Kind::map) {
    compiler.wrong_kind(expect, "expect", "a map", "write for example expect: { status: 200 }");
    return made;
  }
  made.parts_ = std::make_unique<Parts>();
  Parts& parts = *made.parts_;
  parts.vocabulary = &compiler.vocabulary();
  for (const document::Entry& entry : expect.entries) {
    const std::string& key = entry.key;
    const Node& value = entry.value;
    const auto single = [&](Check::Of of, Condition::Of looked_at) {
      Check check;
      check.of = of;
      check.what = key;
      check.condition = Condition::compile(value, looked_at, compiler);
      parts.add(std::move(check));
    };
    if (key == "status") {
      parts.add_statuses(value, compiler);
    } else if (key == "header" || key == "headers") {
      parts.add_named(Check::Of::header, "header", value, compiler);
    } else if (key == "cookie" || key == "cookies") {
      parts.add_named(Check::Of::cookie, "cookie", value, compiler);
    } else if (key == "json") {
      parts.add_found(extract::Kind::json_path, key, value, compiler);
    } else if (key == "xpath") {
      parts.add_found(extract::Kind::xpath, key, value, compiler);
    } else if (key == "css") {
      parts.add_found(extract::Kind::css, key, value, compiler);
    } else if (key == "size") {
      single(Check::Of::size, Condition::Of::size);
    } else if (key == "time") {
      single(Check::Of::time, Condition::Of::time);
    } else if (key == "body" && value.kind == Node::Kind::scalar) {
      Node contains;  // a text alone is part of the body: nobody writes down all of one
      contains.kind = Node::Kind::map;
      contains.place = value.place;
      contains.entries.push_back({"contains", entry.place, value});
      Check check;
      check.what = key;
      check.condition = Condition::compile(contains, Condition::Of::text, compiler);
      parts.add(std::move(check));
    } else if (key == "body") {
      single(Check::Of::body, Condition::Of::text);
    } else {
      const std::vector<std::string> keys = {"status", "header", "cookie", "body", "json",
                                             "xpath",  "css",    "size",   "time"};
      const auto near = nearest(key, keys);
      compiler.error(entry.place, "'" + key + "' is no part of an answer",
                     near ? "did you mean '" + *near + "'?"
                          : "write status, header, cookie, body, json, xpath, css, size or time");
    }
  }
  return made;
}

bool Checks::empty() const noexcept { return !parts_ || (parts_->statuses.empty() && parts_->checks.empty()); }
Keeps Checks::keeps() const noexcept { return parts_ ? parts_->keeps : Keeps::nothing; }
bool Checks::judge_status() const noexcept { return parts_ && !parts_->statuses.empty(); }

Result Checks::verify(const Answer& answer, Moment& moment, extract::Reader& reader) const {
  if (!parts_) return Result::success();
  const auto failure = [&](std::string why) {
    return Result::failure(kExpectation, parts_->vocabulary->masked(std::move(why)));
  };
  if (auto why = parts_->bad_status(answer.status())) return failure(std::move(*why));
  for (const Check& check : parts_->checks)
    if (auto why = parts_->broken(check, answer, moment, reader)) return failure(std::move(*why));
  return Result::success();
}

}  // namespace vajrapulse::plan
