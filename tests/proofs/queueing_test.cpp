#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "proof_run.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/metrics/names.hpp"

// Servers whose response times have formulas. What a run says is held against them to within its sampling error, which
// has a formula too: tolerances are 4.5 standard errors (beyond which one figure in 150,000 lies; here are some 250),
// and the errors of all seeds together are neither larger nor smaller than they should be.
namespace vajrapulse::proofs {
namespace {

using namespace std::chrono_literals;
using runtime::Co;

#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 8;
#else
constexpr std::uint64_t kSeeds = 1;  // sanitizers take ten times as long
#endif

constexpr double kStandardErrors = 4.5;

/// Answers after a time that `serve` gives for each request, in the order of their arrival.
class ModelServer {
 public:
  using Serve = std::function<TimePoint(TimePoint received)>;

  ModelServer(ProofRun& proof, Serve serve)
      : proof_(proof),
        serve_(std::move(serve)),
        server_(proof.host(), {}, [this](http::ServerRequest& request, http::ServerResponse& response) {
          return answer(request, response);
        }) {
    EXPECT_TRUE(server_.listen(*runtime::Address::ip("127.0.0.1", 80)));
  }
  ~ModelServer() { proof_.close(server_); }
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  [[nodiscard]] const runtime::Address& address() const noexcept { return server_.address(); }

 private:
  Co<void> answer(http::ServerRequest& request, http::ServerResponse& response) {
    const TimePoint due = serve_(request.received());
    co_await request.sleep_until(due);
    response.send("text/plain", "done\n");
  }

  ProofRun& proof_;
  Serve serve_;
  http::Server server_;
};

Duration exponential(Random& random, double mean_ns) { return Duration(std::llround(random.exponential() * mean_ns)); }

metrics::Histogram response_times(ProofRun& proof, engine::Scenario scenario) {
  const auto summary = proof.run(std::move(scenario));
  EXPECT_EQ(summary.load.succeeded, *summary.load.target);
  EXPECT_EQ(summary.verdict.status, engine::VerdictStatus::valid);
  return summary.metrics.histogram(metrics::names::kResponseTime);
}

TEST(Queueing, AConstantServerTakesTheSameTimeAtEveryPercentile) {
  ProofRun proof(1);
  ModelServer server(proof, [](TimePoint received) { return received + 5ms; });
  const auto response = response_times(proof, get_scenario("static 1000/s 20s", server.address()));
  ASSERT_EQ(response.count(), 20'000U);
  // On top come the network (0.4 us with the connection) and a slot of a timer wheel (1 us) at either end; a bucket of
  // the histogram is at most a thousandth wide.
  for (const double percentile : {0.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    EXPECT_GE(response.percentile(percentile), to_ns(5ms)) << percentile;
    EXPECT_LE(response.percentile(percentile), to_ns(5010us)) << percentile;
  }
}

/// How far off a figure was, in standard errors: what is left of it over many seeds is normal with deviation 1.
class Errors {
 public:
  explicit Errors(std::string what) : what_(std::move(what)) {}
  void add(double seen, double expected, double standard_error, std::uint64_t seed) {
    const double z = (seen - expected) / standard_error;
    EXPECT_LE(std::abs(z), kStandardErrors)
        << what_ << ", seed " << seed << ": " << seen << " instead of " << expected << " ± " << standard_error;
    squares_ += z * z;
    ++count_;
  }
  /// The mean of k squares has mean 1 and deviation sqrt(2/k): a tolerance that is too wide shows here.
  void expect_neither_too_large_nor_too_small() const {
    const double k = double(count_);
    if (count_ < 8) return;
    EXPECT_GT(squares_ / k, std::max(0.1, 1 - 3 * std::sqrt(2 / k))) << what_ << ": the tolerance is a rubber band";
    EXPECT_LT(squares_ / k, 1 + 4 * std::sqrt(2 / k)) << what_;
  }

 private:
  std::string what_;
  double squares_ = 0;
  std::uint64_t count_ = 0;
};

constexpr std::array<double, 3> kPercentiles{50, 90, 99};

/// The exponential distribution with rate `per_ns`: its quantile is -ln(1 - p)/rate, its density there rate·(1 - p).
double exponential_quantile(double percentile, double per_ns) { return -std::log(1 - percentile / 100) / per_ns; }

// As many requests at once as come, each 5 ms in the mean: independent exponential times. A sample quantile has the
// standard error sqrt(p(1-p)/n)/f(quantile) (David and Nagaraja, Order Statistics, section 10.2), here
// sqrt(p/((1-p)n))·mean; the mean has mean/sqrt(n).
TEST(Queueing, AnExponentialServerGivesExponentialTimes) {
  constexpr double kMeanNs = 5e6;
  Errors of_means("mean"), of_quantiles("quantiles");
  for (std::uint64_t seed = 1; seed <= 4 * kSeeds; ++seed) {
    ProofRun proof(seed);
    Random random(seed * 1000);
    ModelServer server(proof, [&](TimePoint received) { return received + exponential(random, kMeanNs); });
    const auto response = response_times(proof, get_scenario("static 1000/s 20s", server.address()));
    const auto n = double(response.count());
    of_means.add(response.mean(), kMeanNs, kMeanNs / std::sqrt(n), seed);
    for (const double percentile : kPercentiles) {
      const double p = percentile / 100;
      of_quantiles.add(double(response.percentile(percentile)), exponential_quantile(percentile, 1 / kMeanNs),
                       std::sqrt(p / ((1 - p) * n)) * kMeanNs, seed);
    }
  }
  of_means.expect_neither_too_large_nor_too_small();
  of_quantiles.expect_neither_too_large_nor_too_small();
}

// One server, first come first served, exponential service of rate μ, Poisson arrivals of rate λ = ρμ. The response
// time in equilibrium is exponential with rate μ - λ (Kleinrock, Queueing Systems I, section 5.6).
//
// Those who follow each other wait behind the same others, so n requests say less than n independent ones would. For
// the sequence T' = max(T - A, 0) + S (Lindley), Poisson's equation k(t) - E[k(T') | T = t] = f(t) - E f gives the
// asymptotic variance σ² = lim n·Var(mean of f) = 2 E[k (f - E f)] - Var f (Asmussen, Applied Probability and Queues,
// section I.7). With μ = 1 and θ = 1 - ρ:
//
//   mean, f(t) = t:           k(t) = ρ t²/(2θ) + t, and σ² = (1 + ρ)²/θ⁴.
//     (The same steps for the wait alone give ρ(2 + 5ρ - 4ρ² + ρ³)/θ⁴: Daley, 1968.)
//   exceedances, f(t) = 1 for t > x, c = P(T > x) = exp(-θx):
//                             σ² = c(1 - c) + 4cρ/θ² · (1 - c + c ln c).
//
// The standard error of the mean is so σ/sqrt(n), and that of a quantile, where the density is θc, σ/(θ c sqrt(n)).
// At ρ = 0.95 a thousand requests tell no more about the mean than a single independent one would.
struct SingleServerQueue {
  double rho;

  [[nodiscard]] double theta() const { return 1 - rho; }
  [[nodiscard]] double mean_error(double n) const { return (1 + rho) / (theta() * theta()) / std::sqrt(n); }
  [[nodiscard]] double quantile_error(double percentile, double n) const {
    const double c = 1 - percentile / 100;
    const double variance = c * (1 - c) + 4 * c * rho / (theta() * theta()) * (1 - c + c * std::log(c));
    return std::sqrt(variance / n) / (theta() * c);
  }
};

// Sequences with the queue's recursion and nothing else: the standard errors above are those that are seen.
TEST(Queueing, TheStandardErrorsOfTheQueueAreTheOnesSeen) {
  constexpr int kSequences = 400;
  constexpr int kLength = 20'000;
  const SingleServerQueue queue{0.5};
  Random random(5);
  double mean_squares = 0;
  std::array<double, 3> quantile_squares{};
  std::vector<double> times(kLength);
  for (int i = 0; i < kSequences; ++i) {
    double t = random.exponential() / queue.theta();  // in equilibrium from the start
    double sum = 0;
    for (double& time : times) {
      t = std::max(t - random.exponential() / queue.rho, 0.0) + random.exponential();
      time = t;
      sum += t;
    }
    const double z = (sum / kLength - 1 / queue.theta()) / queue.mean_error(kLength);
    mean_squares += z * z / kSequences;
    std::ranges::sort(times);
    for (std::size_t p = 0; p < kPercentiles.size(); ++p) {
      const double seen = times[std::size_t(kPercentiles[p] / 100 * kLength) - 1];
      const double error = seen - exponential_quantile(kPercentiles[p], queue.theta());
      const double in_errors = error / queue.quantile_error(kPercentiles[p], kLength);
      quantile_squares[p] += in_errors * in_errors / kSequences;
    }
  }
  const double four_deviations = 4 * std::sqrt(2.0 / kSequences);
  EXPECT_NEAR(mean_squares, 1, four_deviations);
  for (const double squares : quantile_squares)
    EXPECT_NEAR(squares, 1, four_deviations);
}

TEST(Queueing, ASingleServerAtHalfFourFifthsAndNineteenTwentiethsOfItsCapacity) {
  constexpr double kServiceNs = 1e6;  // μ = 1000/s
  Errors of_means("mean"), of_quantiles("quantiles");
  for (const auto& [percent, load] :
       {std::pair{50, "static 500/s 200s"}, std::pair{80, "static 800/s 200s"}, std::pair{95, "static 950/s 200s"}}) {
    const SingleServerQueue queue{percent / 100.0};
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      ProofRun proof(seed);
      Random random(seed * 1000 + std::uint64_t(percent));
      TimePoint free_at;
      ModelServer server(proof, [&](TimePoint received) {
        free_at = std::max(free_at, received) + exponential(random, kServiceNs);
        return free_at;
      });
      auto scenario = get_scenario(load, server.address());
      std::get<engine::OpenModel>(scenario.load).arrivals = engine::ArrivalKind::poisson;
      // Equilibrium: the slowest of these queues forgets where it began with a time constant of
      // 1/(μ(1 - sqrt(ρ))²) = 1.6 s (Morse, 1955).
      scenario.warmup = 20s;
      const auto response = response_times(proof, std::move(scenario));
      const auto n = double(response.count());
      of_means.add(response.mean() / kServiceNs, 1 / queue.theta(), queue.mean_error(n), seed);
      for (const double percentile : kPercentiles)
        of_quantiles.add(double(response.percentile(percentile)) / kServiceNs,
                         exponential_quantile(percentile, queue.theta()), queue.quantile_error(percentile, n), seed);
    }
  }
  of_means.expect_neither_too_large_nor_too_small();
  of_quantiles.expect_neither_too_large_nor_too_small();
}

}  // namespace
}  // namespace vajrapulse::proofs
