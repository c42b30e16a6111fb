#include "condition.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "encode.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;
using document::Node;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<double> limit_of(std::string_view text, Comparison::Unit unit) {
  if (unit == Comparison::Unit::bytes) {
    const auto bytes = parse_bytes(text);
    return bytes ? std::optional(double(*bytes)) : std::nullopt;
  }
  if (unit == Comparison::Unit::time) {
    const auto time = parse_duration(text);
    return time ? std::optional(double(time->count())) : std::nullopt;
  }
  return as_number(Value::of(text));
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

criteria::Mistake in_plan(const extract::Mistake& mistake) {
  return {.column = mistake.column, .length = mistake.length, .message = mistake.message, .cure = mistake.cure};
}

/// Equal as texts; or as numbers, when what came is one: 1 and "1.0".
bool equal(const Value& actual, std::string_view expected) {
  if (actual.type == Type::text) return actual.text == expected;
  std::string written;
  append_value(actual, written);
  if (written == expected) return true;
  const auto number = actual.type == Type::number ? as_number(Value::of(expected)) : std::nullopt;
  return number && *number == actual.number;
}

std::string as_text(const Value& value) {
  std::string text;
  append_value(value, text);
  return text;
}

std::string quoted(std::string_view text) { return shown(Value::of(text)); }

}  // namespace

std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 80;
  if (value.type == Type::number) return as_text(value);
  if (value.type != Type::text || value.text.size() <= kLongest) return criteria::format(value);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(value.text[end]) & 0xc0) == 0x80)
    --end;
  return "'" + std::string(value.text.substr(0, end)) + "…'";
}

std::optional<Comparison> Comparison::parse(std::string_view text, Unit unit) {
  text = trimmed(text);
  Comparison made;
  made.text_ = text;
  made.low_ = -kInfinity;
  made.high_ = kInfinity;
  if (text.starts_with('<') || text.starts_with('>')) {
    const bool or_equal = text.substr(1).starts_with('=');
    const auto limit = limit_of(trimmed(text.substr(or_equal ? 2 : 1)), unit);
    if (!limit) return std::nullopt;
    const bool below = text[0] == '<';
    (below ? made.high_ : made.low_) = *limit;
    (below ? made.high_open_ : made.low_open_) = !or_equal;
    return made;
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto low = limit_of(trimmed(text.substr(0, dots)), unit);
  const auto high = limit_of(trimmed(text.substr(dots + 2)), unit);
  if (!low || !high || *low > *high) return std::nullopt;
  made.low_ = *low;
  made.high_ = *high;
  return made;
}

bool Comparison::holds(double value) const noexcept {
  return (low_open_ ? value > low_ : value >= low_) && (high_open_ ? value < high_ : value <= high_);
}

Condition Condition::compile(const Node& node, Of of, Compiler& compiler) {
  Condition condition;
  if (node.kind == Node::Kind::null) {
    condition.tests_.emplace_back().op = Test::Op::absent;
  } else if (node.kind == Node::Kind::scalar) {
    condition.add_scalar(node, of, compiler);
  } else if (node.kind == Node::Kind::map) {
    for (const document::Entry& entry : node.entries)
      condition.add(entry.key, entry.value, of, compiler);
    if (node.entries.empty())
      compiler.error(node.place, "nothing is expected here", "write for example { contains: welcome }");
  } else {
    compiler.wrong_kind(node, "what is expected", "a value or a map", "write for example { contains: welcome }");
  }
  return condition;
}

void Condition::add_scalar(const Node& node, Of of, Compiler& compiler) {
  const auto unit = of == Of::size   ? Comparison::Unit::bytes
                    : of == Of::time ? Comparison::Unit::time
                                     : Comparison::Unit::none;
  Test test;
  if (unit == Comparison::Unit::none) {
    test.comparison = Comparison::parse(node.text, unit);
    if (!test.comparison) test.operand = compiler.text(node);
    test.op = test.comparison ? Test::Op::compares : Test::Op::equals;
    tests_.push_back(std::move(test));
    return;
  }
  const auto written = compiler.known(node, of == Of::size ? "an expected size" : "an expected time");
  if (!written) return;
  test.comparison = Comparison::parse(*written, unit);
  test.op = Test::Op::compares;
  if (test.comparison) {
    tests_.push_back(std::move(test));
    return;
  }
  const std::string example = of == Of::size ? "\"< 10KB\"" : "\"< 200ms\"";
  compiler.error(node.place, quoted(*written) + (of == Of::size ? " is no limit of a size" : " is no limit of a time"),
                 "write for example " + example + (of == Of::size ? " or 1KB..10KB" : " or 10ms..200ms"));
}

void Condition::add_truth(Test::Op yes, Test::Op no, const Node& node, std::string_view key, Compiler& compiler) {
  if (node.kind == Node::Kind::scalar && (node.text == "true" || node.text == "false")) {
    tests_.emplace_back().op = node.text == "true" ? yes : no;
    return;
  }
  compiler.wrong_kind(node, key, "true or false", "write " + std::string(key) + ": true");
}

void Condition::add_count(const Node& node, Compiler& compiler) {
  const auto written = compiler.known(node, "an expected count");
  if (!written) return;
  count_ = Comparison::parse(*written, Comparison::Unit::none);
  if (!count_ && as_number(Value::of(*written))) {
    count_ = Comparison::parse(*written + ".." + *written, Comparison::Unit::none);
  }
  if (!count_) compiler.error(node.place, quoted(*written) + " is no count", "write for example 3, \"> 0\" or 1..10");
}

void Condition::add(std::string_view key, const Node& node, Of of, Compiler& compiler) {
  using Op = Test::Op;
  if (key == "exists") return add_truth(Op::exists, Op::absent, node, key, compiler);
  if (key == "empty") return add_truth(Op::empty, Op::filled, node, key, compiler);
  if (key == "count" && of == Of::found) return add_count(node, compiler);
  Test test;
  if (key == "matches") {
    const auto pattern = compiler.known(node, "a pattern");
    if (!pattern) return;
    auto regex = extract::Regex::compile(*pattern);
    if (!regex) return compiler.error(node, in_plan(regex.error()));
    test.op = Op::matches;
    test.regex = std::make_shared<const extract::Regex>(std::move(*regex));
    tests_.push_back(std::move(test));
    return;
  }
  constexpr std::pair<std::string_view, Op> kTexts[] = {
      {"equals", Op::equals}, {"not", Op::differs}, {"contains", Op::contains}, {"not-contains", Op::lacks}};
  for (const auto& [word, op] : kTexts) {
    if (key != word) continue;
    test.op = op;
    test.operand = compiler.text(node);
    tests_.push_back(std::move(test));
    return;
  }
  const auto near =
      nearest(std::string(key), {"equals", "not", "contains", "not-contains", "matches", "exists", "empty", "count"});
  compiler.error(
      node.place, "'" + std::string(key) + "' is no way to look at it",
      near ? "did you mean '" + *near + "'?" : "write equals, not, contains, not-contains, matches, exists or empty");
}

std::optional<std::string> Condition::broken_by(const Subject& subject, Moment& moment, extract::Reader& reader) const {
  for (const Test& test : tests_)
    if (auto why = broken(test, subject, moment, reader)) return why;
  return std::nullopt;
}

std::optional<std::string> Condition::broken_by_count(std::string_view what, std::size_t count) const {
  if (!count_ || count_->holds(double(count))) return std::nullopt;
  const std::string& text = count_->text();
  const std::size_t dots = text.find("..");
  const bool exact = dots != std::string::npos && text.substr(0, dots) == text.substr(dots + 2);
  return std::string(what) + " was found " + std::to_string(count) + (count == 1 ? " time, not " : " times, not ") +
         (exact ? text.substr(0, dots) : text);
}

std::optional<std::string> Condition::broken(const Test& test, const Subject& subject, Moment& moment,
                                             extract::Reader& reader) {
  using Op = Test::Op;
  const std::string what(subject.what);
  const bool there = subject.value && !subject.value->is_null();
  if (test.op == Op::exists) return subject.value ? std::nullopt : std::optional(std::string(subject.missing));
  if (test.op == Op::absent) return there ? std::optional(what + " was there: " + shown(*subject.value)) : std::nullopt;
  if (!subject.value) return std::string(subject.missing);
  const Value& value = *subject.value;
  if (test.op == Op::compares) {
    const auto number = as_number(value);
    if (number && test.comparison->holds(*number)) return std::nullopt;
    return what + " was " + shown(value) + ", not " + test.comparison->text();
  }
  const std::string made = value.type == Type::text ? std::string() : as_text(value);
  const std::string_view text = value.type == Type::text ? value.text : std::string_view(made);
  if (test.op == Op::empty) return text.empty() ? std::nullopt : std::optional(what + " was not empty");
  if (test.op == Op::filled) return text.empty() ? std::optional(what + " was empty") : std::nullopt;
  if (test.op == Op::matches) {
    reader.read(text);
    if (test.regex->first(reader)) return std::nullopt;
    return what + " was " + shown(value) + ", which does not match " + std::string(test.regex->text());
  }
  std::string& expected = moment.scratch();
  if (const Status status = test.operand.render(moment, expected); !status) return status.error().text();
  switch (test.op) {
    case Op::equals:
      if (equal(value, expected)) return std::nullopt;
      return what + " was " + shown(value) + ", not " +
             (value.type == Type::number && as_number(Value::of(expected)) ? expected : quoted(expected));
    case Op::differs: return equal(value, expected) ? std::optional(what + " was " + shown(value)) : std::nullopt;
    case Op::contains:
      if (text.find(expected) != std::string_view::npos) return std::nullopt;
      return what + " does not contain " + quoted(expected);
    default:
      if (text.find(expected) == std::string_view::npos) return std::nullopt;
      return what + " contains " + quoted(expected);
  }
}

}  // namespace vajrapulse::plan
