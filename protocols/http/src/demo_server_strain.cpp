#include "demo_server_site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::http::detail {
namespace {

constexpr std::uint64_t kNumberMax = 1'000'000;

std::optional<Duration> asked_time(const NamedValues& query, std::string_view name, Duration otherwise) {
  const std::string* text = query.find(name);
  if (text == nullptr) return otherwise;
  const auto time = parse_duration(*text);
  const bool fits = time && *time >= Duration::zero() && *time <= Degrading::kMost;
  return fits ? std::optional(*time) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> asked_number(const NamedValues& query, std::string_view name, std::uint64_t otherwise) {
  const auto value = query.find(name) == nullptr ? otherwise : query.number(name, kNumberMax);
  return value == 0U ? std::nullopt : value;
}

SiteAnswer DemoSite::limited(const SiteRequest& request) {
  const auto query = read_form(request.query);
  const auto rate = query ? asked_number(*query, "rate", 100) : std::nullopt;
  const auto burst = rate ? asked_number(*query, "burst", std::max<std::uint64_t>(1, *rate / 10)) : std::nullopt;
  if (!burst) return refusal(400, "rate and burst are numbers from 1 to 1000000, for example ?rate=100&burst=10");
  const auto decision = rate_limit_.ask({.per_second = *rate, .burst = *burst}, request.received);
  if (decision.outcome == RateLimit::Outcome::within) return answer_json("{\"within\":true}\n");
  if (decision.outcome == RateLimit::Outcome::too_many_rates)
    return refusal(503, "only 64 different rates are kept at once; wait until some are idle");
  SiteAnswer answer = refusal(429, fmt::format("more than {} requests a second", *rate));
  const auto wait = std::chrono::ceil<std::chrono::seconds>(decision.wait);
  answer.headers.emplace_back("retry-after", fmt::format("{}", wait.count()));
  return answer;
}

SiteAnswer DemoSite::degrading(const SiteRequest& request) {
  const auto query = read_form(request.query);
  const Degrading usual;
  const auto after = query ? asked_number(*query, "after", usual.after) : std::nullopt;
  const auto base = query ? asked_time(*query, "base", usual.base) : std::nullopt;
  const auto by = query ? asked_time(*query, "by", usual.by) : std::nullopt;
  if (!after || !base || !by)
    return refusal(400, "after is a number from 1 on, base and by are times up to 1m: ?after=1000&base=1ms&by=100ms");
  const std::uint64_t recent = recent_.add(request.received);
  SiteAnswer answer = answer_json(fmt::format("{{\"last_second\":{}}}\n", recent));
  answer.delay = Degrading{.after = *after, .base = *base, .by = *by}.latency(recent);
  return answer;
}

}  // namespace vajrapulse::http::detail
