#include "source.hpp"
#include "unique.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::data {

namespace {

constexpr std::uint64_t kSampled = 1'000;

/// The rules of a table in memory, held against row after row.
class Validation {
  struct Values {
    std::size_t rule;
    Wanted column;
    Unique seen;
  };

  auto twice_in(const Values& values) {
    return [this, &values](std::uint32_t before, std::uint32_t number) { return twice(values, before, number); };
  }

 public:
  Validation(const Table::Content& content, std::span<const Rule> rules, std::span<const std::uint32_t> columns,
             Findings& findings)
      : content_(content), rules_(rules), wanted_(columns), findings_(findings) {
    for (std::size_t i = 0; i < rules.size(); ++i)
      if (rules[i].said().unique) unique_.push_back({i, Wanted(columns.subspan(i, 1)), Unique(*content.rows)});
  }

  /// False when there are as many faults as are told.
  bool look(std::uint64_t number) {
    content_.read(number, wanted_, row_);
    for (std::size_t i = 0; i < rules_.size(); ++i)
      if (auto fault = rules_[i].fault_of(row_.field(i))) tell(number, *fault);
    for (Values& values : unique_) {
      const std::string_view field = row_.field(values.rule);
      if (!field.empty()) values.seen.add(field, std::uint32_t(number), twice_in(values));
    }
    return told_ < kMostErrors;
  }
  void finish() {
    for (Values& values : unique_)
      values.seen.finish(twice_in(values));
  }

 private:
  bool twice(const Values& values, std::uint32_t before, std::uint32_t number) {
    content_.read(before, values.column, first_);
    content_.read(number, values.column, second_);
    if (first_.field(0) != second_.field(0)) return false;
    tell(number, {rules_[values.rule].said().name,
                  shown(second_.field(0)) + " stands in row " + std::to_string(before + 1) + " already",
                  "give each row its own, or leave unique out"});
    return true;
  }

  void tell(std::uint64_t number, const Fault& fault) {
    if (++told_ > kMostErrors) return findings_.stop();
    findings_.add({content_.name, content_.line_of(number), number + 1}, fault);
  }

  const Table::Content& content_;
  std::span<const Rule> rules_;
  Wanted wanted_;
  Findings& findings_;
  std::vector<Values> unique_;
  Row row_;
  Row first_;
  Row second_;
  std::size_t told_ = 0;
};

void sample(const StreamContent& content, Findings& findings) {
  const Format& format = *content.format;
  const auto splitter = format.splitter(Wanted(content.rule_columns));
  Row row;
  std::size_t at = format.first();
  std::uint64_t line = format.first_line();
  for (std::uint64_t number = 0; number < kSampled && findings.size() < kMostErrors; ++number) {
    const Step step = format.next(at);
    const Place place{content.name, line + step.lines_before, number + 1};
    if (step.kind == Step::Kind::fault) findings.add(place, {"", step.fault, step.cure});
    if (step.kind == Step::Kind::end && number == 0)
      findings.add({content.name, 0, 0}, {"", "it has no rows", "write at least one"});
    if (step.kind != Step::Kind::record) return;
    row.start(number, content.rules.size());
    auto fault = splitter->split(step, row);
    for (std::size_t i = 0; !fault && i < content.rules.size(); ++i)
      fault = content.rules[i].fault_of(row.field(i));
    if (fault) findings.add(place, *fault);
    at = step.next;
    line = place.line + step.lines;
  }
}

}  // namespace

void validate(Table::Content& content, const std::vector<ColumnRule>& said, Findings& findings) {
  std::vector<Rule> rules;
  std::vector<std::uint32_t> columns;
  auto* const stream = dynamic_cast<StreamContent*>(&content);
  for (const ColumnRule& one : said) {
    auto column = find_column(content.name, content.columns, one.name);
    if (!column) findings.add(0, std::move(column.error()));
    auto rule = Rule::of(one);
    if (!rule) findings.add(0, std::move(rule.error()));
    if (stream && one.unique)
      findings.add({content.name, 0, 0}, {one.name,
                                          "unique needs all rows at once, and a file of " +
                                              format_bytes(stream->mapping.text().size()) + " is streamed",
                                          "leave unique out, or raise the size above which files are streamed"});
    if (!column || !rule) continue;
    columns.push_back(*column);
    rules.push_back(std::move(*rule));
  }
  if (stream) {
    stream->rules = std::move(rules);
    stream->rule_columns = std::move(columns);
    if (findings.empty()) sample(*stream, findings);
    return;
  }
  if (content.rows == 0u && findings.empty())
    findings.add({content.name, 0, 0}, {"", "it has no rows", "write at least one"});
  if (rules.empty()) return;
  Validation validation(content, rules, columns, findings);
  const bool some_are_faulty = !findings.empty();
  for (std::uint64_t number = 0; number < *content.rows; ++number) {
    if (some_are_faulty && findings.has(number + 1)) continue;
    if (!validation.look(number)) return findings.stop();
  }
  validation.finish();
}

}  // namespace vajrapulse::data
