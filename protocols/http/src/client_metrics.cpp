#include "client_metrics.hpp"

#include <algorithm>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::http {
namespace {

namespace names = metrics::names;
using Tags = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kOutcomeNames[] = {"success", "failure", "interrupted"};
constexpr std::string_view kPhaseNames[] = {"blocked", "dns", "connect", "tls", "send", "wait", "receive", "total"};
constexpr std::string_view kOther = "other";

Tags tags_of(const SeriesKey& key, Tags own) {
  if (!key.scenario.empty()) own.emplace_back("scenario", key.scenario);
  if (!key.task.empty()) own.emplace_back("task", key.task);
  std::ranges::sort(own);
  return own;
}

}  // namespace

std::string_view name(Phase phase) noexcept { return kPhaseNames[static_cast<std::size_t>(phase)]; }

ClientSeries::ClientSeries(const Caller& caller) : key(caller) {
  metrics::Registry& registry = *key.registry;
  const Tags own = tags_of(key, {});
  const Tags queue = tags_of(key, {{"queue", "connection"}});
  active = registry.gauge(names::kPoolActive, own);
  idle = registry.gauge(names::kPoolIdle, own);
  waiting = registry.gauge(names::kClientQueueSize, queue);
  wait_time = registry.histogram(names::kClientQueueWait, queue);
  connections = registry.counter(names::kConnections, own);
  retries = registry.counter(names::kRetries, own);
  timeouts = registry.counter(names::kTimeouts, own);
}

RequestSeries::RequestSeries(const Caller& caller, std::string_view name, ClientSeries& client)
    : key_(caller), name_(name), client_(client) {
  sent_ = key_.registry->counter(names::kRequestBytes, tags({{"direction", "out"}}));
  received_ = key_.registry->counter(names::kRequestBytes, tags({{"direction", "in"}}));
}

RequestSeries::Tags RequestSeries::tags(Tags own) const {
  own.emplace_back("name", name_);
  return tags_of(key_, std::move(own));
}

metrics::HistogramId RequestSeries::register_histogram(Outcome outcome, Phase phase) {
  const std::string status(kOutcomeNames[static_cast<std::size_t>(outcome)]);
  return key_.registry->histogram(names::kRequestDuration,
                                  tags({{"phase", std::string(http::name(phase))}, {"status", status}}));
}

RequestSeries::Total RequestSeries::find_total(Outcome outcome, int status) {
  for (const Total& each : totals_) {
    if (each.status == status && each.outcome == outcome) return each;
  }
  Tags own{{"status", std::string(kOutcomeNames[static_cast<std::size_t>(outcome)])}};
  if (status != 0) own.emplace_back("code", std::to_string(status));
  return totals_.emplace_back(
      Total{status, outcome, key_.registry->counter(names::kRequestTotal, tags(std::move(own)))});
}

NamedSeries& SeriesBook::named(const std::string& name) {
  const bool full = named_.size() >= kNamesMax && !named_.contains(name);
  const std::string key = full ? std::string(kOther) : name;
  auto& entry = named_[key];
  if (!entry) entry = std::make_unique<NamedSeries>(NamedSeries{key, {}});
  return *entry;
}

RequestSeries& SeriesBook::add(NamedSeries& named, const Caller& caller) {
  return *named.by_key.emplace_back(std::make_unique<RequestSeries>(caller, named.name, client_series(caller)));
}

ClientSeries& SeriesBook::client_series(const Caller& caller) {
  metrics::Registry& registry = caller.scope.recorder().registry();
  for (const auto& each : client_) {
    if (each->key.is_for(registry, caller)) return *each;
  }
  return *client_.emplace_back(std::make_unique<ClientSeries>(caller));
}

}  // namespace vajrapulse::http
