#include <cmath>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/app/rate_step.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

// The search for the highest rate that holds, with real runs in virtual time, against queues whose answer is known.
namespace vajrapulse::simulation {
namespace {

using runtime::Co;

/// `count` servers with exponential service and one waiting line: when each is free again is all there is to know
/// (Kiefer and Wolfowitz, 1955).
class Servers {
 public:
  Servers(std::size_t count, double rate, std::uint64_t seed) : rate_(rate), random_(seed) {
    for (std::size_t i = 0; i < count; ++i)
      free_.push(TimePoint{});
  }
  TimePoint serve(TimePoint arrival) {
    const TimePoint begin = std::max(arrival, free_.top());
    free_.pop();
    const TimePoint end = begin + Duration(std::llround(random_.exponential() / rate_ * 1e9));
    free_.push(end);
    return end;
  }

 private:
  double rate_;
  Random random_;
  std::priority_queue<TimePoint, std::vector<TimePoint>, std::greater<>> free_;
};

/// A search from its first step to its end in one room: one control reactor and one shard for all steps.
class SimulatedSearch {
 public:
  SimulatedSearch(std::size_t servers, double service_rate, std::uint64_t seed)
      : world_(seed), control_(world_.reactor("control")), shard_(world_.reactor()), seed_(seed) {
    auto queue = std::make_shared<Servers>(servers, service_rate, seed + 1'000);
    settings_.task = task("queue", [queue](Iteration& iteration) -> Co<Result> {
      const TimePoint due = queue->serve(iteration.reactor().now());
      co_await iteration.reactor().sleep_until(due);
      co_return Result::success();
    });
    settings_.arrivals = engine::ArrivalKind::poisson;
  }

  /// The rate found; nothing when there was none.
  std::optional<double> find(const char* slo, const search::Settings& settings) {
    auto objectives = search::Objectives::compile({slo});
    search::Search search(*objectives, settings);
    settings_.settle = Duration(std::llround(settings.step_s * 0.1e9));
    settings_.batch = Duration(std::llround(settings.step_s / 16 * 1e9));
    bool over = false;
    control_.post([&] { runtime::spawn(follow(search, over)); });
    EXPECT_TRUE(world_.run_until([&] { return over; }));
    for (const auto& level : search.levels())
      arrivals_ += level->rate() * level->seconds();
    return search.answer() ? std::optional(search.answer()->rate()) : std::nullopt;
  }
  [[nodiscard]] double arrivals() const { return arrivals_; }

 private:
  Co<void> follow(search::Search& search, bool& over) {
    while (const auto step = search.next()) {
      settings_.run.seed = ++seed_ * 7919;
      app::RateStep running(*step, settings_, control_, {&shard_});
      auto measuring = running.measure();
      auto seen = co_await measuring;
      EXPECT_TRUE(seen) << seen.error().text();
      if (!seen) break;
      search.add(*seen);
    }
    over = true;
  }

  runtime::simulated::World world_;
  runtime::Reactor& control_;
  runtime::Reactor& shard_;
  std::uint64_t seed_;
  app::StepSettings settings_;
  double arrivals_ = 0;
};

/// P(an arrival waits) for `c` servers offered `a` erlang (Erlang's C formula).
double erlang_c(int c, double a) {
  double term = 1;  // a^k / k!
  double sum = 1;
  for (int k = 1; k < c; ++k) {
    term *= a / k;
    sum += term;
  }
  const double waiting = term * a / c / (1 - a / c);
  return waiting / (sum + waiting);
}

/// P(response time > t) of M/M/c: the wait is 0, or exponential with rate cμ - λ; the service is exponential.
double response_tail(int c, double service_rate, double rate, double t) {
  const double waits = erlang_c(c, rate / service_rate);
  const double drain = c * service_rate - rate;
  const double both =
      (drain * std::exp(-service_rate * t) - service_rate * std::exp(-drain * t)) / (drain - service_rate);
  return (1 - waits) * std::exp(-service_rate * t) + waits * both;
}

/// The rate at which a hundredth of all responses takes longer than `t`.
double analytic_answer(int c, double service_rate, double t) {
  double low = 0;
  double high = 0.9999 * c * service_rate;  // off the round rates, where the formula divides 0 by 0
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (response_tail(c, service_rate, middle, t) < 0.01 ? low : high) = middle;
  }
  return low;
}

void expect_twenty_seeds(int servers, double service_rate, const char* slo, double answer) {
  int near = 0;
  double arrivals = 0;
  double bias = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimulatedSearch search(std::size_t(servers), service_rate, seed);
    const auto found = search.find(slo, {.start_rate = 50, .step_s = 30});
    arrivals += search.arrivals();
    ASSERT_TRUE(found) << seed;
    const bool within = std::abs(*found / answer - 1) <= 0.03;
    near += within ? 1 : 0;
    bias += (*found / answer - 1) / 20;
    if (!within) std::printf("seed %d: %.1f/s instead of %.1f/s\n", int(seed), *found, answer);
  }
  std::printf("within 3 %% of %.1f/s: %d of 20 seeds, on average %+.1f %%, %.1f million arrivals\n", answer, near,
              100 * bias, arrivals * 1e-6);
  EXPECT_GE(near, 19);
}

TEST(FindMax, TheFormulaForSeveralServersContainsTheOneForOne) {
  // M/M/1: the response time is exponential with rate μ - λ, so p99 is ln 100 / (μ - λ).
  EXPECT_NEAR(analytic_answer(1, 1000.0000001, 0.023026), 1000 - std::log(100) / 0.023026, 0.01);
}

TEST(FindMax, OneServer) { expect_twenty_seeds(1, 1000, "p99 < 23.026ms", 1000 - std::log(100) / 0.023026); }
TEST(FindMax, FourServers) { expect_twenty_seeds(4, 250, "p99 < 30ms", analytic_answer(4, 250, 0.030)); }
TEST(FindMax, SixteenServers) { expect_twenty_seeds(16, 62.5, "p99 < 90ms", analytic_answer(16, 62.5, 0.090)); }

}  // namespace
}  // namespace vajrapulse::simulation
