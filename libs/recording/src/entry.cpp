#include "entry.hpp"

#include <algorithm>
#include <array>

namespace vajrapulse::recording {
namespace {

constexpr std::array<std::string_view, 6> kTimes = {"time", "timestamp",    "@timestamp",
                                                    "ts",   "time_iso8601", "time_local"};
constexpr std::array<std::string_view, 2> kMethods = {"method", "request_method"};
constexpr std::string_view kRequestLine = "request";
constexpr std::array<std::string_view, 5> kTargets = {"path", "url", "uri", "request_uri", kRequestLine};

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? char(x + 32) : x) == y; });
}

std::optional<Naming> find_in(auto& names, Role role, std::string_view name) {
  const auto found = std::ranges::find_if(names, [&](std::string_view each) { return same_name(name, each); });
  if (found == names.end()) return std::nullopt;
  return Naming{role, std::size_t(found - names.begin()), *found == kRequestLine};
}

}  // namespace

std::optional<Naming> naming_of(std::string_view name) {
  if (auto found = find_in(kTimes, Role::time, name)) return found;
  if (auto found = find_in(kMethods, Role::method, name)) return found;
  return find_in(kTargets, Role::target, name);
}

std::expected<void, Fault> split_request_line(Field line, Entry& into) {
  constexpr const char* kCure = "a request line is GET /path HTTP/1.1";
  const std::size_t blank = line.text.find(' ');
  if (blank == line.text.npos || blank == 0)
    return std::unexpected(Fault{line.at, shown(line.text) + " is no request", kCure});
  std::string_view target = line.text.substr(blank + 1);
  if (const std::size_t last = target.rfind(' '); last != target.npos && target.substr(last + 1).starts_with("HTTP/"))
    target = target.substr(0, last);
  into.method = Field{line.text.substr(0, blank), line.at};
  into.target = Field{target, line.at + blank + 1};
  return {};
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
    }
  }
  return out + (text.size() > kMost ? "…'" : "'");
}

}  // namespace vajrapulse::recording
