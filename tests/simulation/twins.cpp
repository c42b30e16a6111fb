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
    (void)server_.listen(address());
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
    const TimePoint due = request.received() + draw();
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

/// A task that computes now and then, before it does its work.
class Computing final : public Task {
 public:
  Computing(std::unique_ptr<Task> inner, Trial& trial, const Disturbance& disturbance)
      : inner_(std::move(inner)), trial_(trial), disturbance_(disturbance) {}
  Co<Status> init(TaskContext& context) override { return inner_->init(context); }
  Co<Result> execute(Iteration& iteration) override {
    if (iteration.index() % disturbance_.compute_every == disturbance_.compute_every - 1)
      trial_.world().compute(iteration.reactor(), disturbance_.compute);
    return inner_->execute(iteration);
  }
  Co<void> teardown() override { return inner_->teardown(); }

 private:
  std::unique_ptr<Task> inner_;
  Trial& trial_;
  const Disturbance& disturbance_;
};

engine::Scenario scenario_of(const Scene& scene, Trial& trial, const Disturbance& disturbance) {
  http::ClientSettings settings;
  settings.keep_alive = scene.keep_alive;
  std::vector<http::Request> requests{{.url = "http://" + Target::address().text() + "/"}};
  NamedTask work = task<http::HttpTask>("get", settings, requests);
  MakeTask make = work.make;
  if (disturbance.compute > Duration::zero()) {
    make = [inner = work.make, &trial, &disturbance] {
      return std::make_unique<Computing>(inner(), trial, disturbance);
    };
  }
  engine::OpenModel model;
  model.pattern = engine::parse_load(scene.load).value();
  model.max_in_flight = scene.max_in_flight;
  model.on_limit = scene.on_limit;
  return {.name = "twin", .task = {work.name, make}, .load = std::move(model), .iterations = {}};
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

Seen see(const Scene& scene, const Disturbance& disturbance, std::uint64_t seed) {
  Trial trial(seed, near_by(), 1);
  SimulatedHost host(trial);
  trial.settings().host = &host;
  Target target(trial, scene, seed);
  disturbance.arrange(trial);
  Seen seen;
  if (auto summary = trial.run(scenario_of(scene, trial, disturbance))) seen.summary = std::move(*summary);
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
    worst = std::max(
        worst, grade(missed, share()[i], double(disturbed.response[i] - alone.response[i]), factor));
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
  return {see(scene, {}, seed), see(scene, disturbance, seed)};
}

}  // namespace vajrapulse::simulation
