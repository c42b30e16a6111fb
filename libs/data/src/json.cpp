#include "json.hpp"

#include <cstring>

#include "vajrapulse/data/table.hpp"

namespace vajrapulse::data {
namespace {

Step faulty(Step step, const char* fault, const char* cure) {
  step.kind = Step::Kind::fault;
  step.fault = fault;
  step.cure = cure;
  return step;
}

class JsonSplitter final : public Splitter {
 public:
  JsonSplitter(const Json& json, const Wanted& wanted) : json_(json), fields_(json.columns().size()) {
    for (const Slot& slot : wanted.slots())
      fields_[slot.column].push_back(slot.field);
  }

  std::optional<Fault> split(const Step& record, Row& row) override {
    if (auto fault = reader_.open(json_.text_of(record))) return fault;
    Member member;
    std::uint32_t likely = 0;
    while (true) {
      auto more = reader_.next(member);
      if (!more) return std::move(more.error());
      if (!*more) return std::nullopt;
      const auto column = json_.keys().find(member.key, likely);
      if (!column) continue;
      likely = *column + 1;
      if (!fields_[*column].empty()) fill(member, fields_[*column], row);
    }
  }

 private:
  static void fill(const Member& member, std::span<const std::uint32_t> fields, Row& row) {
    std::string_view value = member.value;
    if (!member.in_file) {
      char* const own = row.room(value.size());
      std::memcpy(own, value.data(), value.size());
      row.used(value.size());
      value = {own, value.size()};
    }
    for (const std::uint32_t field : fields)
      row.set(field, value);
  }

  const Json& json_;
  ObjectReader reader_;
  std::vector<std::vector<std::uint32_t>> fields_;  ///< of each column
};

}  // namespace

std::optional<std::uint32_t> Keys::find(std::string_view key, std::uint32_t likely) const {
  // Objects of a file mostly have the same keys in the same order.
  if (likely < names_.size() && names_[likely] == key) return likely;
  const auto found = columns_.find(key);
  if (found == columns_.end()) return std::nullopt;
  return found->second;
}

std::uint32_t Keys::add(std::string_view key) {
  const auto column = std::uint32_t(names_.size());
  names_.emplace_back(key);
  columns_.emplace(names_.back(), column);
  return column;
}

Expected<std::unique_ptr<Json>> Json::of(std::string_view text, JsonShape shape, std::string_view name) {
  auto begin = begin_of(text, name);
  if (!begin) return std::unexpected(std::move(begin.error()));
  auto json = std::unique_ptr<Json>(new Json(text, shape));
  json->first_ = *begin;
  if (shape == JsonShape::lines) return json;
  std::uint64_t lines = 0;
  const std::size_t at = json->skip_blanks(*begin, lines);
  json->first_line_ = 1 + lines;
  if (at == text.size() || text[at] != '[')
    return std::unexpected(
        error_at({name, json->first_line_, 0}, {"", "it does not begin with an array of objects",
                                                "put [ before the first object and ] behind the "
                                                "last, or name the file .jsonl if each line is one"}));
  json->first_ = at + 1;
  return json;
}

std::size_t Json::skip_blanks(std::size_t at, std::uint64_t& lines) const {
  for (; at < text_.size(); ++at) {
    const char letter = text_[at];
    if (letter == '\n') ++lines;
    if (letter != ' ' && letter != '\t' && letter != '\r' && letter != '\n') break;
  }
  return at;
}

Step Json::next(std::size_t at) const { return shape_ == JsonShape::lines ? next_line(at) : next_element(at); }

Step Json::next_line(std::size_t at) const {
  Step step;
  step.begin = skip_blanks(at, step.lines_before);
  if (step.begin == text_.size()) {
    step.kind = Step::Kind::end;
    step.next = step.begin;
    return step;
  }
  const std::size_t longest = std::min(text_.size() - step.begin, kLongestRecord + 1);
  const void* found = std::memchr(text_.data() + step.begin, '\n', longest);
  if (!found && longest > kLongestRecord)
    return faulty(step, "the line is longer than 1 MiB", "put one object on a line");
  step.end = found ? std::size_t(static_cast<const char*>(found) - text_.data()) : text_.size();
  step.next = step.end + (found ? 1 : 0);
  step.lines = found ? 1 : 0;
  return step;
}

Step Json::next_element(std::size_t at) const {
  Step step;
  step.begin = skip_blanks(at, step.lines_before);
  if (step.begin == text_.size()) return faulty(step, "the array does not end", "put ] behind the last object");
  if (text_[step.begin] == ']') {
    const std::size_t behind = skip_blanks(step.begin + 1, step.lines_before);
    if (behind != text_.size()) {
      step.begin = behind;
      return faulty(step, "text goes on behind the array", "keep one array in a file");
    }
    step.kind = Step::Kind::end;
    step.next = behind;
    return step;
  }
  if (at != first_) {
    if (text_[step.begin] != ',') return faulty(step, "a comma is missing between two objects", "write ,");
    step.begin = skip_blanks(step.begin + 1, step.lines_before);
  }
  if (step.begin == text_.size() || text_[step.begin] != '{')
    return faulty(step, "an element of the array is no object", "write each row as {\"column\": value}");
  find_object_end(step);
  return step;
}

void Json::find_object_end(Step& step) const {
  const std::size_t limit = std::min(text_.size(), step.begin + kLongestRecord);
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = step.begin; at < limit; ++at) {
    const char letter = text_[at];
    if (quoted) {
      if (letter == '\\') ++at;
      if (letter == '"') quoted = false;
      if (letter == '\n') ++step.lines;
      continue;
    }
    if (letter == '"') quoted = true;
    if (letter == '\n') ++step.lines;
    if (letter == '{' || letter == '[') ++depth;
    if ((letter == '}' || letter == ']') && --depth == 0) {
      step.end = step.next = at + 1;
      return;
    }
  }
  step = faulty(step, limit == text_.size() ? "an object does not end" : "the object is longer than 1 MiB",
                "close its strings, brackets and braces");
}

std::unique_ptr<Splitter> Json::splitter(const Wanted& wanted) const {
  return std::make_unique<JsonSplitter>(*this, wanted);
}

}  // namespace vajrapulse::data
