#pragma once

#include <map>
#include <string>
#include <vector>

#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::metrics {

/// Adds a gauge that stands beside `total` in the same time: last and maximum add, and so do the means.
inline void add_parallel(Gauge& total, const Gauge& gauge) noexcept {
  total.last += gauge.last;
  total.max += gauge.max;
  total.weighted_sum += gauge.weighted_sum;
  total.weight_ns = total.weight_ns > gauge.weight_ns ? total.weight_ns : gauge.weight_ns;
}

/// Merges metrics into every published combination of their tags.
class RollUp {
 public:
  template <class Value>
  void add(const Descriptor& leaf, const Value& value) {
    for (Tags& tags : combinations(leaf.tags))
      merge_into(place(leaf, std::move(tags), value), value);
  }

  /// In order of name and tags.
  std::vector<Metric> take();

 private:
  /// The tag sets under which a metric with `tags` is published, without duplicates.
  static std::vector<Tags> combinations(const Tags& tags);

  template <class Value>
  Value& place(const Descriptor& leaf, Tags tags, const Value&);

  static void merge_into(Histogram& total, const Histogram& part) { total.merge(part); }
  static void merge_into(std::uint64_t& total, std::uint64_t part) { total += part; }
  static void merge_into(Gauge& total, const Gauge& part) { add_parallel(total, part); }

  std::map<std::string, Metric> metrics_;
};

}  // namespace vajrapulse::metrics
