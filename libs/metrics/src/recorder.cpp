#include "vajrapulse/metrics/recorder.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::metrics {

/// An error group of the whole run, and what the running interval counted of it.
struct Recorder::KnownError {
  ErrorGroup group;
  std::uint64_t in_interval = 0;
  CounterId counter;
};

struct Recorder::Errors {
  struct Before {
    using is_transparent = void;
    using View = std::pair<std::string_view, std::string_view>;
    bool operator()(const View& a, const View& b) const noexcept { return a < b; }
  };

  std::deque<KnownError> known;  // stands still: the keys look into it
  std::map<Before::View, std::size_t, Before> index;

  KnownError& find_or_add(Registry& registry, ErrorKind kind, std::string_view name, std::string_view sample) {
    if (const auto found = index.find({kind.name(), name}); found != index.end()) return known[found->second];
    if (known.size() >= kMaxErrorGroups && name != kOther) return find_or_add(registry, kind, kOther, sample);
    KnownError& added = known.emplace_back(
        KnownError{.group = {.kind = kind, .name = std::string(name), .count = 0, .sample = std::string(sample)},
                   .in_interval = 0,
                   .counter = registry.counter(names::kErrors, {{"kind", std::string(kind.name())}})});
    index.emplace(Before::View{added.group.kind.name(), added.group.name}, known.size() - 1);
    return added;
  }

  static constexpr std::string_view kOther = "other";
};

Recorder::Recorder(Registry& registry, TimePoint now)
    : registry_(registry), current_(std::make_unique<Interval>()), errors_(std::make_unique<Errors>()) {
  make_ready(*current_, now);
}

Recorder::~Recorder() = default;

void Recorder::record_first(HistogramId id, std::int64_t value) noexcept {
  auto& histograms = current_->histograms;
  if (id.index >= histograms.size()) histograms.resize(registry_.histograms().size());
  auto& histogram = histograms.at(id.index);
  if (!histogram) histogram = std::make_unique<Histogram>();
  histogram->record(value);
}

void Recorder::grow_counters() noexcept { current_->counters.resize(registry_.counters().size()); }

void Recorder::settle(Gauge& gauge, GaugeState& state, TimePoint now) noexcept {
  const std::int64_t span_ns = to_ns(now - state.since);
  if (!state.known || span_ns <= 0) return;
  gauge.weighted_sum += gauge.last * double(span_ns);
  gauge.weight_ns += span_ns;
  state.since = now;
}

void Recorder::set(GaugeId id, double value, TimePoint now) noexcept {
  if (id.index >= current_->gauges.size()) current_->gauges.resize(registry_.gauges().size());
  if (id.index >= gauge_states_.size()) gauge_states_.resize(registry_.gauges().size());
  Gauge& gauge = current_->gauges[id.index];
  GaugeState& state = gauge_states_[id.index];
  settle(gauge, state, now);
  gauge.max = state.known ? std::max(gauge.max, value) : value;
  gauge.last = value;
  if (!state.known) state = {.since = now, .known = true};
}

void Recorder::error(ErrorKind kind, std::string_view name, std::string_view sample) {
  KnownError& known = errors_->find_or_add(registry_, kind, name, sample);
  ++known.in_interval;
  add(known.counter);
}

/// Room for everything registered so far, zero everywhere, gauges as they stand.
void Recorder::make_ready(Interval& next, TimePoint now) {
  next.begin = now;
  next.end = now;
  next.histograms.resize(registry_.histograms().size());
  for (std::size_t i = 0; i < next.histograms.size(); ++i) {
    if (next.histograms[i]) next.histograms[i]->clear();
    const Histogram* model = i < current_->histograms.size() ? current_->histograms[i].get() : nullptr;
    if (next.histograms[i] || !model) continue;
    // What was recorded in this interval will be in the next one: take the memory now, not while recording.
    next.histograms[i] = std::make_unique<Histogram>();
    next.histograms[i]->reserve_like(*model);
  }
  next.counters.assign(registry_.counters().size(), 0);
  next.gauges.assign(registry_.gauges().size(), Gauge{});
  for (std::size_t i = 0; i < std::min(current_->gauges.size(), next.gauges.size()); ++i)
    next.gauges[i].last = next.gauges[i].max = current_->gauges[i].last;
  next.errors.clear();
}

void Recorder::describe(Interval& interval) const {
  const auto point_at = [](const std::deque<Descriptor>& all, std::size_t size, std::vector<const Descriptor*>& out) {
    out.reserve(size);
    while (out.size() < size)
      out.push_back(&all[out.size()]);
  };
  point_at(registry_.histograms(), interval.histograms.size(), interval.histogram_descriptors);
  point_at(registry_.counters(), interval.counters.size(), interval.counter_descriptors);
  point_at(registry_.gauges(), interval.gauges.size(), interval.gauge_descriptors);
}

std::unique_ptr<Interval> Recorder::swap(TimePoint now, std::unique_ptr<Interval> reuse) {
  gauge_states_.resize(std::max(gauge_states_.size(), current_->gauges.size()));
  for (std::size_t i = 0; i < current_->gauges.size(); ++i)
    settle(current_->gauges[i], gauge_states_[i], now);
  for (KnownError& known : errors_->known) {
    if (known.in_interval == 0) continue;
    known.group.count = std::exchange(known.in_interval, 0);
    current_->errors.push_back(known.group);
  }
  current_->end = now;
  describe(*current_);

  auto next = reuse ? std::move(reuse) : std::make_unique<Interval>();
  make_ready(*next, now);
  current_.swap(next);
  return next;
}

}  // namespace vajrapulse::metrics
