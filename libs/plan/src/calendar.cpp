#include "calendar.hpp"

#include <array>
#include <chrono>

#include "encode.hpp"

namespace vajrapulse::plan {
namespace {

using namespace std::chrono;

constexpr std::string_view kKnown = "YCymdejFDHIMSTRpaAbhBuwZzsnt%L";
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

void append_padded(std::int64_t number, int width, std::string& out, char pad = '0') {
  std::array<char, 20> digits{};
  std::size_t begin = digits.size();
  do {
    digits[--begin] = char('0' + number % 10);
    number /= 10;
  } while (number > 0 && begin > 0);
  for (std::size_t size = digits.size() - begin; size < std::size_t(width); ++size)
    out += pad;
  out.append(digits.data() + begin, digits.size() - begin);
}

class Calendar {
 public:
  explicit Calendar(WallTime time)
      : time_(time), day_(floor<days>(time)), date_(day_), clock_(floor<seconds>(time - day_)) {}

  void append(std::string_view format, std::string& out) const {
    for (std::size_t at = 0; at < format.size(); ++at) {
      if (format[at] == '%' && at + 1 < format.size())
        convert(format[++at], out);
      else
        out += format[at];
    }
  }

 private:
  [[nodiscard]] std::int64_t year() const { return int(date_.year()); }
  [[nodiscard]] unsigned month() const { return unsigned(date_.month()); }
  [[nodiscard]] unsigned weekday() const { return std::chrono::weekday(day_).c_encoding(); }
  [[nodiscard]] std::int64_t hour() const { return clock_.hours().count(); }

  void convert(char what, std::string& out) const {
    switch (what) {
      case 'Y': return append_padded(year(), 4, out);
      case 'C': return append_padded(year() / 100, 2, out);
      case 'y': return append_padded(year() % 100, 2, out);
      case 'm': return append_padded(month(), 2, out);
      case 'd': return append_padded(unsigned(date_.day()), 2, out);
      case 'e': return append_padded(unsigned(date_.day()), 2, out, ' ');
      case 'j': return append_padded((day_ - sys_days(date_.year() / January / 1)).count() + 1, 3, out);
      case 'H': return append_padded(hour(), 2, out);
      case 'I': return append_padded((hour() + 11) % 12 + 1, 2, out);
      case 'M': return append_padded(clock_.minutes().count(), 2, out);
      case 'S': return append_padded(clock_.seconds().count(), 2, out);
      case 'L': return append_padded(floor<milliseconds>(time_ - day_).count() % 1000, 3, out);
      case 'u': return append_padded(weekday() == 0 ? 7 : weekday(), 1, out);
      case 'w': return append_padded(weekday(), 1, out);
      case 's': return append_integer(std::int64_t(floor<seconds>(time_).time_since_epoch().count()), out);
      default: return convert_words(what, out);
    }
  }

  void convert_words(char what, std::string& out) const {
    switch (what) {
      case 'F': return append("%Y-%m-%d", out);
      case 'D': return append("%m/%d/%y", out);
      case 'T': return append("%H:%M:%S", out);
      case 'R': return append("%H:%M", out);
      case 'p': out += hour() < 12 ? "AM" : "PM"; return;
      case 'a': out += kDays[weekday()].substr(0, 3); return;
      case 'A': out += kDays[weekday()]; return;
      case 'b':
      case 'h': out += kMonths[month() - 1].substr(0, 3); return;
      case 'B': out += kMonths[month() - 1]; return;
      case 'Z': out += "UTC"; return;
      case 'z': out += "+0000"; return;
      case 'n': out += '\n'; return;
      case 't': out += '\t'; return;
      default: out += what; return;
    }
  }

  WallTime time_;
  sys_days day_;
  year_month_day date_;
  hh_mm_ss<seconds> clock_;
};

}  // namespace

std::optional<BadConversion> bad_conversion(std::string_view format) noexcept {
  for (std::size_t at = format.find('%'); at != std::string_view::npos; at = format.find('%', at + 2)) {
    if (at + 1 == format.size() || kKnown.find(format[at + 1]) == std::string_view::npos)
      return BadConversion{at, format.substr(at, 2)};
  }
  return std::nullopt;
}

void append_calendar(WallTime time, std::string_view format, std::string& out) { Calendar(time).append(format, out); }

}  // namespace vajrapulse::plan
