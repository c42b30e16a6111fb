#include "vajrapulse/metrics/snapshot.hpp"

#include <algorithm>

#include "descriptor_key.hpp"
#include "roll_up.hpp"

namespace vajrapulse::metrics {

void Snapshot::GaugeParts::follow(const Descriptor* source, const Gauge& later) {
  const auto known = std::ranges::find(by_source, source, &std::pair<const Descriptor*, Gauge>::first);
  if (known == by_source.end()) {
    by_source.emplace_back(source, later);
    return;
  }
  Gauge& gauge = known->second;
  gauge.last = later.last;
  gauge.max = gauge.weight_ns > 0 ? std::max(gauge.max, later.max) : later.max;
  gauge.weighted_sum += later.weighted_sum;
  gauge.weight_ns += later.weight_ns;
}

Gauge Snapshot::GaugeParts::sum() const {
  Gauge total;
  for (const auto& [source, gauge] : by_source)
    add_parallel(total, gauge);
  return total;
}

template <class Value>
std::uint32_t Snapshot::Table<Value>::index_of(const Descriptor& descriptor) {
  const auto [place, added] = by_key.try_emplace(key_of(descriptor), std::uint32_t(leaves.size()));
  if (added) {
    leaves.push_back({.descriptor = descriptor});
    by_name[descriptor.name].push_back(place->second);
  }
  return place->second;
}

template <class Value>
Snapshot::Leaf<Value>& Snapshot::Table<Value>::at(const Descriptor& descriptor) {
  return leaves[index_of(descriptor)];
}

/// As `at`, without building a key each second. What the cache says is checked: a registry that is gone may
/// have left its addresses to another one.
template <class Value>
Snapshot::Leaf<Value>& Snapshot::Table<Value>::at_source(const Descriptor& source) {
  const auto known = by_source.find(&source);
  if (known != by_source.end() && leaves[known->second].descriptor == source) return leaves[known->second];
  const std::uint32_t index = index_of(source);
  by_source[&source] = index;
  return leaves[index];
}

template <class Value>
template <class Visit>
void Snapshot::Table<Value>::each_with(std::string_view name, const Tags& tags, Visit visit) const {
  const auto named = by_name.find(name);
  if (named == by_name.end()) return;
  for (const std::uint32_t index : named->second) {
    const Leaf<Value>& leaf = leaves[index];
    // Both are sorted by tag.
    if (std::ranges::includes(leaf.descriptor.tags, tags)) visit(leaf);
  }
}

void Snapshot::add(const Interval& interval) {
  for (std::size_t i = 0; i < interval.histogram_descriptors.size(); ++i) {
    const auto& histogram = interval.histograms[i];
    if (histogram && !histogram->empty())
      histograms_.at_source(*interval.histogram_descriptors[i]).value.merge(*histogram);
  }
  for (std::size_t i = 0; i < interval.counter_descriptors.size(); ++i)
    counters_.at_source(*interval.counter_descriptors[i]).value += interval.counters[i];
  for (std::size_t i = 0; i < interval.gauge_descriptors.size(); ++i) {
    const Descriptor* source = interval.gauge_descriptors[i];
    gauges_.at_source(*source).value.follow(source, interval.gauges[i]);
  }
  for (const ErrorGroup& group : interval.errors)
    add_error(group);
}

void Snapshot::merge(const Snapshot& other) {
  for (const auto& leaf : other.histograms_.leaves)
    if (!leaf.value.empty()) histograms_.at(leaf.descriptor).value.merge(leaf.value);
  for (const auto& leaf : other.counters_.leaves)
    counters_.at(leaf.descriptor).value += leaf.value;
  for (const auto& leaf : other.gauges_.leaves) {
    GaugeParts& mine = gauges_.at(leaf.descriptor).value;
    for (const auto& [source, gauge] : leaf.value.by_source)
      mine.follow(source, gauge);
  }
  for (const ErrorGroup& group : other.errors_)
    add_error(group);
}

void Snapshot::clear() {
  for (auto& leaf : histograms_.leaves)
    leaf.value.clear();
  for (auto& leaf : counters_.leaves)
    leaf.value = 0;
  for (auto& leaf : gauges_.leaves)
    leaf.value.by_source.clear();
  errors_.clear();
}

void Snapshot::add_error(const ErrorGroup& group) {
  const auto known = std::ranges::find_if(
      errors_, [&](const ErrorGroup& mine) { return mine.kind == group.kind && mine.name == group.name; });
  if (known == errors_.end()) {
    errors_.push_back(group);
  } else {
    known->count += group.count;
  }
}

Histogram Snapshot::histogram(std::string_view name, const Tags& tags) const {
  Histogram merged;
  histograms_.each_with(name, tags, [&](const auto& leaf) { merged.merge(leaf.value); });
  return merged;
}

std::uint64_t Snapshot::counter(std::string_view name, const Tags& tags) const {
  std::uint64_t sum = 0;
  counters_.each_with(name, tags, [&](const auto& leaf) { sum += leaf.value; });
  return sum;
}

Gauge Snapshot::gauge(std::string_view name, const Tags& tags) const {
  Gauge total;
  gauges_.each_with(name, tags, [&](const auto& leaf) { add_parallel(total, leaf.value.sum()); });
  return total;
}

std::map<std::string, std::uint64_t> Snapshot::counters_by(std::string_view name, std::string_view tag) const {
  std::map<std::string, std::uint64_t> sums;
  counters_.each_with(name, {}, [&](const auto& leaf) {
    for (const auto& [key, value] : leaf.descriptor.tags)
      if (key == tag) sums[value] += leaf.value;
  });
  return sums;
}

std::vector<Metric> Snapshot::published() const {
  RollUp roll_up;
  for (const auto& leaf : histograms_.leaves)
    if (!leaf.value.empty()) roll_up.add(leaf.descriptor, leaf.value);
  for (const auto& leaf : counters_.leaves)
    roll_up.add(leaf.descriptor, leaf.value);
  for (const auto& leaf : gauges_.leaves)
    if (!leaf.value.by_source.empty()) roll_up.add(leaf.descriptor, leaf.value.sum());
  return roll_up.take();
}

}  // namespace vajrapulse::metrics
