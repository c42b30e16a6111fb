#include "source.hpp"
#include "unique.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::data {

void Unique::grow() {
  std::vector<std::uint64_t> hashes(std::max<std::size_t>(1024, 4 * hashes_.size()));
  std::vector<std::uint32_t> rows(hashes.size());
  hashes.swap(hashes_);
  rows.swap(rows_);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] == 0) continue;
    std::size_t at = (hashes[i] >> 1) & (hashes_.size() - 1);
    while (hashes_[at] != 0)
      at = (at + 1) & (hashes_.size() - 1);
    put(at, hashes[i], rows[i]);
  }
}

namespace {

constexpr std::uint64_t kSampled = 1'000;

/// The rules of a table in memory, held against row after row.
class Validation {
 public:
  Validation(const Table::Content& content, std::span<const Rule> rules, std::span<const std::uint32_t> columns)
      : content_(content), rules_(rules), wanted_(columns), unique_(rules.size()) {
    for (const std::uint32_t column : columns)
      alone_.emplace_back(std::span(&column, 1));
  }

  /// False when that was the last fault to be told.
  bool look(std::uint64_t number, Findings& findings) {
    content_.read(number, wanted_, row_);
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      auto fault = rules_[i].fault_of(row_.field(i));
      if (!fault && rules_[i].said().unique) fault = twice(i, number);
      if (!fault) continue;
      findings.add({content_.name, content_.line_of(number), number + 1}, *fault);
      if (++told_ < kMostErrors) continue;
      findings.stop();
      return false;
    }
    return true;
  }

 private:
  std::optional<Fault> twice(std::size_t rule, std::uint64_t number) {
    const std::string_view field = row_.field(rule);
    if (field.empty()) return std::nullopt;
    const auto same = [&](std::uint32_t before) {
      content_.read(before, alone_[rule], other_);
      return other_.field(0) == field;
    };
    const auto before = unique_[rule].add(field, std::uint32_t(number), same);
    if (!before) return std::nullopt;
    return Fault{rules_[rule].said().name, shown(field) + " stands in row " + std::to_string(*before + 1) + " already",
                 "give each row its own, or leave unique out"};
  }

  const Table::Content& content_;
  std::span<const Rule> rules_;
  Wanted wanted_;
  std::vector<Wanted> alone_;
  std::vector<Unique> unique_;
  Row row_;
  Row other_;
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
  Validation validation(content, rules, columns);
  const bool some_are_faulty = !findings.empty();
  for (std::uint64_t number = 0; number < *content.rows; ++number) {
    if (some_are_faulty && findings.has(number + 1)) continue;
    if (!validation.look(number, findings)) return;
  }
}

}  // namespace vajrapulse::data
