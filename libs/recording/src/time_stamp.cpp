#include "time_stamp.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace vajrapulse::recording {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2261;  // the last whole one that 63 bits of nanoseconds hold
constexpr std::int64_t kEnd = 9'214'646'400 * kSecond;
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A text that is read from its start.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}

  /// `digits` decimal digits; -1 and no more good when they are not there.
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= rest_.size() || !is_digit(rest_[i])) return broken();
      value = 10 * value + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == any_of.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(std::string_view any_of) {
    if (!skip(any_of)) broken();
  }
  /// 1 to 12
  int month() {
    const std::size_t at = rest_.size() < 3 ? kMonths.npos : kMonths.find(rest_.substr(0, 3));
    if (at == kMonths.npos || at % 3 != 0) return broken();
    rest_.remove_prefix(3);
    return int(at / 3) + 1;
  }
  /// Digits of a second, as nanoseconds.
  std::int64_t fraction() {
    std::int64_t value = 0;
    int digits = 0;
    while (!rest_.empty() && is_digit(rest_.front())) {
      if (digits < 9) value = 10 * value + (rest_.front() - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) broken();
    for (; digits < 9; ++digits)
      value *= 10;
    return value;
  }
  /// Seconds east of Greenwich: Z, +02:00, +0200, +02.
  std::int64_t zone() {
    if (skip("Zz")) return 0;
    const bool west = !rest_.empty() && rest_.front() == '-';
    need("+-");
    const int hours = number(2);
    const bool colon = skip(":");
    const int minutes = colon || !rest_.empty() ? number(2) : 0;
    if (hours > 23 || minutes > 59) broken();
    const std::int64_t seconds = 3600 * hours + 60 * minutes;
    return west ? -seconds : seconds;
  }
  int broken() {
    good_ = false;
    return -1;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Calendar {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;  ///< 60 in a leap second
  std::int64_t fraction_ns = 0;
  std::int64_t zone_s = 0;
  bool whole_second = true;
};

void read_clock(Scan& scan, Calendar& at) {
  at.hour = scan.number(2);
  scan.need(":");
  at.minute = scan.number(2);
  scan.need(":");
  at.second = scan.number(2);
  if (scan.good() && scan.skip(".,")) {
    at.fraction_ns = scan.fraction();
    at.whole_second = false;
  }
}

Calendar read_iso(Scan& scan) {
  Calendar at;
  at.year = scan.number(4);
  scan.need("-");
  at.month = scan.number(2);
  scan.need("-");
  at.day = scan.number(2);
  scan.need("Tt ");
  read_clock(scan, at);
  if (scan.good() && !scan.empty()) {
    scan.skip(" ");
    at.zone_s = scan.zone();
  }
  return at;
}

/// Apache's %t, nginx's $time_local.
Calendar read_log(Scan& scan) {
  Calendar at;
  at.day = scan.number(2);
  scan.need("/");
  at.month = scan.month();
  scan.need("/");
  at.year = scan.number(4);
  scan.need(":");
  read_clock(scan, at);
  scan.need(" ");
  if (scan.good()) at.zone_s = scan.zone();
  return at;
}

std::unexpected<std::string> no_time() { return std::unexpected<std::string>("is no time"); }

std::expected<Stamp, std::string> stamp_of(const Calendar& at) {
  const std::chrono::year_month_day date{std::chrono::year(at.year), std::chrono::month(unsigned(at.month)),
                                         std::chrono::day(unsigned(at.day))};
  if (!date.ok()) return std::unexpected("is no day of the calendar");
  if (at.hour > 23 || at.minute > 59 || at.second > 60) return std::unexpected("is no time of day");
  if (at.year < kFirstYear || at.year > kLastYear) return std::unexpected("lies outside the years 1970 to 2261");
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + at.hour * 3'600 + at.minute * 60 + at.second - at.zone_s;
  return Stamp{seconds * kSecond + at.fraction_ns, at.whole_second};
}

}  // namespace

std::expected<Stamp, std::string> TimeReader::read_number(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (end != whole.data() + whole.size() || whole.empty()) return no_time();
  if (error != std::errc()) return std::unexpected("lies outside the years 1970 to 2261");
  if (!digits_) {
    constexpr std::uint64_t kSecondsBelow = 100'000'000'000;
    digits_ = value < kSecondsBelow ? 0 : value < 1'000 * kSecondsBelow ? 3 : value < 1'000'000 * kSecondsBelow ? 6 : 9;
  }
  __extension__ typedef unsigned __int128 Wide;
  Wide ns = value;
  const std::string_view fraction = dot == text.npos ? std::string_view() : text.substr(dot + 1);
  if (dot != text.npos && fraction.empty()) return no_time();
  for (const char c : fraction)
    if (!is_digit(c)) return no_time();
  for (int i = *digits_; i < 9; ++i) {
    const auto at = std::size_t(i - *digits_);
    ns = 10 * ns + (at < fraction.size() ? unsigned(fraction[at] - '0') : 0u);
  }
  if (ns >= Wide(kEnd)) return std::unexpected("lies outside the years 1970 to 2261");
  return Stamp{std::int64_t(ns), *digits_ == 0 && dot == text.npos};
}

std::expected<Stamp, std::string> TimeReader::read(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("0123456789.") == text.npos) return read_number(text);
  Scan scan(text);
  const bool log = text.size() > 2 && text[2] == '/';
  const Calendar at = log ? read_log(scan) : read_iso(scan);
  if (!scan.good() || !scan.empty()) return no_time();
  return stamp_of(at);
}

}  // namespace vajrapulse::recording
