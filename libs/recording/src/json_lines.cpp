#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "entry.hpp"

namespace vajrapulse::recording {
namespace {

using Json = nlohmann::json;

/// Walks a line for the parser, and tells how far it came.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  Cursor operator++(int) {
    Cursor before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Cursor& a, const Cursor& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Takes what it looks for from the events of one line (nlohmann's SAX interface), and builds nothing of the rest.
class Events {
 public:
  struct Found {
    Naming naming;
    std::string text;
    std::size_t at = 0;
  };
  std::array<std::optional<Found>, kRoles> found;
  std::optional<Fault> fault;

  void begin(std::string_view line) {
    line_ = line;
    reached_ = line.data();
    depth_ = 0;
    wanted_.reset();
    fault.reset();
    for (auto& each : found)
      each.reset();
  }
  const char** reached() { return &reached_; }

  bool key(std::string& name) {
    wanted_ = depth_ == 1 ? naming_of(name) : std::nullopt;
    if (!wanted_) return true;
    const std::size_t value = line_.find_first_not_of(" \t:", std::size_t(reached_ - line_.data()));
    at_ = value == line_.npos ? line_.size() : value;
    return true;
  }
  bool string(std::string& text) { return take(text); }
  bool number_integer(Json::number_integer_t value) { return take(std::to_string(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return take(std::to_string(value)); }
  bool number_float(Json::number_float_t /*value*/, const std::string& digits) { return take(digits); }
  bool null() { return other(); }
  bool boolean(bool /*value*/) { return other(); }
  bool binary(Json::binary_t& /*value*/) { return other(); }
  bool start_object(std::size_t /*elements*/) { return open(); }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*elements*/) { return open(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string& /*token*/, const Json::exception& /*error*/) {
    const std::size_t at = position == 0 ? 0 : position - 1;
    return refuse(std::min(at, line_.size()),
                  at >= line_.size() ? "the JSON object does not end" : "no JSON from here on");
  }

 private:
  bool take(std::string text) {
    if (depth_ == 0) return refuse(0, "no JSON object");
    if (!wanted_) return true;
    auto& role = found[std::size_t(wanted_->role)];
    if (role && role->naming.rank == wanted_->rank) return refuse(at_, "the key is there for the second time");
    if (!role || wanted_->rank < role->naming.rank) role = Found{*wanted_, std::move(text), at_};
    wanted_.reset();
    return true;
  }
  bool other() {
    if (depth_ == 0) return refuse(0, "no JSON object");
    return !wanted_ || refuse(at_, "the value is neither text nor a number");
  }
  bool open() {
    if (wanted_) return refuse(at_, "the value is neither text nor a number");
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }
  bool refuse(std::size_t at, std::string what) {
    fault = Fault{at, std::move(what),
                  R"(write one object a line, for example {"time":"2026-01-31T13:55:36.5Z","path":"/"})"};
    return false;
  }

  std::string_view line_;
  const char* reached_ = nullptr;
  int depth_ = 0;
  std::optional<Naming> wanted_;
  std::size_t at_ = 0;
};

class JsonReader final : public EntryReader {
 public:
  Expected<std::expected<Entry, Fault>> read(Lines& lines) override { return parse(lines.text()); }

 private:
  std::expected<Entry, Fault> parse(std::string_view line);
  Events events_;
};

std::expected<Entry, Fault> JsonReader::parse(std::string_view line) {
  events_.begin(line);
  const Cursor begin(line.data(), events_.reached());
  const Cursor end(line.data() + line.size(), events_.reached());
  if (!Json::sax_parse(begin, end, &events_)) return std::unexpected(std::move(*events_.fault));
  const auto field = [&](Role role) -> std::optional<Field> {
    const auto& found = events_.found[std::size_t(role)];
    return found ? std::optional(Field{found->text, found->at}) : std::nullopt;
  };
  const auto time = field(Role::time);
  if (!time) return std::unexpected(Fault{0, "no key for the time", std::string("call it ") + kTimeNames});
  Entry entry{.time = *time, .method = field(Role::method), .target = {}};
  const auto target = field(Role::target);
  if (!target) return entry;
  const bool request_line = events_.found[std::size_t(Role::target)]->naming.request_line;
  if (!entry.method && request_line && target->text.find(' ') != target->text.npos) {
    if (auto split = split_request_line(*target, entry); !split) return std::unexpected(std::move(split.error()));
  } else {
    entry.target = target;
  }
  return entry;
}

}  // namespace

std::unique_ptr<EntryReader> json_reader() { return std::make_unique<JsonReader>(); }

}  // namespace vajrapulse::recording
