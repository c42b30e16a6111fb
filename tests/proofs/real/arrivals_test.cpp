#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "observed_run.hpp"
#include "recording_server.hpp"
#include "vajrapulse/engine/load_language.hpp"

// What a server sees come in: no burst per second, per connection or per user that the load did not ask for.
namespace vajrapulse::proofs {
namespace {

using namespace std::chrono_literals;
using runtime::IoKind;

constexpr std::int64_t kRate = 1000;  // a second, where arrivals are even
constexpr int kSeconds = 2;
constexpr double kGapNs = 1e9 / double(kRate);
/// An arrival that comes a quarter of the gap too late, or too early, is the doing of a pause as long as that.
constexpr Duration kPause = std::chrono::microseconds(250);
/// So many arrivals may come together that were held up for less than a witness notices: a burst has tens.
constexpr std::int64_t kLate = 3;
// Slower, so that what a host takes to wake (50 us and more) is little in the gaps.
constexpr std::int64_t kPoissonRate = 200;
constexpr int kPoissonSeconds = 5;

std::vector<double> gaps_ns(const std::vector<Arrival>& arrivals) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < arrivals.size(); ++i)
    gaps.push_back(double(to_ns(arrivals[i].at - arrivals[i - 1].at)));
  return gaps;
}

/// The most that came within any `window`.
std::int64_t most_within(const std::vector<Arrival>& arrivals, Duration window) {
  std::size_t first = 0, most = 0;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    while (arrivals[i].at - arrivals[first].at >= window)
      ++first;
    most = std::max(most, i - first + 1);
  }
  return std::int64_t(most);
}

/// χ² of how the arrivals lie within the second, in twenty classes.
double phase_chi_square(const std::vector<Arrival>& arrivals) {
  constexpr std::size_t kClasses = 20;
  std::array<double, kClasses> counts{};
  for (const Arrival& each : arrivals) {
    const Duration phase = (each.at - arrivals.front().at) % 1s;
    counts[std::size_t(phase / (Duration(1s) / int(kClasses)))] += 1;
  }
  const double expected = double(arrivals.size()) / double(kClasses);
  double sum = 0;
  for (const double count : counts)
    sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// χ² with 19 degrees of freedom: independent arrivals are below the first in one of twenty cases, above the second in
// one of a thousand.
constexpr double kFlatterThanRandom = 10.117;
constexpr double kNotFlat = 43.820;

/// Those that the host did not disturb: it holds arrivals up, and lets them go together.
std::vector<Arrival> undisturbed(const std::vector<Arrival>& arrivals, const HostWatch::Seen& host) {
  std::vector<Arrival> kept;
  std::ranges::copy_if(arrivals, std::back_inserter(kept),
                       [&](const Arrival& each) { return !host.disturbed(each.at, each.at); });
  return kept;
}

void expect_even(Trial& trial, const std::vector<Arrival>& arrivals, const HostWatch::Seen& host) {
  const auto kept = undisturbed(arrivals, host);
  trial.expect(kept.size() >= arrivals.size() / 2,
               fmt::format("only {} of {} arrivals were not disturbed", kept.size(), arrivals.size()), 1ms);
  std::int64_t gaps = 0, odd = 0;
  for (std::size_t i = 1; i < kept.size(); ++i) {
    if (host.disturbed(kept[i - 1].at, kept[i].at)) continue;
    const auto gap_ns = double(to_ns(kept[i].at - kept[i - 1].at));
    ++gaps;
    if (std::abs(gap_ns - kGapNs) > kGapNs / 4) ++odd;
  }
  trial.expect(odd <= gaps / 20, fmt::format("{} of {} gaps are more than a quarter off", odd, gaps), kPause * odd);
  for (const Duration window : {Duration(5ms), Duration(50ms), Duration(500ms)}) {
    // A window of w that begins with an arrival holds w·λ of them; those that were late before it may be in it too.
    const std::int64_t allowed = window * kRate / Duration(1s) + kLate;
    const std::int64_t most = most_within(kept, window);
    trial.expect(most <= allowed,
                 fmt::format("{} arrivals within {} ms, where {} are due", most, window / 1ms, allowed - kLate),
                 (most - allowed) * Duration(1s) / kRate);
  }
  const double chi_square = phase_chi_square(arrivals);
  trial.expect(chi_square < kFlatterThanRandom,
               fmt::format("χ² of the phases in the second is {:.1f}: not flat", chi_square), 10ms);
  trial.note(fmt::format("{} of {} gaps a quarter off, χ² {:.2f}", odd, gaps, chi_square));
}

/// The exponential distribution's distance from the gaps (Kolmogorov and Smirnov), times √n.
double distance_from_exponential(std::vector<double> gaps) {
  std::ranges::sort(gaps);
  const auto n = double(gaps.size());
  double distance = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1 - std::exp(-gaps[i] * 1e-9 * double(kPoissonRate));
    distance = std::max({distance, expected - double(i) / n, double(i + 1) / n - expected});
  }
  return distance * std::sqrt(n);
}

/// Variance over mean of the counts in 25 ms: 1 for independent arrivals, more where they come in bursts.
double dispersion(const std::vector<Arrival>& arrivals) {
  std::vector<double> counts(std::size_t(kPoissonSeconds) * 40);
  for (const Arrival& each : arrivals) {
    const auto index = std::size_t((each.at - arrivals.front().at) / 25ms);
    if (index < counts.size()) counts[index] += 1;
  }
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / double(counts.size());
  double squares = 0;
  for (const double count : counts)
    squares += (count - mean) * (count - mean);
  return squares / double(counts.size() - 1) / mean;
}

struct Case {
  Duration answer_after{};
  std::size_t connections = 0;
  std::size_t users = 0;  ///< 0: open model
  engine::ArrivalKind arrivals = engine::ArrivalKind::even;
  std::size_t shards = 1;
  std::int64_t rate = kRate;
  int seconds = kSeconds;
};

constexpr Duration kPacing = 200ms;
constexpr std::size_t kUsers = 200;

using Check = void (*)(Trial&, const std::vector<Arrival>&, const HostWatch::Seen&);

/// One run, and what `check` says of the arrivals that the server saw.
void prove_arrivals(IoKind io, const Case& what, Check check) {
  prove([&] {
    Trial trial;
    start_threads_on(kServersProcessor);
    RecordingServer server(io, what.answer_after);
    HostWatch host;
    const Target target{.origin = server.origin(), .client = {.connections = what.connections}, .users = what.users};
    engine::Scenario scenario{
        .name = "arrivals", .task = asking(target, std::make_shared<Answers>()), .load = {}, .iterations = {}};
    if (what.users > 0) {
      scenario.load = engine::ClosedModel{.users = what.users, .pacing = kPacing};
      scenario.duration = std::chrono::seconds(kSeconds);
    } else {
      engine::OpenModel model;
      model.pattern = engine::parse_load(fmt::format("static {}/s {}s", what.rate, what.seconds)).value();
      model.arrivals = what.arrivals;
      scenario.load = std::move(model);
    }
    const auto summary = observed(trial, std::move(scenario), io, what.shards);
    if (!summary) return trial;
    const HostWatch::Seen seen = host.finish(waited(*summary));
    trial.close(seen);
    const auto arrivals = server.arrivals();
    trial.require(summary->load.failed == 0 && summary->load.dropped() == 0, "an iteration did not succeed");
    trial.require(arrivals.size() == summary->load.started, "the server saw another number than were sent");
    trial.expect(summary->load.missed == 0, "arrivals were missed", 1ms);
    check(trial, arrivals, seen);
    trial.note(seen.text());
    return trial;
  });
}

class RealArrivals : public testing::TestWithParam<IoKind> {};
INSTANTIATE_TEST_SUITE_P(Both, RealArrivals, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(integration::name_of(each.param)); });

TEST_P(RealArrivals, AreEven) { prove_arrivals(GetParam(), {}, expect_even); }

TEST_P(RealArrivals, AreEvenOnTwoShards) { prove_arrivals(GetParam(), {.shards = 2}, expect_even); }

// Sixty requests are in flight at any instant, each on a connection of its own.
TEST_P(RealArrivals, AreEvenOverManyConnections) {
  prove_arrivals(GetParam(), {.answer_after = 60ms, .connections = 64},
                 [](Trial& trial, const std::vector<Arrival>& arrivals, const HostWatch::Seen& host) {
                   expect_even(trial, arrivals, host);
                   std::set<std::uint16_t> connections;
                   for (const Arrival& each : arrivals)
                     connections.insert(each.port);
                   trial.require(connections.size() >= 60 && connections.size() <= 64,
                                 fmt::format("{} connections instead of 60 to 64", connections.size()));
                 });
}

TEST_P(RealArrivals, OfAPoissonLoadAreIndependent) {
  prove_arrivals(
      GetParam(), {.arrivals = engine::ArrivalKind::poisson, .rate = kPoissonRate, .seconds = kPoissonSeconds},
      [](Trial& trial, const std::vector<Arrival>& arrivals, const HostWatch::Seen&) {
        const double distance = distance_from_exponential(gaps_ns(arrivals));
        // Beyond 1.95 lies one sample in a thousand.
        trial.expect(distance < 1.95, fmt::format("Kolmogorov's distance is {:.2f}/√n", distance), 10ms);
        const double chi_square = phase_chi_square(arrivals);
        trial.expect(chi_square < kNotFlat, fmt::format("χ² of the phases is {:.1f}", chi_square), 10ms);
        // Its standard error is √(2/n) with n = 200 intervals; four and a half of them.
        const double index = dispersion(arrivals);
        trial.expect(std::abs(index - 1) < 0.45, fmt::format("dispersion is {:.2f}", index), 10ms);
        trial.note(fmt::format("Kolmogorov {:.2f}/√n, χ² {:.1f}, dispersion {:.2f}", distance, chi_square, index));
      });
}

// Two hundred users, each every 200 ms, the u-th from u/200 of that on.
TEST_P(RealArrivals, OfPacedUsersAreEvenToo) {
  prove_arrivals(GetParam(), {.users = kUsers},
                 [](Trial& trial, const std::vector<Arrival>& arrivals, const HostWatch::Seen& host) {
                   expect_even(trial, arrivals, host);
                   std::map<std::uint32_t, std::vector<TimePoint>> by_user;
                   for (const Arrival& each : arrivals)
                     by_user[each.user].push_back(each.at);
                   trial.require(by_user.size() == kUsers, "a user asked for nothing");
                   std::int64_t gaps = 0, odd = 0;
                   for (const auto& [user, times] : by_user) {
                     trial.expect(std::ssize(times) == kSeconds * 1s / kPacing,
                                  fmt::format("user {} asked {} times", user, times.size()), 1ms);
                     for (std::size_t i = 1; i < times.size(); ++i) {
                       if (host.disturbed(times[i], times[i]) || host.disturbed(times[i - 1], times[i - 1])) continue;
                       ++gaps;
                       if (std::chrono::abs(times[i] - times[i - 1] - kPacing) > kPause) ++odd;
                     }
                   }
                   trial.expect(odd <= gaps / 20,
                                fmt::format("{} of {} gaps of users are a quarter of a millisecond off", odd, gaps),
                                kPause * odd);
                 });
}

}  // namespace
}  // namespace vajrapulse::proofs
