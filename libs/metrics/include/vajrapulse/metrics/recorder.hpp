#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/metrics/histogram.hpp"

namespace vajrapulse::metrics {

enum class Type : std::uint8_t { histogram, counter, gauge };

using Tags = std::vector<std::pair<std::string, std::string>>;  ///< sorted by name

/// What a metric is called and what it is about. Tags are sorted by name; values are plain text.
struct Descriptor {
  std::string name;
  Tags tags;
  Type type = Type::counter;
  std::string unit;  ///< "ns", "bytes", "" …

  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

/// Last value, time-weighted mean and maximum of something that goes up and down.
struct Gauge {
  double last = 0;
  double max = 0;
  double weighted_sum = 0;  ///< ∫ value dt, in value·ns
  std::int64_t weight_ns = 0;
  [[nodiscard]] double mean() const noexcept { return weight_ns > 0 ? weighted_sum / double(weight_ns) : last; }
};

struct HistogramId {
  std::uint32_t index = 0;
};
struct CounterId {
  std::uint32_t index = 0;
};
struct GaugeId {
  std::uint32_t index = 0;
};

/// Errors of one kind and name, with the first sample seen.
struct ErrorGroup {
  ErrorKind kind;
  std::string name;
  std::uint64_t count = 0;
  std::string sample;
};

/// The metrics that one shard knows, by number. Registering the same descriptor again gives the same id.
/// At most `kMaxSeries` per type; later ones share the id of the same metric tagged `name=other` (or a
/// catch-all) and are counted in `overflowed()`. Descriptors never move or go away.
class Registry {
 public:
  static constexpr std::size_t kMaxSeries = 10'000;

  HistogramId histogram(std::string_view name, Tags tags = {}, std::string_view unit = "ns");
  CounterId counter(std::string_view name, Tags tags = {});
  GaugeId gauge(std::string_view name, Tags tags = {});
  [[nodiscard]] std::uint64_t overflowed() const noexcept { return overflowed_; }

  [[nodiscard]] const std::deque<Descriptor>& histograms() const noexcept { return histograms_.descriptors; }
  [[nodiscard]] const std::deque<Descriptor>& counters() const noexcept { return counters_.descriptors; }
  [[nodiscard]] const std::deque<Descriptor>& gauges() const noexcept { return gauges_.descriptors; }

 private:
  // The control thread reads descriptors that an Interval points at; these are immutable. The containers
  // belong to the shard.
  struct Table {
    std::deque<Descriptor> descriptors;
    std::unordered_map<std::string, std::uint32_t> ids;

    [[nodiscard]] std::optional<std::uint32_t> find(const Descriptor& wanted) const;
    std::uint32_t add(Descriptor descriptor);
  };
  std::uint32_t id_of(Table& table, Descriptor wanted);

  Table histograms_, counters_, gauges_;
  std::uint64_t overflowed_ = 0;
};

/// What one shard recorded in one interval. Indexes are the registry's; `descriptors_…` point at them.
struct Interval {
  TimePoint begin;
  TimePoint end;
  std::vector<std::unique_ptr<Histogram>> histograms;  ///< null or empty where nothing was recorded
  std::vector<std::uint64_t> counters;
  std::vector<Gauge> gauges;
  std::vector<ErrorGroup> errors;
  std::vector<const Descriptor*> histogram_descriptors, counter_descriptors, gauge_descriptors;
};

/// Where a shard records: plain memory of its own, swapped for an empty one each second.
class Recorder {
 public:
  static constexpr std::size_t kMaxErrorGroups = 100;

  Recorder(Registry& registry, TimePoint now);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void record(HistogramId id, Duration value) noexcept { record(id, value.count()); }
  void record(HistogramId id, std::int64_t value) noexcept {
    auto& histograms = current_->histograms;
    if (id.index < histograms.size()) [[likely]] {
      if (Histogram* histogram = histograms[id.index].get()) [[likely]]
        return histogram->record(value);
    }
    record_first(id, value);
  }
  void add(CounterId id, std::uint64_t amount = 1) noexcept {
    if (id.index >= current_->counters.size()) [[unlikely]]
      grow_counters();
    current_->counters[id.index] += amount;
  }
  void set(GaugeId id, double value, TimePoint now) noexcept;
  /// Counts an error by kind and name (also as vajrapulse.client.error.count{kind}); keeps the first
  /// sample of each. At most `kMaxErrorGroups` distinct groups, then name "other".
  void error(ErrorKind kind, std::string_view name, std::string_view sample);

  /// Hands over what was recorded since the last swap; gauges carry their last value into the next one.
  /// `reuse` (may be null) gives back an interval's memory.
  std::unique_ptr<Interval> swap(TimePoint now, std::unique_ptr<Interval> reuse);

  [[nodiscard]] Registry& registry() noexcept { return registry_; }

 private:
  /// How a gauge stands between two calls of `set`.
  struct GaugeState {
    TimePoint since;
    bool known = false;
  };
  struct KnownError;
  struct Errors;

  void record_first(HistogramId id, std::int64_t value) noexcept;
  void grow_counters() noexcept;
  void settle(Gauge& gauge, GaugeState& state, TimePoint now) noexcept;
  void describe(Interval& interval) const;
  void make_ready(Interval& next, TimePoint now);

  Registry& registry_;
  std::unique_ptr<Interval> current_;
  std::vector<GaugeState> gauge_states_;
  std::unique_ptr<Errors> errors_;
};

}  // namespace vajrapulse::metrics
