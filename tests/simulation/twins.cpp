#include "twins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/http/server.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::simulation {
namespace {

using engine::VerdictStatus;
using runtime::Co;

constexpr std::array<double, 3> kPercentiles{50, 90, 99};

/// How long a disturbance goes on: as long as the longest of the loads.
constexpr Duration kDisturbed = std::chrono::seconds(4);
constexpr Duration kStallEvery = std::chrono::milliseconds(500);
/// What the slowest target needs after the end.
constexpr Duration kPatience = std::chrono::minutes(1);

/// A network so near that it adds nothing to speak of.
runtime::simulated::Weather near_by() {
  runtime::simulated::Weather weather;
  weather.latency_min = weather.latency_max = std::chrono::microseconds(1);
  return weather;
}

/// Answers each request when its service is over, however many there are: drawn in the order of their arrival.
class Target {
 public:
  Target(Trial& trial, const Scene& scene, std::uint64_t seed)
      : trial_(trial),
        scene_(scene),
        random_(seed),
        server_(trial.host(), {}, [this](http::ServerRequest& request, http::ServerResponse& response) {
          return answer(request, response);
        }) {
    [[maybe_unused]] const auto listening = server_.listen(address());
  }
  ~Target() {
    runtime::spawn(stop());
    trial_.world().run();
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  static runtime::Address address() { return *runtime::Address::ip("127.0.0.1", 80); }

 private:
  Duration draw() {
    const double factor = scene_.service == Scene::Service::constant      ? 1
                          : scene_.service == Scene::Service::exponential ? random_.exponential()
                          : random_.below(5) == 0                         ? 3.0
                                                                          : 0.5;
    return Duration(std::llround(double(to_ns(scene_.mean)) * factor));
  }
  Co<void> answer(http::ServerRequest& request, http::ServerResponse& response) {
    TimePoint begin = request.received();
    if (!slots_.empty()) {  // a heap: the slot that is free first
      std::ranges::pop_heap(slots_, std::greater());
      begin = std::max(begin, slots_.back());
    }
    TimePoint due = begin + draw();
    if (!slots_.empty()) {
      slots_.back() = due;
      std::ranges::push_heap(slots_, std::greater());
    }
    const Duration into = (due - begin_) % kStallEvery;
    if (into < scene_.stall) due += scene_.stall - into;
    co_await request.sleep_until(due);
    response.send("text/plain", "done\n");
  }
  Co<void> stop() {
    auto stopping = server_.stop(std::chrono::seconds(1));
    co_await stopping;
  }

  Trial& trial_;
  const Scene& scene_;
  Random random_;
  std::vector<TimePoint> slots_ = std::vector<TimePoint>(scene_.slots);  ///< when each is free
  TimePoint begin_ = trial_.host().now();
  http::Server server_;
};

/// What /proc would say of the simulated shards.
class SimulatedHost final : public engine::HostProbe {
 public:
  explicit SimulatedHost(Trial& trial) : trial_(trial) {}
  void register_shard(std::size_t /*shard*/) override {}
  Reading read() override {
    Reading reading;
    for (const runtime::Reactor* shard : trial_.shards()) {
      const auto usage = trial_.world().usage(*shard);
      const double busy = std::chrono::duration<double>(usage.busy).count();
      reading.shard_cpu_s.push_back(busy);
      reading.process_cpu_s += busy;
      reading.run_queue_wait_s += std::chrono::duration<double>(usage.frozen).count();
    }
    return reading;
  }

 private:
  Trial& trial_;
};

engine::Scenario scenario_of(const Scene& scene) {
  http::ClientSettings settings;
  settings.keep_alive = scene.keep_alive;
  settings.connections = scene.connections;
  settings.timeout = scene.timeout;
  std::vector<http::Request> requests{{.url = "http://" + Target::address().text() + "/"}};
  engine::OpenModel model;
  model.pattern = engine::parse_load(scene.load).value();
  model.max_in_flight = scene.max_in_flight;
  model.on_limit = scene.on_limit;
  return {.name = "twin",
          .task = task<http::HttpTask>("get", std::move(settings), std::move(requests)),
          .load = std::move(model),
          .iterations = {},
          .drain_timeout = kPatience};
}

Co<void> compute_now_and_then(Trial& trial, Duration every, Duration lasting) {
  runtime::Reactor& shard = *trial.shards()[0];
  const TimePoint end = shard.now() + kDisturbed;
  for (TimePoint at = shard.now() + every / 2; at < end; at += every) {
    co_await shard.sleep_until(at);
    trial.world().compute(shard, lasting);
  }
}

Co<void> run_short(Trial& trial, ErrorKind kind, Duration after, Duration lasting) {
  co_await trial.control().sleep_for(after);
  trial.world().break_address(Target::address(), kind);
  co_await trial.control().sleep_for(lasting);
  trial.world().break_address(Target::address(), kNoError);
}

Co<void> set_calendar(Trial& trial, Duration after, Duration by) {
  co_await trial.control().sleep_for(after);
  trial.world().step_calendar(by);
}

VerdictStatus grade(double missed, double share, double own_ns, double factor) {
  const engine::VerdictThresholds limits;
  const auto over = [&](const engine::VerdictThresholds::Limit& limit) {
    const bool distorted =
        share > limit.generator_share * factor && own_ns > double(to_ns(limit.generator_time)) * factor;
    return distorted || missed > limit.missed * factor;
  };
  if (over(limits.invalid)) return VerdictStatus::invalid;
  return over(limits.degraded) ? VerdictStatus::degraded : VerdictStatus::valid;
}

}  // namespace

Disturbance freezes(Duration every, Duration lasting) {
  return [=](Trial& trial) {
    for (Duration at = every / 2; at < kDisturbed; at += every)
      trial.freeze_shard(0, at, lasting);
  };
}

Disturbance quota(Duration period, Duration given) {
  return [=](Trial& trial) {
    for (Duration at = given; at < kDisturbed && given < period; at += period)
      trial.freeze_shard(0, at, period - given);
  };
}

Disturbance computing(Duration every, Duration lasting) {
  return [=](Trial& trial) { runtime::spawn(compute_now_and_then(trial, every, lasting)); };
}

Disturbance burden(Duration each_event) {
  return [=](Trial& trial) { trial.world().burden(*trial.shards()[0], each_event); };
}

Disturbance shortage(ErrorKind kind, Duration after, Duration lasting) {
  return [=](Trial& trial) { runtime::spawn(run_short(trial, kind, after, lasting)); };
}

Disturbance calendar(Duration after, Duration by) {
  return [=](Trial& trial) { runtime::spawn(set_calendar(trial, after, by)); };
}

Seen see(const Scene& scene, const Disturbance& disturbance, std::uint64_t seed) {
  Trial trial(seed, near_by(), 1);
  SimulatedHost host(trial);
  trial.settings().host = &host;
  Target target(trial, scene, seed);
  if (disturbance) disturbance(trial);
  Seen seen;
  if (auto summary = trial.run(scenario_of(scene))) seen.summary = std::move(*summary);
  const metrics::Histogram response = seen.summary.metrics.histogram(metrics::names::kResponseTime);
  for (std::size_t i = 0; i < kPercentiles.size(); ++i)
    seen.response[i] = response.percentile(kPercentiles[i]);
  return seen;
}

std::array<double, 3> Twins::share() const {
  std::array<double, 3> all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double own = double(disturbed.response[i] - alone.response[i]);
    all[i] = disturbed.response[i] > 0 ? own / double(disturbed.response[i]) : 0;
  }
  return all;
}

VerdictStatus Twins::truth(double factor) const {
  const engine::LoadCounts& load = disturbed.summary.load;
  const double missed = double(load.missed) / double(load.target.value_or(1));
  VerdictStatus worst = VerdictStatus::valid;
  for (std::size_t i = 0; i < kPercentiles.size(); ++i)
    worst = std::max(worst, grade(missed, share()[i], double(disturbed.response[i] - alone.response[i]), factor));
  return worst;
}

std::string Twins::text() const {
  const auto& verdict = disturbed.summary.verdict;
  const auto truly = share();
  std::string text = fmt::format("{} (truly {}):", name(verdict.status), name(truth(1)));
  for (std::size_t i = 0; i < kPercentiles.size(); ++i)
    text += fmt::format(" p{} {:.2f} instead of {:.2f} ms, {:.1f} % seen as {:.1f} %;", kPercentiles[i],
                        double(disturbed.response[i]) * 1e-6, double(alone.response[i]) * 1e-6, truly[i] * 100,
                        verdict.generator_share[i] * 100);
  text += fmt::format(" missed {}", disturbed.summary.load.missed);
  for (const std::string& reason : verdict.reasons)
    text += "\n  " + reason;
  return text;
}

Twins twins(const Scene& scene, const Disturbance& disturbance, std::uint64_t seed) {
  return {see(scene, nullptr, seed), see(scene, disturbance, seed)};
}

}  // namespace vajrapulse::simulation
