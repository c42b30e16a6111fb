#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/response.hpp"
#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::http {

enum class Outcome : std::uint8_t { success, failure, interrupted };
inline constexpr std::size_t kOutcomes = 3;

/// Where a series belongs: whose registry, which scenario and task. Warm-up and measuring may have registries of
/// their own.
struct SeriesKey {
  explicit SeriesKey(const Caller& caller)
      : registry(&caller.scope.recorder().registry()), scenario(caller.scenario), task(caller.task) {}

  [[nodiscard]] bool is_for(const metrics::Registry& r, const Caller& caller) const noexcept {
    return registry == &r && scenario == caller.scenario && task == caller.task;
  }

  metrics::Registry* registry;
  std::string scenario;
  std::string task;
};

/// The series of a client as a whole: connections and their queue.
struct ClientSeries {
  explicit ClientSeries(const Caller& caller);

  SeriesKey key;
  metrics::GaugeId active, idle, waiting;
  metrics::HistogramId wait_time;
  metrics::CounterId connections, retries, timeouts;
};

/// The series of one request name. Ids are looked up once, those of rare things when they first happen.
class RequestSeries {
 public:
  RequestSeries(const Caller& caller, std::string_view name, ClientSeries& client);

  [[nodiscard]] bool is_for(const metrics::Registry& registry, const Caller& caller) const noexcept {
    return key_.is_for(registry, caller);
  }
  [[nodiscard]] ClientSeries& client() const noexcept { return client_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  void record(metrics::Recorder& recorder, Outcome outcome, const PhaseTimes& phases) {
    for (std::size_t i = 0; i < kPhases; ++i) {
      const auto phase = static_cast<Phase>(i);
      if (phases.has(phase)) recorder.record(histogram(outcome, phase), phases[phase]);
    }
  }
  void count(metrics::Recorder& recorder, Outcome outcome, int status) {
    if (last_.status != status || last_.outcome != outcome) last_ = find_total(outcome, status);
    recorder.add(last_.id);
  }
  void count_bytes(metrics::Recorder& recorder, std::uint64_t sent, std::uint64_t received) {
    recorder.add(sent_, sent);
    recorder.add(received_, received);
  }
  /// The sentence for failures of `kind`: made once by `make`, then kept.
  template <class Make>
  const std::string& sample(ErrorKind kind, Make make) {
    for (const auto& [known, text] : samples_) {
      if (known == kind) return text;
    }
    return samples_.emplace_back(kind, make()).second;
  }

 private:
  struct Total {
    int status = -1;
    Outcome outcome = Outcome::success;
    metrics::CounterId id;
  };
  struct Known {
    bool known = false;
    metrics::HistogramId id;
  };
  using Tags = std::vector<std::pair<std::string, std::string>>;

  metrics::HistogramId histogram(Outcome outcome, Phase phase) {
    Known& it = histograms_[static_cast<std::size_t>(outcome)][static_cast<std::size_t>(phase)];
    if (!it.known) it = {true, register_histogram(outcome, phase)};
    return it.id;
  }
  [[nodiscard]] Tags tags(Tags own) const;
  metrics::HistogramId register_histogram(Outcome outcome, Phase phase);
  Total find_total(Outcome outcome, int status);

  SeriesKey key_;
  std::string name_;
  ClientSeries& client_;
  std::array<std::array<Known, kPhases>, kOutcomes> histograms_{};
  Total last_;
  std::vector<Total> totals_;
  metrics::CounterId sent_, received_;
  std::deque<std::pair<ErrorKind, std::string>> samples_;  // their addresses stay
};

/// All series of one request name: usually one, two when the warm-up has a registry of its own.
struct NamedSeries {
  std::string name;
  std::vector<std::unique_ptr<RequestSeries>> by_key;
};

/// Every series that a client has recorded to.
class SeriesBook {
 public:
  /// The entry for a request name, at an address that stays. After kNamesMax names the rest share "other".
  NamedSeries& named(const std::string& name);
  RequestSeries& series(NamedSeries& named, const Caller& caller) {
    metrics::Registry& registry = caller.scope.recorder().registry();
    for (const auto& each : named.by_key) {
      if (each->is_for(registry, caller)) return *each;
    }
    return add(named, caller);
  }

 private:
  static constexpr std::size_t kNamesMax = 200;
  RequestSeries& add(NamedSeries& named, const Caller& caller);
  ClientSeries& client_series(const Caller& caller);

  std::unordered_map<std::string, std::unique_ptr<NamedSeries>> named_;
  std::vector<std::unique_ptr<ClientSeries>> client_;
};

}  // namespace vajrapulse::http
