#include "csv.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "masks.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {
namespace {

constexpr const char* kStrayQuote = "a quote stands inside a field without quotes";
constexpr const char* kStrayQuoteCure = "put the field in quotes and double the one inside";
constexpr std::array kSeparators{',', ';', '\t', '|'};

/// The one of kSeparators that a header has most of, outside of quotes.
char separator_of(std::string_view header) {
  std::array<std::size_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (const char letter : header) {
    if (letter == '"') quoted = !quoted;
    const auto found = std::ranges::find(kSeparators, letter);
    if (!quoted && found != kSeparators.end()) ++counts[std::size_t(found - kSeparators.begin())];
  }
  return kSeparators[std::size_t(std::ranges::max_element(counts) - counts.begin())];
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// Of two quotes, one.
void undouble(std::string_view field, std::uint32_t index, Row& row) {
  char* const begin = row.room(field.size());
  char* out = begin;
  for (std::size_t i = 0; i < field.size(); ++i) {
    *out++ = field[i];
    if (field[i] == '"') ++i;
  }
  row.used(std::size_t(out - begin));
  row.set(index, {begin, std::size_t(out - begin)});
}

void take(const char* begin, const char* end, std::uint32_t index, Row& row) {
  std::string_view field(begin, std::size_t(end - begin));
  if (!field.starts_with('"')) return row.set(index, field);
  field = field.substr(1, std::max<std::size_t>(field.size(), 2) - 2);
  if (field.find('"') == field.npos) return row.set(index, field);
  undouble(field, index, row);
}

class CsvSplitter final : public Splitter {
 public:
  CsvSplitter(const Csv& csv, Wanted wanted) : csv_(csv), wanted_(std::move(wanted)) {}
  std::optional<Fault> split(const Step& record, Row& row) override {
    if (auto fault = csv_.fault_of(record)) return fault;
    csv_.split(record.begin, wanted_, row);
    return std::nullopt;
  }

 private:
  const Csv& csv_;
  Wanted wanted_;
};

}  // namespace

Expected<std::unique_ptr<Csv>> Csv::of(std::string_view text, char separator, std::string_view name) {
  if (separator == '"' || separator == '\n' || separator == '\r')
    return fail(kUsage, std::string(name) + ": a quote or a line end cannot separate fields",
                "write a separator such as ',' or ';'");
  auto csv = std::unique_ptr<Csv>(new Csv(text, separator));
  if (auto read = csv->read_header(name); !read) return std::unexpected(std::move(read.error()));
  return csv;
}

Status Csv::read_header(std::string_view name) {
  auto begin = begin_of(text_, name);
  if (!begin) return std::unexpected(std::move(begin.error()));
  const Step header = next(*begin);
  const Place place{name, 1 + header.lines_before, 0};
  if (header.kind == Step::Kind::end)
    return std::unexpected(error_at({name, 0, 0}, {"", "it has no header", "name its columns in the first line"}));
  if (header.kind == Step::Kind::fault) return std::unexpected(error_at(place, {"", header.fault, header.cure}));
  const std::string_view record = text_.substr(header.begin, header.end - header.begin);
  if (record.find('\r') != record.npos)
    return std::unexpected(
        error_at(place, {"", "lines end with a carriage return alone", "save the file with LF or CRLF"}));
  if (separator_ == '\0') separator_ = separator_of(record);

  // As many columns as it takes for the header to be sound; then its fields are split as any record's are.
  std::size_t count = 1;
  bool quoted = false;
  for (const char letter : record) {
    quoted ^= letter == '"';
    count += !quoted && letter == separator_ ? 1 : 0;
  }
  if (count > kMostColumns)
    return std::unexpected(error_at(place, {"", counted(count, "column") + " are too many",
                                            "keep the ones that are used, at most " + std::to_string(kMostColumns)}));
  columns_.assign(count, {});
  if (auto fault = fault_of(header)) return std::unexpected(error_at(place, *fault));
  std::vector<std::uint32_t> all(count);
  for (std::uint32_t i = 0; i < count; ++i)
    all[i] = i;
  Row row;
  row.start(0, count);
  split(header.begin, Wanted(all), row);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view column = trimmed(row.field(i));
    if (!column.empty() && std::ranges::find(columns_, column) != columns_.end())
      return std::unexpected(
          error_at(place, {std::string(column), "the header names it twice", "name each column once"}));
    columns_[i] = column;
  }
  first_ = header.next;
  first_line_ = 1 + header.lines_before + header.lines;
  return {};
}

Step Csv::next(std::size_t at) const {
  const std::size_t size = text_.size();
  const char* const text = text_.data();
  Step step;
  while (at < size && (text[at] == '\n' || (text[at] == '\r' && (at + 1 == size || text[at + 1] == '\n')))) {
    step.lines_before += text[at] == '\n' ? 1 : 0;
    ++at;
  }
  step.begin = at;
  if (at >= size) {
    step.kind = Step::Kind::end;
    step.next = size;
    return step;
  }
  std::uint64_t quoted = 0;  // all bits: the block begins within quotes
  for (std::size_t block = at; block - at <= kLongestRecord; block += 64) {
    const Masks masks = masks_of(text + block, separator_);
    const std::uint64_t valid = first_bits(size - block);
    const std::uint64_t newlines = masks.newline & valid;
    const std::uint64_t within = odd_up_to(masks.quote & valid) ^ quoted;
    const std::uint64_t ends = newlines & ~within;
    if (ends != 0) {
      const int bit = std::countr_zero(ends);
      const std::uint64_t inner = newlines & first_bits(std::uint64_t(bit));
      step.lines += 1 + (inner == 0 ? 0 : std::uint64_t(std::popcount(inner)));
      step.end = block + std::size_t(bit);
      step.next = step.end + 1;
      if (step.end > step.begin && text[step.end - 1] == '\r') --step.end;
      return step;
    }
    step.lines += std::uint64_t(std::popcount(newlines));
    quoted = 0 - (within >> 63);
    if (size - block <= 64) {
      step.end = step.next = size;
      if (text[size - 1] == '\r') --step.end;
      if (quoted == 0) return step;
      break;
    }
  }
  step.kind = Step::Kind::fault;
  step.next = size;
  if (quoted == 0) {
    step.fault = "the record is longer than 1 MiB";
    step.cure = "split it into lines";
  } else if (starts_with_stray_quote(text_.substr(at, kLongestRecord))) {
    step.fault = kStrayQuote;
    step.cure = kStrayQuoteCure;
  } else {
    step.fault = "a quote is opened that does not end";
    step.cure = "close it, or double it if it belongs to the text";
  }
  return step;
}

/// Counts line ends outside of quotes, block by block. Two of them next to each other, or with one byte between, may
/// be a blank line: those are left to `next`.
Skip Csv::skip(std::size_t at, std::uint64_t count, std::vector<std::size_t>* begins) const {
  Skip done{at};
  std::uint64_t quoted = 0;
  std::uint64_t near_before = 0b11;  // which of the first two bytes are near a line end of the block before
  std::uint64_t lines = 0;           // within the record that is not at its end yet
  for (std::size_t block = at; done.records < count && block + 64 <= text_.size(); block += 64) {
    const Masks masks = masks_of(text_.data() + block, separator_);
    const std::uint64_t within = odd_up_to(masks.quote) ^ quoted;
    const std::uint64_t ends = masks.newline & ~within;
    if ((ends & (ends << 1 | ends << 2 | near_before)) != 0) return done;
    std::uint64_t inner = masks.newline & within;
    for (std::uint64_t rest = ends; rest != 0 && done.records < count; rest &= rest - 1) {
      const int bit = std::countr_zero(rest);
      if (begins) begins->push_back(done.at);
      if (inner != 0) {
        const std::uint64_t before = first_bits(std::uint64_t(bit));
        lines += std::uint64_t(std::popcount(inner & before));
        inner &= ~before;
      }
      done.at = block + std::size_t(bit) + 1;
      done.lines += 1 + lines;
      ++done.records;
      lines = 0;
    }
    if (inner != 0) lines += std::uint64_t(std::popcount(inner));
    if (done.at + kLongestRecord < block) return done;
    quoted = 0 - (within >> 63);
    near_before = (ends >> 63) * 0b11 | (ends >> 62 & 1);
  }
  return done;
}

/// Whether the first line has a quote inside a field without quotes; that is what opens most quotes that do not end.
bool Csv::starts_with_stray_quote(std::string_view record) const {
  const std::string_view line = record.substr(0, record.find('\n'));
  const auto separates = [this](char letter) {  // of a header it may not be known yet which
    return separator_ == '\0' ? std::ranges::find(kSeparators, letter) != kSeparators.end() : letter == separator_;
  };
  for (std::size_t at = line.find('"'); at != line.npos;) {
    if (at != 0 && !separates(line[at - 1])) return true;
    do {
      at = std::min(line.find('"', at + 1), line.size() - 1) + 1;  // behind the quote that closes
    } while (at < line.size() && line[at] == '"');
    at = line.find('"', at);
  }
  return false;
}

/// Whether quotes stand where they may and there are as many fields as columns.
bool Csv::sound(std::size_t begin, std::size_t end) const {
  std::size_t fields = 1;
  std::uint64_t quoted = 0;
  std::uint64_t cut_before = 1;  // the last byte of the block before: a separator, any quote, a closing quote
  std::uint64_t quote_before = 0;
  std::uint64_t closed_before = 0;
  for (std::size_t block = begin; block < end; block += 64) {
    const std::uint64_t valid = first_bits(end - block);
    const Masks masks = masks_of(text_.data() + block, separator_);
    const std::uint64_t quotes = masks.quote & valid;
    const std::uint64_t within = odd_up_to(quotes) ^ quoted;
    const std::uint64_t cuts = masks.separator & ~within & valid;
    const std::uint64_t opens = quotes & within;
    const std::uint64_t closes = quotes & ~within;
    const std::uint64_t may_open = (cuts << 1 | cut_before) | (quotes << 1 | quote_before);
    const std::uint64_t after_close = (closes << 1 | closed_before) & valid;
    if ((opens & ~may_open) != 0 || (after_close & ~(masks.separator | quotes)) != 0) return false;
    fields += std::size_t(std::popcount(cuts));
    quoted = 0 - (within >> 63);
    cut_before = cuts >> 63;
    quote_before = quotes >> 63;
    closed_before = closes >> 63;
  }
  return fields == columns_.size();
}

std::optional<Fault> Csv::fault_of(const Step& record) const {
  if (sound(record.begin, record.end)) return std::nullopt;
  return diagnose(text_.substr(record.begin, record.end - record.begin));
}

Fault Csv::diagnose(std::string_view record) const {
  const auto column = [this](std::size_t field) {
    if (field < columns_.size() && !columns_[field].empty()) return columns_[field];
    return std::to_string(field + 1);
  };
  std::size_t field = 0;
  for (std::size_t at = 0; at <= record.size(); ++at, ++field) {
    if (record.substr(at).starts_with('"')) {
      do {
        at = std::min(record.find('"', at + 1), record.size()) + 1;  // behind the quote that closes
      } while (at < record.size() && record[at] == '"');
      if (at < record.size() && record[at] != separator_)
        return {column(field), "text goes on behind the closing quote", "double a quote that belongs to the text"};
      continue;
    }
    const std::size_t end = std::min(record.find(separator_, at), record.size());
    if (record.substr(at, end - at).find('"') != record.npos) return {column(field), kStrayQuote, kStrayQuoteCure};
    at = end;
  }
  const std::size_t missing = std::min(field, columns_.size());
  return {column(missing), counted(field, "field") + " where the header has " + std::to_string(columns_.size()),
          field < columns_.size() ? "give one for each column"
                                  : "give one for each column; a field that holds the separator goes in quotes"};
}

void Csv::split(std::size_t begin, const Wanted& wanted, Row& row) const {
  const std::size_t size = text_.size();
  const char* const text = text_.data();
  const Slot* slot = wanted.slots().data();
  const Slot* const last = slot + wanted.slots().size();
  std::uint32_t column = 0;
  std::uint64_t quoted = 0;
  std::size_t field = begin;
  for (std::size_t block = begin; slot != last; block += 64) {
    const std::uint64_t valid = first_bits(size - block);
    const Masks masks = masks_of(text + block, separator_);
    const std::uint64_t within = odd_up_to(masks.quote & valid) ^ quoted;
    std::uint64_t cuts = (masks.separator | masks.newline) & ~within & valid;
    // The file's end is a line's end.
    if (size - block < 64) cuts |= std::uint64_t{1} << (size - block);
    quoted = 0 - (within >> 63);
    for (; cuts != 0; cuts &= cuts - 1) {
      const std::size_t at = block + std::size_t(std::countr_zero(cuts));
      const bool line_end = at == size || text[at] == '\n';
      if (slot->column == column) {
        const bool carriage_return = line_end && at > field && text[at - 1] == '\r';
        const char* const end = text + at - (carriage_return ? 1 : 0);
        for (; slot != last && slot->column == column; ++slot)
          take(text + field, end, slot->field, row);
        if (slot == last) return;
      }
      if (line_end) return;
      ++column;
      field = at + 1;
    }
    if (block + 64 > size) return;
  }
}

std::unique_ptr<Splitter> Csv::splitter(const Wanted& wanted) const {
  return std::make_unique<CsvSplitter>(*this, wanted);
}

}  // namespace vajrapulse::data
