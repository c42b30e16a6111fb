#include "source.hpp"

namespace vajrapulse::data {
namespace {

constexpr std::uint64_t kMostBytes = 0xffff'ffff;  // places in memory are 32 bits
constexpr std::uint64_t kMostRows = 0xffff'fffe;
constexpr std::size_t kMostCells = std::size_t{64} << 20;  // of 8 bytes: 512 MiB
constexpr std::uint64_t kSampled = 1'000;

/// The records of a file, one after another, with their places.
class Walk {
 public:
  Walk(const Format& format, std::string_view name)
      : format_(format), name_(name), at_(format.first()), line_(format.first_line()) {}

  bool next(Findings& findings) {
    line_ += step_.lines;
    step_ = format_.next(at_);
    line_ += step_.lines_before;
    at_ = step_.next;
    ++row_;
    if (step_.kind == Step::Kind::fault) findings.add(place(), {"", step_.fault, step_.cure});
    return step_.kind == Step::Kind::record;
  }
  [[nodiscard]] const Step& step() const { return step_; }
  [[nodiscard]] std::uint64_t row() const { return row_; }
  [[nodiscard]] Place place() const { return {name_, line_, row_}; }

 private:
  const Format& format_;
  std::string_view name_;
  std::size_t at_;
  std::uint64_t line_;
  std::uint64_t row_ = 0;
  Step step_;
};

/// Adds a fault; false when that was the last one to be told.
bool tell(Findings& findings, const Place& place, const Fault& fault) {
  findings.add(place, fault);
  if (findings.size() < kMostErrors) return true;
  findings.stop();
  return false;
}

/// False when there are more rows than are kept in memory.
bool index(CsvContent& content, std::uint64_t most_rows, Findings& findings) {
  Walk walk(*content.csv, content.name);
  while (walk.next(findings)) {
    if (walk.row() > most_rows) return false;
    content.begins.push_back(std::uint32_t(walk.step().begin));
    const auto fault = content.csv->fault_of(walk.step());
    if (fault && !tell(findings, walk.place(), *fault)) break;
  }
  content.begins.shrink_to_fit();
  content.rows = content.begins.size();
  return true;
}

/// The column of a member's key, added when it is new; nothing when there are too many.
std::optional<std::uint32_t> column_of(const Member& member, std::uint32_t likely, Keys& keys) {
  if (auto column = keys.find(member.key, likely)) return column;
  if (keys.names().size() == kMostColumns) return std::nullopt;
  return keys.add(member.key);
}

/// Cells of one object; what is wrong with it.
std::optional<Fault> gather_row(ObjectReader& reader, std::string_view object, CellContent& content) {
  const std::size_t start = content.cells.size();
  if (auto fault = reader.open(object)) return fault;
  Member member;
  std::uint32_t likely = 0;
  while (true) {
    auto more = reader.next(member);
    if (!more) return std::move(more.error());
    if (!*more) return std::nullopt;
    const auto column = column_of(member, likely, content.json->keys());
    if (!column)
      return Fault{std::string(member.key.substr(0, 40)), "it is one key too many: columns are the keys of all objects",
                   "use at most " + std::to_string(kMostColumns)};
    likely = *column + 1;
    if (content.cells.size() <= start + *column) content.cells.resize(start + *column + 1);
    const auto begin = std::uint32_t(member.value.data() - content.mapping->text().data());
    content.cells[start + *column] =
        !member.value.empty() && member.in_file
            ? CellContent::Cell{begin, std::uint32_t(member.value.size()) | CellContent::Cell::kInFile}
            : content.keep(member.value);
  }
}

bool gather(CellContent& content, std::uint64_t most_rows, Findings& findings) {
  Walk walk(*content.json, content.name);
  ObjectReader reader;
  content.starts.push_back(0);
  while (walk.next(findings)) {
    if (walk.row() > most_rows || content.cells.size() > kMostCells) return false;
    content.begins.push_back(std::uint32_t(walk.step().begin));
    const auto fault = gather_row(reader, content.json->text_of(walk.step()), content);
    content.starts.push_back(std::uint32_t(content.cells.size()));
    if (fault && !tell(findings, walk.place(), *fault)) break;
  }
  const auto names = content.json->columns();
  content.columns.assign(names.begin(), names.end());
  content.rows = content.begins.size();
  return true;
}

/// The columns of JSON that is streamed are those of its first objects.
void sample_keys(Json& json, std::string_view name, Findings& findings) {
  Walk walk(json, name);
  ObjectReader reader;
  Member member;
  while (walk.row() < kSampled && findings.empty() && walk.next(findings)) {
    auto fault = reader.open(json.text_of(walk.step()));
    std::expected<bool, Fault> more = !fault;
    while (!fault && (more = reader.next(member)) && *more)
      (void)column_of(member, 0, json.keys());
    if (!fault && !more) fault = std::move(more.error());
    if (fault) findings.add(walk.place(), *fault);
  }
}

std::unique_ptr<Table::Content> streamed(Mapping mapping, std::unique_ptr<Format> format, const std::string& name) {
  auto content = std::make_unique<StreamContent>(std::move(mapping), std::move(format));
  const auto names = content->format->columns();
  content->columns.assign(names.begin(), names.end());
  content->name = name;
  return content;
}

std::unique_ptr<Table::Content> content_of_csv(Mapping mapping, const Settings& settings, const Limits& limits,
                                               Findings& findings) {
  auto csv = Csv::of(mapping.text(), settings.separator, settings.path);
  if (!csv) {
    findings.add(0, std::move(csv.error()));
    return nullptr;
  }
  if (mapping.text().size() > limits.bytes) return streamed(std::move(mapping), std::move(*csv), settings.path);
  auto content = std::make_unique<CsvContent>(std::move(mapping), std::move(*csv));
  content->name = settings.path;
  const auto names = content->csv->columns();
  content->columns.assign(names.begin(), names.end());
  if (index(*content, limits.rows, findings)) return content;
  return streamed(std::move(content->mapping), std::move(content->csv), settings.path);
}

std::unique_ptr<Table::Content> content_of_json(Mapping mapping, const Settings& settings, const Limits& limits,
                                                Findings& findings) {
  const JsonShape shape = settings.kind == Kind::json ? JsonShape::array : JsonShape::lines;
  auto json = Json::of(mapping.text(), shape, settings.path);
  if (!json) {
    findings.add(0, std::move(json.error()));
    return nullptr;
  }
  if (mapping.text().size() <= limits.bytes) {
    auto content = std::make_unique<CellContent>();
    content->name = settings.path;
    content->mapping = std::move(mapping);
    content->json = std::move(*json);
    if (gather(*content, limits.rows, findings)) return content;
    mapping = std::move(*content->mapping);
    json = std::move(content->json);
  }
  sample_keys(**json, settings.path, findings);
  return streamed(std::move(mapping), std::move(*json), settings.path);
}

}  // namespace

std::unique_ptr<Table::Content> content_of_mapping(Mapping mapping, const Settings& settings, Findings& findings) {
  const Limits limits{std::min(settings.limits.bytes, kMostBytes), std::min(settings.limits.rows, kMostRows)};
  return settings.kind == Kind::csv ? content_of_csv(std::move(mapping), settings, limits, findings)
                                    : content_of_json(std::move(mapping), settings, limits, findings);
}

std::unique_ptr<Table::Content> content_of_file(const Settings& settings, Findings& findings) {
  auto mapping = Mapping::of_file(settings.path);
  if (mapping) return content_of_mapping(std::move(*mapping), settings, findings);
  findings.add(0, std::move(mapping.error()));
  return nullptr;
}

}  // namespace vajrapulse::data
