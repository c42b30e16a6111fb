#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "descriptor_key.hpp"
#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::metrics {
namespace {

constexpr std::string_view kName = "name";
constexpr std::string_view kOther = "other";

Descriptor described(std::string_view name, Tags tags, Type type, std::string_view unit) {
  std::ranges::sort(tags);
  return {.name = std::string(name), .tags = std::move(tags), .type = type, .unit = std::string(unit)};
}

/// The same metric under the name that stands for all that found no place.
bool rename_to_other(Descriptor& descriptor) {
  const auto name = std::ranges::find(descriptor.tags, kName, &Tags::value_type::first);
  if (name == descriptor.tags.end()) return false;
  name->second = kOther;
  return true;
}

}  // namespace

std::optional<std::uint32_t> Registry::Table::find(const Descriptor& wanted) const {
  const auto known = ids.find(key_of(wanted));
  if (known == ids.end()) return std::nullopt;
  return known->second;
}

std::uint32_t Registry::Table::add(Descriptor descriptor) {
  const auto id = std::uint32_t(descriptors.size());
  ids.emplace(key_of(descriptor), id);
  descriptors.push_back(std::move(descriptor));
  return id;
}

std::uint32_t Registry::id_of(Table& table, Descriptor wanted) {
  if (const auto known = table.find(wanted)) return *known;
  if (table.descriptors.size() < kMaxSeries) return table.add(std::move(wanted));
  ++overflowed_;
  if (rename_to_other(wanted)) {
    if (const auto known = table.find(wanted)) return *known;
    // Half as many again may keep their other tags; phases, say, must not be mixed.
    if (table.descriptors.size() < kMaxSeries * 3 / 2) return table.add(std::move(wanted));
  }
  wanted.tags = {{std::string(kName), std::string(kOther)}};
  if (const auto known = table.find(wanted)) return *known;
  return table.add(std::move(wanted));
}

HistogramId Registry::histogram(std::string_view name, Tags tags, std::string_view unit) {
  return {id_of(histograms_, described(name, std::move(tags), Type::histogram, unit))};
}

CounterId Registry::counter(std::string_view name, Tags tags) {
  return {id_of(counters_, described(name, std::move(tags), Type::counter, ""))};
}

GaugeId Registry::gauge(std::string_view name, Tags tags) {
  return {id_of(gauges_, described(name, std::move(tags), Type::gauge, ""))};
}

}  // namespace vajrapulse::metrics
