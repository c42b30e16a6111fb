#include <algorithm>

#include "entry.hpp"

namespace vajrapulse::recording {
namespace {

constexpr const char* kCure =
    "an access log has lines such as 127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = char(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `host ident user [time] "request" status bytes`, with anything behind it: the common and the combined log format
/// (httpd.apache.org, mod_log_config; nginx, ngx_http_log_module), and Apache's with the virtual host in front.
class AccessLogReader final : public EntryReader {
 public:
  Expected<std::expected<Entry, Fault>> read(Lines& lines) override { return parse(lines.text()); }

 private:
  std::expected<Entry, Fault> parse(std::string_view line);
  std::expected<std::size_t, Fault> read_quoted(std::string_view line, std::size_t at);
  std::string unescaped_;
};

/// The bracket in front of the time: a host or user may hold others ([::1]:80).
std::size_t find_time(std::string_view line) {
  for (std::size_t at = line.find(" ["); at != line.npos; at = line.find(" [", at + 1)) {
    const std::string_view rest = line.substr(at + 2);
    if (rest.size() > 2 && is_digit(rest[0]) && is_digit(rest[1]) && rest[2] == '/') return at + 2;
  }
  return line.npos;
}

/// Status and size, as they stand behind the request.
std::expected<void, Fault> check_rest(std::string_view line, std::size_t at) {
  const std::size_t begin = at;
  const auto blank = [&] { return at < line.size() && line[at] == ' ' ? (++at, true) : false; };
  const auto digits = [&] {
    std::size_t count = 0;
    for (; at < line.size() && is_digit(line[at]); ++at)
      ++count;
    return count;
  };
  if (!blank() || digits() != 3)
    return std::unexpected(Fault{begin, "no status of three digits behind the request", kCure});
  const std::size_t size_at = at;
  const bool known = blank() && (digits() > 0 || (at < line.size() && line[at] == '-' ? (++at, true) : false));
  if (!known || (at < line.size() && line[at] != ' '))
    return std::unexpected(Fault{size_at, "no number of bytes behind the status", kCure});
  return {};
}

/// Reads what stands behind the quote at `at` into `unescaped_`, up to its closing quote, and gives the place behind
/// that. Apache escapes as C does, nginx as \xXX.
std::expected<std::size_t, Fault> AccessLogReader::read_quoted(std::string_view line, std::size_t at) {
  constexpr std::string_view kLetters = "nrtbvf";
  constexpr std::string_view kMeant = "\n\r\t\b\v\f";
  unescaped_.clear();
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '"') return i + 1;
    if (line[i] != '\\' || i + 1 == line.size()) {
      unescaped_ += line[i];
      continue;
    }
    const char c = line[++i];
    if (const std::size_t letter = kLetters.find(c); letter != kLetters.npos) {
      unescaped_ += kMeant[letter];
    } else if (c == 'x' && i + 2 < line.size() && hex(line[i + 1]) >= 0 && hex(line[i + 2]) >= 0) {
      unescaped_ += char(16 * hex(line[i + 1]) + hex(line[i + 2]));
      i += 2;
    } else {
      unescaped_ += c;
    }
  }
  return std::unexpected(Fault{at, "the request's quote does not end", kCure});
}

std::expected<Entry, Fault> AccessLogReader::parse(std::string_view line) {
  const std::size_t time = find_time(line);
  if (time == line.npos) return std::unexpected(Fault{0, "no time in brackets", kCure});
  const std::size_t end = line.find(']', time);
  if (end == line.npos) return std::unexpected(Fault{time, "the bracket of the time does not end", kCure});
  if (line.substr(end + 1, 2) != " \"")
    return std::unexpected(Fault{end + 1, "no request in quotes behind the time", kCure});
  auto behind = read_quoted(line, end + 2);
  if (!behind) return std::unexpected(std::move(behind.error()));
  if (auto rest = check_rest(line, *behind); !rest) return std::unexpected(std::move(rest.error()));
  Entry entry{.time = {line.substr(time, end - time), time}, .method = {}, .target = {}};
  if (auto request = split_request_line({unescaped_, end + 3}, entry); !request)
    return std::unexpected(std::move(request.error()));
  return entry;
}

}  // namespace

std::unique_ptr<EntryReader> access_log_reader() { return std::make_unique<AccessLogReader>(); }

}  // namespace vajrapulse::recording
