#include <algorithm>
#include <array>
#include <vector>

#include "entry.hpp"

namespace vajrapulse::recording {
namespace {

/// A quoted field may go on over this many lines; a quote that was forgotten must not eat the file.
constexpr std::uint64_t kMostLines = 100;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// The fields of a record (RFC 4180), as places in its text, so that they outlive its growth.
class Record {
 public:
  struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool doubled = false;  ///< holds quotes that were doubled
  };
  enum class End : std::uint8_t { complete, open_quote };

  /// Splits `text`; after an `open_quote`, with more of the same text, goes on where it stopped.
  std::expected<End, Fault> split(std::string_view text);
  void clear() { *this = Record{std::move(fields_)}; }
  [[nodiscard]] const std::vector<Place>& fields() const { return fields_; }
  [[nodiscard]] std::size_t quote_at() const { return field_.begin - 1; }

  Record() = default;

 private:
  explicit Record(std::vector<Place> room) : fields_(std::move(room)) { fields_.clear(); }
  std::expected<End, Fault> read_quoted(std::string_view text);

  std::vector<Place> fields_;
  Place field_;
  std::size_t at_ = 0;
  bool quoted_ = false;
};

std::expected<Record::End, Fault> Record::read_quoted(std::string_view text) {
  for (; at_ < text.size(); ++at_) {
    if (text[at_] != '"') continue;
    if (at_ + 1 < text.size() && text[at_ + 1] == '"') {
      field_.doubled = true;
      ++at_;
      continue;
    }
    field_.end = at_++;
    quoted_ = false;
    if (at_ == text.size() || text[at_] == ',') return End::complete;
    return std::unexpected(Fault{at_, "a field goes on behind its closing quote", "double a quote inside a field"});
  }
  return End::open_quote;
}

std::expected<Record::End, Fault> Record::split(std::string_view text) {
  while (true) {
    if (!quoted_) {
      quoted_ = at_ < text.size() && text[at_] == '"';
      field_ = {at_ + (quoted_ ? 1 : 0), 0, false};
      if (quoted_) ++at_;
    }
    if (quoted_) {
      auto end = read_quoted(text);
      if (!end || *end == End::open_quote) return end;
    } else {
      at_ = std::min(text.find(',', at_), text.size());
      field_.end = at_;
      const std::size_t quote = text.substr(field_.begin, at_ - field_.begin).find('"');
      if (quote != text.npos)
        return std::unexpected(Fault{field_.begin + quote, "a quote stands inside a field without quotes",
                                     "put the field in quotes and double the one inside"});
    }
    fields_.push_back(field_);
    if (at_ == text.size()) return End::complete;
    ++at_;
  }
}

class CsvReader final : public EntryReader {
 public:
  std::expected<void, Fault> read_header(std::string_view header);
  Expected<std::expected<Entry, Fault>> read(Lines& lines) override;

 private:
  struct Column {
    std::size_t index = 0;
    Naming naming;
  };
  std::expected<Entry, Fault> entry_of(std::string_view text);
  Field field(std::string_view text, Role role);

  std::array<std::optional<Column>, kRoles> columns_;
  std::array<std::string, kRoles> unquoted_;
  std::size_t width_ = 0;
  Record record_;
};

std::expected<void, Fault> CsvReader::read_header(std::string_view header) {
  auto end = record_.split(header);
  if (!end) return std::unexpected(std::move(end.error()));
  if (*end == Record::End::open_quote)
    return std::unexpected(Fault{record_.quote_at(), "a quote does not end in the header", "close it"});
  width_ = record_.fields().size();
  for (std::size_t i = 0; i < width_; ++i) {
    const Record::Place& place = record_.fields()[i];
    const auto naming = naming_of(trimmed(header.substr(place.begin, place.end - place.begin)));
    if (!naming) continue;
    auto& column = columns_[std::size_t(naming->role)];
    if (column && column->naming.rank == naming->rank)
      return std::unexpected(Fault{place.begin, "the header names this column twice", "name each column once"});
    if (!column || naming->rank < column->naming.rank) column = Column{i, *naming};
  }
  if (!columns_[std::size_t(Role::time)])
    return std::unexpected(Fault{0, "the header " + shown(header) + " names no column of times",
                                 std::string("call it ") + kTimeNames + ", for example time,method,path"});
  return {};
}

Expected<std::expected<Entry, Fault>> CsvReader::read(Lines& lines) {
  record_.clear();
  while (true) {
    auto end = record_.split(lines.text());
    if (!end) {
      lines.shrink();
      return std::expected<Entry, Fault>(std::unexpected(std::move(end.error())));
    }
    if (*end == Record::End::complete) return entry_of(lines.text());
    bool grown = false;
    if (lines.count() < kMostLines) {
      auto more = lines.extend();
      if (!more) return std::unexpected(more.error());
      grown = *more;
    }
    if (grown) continue;
    lines.shrink();
    return std::expected<Entry, Fault>(
        std::unexpected(Fault{record_.quote_at(), "a quote is opened that does not end", "close it"}));
  }
}

Field CsvReader::field(std::string_view text, Role role) {
  const Record::Place& place = record_.fields()[columns_[std::size_t(role)]->index];
  std::string_view value = text.substr(place.begin, place.end - place.begin);
  if (place.doubled) {
    std::string& out = unquoted_[std::size_t(role)];
    out.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
      out += value[i];
      if (value[i] == '"') ++i;  // of two, one
    }
    value = out;
  }
  const std::string_view inner = trimmed(value);
  return {inner, place.begin + (place.doubled ? 0 : std::size_t(inner.data() - value.data()))};
}

std::expected<Entry, Fault> CsvReader::entry_of(std::string_view text) {
  const std::size_t width = record_.fields().size();
  if (width != width_) {
    const std::size_t at = width > width_ ? record_.fields()[width_].begin : text.size();
    return std::unexpected(Fault{
        at,
        std::to_string(width) + (width == 1 ? " field" : " fields") + " where the header has " + std::to_string(width_),
        "give one for each column"});
  }
  Entry entry{.time = field(text, Role::time), .method = {}, .target = {}};
  if (columns_[std::size_t(Role::method)]) entry.method = field(text, Role::method);
  const auto& target = columns_[std::size_t(Role::target)];
  if (!target) return entry;
  const Field value = field(text, Role::target);
  if (!entry.method && target->naming.request_line && value.text.find(' ') != value.text.npos) {
    if (auto split = split_request_line(value, entry); !split) return std::unexpected(std::move(split.error()));
  } else {
    entry.target = value;
  }
  return entry;
}

}  // namespace

std::expected<std::unique_ptr<EntryReader>, Fault> csv_reader(std::string_view header) {
  auto reader = std::make_unique<CsvReader>();
  if (auto read = reader->read_header(header); !read) return std::unexpected(std::move(read.error()));
  return reader;
}

}  // namespace vajrapulse::recording
