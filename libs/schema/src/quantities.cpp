#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/schema/shapes.hpp"
#include "words.hpp"

namespace vajrapulse::schema {
namespace {

// What parse_duration, parse_rate and parse_bytes accept, as regular expressions.
constexpr const char* kDecimal = R"((?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*))";
std::string duration_pattern() { return fmt::format("^ *(?:0|(?:{} *(?:ns|us|µs|ms|s|m|h|d) *)+) *$", kDecimal); }
std::string rate_pattern() { return fmt::format("^ *{}[kM]? *(?:/(?:s|m|min|h))? *$", kDecimal); }
std::string bytes_pattern() { return fmt::format("^ *{} *(?:B|[kKMG]B|[KMG]iB)? *$", kDecimal); }
constexpr const char* kSharePattern = R"(^ *(?:[0-9]+\.?[0-9]*|\.[0-9]+) *%? *$)";

Mistake plain(const Error& error) { return {.message = error.message, .cure = error.cure}; }

struct Spelling {
  std::string_view written;
  std::string_view unit;
};

/// How people write units elsewhere.
constexpr std::array kRateSpellings = {
    Spelling{"tps", "/s"},        Spelling{"rps", "/s"},        Spelling{"qps", "/s"},   Spelling{"/sec", "/s"},
    Spelling{"/second", "/s"},    Spelling{"per second", "/s"}, Spelling{"req/s", "/s"}, Spelling{"requests/s", "/s"},
    Spelling{"ps", "/s"},         Spelling{"per s", "/s"},      Spelling{"hz", "/s"},    Spelling{"/minute", "/m"},
    Spelling{"per minute", "/m"}, Spelling{"rpm", "/m"},        Spelling{"/hour", "/h"}, Spelling{"per hour", "/h"}};
constexpr std::array kByteSpellings = {Spelling{"k", "KiB"},  Spelling{"kb", "KB"},  Spelling{"kib", "KiB"},
                                       Spelling{"m", "MiB"},  Spelling{"mb", "MB"},  Spelling{"mib", "MiB"},
                                       Spelling{"g", "GiB"},  Spelling{"gb", "GB"},  Spelling{"gib", "GiB"},
                                       Spelling{"byte", "B"}, Spelling{"bytes", "B"}};

/// "10 seconds" as "10s"; nothing when it is not a number and one of those words.
template <std::size_t N>
std::optional<std::string> meant(std::string_view text, const std::array<Spelling, N>& spellings) {
  text = trimmed(text);
  const std::string_view number = leading_number(text);
  if (number.empty()) return std::nullopt;
  const std::string word = lower(trimmed(text.substr(number.size())));
  const auto found = std::ranges::find(spellings, word, &Spelling::written);
  if (found == spellings.end()) return std::nullopt;
  return fmt::format("{}{}", number, found->unit);
}

std::optional<std::string> without_commas(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ',') digits += c;
  if (digits.size() == text.size()) return std::nullopt;
  return digits;
}

Description describe(std::string name, std::string pattern, std::vector<std::string> examples) {
  Description description;
  description.name = std::move(name);
  description.examples = std::move(examples);
  description.scalar.pattern = std::move(pattern);
  description.scalar.least = 0;
  return description;
}

std::expected<Duration, Mistake> read_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  if (duration) return *duration;
  return std::unexpected(plain(duration.error()));
}

std::expected<std::int64_t, Mistake> read_rate(std::string_view text) {
  const auto rate = parse_rate(text);
  if (rate) return *rate;
  Mistake mistake = plain(rate.error());
  const auto whole = without_commas(text);
  const auto better = meant(whole ? *whole : std::string(text), kRateSpellings);
  if (better)
    mistake.cure = "write " + *better;
  else if (whole && parse_rate(*whole))
    mistake.cure = "write " + *whole;
  return std::unexpected(std::move(mistake));
}

std::expected<std::uint64_t, Mistake> read_bytes(std::string_view text) {
  const auto bytes = parse_bytes(text);
  if (bytes) return *bytes;
  Mistake mistake = plain(bytes.error());
  if (const auto better = meant(text, kByteSpellings)) mistake.cure = "write " + *better;
  return std::unexpected(std::move(mistake));
}

std::expected<double, Mistake> read_share(std::string_view text) {
  const std::string_view all = trimmed(text);
  const bool percent = all.ends_with('%');
  const std::string_view digits = trimmed(percent ? all.substr(0, all.size() - 1) : all);
  const auto value = leading_number(digits) == digits && !digits.empty() ? decimal(digits) : std::nullopt;
  if (!value)
    return std::unexpected(Mistake{.message = fmt::format("'{}' is no share", text),
                                   .cure = "write a part of all, for example 5% or 0.05"});
  const double share = percent ? *value / 100 : *value;
  if (share <= 1) return share;
  return std::unexpected(
      Mistake{.message = fmt::format("'{}' is no share: it is more than all", text),
              .cure = !percent && *value <= 100 ? fmt::format("write {}%", digits) : "write at most 100%"});
}

}  // namespace

Shape<Duration> duration() {
  Description description = describe("time", duration_pattern(), {"10s"});
  description.scalar.numbers = ScalarForm::Numbers::whole;
  description.scalar.most = 0;  // a bare 0 needs no unit
  return detail::scalar<Duration>(std::move(description), read_duration);
}

Shape<std::int64_t> rate() {
  constexpr double kMost = 9'223'372'036'854;  // millionths in 64 bits
  Description description = describe("rate", rate_pattern(), {"1000/s"});
  description.scalar.numbers = ScalarForm::Numbers::any;
  description.scalar.most = kMost;
  return detail::scalar<std::int64_t>(std::move(description), read_rate);
}

Shape<std::uint64_t> bytes() {
  Description description = describe("size", bytes_pattern(), {"4KiB"});
  description.scalar.numbers = ScalarForm::Numbers::any;
  return detail::scalar<std::uint64_t>(std::move(description), read_bytes);
}

Shape<double> share() {
  Description description = describe("share", kSharePattern, {"5%"});
  description.scalar.numbers = ScalarForm::Numbers::any;
  description.scalar.most = 1;
  return detail::scalar<double>(std::move(description), read_share);
}

}  // namespace vajrapulse::schema
