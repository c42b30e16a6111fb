// A whole run, engine and HTTP client, on a reactor that itself allocates nothing: what is counted is ours.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "canned_reactor.hpp"
#include "counting.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/http/http_task.hpp"

#ifdef VP_ALLOCATIONS_COUNTED

namespace vajrapulse {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 5\r\n\r\nhello";

struct Empty final : Task {
  Co<Result> execute(Iteration&) override { co_return Result::success(); }
};

struct Sleeper final : Task {
  Co<Result> execute(Iteration& iteration) override {
    co_await iteration.sleep(700us);
    co_return Result::success();
  }
};

NamedTask http_get() {
  const std::vector<http::Request> requests{{.url = "http://127.0.0.1/a"}, {.url = "http://127.0.0.1/b"}};
  return task<http::HttpTask>("get", http::ClientSettings{}, requests);
}

/// A run that can be walked from one moment to another.
class Walk {
 public:
  Walk(NamedTask task, decltype(engine::Scenario::load) load) : reactor_(kAnswer) {
    engine::Scenario scenario{.name = "main", .task = std::move(task), .load = std::move(load), .iterations = {}};
    scenario.duration = 20s;
    run_.emplace(engine::RunSettings{.name = "allocation", .version = "0", .seed = 1}, std::move(scenario), reactor_,
                 std::vector<runtime::Reactor*>{&reactor_});
    origin_ = reactor_.now();
    runtime::spawn(follow(*this));
  }

  /// Allocations from here to `t` after the start.
  std::uint64_t to(Duration t) {
    const std::uint64_t before = test::allocations();
    while (reactor_.now() < origin_ + t && reactor_.step()) {
    }
    return test::allocations() - before;
  }
  const engine::RunSummary& finish() {
    while (!outcome_ && reactor_.step()) {
    }
    return **outcome_;
  }

 private:
  static runtime::Co<void> follow(Walk& walk) {
    auto whole = walk.run_->execute();
    walk.outcome_ = co_await whole;
  }

  http::CannedReactor reactor_;
  std::optional<engine::Run> run_;
  std::optional<Expected<engine::RunSummary>> outcome_;
  TimePoint origin_;
};

engine::OpenModel open_load(std::string_view text, std::uint64_t max_in_flight = 10'000) {
  engine::OpenModel model;
  model.pattern = engine::parse_load(text).value();
  model.max_in_flight = max_in_flight;
  return model;
}

/// Between two hand-overs, long after the last look at whether the target can be reached, nothing is allocated.
void expect_none(NamedTask task, const decltype(engine::Scenario::load)& load, std::uint64_t at_least) {
  Walk walk(std::move(task), load);
  EXPECT_GT(walk.to(12'100ms), 0u);  // or nothing is counted
  EXPECT_EQ(walk.to(12'900ms), 0u);
  EXPECT_GE(walk.finish().load.succeeded, at_least);
}

TEST(Allocation, AnHttpRequestThroughEngineAndClientAllocatesNothing) {
  expect_none(http_get(), open_load("static 5000/s"), 100'000);
}

TEST(Allocation, NorDoesOneOfAClosedLoop) { expect_none(http_get(), engine::ClosedModel{.users = 8}, 100'000); }

TEST(Allocation, NorOneThatWaitedForASlot) {
  // Ten slots of 0.7 ms: 14,286/s at most, so that the line grows by some 700 a second.
  expect_none(task<Sleeper>("sleep"), open_load("static 15000/s", 10), 200'000);
}

TEST(Allocation, NorAnEmptyIterationOfAnyPattern) {
  expect_none(task<Empty>("empty"), open_load("static 20000/s"), 400'000);
  expect_none(task<Empty>("empty"), open_load("ramp 1000..9000/s 20s"), 99'000);
  engine::OpenModel poisson = open_load("static 20000/s");
  poisson.arrivals = engine::ArrivalKind::poisson;
  expect_none(task<Empty>("empty"), poisson, 390'000);
}

// What a second's hand-over takes does not depend on how much happened in it.
TEST(Allocation, TheHandOverCostsTheSameWhateverTheRate) {
  const auto second = [](std::string_view load) {
    Walk walk(http_get(), open_load(load));
    walk.to(12'500ms);
    const std::uint64_t taken = walk.to(13'500ms);
    walk.finish();
    return taken;
  };
  const std::uint64_t slow = second("static 1000/s");
  EXPECT_GT(slow, 0u);
  EXPECT_LE(second("static 10000/s"), slow + slow / 10);
}

}  // namespace
}  // namespace vajrapulse

#endif  // VP_ALLOCATIONS_COUNTED
