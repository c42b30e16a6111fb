#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::metrics {

struct Metric {
  Descriptor descriptor;
  std::variant<Histogram, std::uint64_t, Gauge> value;
};

/// All metrics of some stretch of time, merged over shards, with the combinations of tags that are
/// published: {}, {scenario}, {scenario, task}, {scenario, task, name}, each as it is, by status, and by status
/// and code; a metric's own tags (phase, kind, reason, queue, direction) stay in all of them.
///
/// One thread at a time. The registries of added intervals need not outlive it.
class Snapshot {
 public:
  /// Adds one shard's interval: counters and histograms add up; gauges of different shards add (last, mean),
  /// and their maxima add too (an upper bound, said in the docs); in time they follow each other.
  void add(const Interval& interval);
  /// Adds another snapshot that covers later or parallel time.
  void merge(const Snapshot& other);
  /// Forgets all values, keeps the memory: for the next second. Counters and gauges stay known, with 0.
  void clear();

  /// Every published metric, rolled up, in order of name and tags. Histograms without values are absent.
  [[nodiscard]] std::vector<Metric> published() const;

  /// Merged over everything that carries at least `tags`: `histogram("vajrapulse.request.duration",
  /// {{"phase","connect"}})`. Empty (count 0) when there is none.
  [[nodiscard]] Histogram histogram(std::string_view name, const Tags& tags = {}) const;
  [[nodiscard]] std::uint64_t counter(std::string_view name, const Tags& tags = {}) const;
  /// Sum over all that carry `tags`; a time in which one of several was not yet known counts as 0 for it.
  [[nodiscard]] Gauge gauge(std::string_view name, const Tags& tags = {}) const;
  /// Values of `tag` seen on counter `name`, with their sums: status codes, error kinds.
  [[nodiscard]] std::map<std::string, std::uint64_t> counters_by(std::string_view name, std::string_view tag) const;

  /// In the order in which they were first seen.
  [[nodiscard]] const std::vector<ErrorGroup>& errors() const noexcept { return errors_; }

 private:
  /// A gauge by where it comes from: the same source follows itself in time, different ones stand side by side.
  struct GaugeParts {
    std::vector<std::pair<const Descriptor*, Gauge>> by_source;
    void follow(const Descriptor* source, const Gauge& later);
    [[nodiscard]] Gauge sum() const;
  };

  template <class Value>
  struct Leaf {
    Descriptor descriptor;
    Value value{};
  };

  /// Leaves of one type, found by a registry's descriptor (quick), by name and tags, or by name.
  template <class Value>
  struct Table {
    std::deque<Leaf<Value>> leaves;
    std::unordered_map<const Descriptor*, std::uint32_t> by_source;
    std::unordered_map<std::string, std::uint32_t> by_key;
    std::map<std::string, std::vector<std::uint32_t>, std::less<>> by_name;

    Leaf<Value>& at_source(const Descriptor& source);
    Leaf<Value>& at(const Descriptor& descriptor);
    std::uint32_t index_of(const Descriptor& descriptor);
    template <class Visit>
    void each_with(std::string_view name, const Tags& tags, Visit visit) const;
  };

  void add_error(const ErrorGroup& group);

  Table<Histogram> histograms_;
  Table<std::uint64_t> counters_;
  Table<GaugeParts> gauges_;
  std::vector<ErrorGroup> errors_;
};

}  // namespace vajrapulse::metrics
