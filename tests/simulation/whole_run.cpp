#include "whole_run.hpp"

#include <utility>

#include "trial.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/http/http_task.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using faults::Fault;

/// Draws what a seed chooses, and writes it down.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool once_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + random_.below(high - low + 1); }
  Duration micros(std::uint64_t low, std::uint64_t high) { return std::chrono::microseconds(between(low, high)); }
  template <class T, std::size_t N>
  const T& one_of(const T (&all)[N]) {
    return all[random_.below(N)];
  }
  void say(std::string_view key, std::string_view value) { said_.append(key).append("=").append(value).append(" "); }
  void say(std::string_view key, std::uint64_t value) { say(key, std::string_view(std::to_string(value))); }
  [[nodiscard]] const std::string& said() const noexcept { return said_; }

 private:
  Random random_;
  std::string said_;
};

runtime::simulated::Weather choose_weather(Dice& dice) {
  runtime::simulated::Weather weather;
  weather.latency_min = dice.micros(1, 500);
  weather.latency_max = weather.latency_min + dice.micros(0, 5000);
  if (dice.once_in(3)) weather.loss = 0.02;
  if (dice.once_in(4)) weather.reset_on_connect = 0.05;
  if (dice.once_in(4)) weather.reset_per_segment = 0.01;
  weather.partial = dice.once_in(2);
  if (dice.once_in(3)) weather.segment_max = dice.between(1, 200);
  if (dice.once_in(3)) weather.window_bytes = dice.between(1, 300);
  if (dice.once_in(3)) weather.turn_cost = dice.micros(1, 300);
  dice.say("latency_us", static_cast<std::uint64_t>(to_ns(weather.latency_max)) / 1000);
  dice.say("loss", weather.loss > 0 ? 1 : 0);
  dice.say("resets", weather.reset_on_connect > 0 || weather.reset_per_segment > 0 ? 1 : 0);
  dice.say("segment", weather.segment_max);
  dice.say("turn_ns", static_cast<std::uint64_t>(to_ns(weather.turn_cost)));
  return weather;
}

/// TLS is left out: its bytes are not the seed's.
constexpr Fault kFaults[] = {
    Fault::none,           Fault::none,
    Fault::refused,        Fault::reset_before_head,
    Fault::reset_in_head,  Fault::reset_in_body,
    Fault::never_answers,  Fault::closed_before_head,
    Fault::closed_in_head, Fault::garbage,
    Fault::truncated_body, Fault::one_byte_a_second,
    Fault::oversized_head, Fault::bad_chunk,
    Fault::unknown_name,   Fault::half_open,
    Fault::stops_in_body,  Fault::truncated_chunks,
    Fault::binary_garbage,
};

std::vector<http::Request> choose_servers(Dice& dice, Trial& trial) {
  std::vector<http::Request> requests;
  const std::uint64_t servers = dice.between(1, 4);
  for (std::uint64_t i = 0; i < servers; ++i) {
    const faults::FaultCase& what = fault_case(dice.one_of(kFaults));
    const auto port = static_cast<std::uint16_t>(8000 + i);
    const std::uint64_t every = dice.between(1, 4);
    dice.say(what.name, every);
    if (what.needs_server()) {
      trial.serve(*runtime::Address::ip("127.0.0.1", port), {.fault = what.fault, .every = every, .pace = 50ms});
    }
    const std::string host = what.fault == Fault::unknown_name ? "nobody.test" : "127.0.0.1";
    requests.push_back({.url = "http://" + host + ":" + std::to_string(port) + "/" + std::string(what.name)});
  }
  return requests;
}

http::ClientSettings choose_client(Dice& dice) {
  http::ClientSettings settings;
  settings.timeout = dice.micros(20'000, 800'000);
  settings.keep_alive = !dice.once_in(3);
  if (dice.once_in(3)) settings.connections = dice.between(1, 8);
  dice.say("timeout_us", static_cast<std::uint64_t>(to_ns(settings.timeout)) / 1000);
  dice.say("connections", settings.connections);
  return settings;
}

engine::OpenModel choose_open(Dice& dice) {
  static constexpr const char* kLoads[] = {"static 50/s 2s", "static 300/s 1500ms", "ramp 0..200/s 2s",
                                           "ramp 10..100/s 1s, hold 1s, ramp 0 500ms"};
  const std::string text = dice.one_of(kLoads);
  dice.say("load", text);
  engine::OpenModel model;
  model.pattern = engine::parse_load(text).value();
  if (dice.once_in(2)) model.arrivals = engine::ArrivalKind::poisson;
  if (dice.once_in(2)) model.max_in_flight = dice.between(1, 20);
  if (dice.once_in(3)) model.on_limit = engine::OnLimit::drop;
  dice.say("limit", model.max_in_flight);
  dice.say("drop", model.on_limit == engine::OnLimit::drop ? 1 : 0);
  return model;
}

engine::ClosedModel choose_closed(Dice& dice) {
  engine::ClosedModel model;
  model.users = dice.between(1, 12);
  // A closed loop without pacing against what is refused at once would be all there is to see.
  model.pacing = dice.micros(5'000, 50'000);
  dice.say("users", model.users);
  return model;
}

engine::Scenario choose_scenario(Dice& dice, NamedTask task) {
  engine::Scenario scenario{.name = "steady", .task = std::move(task), .load = engine::ClosedModel{}, .iterations = {}};
  scenario.duration = 2s;
  if (dice.once_in(4)) {
    scenario.load = choose_closed(dice);
  } else {
    auto model = choose_open(dice);
    scenario.duration = model.pattern->length().value_or(2s);
    scenario.load = std::move(model);
  }
  if (dice.once_in(3)) scenario.warmup = 500ms;
  if (dice.once_in(4)) scenario.iterations = dice.between(1, 100);
  if (dice.once_in(3)) scenario.drain_timeout = dice.micros(0, 300'000);
  scenario.force_timeout = 2s;
  dice.say("warmup", scenario.warmup > Duration{0} ? 1 : 0);
  return scenario;
}

void choose_trouble(Dice& dice, Trial& trial) {
  if (dice.once_in(3)) {
    dice.say("freezes", 1);
    // One draw a line: compilers differ in the order of arguments.
    const std::size_t shard = dice.between(0, 3);
    const Duration after = dice.micros(0, 2'500'000);
    const Duration duration = dice.micros(1'000, 800'000);
    trial.freeze_shard(shard, after, duration);
  }
  if (dice.once_in(8)) {
    dice.say("stopped", 1);
    const Duration after = dice.micros(0, 3'000'000);
    trial.stop_run(after);
    if (dice.once_in(2)) trial.stop_run(after + dice.micros(0, 500'000));
  }
}

std::string describe(const engine::RunSummary& summary, std::uint64_t trace) {
  const engine::LoadCounts& load = summary.load;
  std::string text;
  const auto say = [&text](std::string_view key, std::uint64_t value) {
    text.append(key).append("=").append(std::to_string(value)).append(" ");
  };
  say("target", load.target.value_or(0));
  say("started", load.started);
  say("succeeded", load.succeeded);
  say("failed", load.failed);
  say("interrupted", load.interrupted);
  say("dropped", load.dropped());
  say("missed", load.missed);
  say("late", load.late);
  for (const auto& error : summary.metrics.errors())
    say(error.kind.name(), error.count);
  say("trace", trace);
  return text + std::string(engine::name(summary.verdict.status));
}

}  // namespace

Outcome run_seed(std::uint64_t seed) {
  Dice dice(seed ^ 0x5eed);
  const auto weather = choose_weather(dice);
  const std::size_t shards = dice.between(1, 3);
  dice.say("shards", shards);
  Trial trial(seed, weather, shards);
  auto requests = choose_servers(dice, trial);
  auto settings = choose_client(dice);
  NamedTask work = task<http::HttpTask>("fetch", settings, requests);
  auto scenario = choose_scenario(dice, std::move(work));
  choose_trouble(dice, trial);

  Outcome outcome;
  const auto summary = trial.run(std::move(scenario));
  outcome.plan = dice.said();
  if (summary) {
    outcome.summary = describe(*summary, trial.world().trace());
    outcome.load = summary->load;
  }
  outcome.violations = trial.auditor().violations();
  outcome.steps = trial.auditor().steps();
  return outcome;
}

}  // namespace vajrapulse::simulation
