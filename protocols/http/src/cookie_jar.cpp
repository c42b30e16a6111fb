#include "vajrapulse/http/cookie_jar.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/address.hpp"

namespace vajrapulse::http {
namespace {

using std::chrono::seconds;

// Nobody keeps a cookie longer, and sums of times stay in range.
constexpr seconds kForever{100LL * 366 * 24 * 3600};

bool has_control(std::string_view text) noexcept {
  return find_control(text.data(), text.data() + text.size()) != text.data() + text.size();
}

/// What stands before `mark`, trimmed; `rest` goes on behind it.
std::string_view take_until(std::string_view& rest, char mark) noexcept {
  const std::size_t at = rest.find(mark);
  const std::string_view taken = trimmed(rest.substr(0, at));
  rest = at == rest.npos ? std::string_view() : rest.substr(at + 1);
  return taken;
}

/// Section 5.2.2; nothing for what is no number.
std::optional<seconds> read_max_age(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (text.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  if (negative) return seconds::zero();
  std::int64_t value = 0;
  for (const char c : digits)
    value = std::min<std::int64_t>(value * 10 + (c - '0'), kForever.count());
  return seconds(value);
}

void read_attribute(std::string_view name, std::string_view value, SetCookie& cookie) {
  if (same_text(name, "expires")) {
    if (const auto date = parse_cookie_date(value)) cookie.expires = date;
  } else if (same_text(name, "max-age")) {
    if (const auto age = read_max_age(value)) cookie.max_age = age;
  } else if (same_text(name, "domain")) {
    if (value.starts_with('.')) value.remove_prefix(1);
    if (!value.empty()) cookie.domain = value;
  } else if (same_text(name, "path")) {
    cookie.path = value.starts_with('/') ? value : std::string_view();
  } else if (same_text(name, "secure")) {
    cookie.secure = true;
  } else if (same_text(name, "httponly")) {
    cookie.http_only = true;
  }
}

/// `text` is `domain`, or ends in a dot and it, and is no address (section 5.1.3).
bool domain_matches(std::string_view host, std::string_view domain) noexcept {
  if (host == domain) return true;
  if (host.size() <= domain.size() || !host.ends_with(domain)) return false;
  return host[host.size() - domain.size() - 1] == '.' && !runtime::Address::ip(host, 0);
}

/// Section 5.1.4.
bool path_matches(std::string_view path, std::string_view cookies) noexcept {
  if (!path.starts_with(cookies)) return false;
  return path.size() == cookies.size() || cookies.ends_with('/') || path[cookies.size()] == '/';
}

std::string_view default_path(std::string_view path) noexcept {
  const std::size_t last = path.rfind('/');
  if (!path.starts_with('/') || last == 0 || last == path.npos) return "/";
  return path.substr(0, last);
}

// delimiter of section 5.1.1: everything else is part of a date's word.
bool is_date_delimiter(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x09 || (byte >= 0x20 && byte <= 0x2f) || (byte >= 0x3b && byte <= 0x40) ||
         (byte >= 0x5b && byte <= 0x60) || (byte >= 0x7b && byte <= 0x7e);
}

/// `least` to `most` digits at the front, followed by none.
std::optional<int> take_digits(std::string_view& text, std::size_t least, std::size_t most) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size]))
    ++size;
  if (size < least || size > most) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, size))
    value = value * 10 + (c - '0');
  text.remove_prefix(size);
  return value;
}

struct DateParts {
  std::optional<int> hour, minute, second, day, month, year;
};

bool read_time(std::string_view word, DateParts& parts) noexcept {
  int found[3];
  for (int i = 0; i < 3; ++i) {
    const auto digits = take_digits(word, 1, 2);
    const bool last = i == 2;
    if (!digits || (!last && !word.starts_with(':'))) return false;
    if (!last) word.remove_prefix(1);
    found[i] = *digits;
  }
  parts.hour = found[0];
  parts.minute = found[1];
  parts.second = found[2];
  return true;
}

std::optional<int> month_of(std::string_view word) noexcept {
  constexpr std::array kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (same_text(word.substr(0, 3), kMonths[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

// The first word that fits gives each part, in this order of tries.
void read_word(std::string_view word, DateParts& parts) noexcept {
  if (!parts.hour && read_time(word, parts)) return;
  std::string_view rest = word;
  if (!parts.day) {
    if ((parts.day = take_digits(rest, 1, 2))) return;
  }
  if (!parts.month) {
    if ((parts.month = month_of(word))) return;
  }
  rest = word;
  if (!parts.year) parts.year = take_digits(rest, 2, 4);
}

}  // namespace

std::optional<WallTime> parse_cookie_date(std::string_view text) {
  DateParts parts;
  while (!text.empty()) {
    const std::size_t end = static_cast<std::size_t>(std::ranges::find_if(text, is_date_delimiter) - text.begin());
    if (end > 0) read_word(text.substr(0, end), parts);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!parts.hour || !parts.day || !parts.month || !parts.year) return std::nullopt;
  int year = *parts.year;
  if (year >= 70 && year <= 99) year += 1900;
  if (year >= 0 && year <= 69) year += 2000;
  if (year < 1601 || *parts.hour > 23 || *parts.minute > 59 || *parts.second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(*parts.month)),
                                         std::chrono::day(static_cast<unsigned>(*parts.day))};
  if (!date.ok()) return std::nullopt;
  if (year < 1970) return WallTime();  // long over
  if (year > 2200) return WallTime::max();
  const auto day = std::chrono::sys_days(date);
  return WallTime(day) + std::chrono::hours(*parts.hour) + std::chrono::minutes(*parts.minute) + seconds(*parts.second);
}

std::optional<SetCookie> parse_set_cookie(std::string_view value) {
  if (value.size() > CookieJar::kBytesMost || has_control(value)) return std::nullopt;
  std::string_view rest = value;
  std::string_view pair = take_until(rest, ';');
  if (pair.find('=') == pair.npos) return std::nullopt;
  SetCookie cookie;
  cookie.name = take_until(pair, '=');
  cookie.value = trimmed(pair);
  if (cookie.name.empty()) return std::nullopt;
  while (!rest.empty()) {
    std::string_view attribute = take_until(rest, ';');
    const std::string_view name = take_until(attribute, '=');
    read_attribute(name, trimmed(attribute), cookie);
  }
  return cookie;
}

void CookieJar::receive(const Url& from, std::string_view head, WallTime now) {
  FieldRange fields(head);
  Field field;
  while (fields.next(field)) {
    if (!kSetCookie.is(field.name)) continue;
    if (const auto cookie = parse_set_cookie(field.value)) set(from, *cookie, now);
  }
}

void CookieJar::set(const Url& from, const SetCookie& cookie, WallTime now) {
  coming_.host_only = true;
  coming_.domain = from.host;
  if (!cookie.domain.empty()) {
    std::string& domain = coming_.domain;
    domain = cookie.domain;
    std::ranges::transform(domain, domain.begin(), lower);
    const bool is_host = domain == from.host;
    if (!domain_matches(from.host, domain) || (domain.find('.') == domain.npos && !is_host)) return;
    coming_.host_only = is_host && domain.find('.') == domain.npos;
  }
  coming_.name = cookie.name;
  coming_.value = cookie.value;
  coming_.path = cookie.path.empty() ? default_path(from.path()) : cookie.path;
  coming_.secure = cookie.secure;
  coming_.expires = cookie.expires.value_or(WallTime::max());
  if (cookie.max_age) coming_.expires = *cookie.max_age > seconds::zero() ? now + *cookie.max_age : WallTime::min();
  put(coming_, now);
}

void CookieJar::put(Cookie& cookie, WallTime now) {
  const bool over = cookie.expires <= now;
  if (Cookie* const there = find(cookie)) {
    cookie.made = there->made;
    if (over)
      remove(static_cast<std::size_t>(there - cookies_.data()));
    else
      std::swap(*there, cookie);
    return;
  }
  if (over) return;
  if (count_ == kMost) make_room(now);
  cookie.made = ++made_;
  if (cookies_.size() == count_) cookies_.emplace_back();
  std::swap(cookies_[count_], cookie);
  const auto last = cookies_.begin() + static_cast<std::ptrdiff_t>(count_++);
  const std::size_t length = last->path.size();
  const auto place = std::find_if(cookies_.begin(), last, [&](const Cookie& c) { return c.path.size() < length; });
  std::rotate(place, last, last + 1);
}

CookieJar::Cookie* CookieJar::find(const Cookie& like) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    Cookie& each = cookies_[i];
    if (each.name == like.name && each.domain == like.domain && each.path == like.path) return &each;
  }
  return nullptr;
}

void CookieJar::remove(std::size_t at) noexcept {
  const auto begin = cookies_.begin() + static_cast<std::ptrdiff_t>(at);
  std::rotate(begin, begin + 1, cookies_.begin() + static_cast<std::ptrdiff_t>(count_));
  --count_;
}

// What is over goes first, then what came first.
void CookieJar::make_room(WallTime now) noexcept {
  for (std::size_t i = count_; i-- > 0;) {
    if (cookies_[i].expires <= now) remove(i);
  }
  if (count_ < kMost) return;
  std::size_t oldest = 0;
  for (std::size_t i = 1; i < count_; ++i) {
    if (cookies_[i].made < cookies_[oldest].made) oldest = i;
  }
  remove(oldest);
}

bool CookieJar::goes_to(const Cookie& cookie, const Url& to, WallTime now) noexcept {
  if (cookie.expires <= now || (cookie.secure && to.scheme != Url::Scheme::https)) return false;
  const bool host = cookie.host_only ? to.host == cookie.domain : domain_matches(to.host, cookie.domain);
  return host && path_matches(to.path(), cookie.path);
}

bool CookieJar::write(const Url& to, WallTime now, std::string& out) const {
  bool any = false;
  for (std::size_t i = 0; i < count_; ++i) {
    const Cookie& cookie = cookies_[i];
    if (!goes_to(cookie, to, now)) continue;
    if (any) out.append("; ");
    any = true;
    out.append(cookie.name).append("=").append(cookie.value);
  }
  return any;
}

std::optional<std::string_view> CookieJar::value(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (cookies_[i].name == name) return cookies_[i].value;
  }
  return std::nullopt;
}

}  // namespace vajrapulse::http
