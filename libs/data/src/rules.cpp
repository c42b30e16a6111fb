#include "rules.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "vajrapulse/base/text.hpp"
#include "words.hpp"

namespace vajrapulse::data {
namespace {

constexpr Words<ColumnType, 4> kTypes{{{"text", ColumnType::text},
                                       {"integer", ColumnType::integer},
                                       {"number", ColumnType::number},
                                       {"boolean", ColumnType::boolean}}};

template <class T>
std::optional<T> read_number(std::string_view field) {
  T value{};
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return value;
}

std::string joined(std::span<const std::string> names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (const std::string& name : names.first(std::min(names.size(), kMost)))
    text += (text.empty() ? "" : ", ") + name;
  return names.size() > kMost ? text + ", …" : text;
}

bool has_range(const ColumnRule& rule) { return rule.min || rule.max; }

bool is_numeric(ColumnType type) { return type == ColumnType::integer || type == ColumnType::number; }

std::unexpected<Error> refuse(const ColumnRule& rule, std::string_view message, std::string cure) {
  return fail(kUsage, "column " + rule.name + ": " + std::string(message), std::move(cure));
}

}  // namespace

Expected<ColumnType> parse_column_type(std::string_view word) { return parse_word("type of column", word, kTypes); }

std::optional<std::int64_t> integer_of(std::string_view field) { return read_number<std::int64_t>(field); }

std::optional<double> number_of(std::string_view field) {
  auto value = read_number<double>(field);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> boolean_of(std::string_view field) {
  if (field == "true" || field == "1") return true;
  if (field == "false" || field == "0") return false;
  return std::nullopt;
}

struct Rule::Pattern {
  explicit Pattern(const std::string& text) : compiled(text, options()) {}
  static RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    return options;
  }
  RE2 compiled;
};

Rule::Rule(ColumnRule rule) : rule_(std::move(rule)) {}
Rule::Rule(Rule&&) noexcept = default;
Rule& Rule::operator=(Rule&&) noexcept = default;
Rule::~Rule() = default;

Expected<Rule> Rule::of(ColumnRule said) {
  Rule rule(std::move(said));
  const ColumnRule& own = rule.rule_;
  if (has_range(own) && !is_numeric(own.type))
    return refuse(own, "min and max are for numbers", "write type: integer or type: number beside them");
  if ((own.min && std::isnan(*own.min)) || (own.max && std::isnan(*own.max)) ||
      (own.min && own.max && *own.min > *own.max))
    return refuse(own, "no number lies between its min and its max", "write the smaller one as min");
  if (own.pattern.empty()) return rule;
  rule.pattern_ = std::make_unique<const Pattern>(own.pattern);
  if (!rule.pattern_->compiled.ok())
    return refuse(own, "its pattern is none: " + rule.pattern_->compiled.error(),
                  "write a regular expression, for example [a-z]+[0-9]*");
  return rule;
}

std::optional<Fault> Rule::fault_of(std::string_view field) const {
  if (field.empty()) {
    if (!rule_.required) return std::nullopt;
    return Fault{rule_.name, "it is empty", "give each row a value, or leave required out"};
  }
  if (auto fault = type_fault(field)) return fault;
  if (!rule_.values.empty() && std::ranges::find(rule_.values, field) == rule_.values.end()) {
    const auto like = nearest(field.substr(0, 100), rule_.values);
    return Fault{rule_.name, shown(field) + " is none of its values",
                 like ? "write " + *like : "write one of " + joined(rule_.values)};
  }
  if (pattern_ && !RE2::FullMatch(re2::StringPiece(field.data(), field.size()), pattern_->compiled))
    return Fault{rule_.name, shown(field) + " does not match " + rule_.pattern, "the whole field has to match"};
  return std::nullopt;
}

std::optional<Fault> Rule::type_fault(std::string_view field) const {
  switch (rule_.type) {
    case ColumnType::integer: {
      const auto value = integer_of(field);
      if (value) return range_fault(field, static_cast<long double>(*value));
      return Fault{rule_.name, shown(field) + " is no integer", "write digits only, for example 42"};
    }
    case ColumnType::number: {
      const auto value = number_of(field);
      if (value) return range_fault(field, *value);
      return Fault{rule_.name, shown(field) + " is no number", "write it with a point, for example 42.5"};
    }
    case ColumnType::boolean:
      if (boolean_of(field)) return std::nullopt;
      return Fault{rule_.name, shown(field) + " is no boolean", "write true or false"};
    case ColumnType::text: break;
  }
  return std::nullopt;
}

std::optional<Fault> Rule::range_fault(std::string_view field, long double value) const {
  if (rule_.min && value < *rule_.min)
    return Fault{rule_.name, shown(field) + " is below its min", fmt::format("write {} or more", *rule_.min)};
  if (rule_.max && value > *rule_.max)
    return Fault{rule_.name, shown(field) + " is above its max", fmt::format("write {} or less", *rule_.max)};
  return std::nullopt;
}

Expected<std::uint32_t> find_column(std::string_view table, std::span<const std::string> columns,
                                    std::string_view name) {
  const auto found = std::ranges::find(columns, name);
  if (found != columns.end() && !name.empty()) return std::uint32_t(found - columns.begin());
  const auto like = nearest(name.substr(0, 100), {columns.begin(), columns.end()});
  return fail(kUsage, std::string(table) + " has no column " + shown(name),
              like ? "did you mean " + *like : "it has " + joined(columns));
}

}  // namespace vajrapulse::data
