#include "source.hpp"

namespace vajrapulse::data {
namespace {

/// Rows that come one by one into memory.
class Collector {
 public:
  Collector(std::string name, const Limits& limits)
      : limits_{std::min(limits.bytes, std::uint64_t{0xffff'ffff}), std::min(limits.rows, std::uint64_t{0xffff'fffe})} {
    content_->name = std::move(name);
    content_->starts.push_back(0);
    content_->rows = 0;
  }

  Status columns(std::vector<std::string> names) {
    if (names.empty() || names.size() > kMostColumns)
      return refuse({"", counted(names.size(), "column") + (names.empty() ? " are too few" : " are too many"),
                     "give 1 to " + std::to_string(kMostColumns)});
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (std::ranges::find(names.begin(), names.begin() + std::ptrdiff_t(i), names[i]) !=
          names.begin() + std::ptrdiff_t(i))
        return refuse({names[i], "it is named twice", "name each column once"});
    }
    content_->columns = std::move(names);
    return {};
  }

  template <class Fields>
  Status row(const Fields& fields) {
    ++*content_->rows;
    if (*content_->rows > limits_.rows || content_->cells.size() > kMostCells)
      return refuse({"", "there are more rows than are kept in memory", "ask for fewer, or write them to a CSV file"});
    for (const std::string_view field : fields) {
      if (field.size() > kLongestRecord) return refuse({"", "a field is longer than 1 MiB", "leave it out"});
      if (content_->own.size() + field.size() > limits_.bytes)
        return refuse(
            {"", "there is more text than is kept in memory", "ask for fewer rows, or write them to a CSV file"});
      content_->cells.push_back(content_->keep(field));
    }
    content_->starts.push_back(std::uint32_t(content_->cells.size()));
    return {};
  }

  [[nodiscard]] Place place() const { return {content_->name, 0, *content_->rows}; }
  std::unique_ptr<CellContent> take() { return std::move(content_); }

 private:
  static constexpr std::size_t kMostCells = std::size_t{64} << 20;
  [[nodiscard]] std::unexpected<Error> refuse(const Fault& fault) const {
    return std::unexpected(error_at(place(), fault));
  }

  Limits limits_;
  std::unique_ptr<CellContent> content_ = std::make_unique<CellContent>();
};

std::unique_ptr<Table::Content> refused(Findings& findings, Error error) {
  findings.add(0, std::move(error));
  return nullptr;
}

}  // namespace

std::unique_ptr<Table::Content> content_of_rows(const Settings& settings, Findings& findings) {
  Collector collector(settings.name.empty() ? "rows" : settings.name, settings.limits);
  const std::size_t width = settings.rows.columns.size();
  if (auto kept = collector.columns(settings.rows.columns); !kept) return refused(findings, std::move(kept.error()));
  for (const auto& fields : settings.rows.rows) {
    if (auto kept = collector.row(fields); !kept) return refused(findings, std::move(kept.error()));
    if (fields.size() == width) continue;
    const std::string column = fields.size() < width ? settings.rows.columns[fields.size()] : std::to_string(width + 1);
    findings.add(collector.place(),
                 {column, counted(fields.size(), "field") + " where there are " + counted(width, "column"),
                  "give one for each column"});
    if (findings.size() < kMostErrors) continue;
    findings.stop();
    break;
  }
  return collector.take();
}

std::unique_ptr<Table::Content> content_of_query(const Settings& settings, Findings& findings) {
  if (!settings.source)
    return refused(findings, {kUsage, "a query names no database", "name one, for example sqlite:shop.db"});
  Collector collector(std::string(settings.name.empty() ? settings.source->name() : settings.name), settings.limits);
  const RowSink sink{.columns = [&](std::vector<std::string> names) { return collector.columns(std::move(names)); },
                     .row = [&](std::span<const std::string_view> fields) { return collector.row(fields); }};
  if (auto read = settings.source->read(settings.sql, sink); !read) return refused(findings, std::move(read.error()));
  return collector.take();
}

}  // namespace vajrapulse::data
