#include <array>
#include <limits>
#include <optional>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse {
namespace {

__extension__ using Wide = __int128;

/// A decimal number as written: digits without the point, and how many of them stood behind it.
struct Decimal {
  Wide digits = 0;
  int scale = 0;
};

constexpr int kMostDigits = 27;

/// Takes a decimal number from the front of `text`; nothing when there is none or it is too long.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  int digits = 0;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c == '_' && digits > 0) continue;
    if (c < '0' || c > '9') break;
    if (++digits > kMostDigits) return std::nullopt;
    number.digits = number.digits * 10 + (c - '0');
    if (point) ++number.scale;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(at);
  return number;
}

enum class Rounding { nearest, down };

/// number × factor / divisor as a whole; nothing when it does not fit.
std::optional<std::int64_t> scaled(const Decimal& number, std::int64_t factor, std::int64_t divisor = 1,
                                   Rounding rounding = Rounding::nearest) {
  if (number.digits > std::numeric_limits<Wide>::max() / factor / 2) return std::nullopt;
  Wide denominator = divisor;
  for (int i = 0; i < number.scale; ++i)
    denominator *= 10;
  const Wide value = (number.digits * factor + (rounding == Rounding::nearest ? denominator / 2 : 0)) / denominator;
  if (value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return std::int64_t(value);
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array kTimeUnits = {Unit{"ns", 1},
                                   Unit{"us", 1'000},
                                   Unit{"µs", 1'000},
                                   Unit{"ms", 1'000'000},
                                   Unit{"s", 1'000'000'000},
                                   Unit{"m", 60'000'000'000},
                                   Unit{"h", 3'600'000'000'000},
                                   Unit{"d", 86'400'000'000'000}};

constexpr std::array kByteUnits = {Unit{"", 1},
                                   Unit{"B", 1},
                                   Unit{"kB", 1'000},
                                   Unit{"KB", 1'000},
                                   Unit{"MB", 1'000'000},
                                   Unit{"GB", 1'000'000'000},
                                   Unit{"KiB", 1LL << 10},
                                   Unit{"MiB", 1LL << 20},
                                   Unit{"GiB", 1LL << 30}};

template <std::size_t N>
const Unit* find(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

/// The word at the front of `text`: letters and the bytes of µ.
std::string_view take_word(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != '.' && (text[end] < '0' || text[end] > '9') && text[end] != ' ')
    ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  return word;
}

/// How people write units elsewhere, in small letters and without the s of many.
constexpr std::pair<std::string_view, std::string_view> kTimeWords[] = {
    {"s", "s"},      {"sec", "s"},    {"second", "s"},       {"m", "m"},      {"min", "m"},
    {"minute", "m"}, {"h", "h"},      {"hr", "h"},           {"hour", "h"},   {"d", "d"},
    {"day", "d"},    {"ms", "ms"},    {"msec", "ms"},        {"milli", "ms"}, {"millisecond", "ms"},
    {"usec", "us"},  {"micro", "us"}, {"microsecond", "us"}, {"nano", "ns"},  {"nanosecond", "ns"}};

/// "10 Seconds" as "10s": a number and a word that means a unit; "10" as what it may have meant.
std::optional<std::string> meant_time(std::string_view text) {
  text = trimmed(text);
  const std::string number(text.substr(0, text.find_first_not_of("0123456789._")));
  if (number.empty()) return std::nullopt;
  if (number.size() == text.size()) return number + "s, " + number + "m or " + number + "ms";
  std::string word(trimmed(text.substr(number.size())));
  for (char& c : word)
    c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  if (word.size() > 2 && word.back() == 's') word.pop_back();
  for (const auto& [written, unit] : kTimeWords)
    if (word == written) return number + std::string(unit);
  return std::nullopt;
}

std::unexpected<Error> no_time(std::string_view text, const std::string& why) {
  const auto meant = meant_time(text);
  return fail(kUsage, "'" + std::string(text) + "' is no time: " + why,
              "write " + meant.value_or("a number and a unit, for example 500ms, 30s or 1h30m"));
}

}  // namespace

Expected<Duration> parse_duration(std::string_view text) {
  std::string_view rest = trimmed(text);
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return no_time(text, "it is empty");
  if (rest.front() == '-') return no_time(text, "it is negative");
  std::int64_t total = 0;
  while (!rest.empty()) {
    const auto number = take_decimal(rest);
    if (!number) return no_time(text, "a number is missing or has too many digits");
    while (!rest.empty() && rest.front() == ' ')
      rest.remove_prefix(1);
    const std::string_view word = take_word(rest);
    if (word.empty()) return no_time(text, "the unit is missing");
    const Unit* unit = find(kTimeUnits, word);
    if (unit == nullptr) return no_time(text, "'" + std::string(word) + "' is no unit (ns, us, ms, s, m, h, d)");
    const auto part = scaled(*number, unit->factor);
    if (!part || *part > std::numeric_limits<std::int64_t>::max() - total)
      return no_time(text, "it is longer than 292 years");
    total += *part;
  }
  return Duration(total);
}

Expected<std::int64_t> parse_rate(std::string_view text) {
  constexpr std::int64_t kMillionths = 1'000'000;
  const auto no_rate = [&](const std::string& why) {
    return fail(kUsage, "'" + std::string(text) + "' is no rate: " + why,
                "write a number per second, for example 1000, 0.5/s or 90/m");
  };
  std::string_view rest = trimmed(text);
  if (!rest.empty() && rest.front() == '-') return no_rate("it is negative");
  const auto number = take_decimal(rest);
  if (!number) return no_rate("a number is missing or has too many digits");
  std::int64_t factor = kMillionths;
  if (!rest.empty() && (rest.front() == 'k' || rest.front() == 'M')) {
    factor *= rest.front() == 'k' ? 1'000 : 1'000'000;
    rest.remove_prefix(1);
  }
  std::int64_t divisor = 1;
  rest = trimmed(rest);
  if (rest == "/m" || rest == "/min") {
    divisor = 60;
  } else if (rest == "/h") {
    divisor = 3600;
  } else if (!rest.empty() && rest != "/s") {
    return no_rate("'" + std::string(rest) + "' is not understood (/s, /m, /h)");
  }
  // Down, because the target is ⌈rate × time⌉: 1/m rounded up would owe 61 arrivals in an hour.
  const auto rate = scaled(*number, factor, divisor, Rounding::down);
  if (!rate) return no_rate("it is too large");
  if (*rate == 0 && number->digits > 0) return no_rate("it is slower than one in a million seconds");
  return *rate;
}

Expected<std::uint64_t> parse_bytes(std::string_view text) {
  const auto no_size = [&](const std::string& why) {
    return fail(kUsage, "'" + std::string(text) + "' is no size: " + why,
                "write bytes or a unit, for example 512, 4KiB or 1MB");
  };
  std::string_view rest = trimmed(text);
  const auto number = take_decimal(rest);
  if (!number) return no_size("a number is missing or has too many digits");
  const Unit* unit = find(kByteUnits, trimmed(rest));
  if (unit == nullptr) return no_size("'" + std::string(trimmed(rest)) + "' is no unit (B, KB, KiB, MB, MiB, GB, GiB)");
  const auto size = scaled(*number, unit->factor);
  if (!size) return no_size("it is too large");
  return std::uint64_t(*size);
}

}  // namespace vajrapulse
