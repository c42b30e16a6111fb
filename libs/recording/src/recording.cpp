#include "vajrapulse/recording/recording.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "arrivals_found.hpp"
#include "entry.hpp"
#include "lines.hpp"

namespace vajrapulse::recording {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == line.npos; }

/// One file on its way in.
class Reading {
 public:
  Reading(const Source& source, const Settings& settings) : lines_(source), settings_(settings), found_(settings) {}

  Expected<Recording> run() {
    auto opened = open();
    if (!opened) return std::unexpected(opened.error());
    while (true) {
      auto more = lines_.next();
      if (!more) return std::unexpected(more.error());
      if (!*more) break;
      if (auto taken = take(); !taken) return std::unexpected(taken.error());
    }
    return finish();
  }

 private:
  Status open();
  Status open_as(Format format);
  Status take();
  Expected<Recording> finish();
  Error error_at(const Fault& fault);
  void refuse(const Fault& fault);
  [[nodiscard]] std::string place(std::size_t at) const;

  Lines lines_;
  const Settings& settings_;
  std::unique_ptr<EntryReader> entries_;
  ArrivalsFound found_;
  std::uint64_t count_ = 0;
  std::uint64_t bad_ = 0;
  Error first_bad_;
};

/// "FILE:LINE:COLUMN" of what stands `at` bytes into the current entry.
std::string Reading::place(std::size_t at) const {
  const std::string_view before = lines_.text().substr(0, at);
  const auto line = lines_.number() + std::uint64_t(std::ranges::count(before, '\n'));
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return settings_.name + ":" + std::to_string(line) + ":" + std::to_string(at - start + 1);
}

Error Reading::error_at(const Fault& fault) { return Error{kUsage, place(fault.at) + ": " + fault.what, fault.cure}; }

void Reading::refuse(const Fault& fault) {
  if (bad_++ == 0) first_bad_ = error_at(fault);
}

/// What the first line looks like.
std::optional<Format> format_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (line[first] == '{') return Format::json_lines;
  if (line.find(" [") != line.npos && line.find("] \"") != line.npos) return Format::access_log;
  return csv_reader(line) ? std::optional(Format::csv) : std::nullopt;
}

/// What people pass by mistake, with what they can do about it.
std::optional<Fault> mistaken(std::string_view line) {
  if (line.starts_with("\x1f\x8b")) return Fault{0, "is compressed", "unpack it: zcat FILE | vajrapulse … --replay -"};
  if (line.starts_with("\xff\xfe") || line.starts_with("\xfe\xff"))
    return Fault{0, "is UTF-16", "convert it: iconv -f UTF-16 -t UTF-8"};
  if (line[line.find_first_not_of(" \t")] == '[')
    return Fault{0, "is a JSON array", "write one object a line: jq -c '.[]' FILE"};
  return std::nullopt;
}

Status Reading::open_as(Format format) {
  switch (format) {
    case Format::json_lines: entries_ = json_reader(); return take();
    case Format::access_log: entries_ = access_log_reader(); return take();
    case Format::csv: break;
  }
  auto reader = csv_reader(lines_.text());
  if (!reader) return std::unexpected(error_at(reader.error()));
  entries_ = std::move(*reader);
  return {};
}

/// Goes to the first line that says something, and settles what it is of.
Status Reading::open() {
  while (true) {
    auto more = lines_.next();
    if (!more) return std::unexpected(more.error());
    if (!*more) return fail(kUsage, settings_.name + " is empty", "name a file that holds arrivals");
    if (!is_blank(lines_.text())) break;
  }
  if (settings_.format) return open_as(*settings_.format);
  if (auto mistake = mistaken(lines_.text())) return fail(kUsage, settings_.name + " " + mistake->what, mistake->cure);
  if (const auto format = format_of(lines_.text())) return open_as(*format);
  return fail(kUsage,
              place(0) + ": neither CSV with a header that names the time, nor JSON lines, nor an access log: " +
                  shown(lines_.text()),
              "say which with --replay-format csv, jsonl or access-log");
}

Status Reading::take() {
  if (is_blank(lines_.text())) return {};
  ++count_;
  if (lines_.too_long()) {
    refuse({0, "a line longer than 1 MiB", "cut it"});
    return {};
  }
  auto entry = entries_->read(lines_);
  if (!entry) return std::unexpected(entry.error());
  if (!*entry) {
    refuse(entry->error());
    return {};
  }
  auto added = found_.add(**entry);
  if (!added) return std::unexpected(added.error());
  if (!*added) refuse(added->error());
  return {};
}

Expected<Recording> Reading::finish() {
  if (found_.empty()) {
    if (bad_ == 0)
      return fail(kUsage, settings_.name + " holds a header and nothing else", "name a file that holds arrivals");
    return fail(kUsage, first_bad_.message + " (and no line is good)", first_bad_.cure);
  }
  Recording recording = std::move(found_).finish();
  recording.entries = count_;
  recording.bad = bad_;
  recording.first_bad = std::move(first_bad_);
  return recording;
}

/// A descriptor that is closed when it was opened here.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : own_(path != "-"), number_(own_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {}
  ~Descriptor() {
    if (own_ && number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  bool own_;
  int number_;
};

std::unexpected<Error> unreadable(const std::string& name) {
  return fail(kUsage, name + " cannot be read: " + std::strerror(errno), "name a file that you may read");
}

}  // namespace

Expected<Format> parse_format(std::string_view word) {
  if (word == "csv") return Format::csv;
  if (word == "jsonl") return Format::json_lines;
  if (word == "access-log") return Format::access_log;
  return fail(kUsage, "'" + std::string(word) + "' is no format", "give csv, jsonl or access-log");
}

Expected<Recording> read(const Source& source, const Settings& settings) { return Reading(source, settings).run(); }

Expected<Recording> read_file(const std::string& path, Settings settings) {
  settings.name = path == "-" ? "standard input" : path;
  const Descriptor file(path);
  if (file.number() < 0) return unreadable(settings.name);
  const Source source = [&](std::span<char> into) -> Expected<std::size_t> {
    while (true) {
      const ssize_t count = ::read(file.number(), into.data(), into.size());
      if (count >= 0) return std::size_t(count);
      if (errno != EINTR) return unreadable(settings.name);
    }
  };
  return read(source, settings);
}

}  // namespace vajrapulse::recording
