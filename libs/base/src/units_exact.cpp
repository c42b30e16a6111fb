#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Scale {
  std::uint64_t factor;
  std::string_view unit;
};

constexpr std::array<Scale, 3> kCoarse{{{86'400 * kSecond, "d"}, {3'600 * kSecond, "h"}, {60 * kSecond, "m"}}};
constexpr std::array<Scale, 4> kFine{{{kSecond, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};

/// In the largest unit that it has one of, as a decimal without trailing zeros.
std::string fine_text(std::uint64_t rest) {
  const Scale scale = *std::ranges::find_if(kFine, [rest](const Scale& s) { return rest >= s.factor; });
  std::string number = fmt::format("{}.{:09}", rest / scale.factor, (rest % scale.factor) * (kSecond / scale.factor));
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number + std::string(scale.unit);
}

}  // namespace

std::string format_exact(Duration duration) {
  auto rest = std::uint64_t(duration.count());
  std::string text;
  if (duration < Duration::zero()) {
    text = "-";
    rest = -rest;
  }
  if (rest == 0) return "0s";
  for (const auto& [factor, unit] : kCoarse) {
    if (rest >= factor) text += fmt::format("{}{}", rest / factor, unit);
    rest %= factor;
  }
  return rest == 0 ? text : text + fine_text(rest);
}

}  // namespace vajrapulse
