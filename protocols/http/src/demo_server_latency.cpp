#include <algorithm>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/http/demo_server.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::string_view kLatencyCure = "give a time such as 5ms, exp:5ms or normal:5ms,1ms";

Expected<Duration> parse_part(std::string_view text) {
  auto duration = parse_duration(text);
  if (!duration) return duration;
  constexpr Duration kLongest = std::chrono::hours(1);
  if (*duration < Duration::zero() || *duration > kLongest) {
    return fail(kUsage, "a latency of " + std::string(text) + " is out of range", "give 0s to 1h");
  }
  return duration;
}

}  // namespace

Duration LatencyModel::draw(Random& random) const noexcept {
  const auto scaled = [](Duration by, double factor) {
    return Duration(static_cast<Duration::rep>(static_cast<double>(by.count()) * factor));
  };
  switch (shape) {
    case Shape::none: return Duration::zero();
    case Shape::fixed: return mean;
    case Shape::exponential: return scaled(mean, random.exponential());
    case Shape::normal: return std::max(Duration::zero(), mean + scaled(deviation, random.normal()));
  }
  return mean;
}

Expected<LatencyModel> parse_latency(std::string_view text) {
  constexpr std::string_view kExponential = "exp:";
  constexpr std::string_view kNormal = "normal:";
  LatencyModel model;
  std::string_view mean = text;
  std::string_view deviation;
  model.shape = LatencyModel::Shape::fixed;
  if (text.starts_with(kExponential)) {
    model.shape = LatencyModel::Shape::exponential;
    mean = text.substr(kExponential.size());
  } else if (text.starts_with(kNormal)) {
    model.shape = LatencyModel::Shape::normal;
    const std::size_t comma = text.find(',');
    if (comma == text.npos) {
      return fail(kUsage, "latency " + std::string(text) + " lacks its deviation", std::string(kLatencyCure));
    }
    mean = text.substr(kNormal.size(), comma - kNormal.size());
    deviation = text.substr(comma + 1);
  }
  const auto parsed_mean = parse_part(mean);
  const auto parsed_deviation =
      model.shape == LatencyModel::Shape::normal ? parse_part(deviation) : Expected<Duration>(Duration::zero());
  if (!parsed_mean || !parsed_deviation) {
    return fail(kUsage, "latency " + std::string(text) + " is not understood", std::string(kLatencyCure));
  }
  model.mean = *parsed_mean;
  model.deviation = *parsed_deviation;
  return model;
}

Status check(const DemoSettings& settings) {
  constexpr std::size_t kMostSlots = 1'000'000;
  if (settings.slots > kMostSlots) return fail(kUsage, "so many slots are no limit", "give --slots 1 to 1000000");
  if (settings.slots > 0 && settings.latency.shape == LatencyModel::Shape::none)
    return fail(kUsage, "slots that are busy for no time limit nothing",
                "give --latency too: --slots 8 --latency 20ms");
  if (!(settings.error_rate >= 0 && settings.error_rate <= 1)) {
    return fail(kUsage, "the error rate is a share", "give 0 to 1, for example 0.01");
  }
  const bool every = settings.stall_every > Duration::zero();
  const bool length = settings.stall_for > Duration::zero();
  if (every != length) {
    return fail(kUsage, "a stall needs both its distance and its length", "give --stall-every 2s --stall-for 200ms");
  }
  if (every && settings.stall_for >= settings.stall_every) {
    return fail(kUsage, "a stall cannot be as long as the distance between stalls",
                "give --stall-for less than --stall-every");
  }
  constexpr std::size_t kBodyMax = std::size_t{1} << 30;
  if (settings.body_bytes > kBodyMax) return fail(kUsage, "the body is too large", "give at most 1 GiB");
  if (settings.certificate_file.empty() != settings.key_file.empty()) {
    return fail(kUsage, "a certificate needs its key", "give both files, or neither for a self-signed one");
  }
  return {};
}

}  // namespace vajrapulse::http
