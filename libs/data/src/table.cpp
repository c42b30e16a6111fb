#include "vajrapulse/data/table.hpp"

#include "source.hpp"
#include "words.hpp"

namespace vajrapulse::data {
namespace {

constexpr Words<Kind, 3> kKinds{{{"csv", Kind::csv}, {"json", Kind::json}, {"json-lines", Kind::json_lines}}};
constexpr Words<Kind, 6> kEndings{{{".csv", Kind::csv},
                                   {".tsv", Kind::csv},
                                   {".txt", Kind::csv},
                                   {".json", Kind::json},
                                   {".jsonl", Kind::json_lines},
                                   {".ndjson", Kind::json_lines}}};

std::expected<std::shared_ptr<const Table>, Refusal> finish(std::unique_ptr<Table::Content> content,
                                                            const Settings& settings, Findings& findings) {
  if (content) validate(*content, settings.columns, findings);
  if (!findings.empty()) return std::unexpected(std::move(findings).refusal());
  return std::make_shared<const Table>(std::move(content));
}

}  // namespace

Expected<Kind> parse_kind(std::string_view word) { return parse_word("kind of table", word, kKinds); }

Expected<Kind> kind_of_file(std::string_view path) {
  for (const auto& [ending, kind] : kEndings)
    if (path.ends_with(ending)) return kind;
  return fail(kUsage, "the name of " + std::string(path) + " does not tell what kind of table it is",
              "end it in .csv, .json or .jsonl, or write format: csv, json or json-lines");
}

Refusal Findings::refusal() && {
  std::ranges::sort(found_, {}, [](const Found& found) { return std::pair(found.row, found.turn); });
  Refusal refusal{{}, more_ || found_.size() > kMostErrors};
  for (Found& found : found_)
    if (refusal.errors.size() < kMostErrors) refusal.errors.push_back(std::move(found.error));
  return refusal;
}

Error Refusal::summary() const {
  if (errors.size() == 1 && !more) return errors.front();
  Error first = errors.front();
  first.message +=
      " (the first of " + std::string(more ? "at least " : "") + std::to_string(errors.size()) + " errors)";
  return first;
}

Table::Table(std::unique_ptr<const Content> content) : content_(std::move(content)) {}
Table::~Table() = default;

std::string_view Table::name() const { return content_->name; }
std::span<const std::string> Table::columns() const { return content_->columns; }
std::optional<std::uint64_t> Table::rows() const { return content_->rows; }

Expected<std::uint32_t> Table::column(std::string_view name) const {
  return find_column(content_->name, content_->columns, name);
}

std::expected<std::shared_ptr<const Table>, Refusal> open(const Settings& settings) {
  Findings findings;
  switch (settings.kind) {
    case Kind::rows: return finish(content_of_rows(settings, findings), settings, findings);
    case Kind::query: return finish(content_of_query(settings, findings), settings, findings);
    case Kind::csv:
    case Kind::json:
    case Kind::json_lines: break;
  }
  return finish(content_of_file(settings, findings), settings, findings);
}

std::expected<std::shared_ptr<const Table>, Refusal> open_text(std::string_view text, const Settings& settings) {
  Findings findings;
  auto mapping = Mapping::of_text(text);
  if (!mapping) return std::unexpected(Refusal{{std::move(mapping.error())}, false});
  return finish(content_of_mapping(std::move(*mapping), settings, findings), settings, findings);
}

}  // namespace vajrapulse::data
