// Whole plans, from the text to the summary, against a server in the simulated machine room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/app/plan_job.hpp"
#include "vajrapulse/http/server.hpp"
#include "vajrapulse/plan/ready_plan.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

/// A room with a server on port 8080 that answers everything, after a while that the test chooses.
struct Room {
  runtime::simulated::World world{20260101};
  runtime::Reactor& control = world.reactor("control");
  runtime::Reactor& shard = world.reactor("shard");
  runtime::Reactor& far = world.reactor("server");
  Duration takes{};
  int status = 200;
  std::vector<std::string> messages;
  std::optional<http::Server> server;

  Room() {
    server.emplace(far, http::ServerSettings{}, [this](http::ServerRequest& request, http::ServerResponse& response) {
      return serve(request, response);
    });
    EXPECT_TRUE(server->listen(*runtime::Address::parse("127.0.0.1:8080")));
  }
  ~Room() {
    server.reset();
    world.run(world.clock().now() + 10s);  // its connections end in their reactor's next turns
  }

  runtime::Co<void> serve(http::ServerRequest& request, http::ServerResponse& response) {
    // In the room's virtual time.
    if (takes > Duration::zero()) co_await request.sleep_until(request.received() + takes);
    response.status(status);
    response.send("text/plain", "hello\n");
  }

  struct Listener final : engine::RunObserver {
    explicit Listener(std::vector<std::string>& into) : lines(into) {}
    void on_progress(const engine::Progress& /*progress*/) override {}
    void on_message(const std::string& line) override { lines.push_back(line); }
    std::vector<std::string>& lines;
  };

  std::optional<plan::ReadyPlan> read(std::string text, std::vector<std::string> set = {}) {
    plan::PlanRequest request;
    request.config.plan = "plan.yml";
    if (text.find("tasks:") == std::string::npos) request.url = "http://127.0.0.1:8080/";
    request.config.text = std::move(text);
    request.config.set = std::move(set);
    request.access = std::make_shared<const document::FileAccess>(document::disk_files(), "");
    document::Diagnostics found;
    auto ready = plan::make_ready(request, app::plan_protocols(request.access), found);
    EXPECT_TRUE(ready) << found.written(document::Format::text);
    return ready;
  }

  engine::RunSummary run(const std::string& text, std::vector<std::string> set = {}) {
    auto ready = read(text, std::move(set));
    if (!ready) return {};
    Listener listener(messages);
    engine::RunSettings settings{.name = ready->name, .version = "0", .seed = ready->seed};
    settings.observers.push_back(&listener);
    for (const auto& observer : ready->observers)
      settings.observers.push_back(observer.get());
    engine::Run run(settings, ready->scenarios, control, {&shard});
    std::optional<Expected<engine::RunSummary>> outcome;
    const auto follow = [](engine::Run& what, auto& into) -> runtime::Co<void> {
      auto work = what.execute();
      into = co_await work;
    };
    control.post([&] { runtime::spawn(follow(run, outcome)); });
    EXPECT_TRUE(world.run_until([&] { return outcome.has_value(); }));
    EXPECT_TRUE(outcome->has_value()) << outcome->error().text();
    engine::RunSummary summary = std::move(**outcome);
    if (ready->judge) ready->judge(summary);
    return summary;
  }
};

const engine::ScenarioSummary& scenario(const engine::RunSummary& summary, std::string_view name) {
  for (const engine::ScenarioSummary& each : summary.scenarios)
    if (each.name == name) return each;
  throw std::out_of_range(std::string(name));
}

constexpr const char* kFourStages = R"(
scenarios:
  - name: "warmup"
    pattern: ramp
    tps: 100
    duration: 1m

  - name: "steady-state"
    pattern: static
    tps: 1000
    duration: 10m

  - name: "spike-test"
    pattern: spike
    base-rate: 1000
    spike-rate: 5000
    duration: 5m

  - name: "cooldown"
    pattern: ramp-down
    from-tps: 1000
    to-tps: 0
    duration: 1m
)";

// Seventeen minutes: ∫ of 100/s over a ramp of 1 m is 3,000; 10 m at 1,000/s; 4.5 m at 1,000/s and half a minute at
// 5,000/s; ∫ of a ramp from 1,000/s to nothing is 30,000. With sanitizers a tenth of it, which takes as long.
TEST(Plans, FourScenariosOneAfterAnother) {
  const std::uint64_t scale = kSanitized ? 10 : 1;
  std::vector<std::string> set;
  if (kSanitized)
    set = {"scenarios.warmup.tps=10", "scenarios.steady-state.tps=100", "scenarios.spike-test.base-rate=100",
           "scenarios.spike-test.spike-rate=500", "scenarios.cooldown.from-tps=100"};
  Room room;
  const engine::RunSummary summary = room.run(kFourStages, set);
  EXPECT_EQ(scenario(summary, "warmup").load.target, 3'000 / scale);
  EXPECT_EQ(scenario(summary, "steady-state").load.target, 600'000 / scale);
  EXPECT_EQ(scenario(summary, "spike-test").load.target, 420'000 / scale);
  EXPECT_EQ(scenario(summary, "cooldown").load.target, 30'000 / scale);
  EXPECT_EQ(scenario(summary, "steady-state").t, 60.0);
  EXPECT_EQ(scenario(summary, "spike-test").t, 660.0);
  EXPECT_EQ(scenario(summary, "cooldown").t, 960.0);
  EXPECT_DOUBLE_EQ(summary.run.duration_s, 17 * 60.0);
  EXPECT_EQ(summary.load.succeeded, 1'053'000 / scale);
  EXPECT_EQ(room.server->counts().requests, 1'053'000 / scale);
  EXPECT_EQ(summary.exit_code, 0);
}

constexpr const char* kShort = R"(
scenarios:
  - { name: steady, tps: 100, duration: 10s }
assertions:
)";

TEST(Plans, AssertionsOfTheBriefHoldAndFail) {
  const std::string assertions = std::string(kShort) + R"(
  - metric: "vajrapulse.execution.duration"
    percentile: 0.99
    max: "500ms"
  - metric: "vajrapulse.execution.total"
    tag: "status=failure"
    max-rate: "0.01"
  - metric: "vajrapulse.client.queue.size"
    max: 1000
)";
  Room quick;
  const engine::RunSummary good = quick.run(assertions);
  ASSERT_EQ(good.assertions.size(), 3U);
  for (const engine::AssertionResult& result : good.assertions)
    EXPECT_TRUE(result.passed) << result.text << ": " << result.observed << " " << result.reason;
  EXPECT_EQ(good.exit_code, 0);

  Room slow;
  slow.takes = 600ms;
  const engine::RunSummary bad = slow.run(assertions);
  ASSERT_EQ(bad.assertions.size(), 3U);
  EXPECT_FALSE(bad.assertions[0].passed);
  EXPECT_TRUE(bad.assertions[1].passed);
  EXPECT_EQ(bad.exit_code, 99);
}

TEST(Plans, AnAssertionThatCannotPassAnyMoreEndsTheRunWithinTwoSeconds) {
  Room room;
  room.takes = 600ms;
  const engine::RunSummary summary =
      room.run(std::string(kShort) + "  - { assert: p99 < 500ms, for: 2s, abort: true }\n");
  EXPECT_LT(summary.run.duration_s, 5.0);
  EXPECT_EQ(summary.exit_code, 99);
  ASSERT_EQ(summary.assertions.size(), 1U);
  EXPECT_TRUE(summary.assertions[0].aborted);
  EXPECT_FALSE(summary.run.interrupted);
}

TEST(Plans, AConditionDecidesWhetherAScenarioBegins) {
  constexpr const char* kPlan = R"(
scenarios:
  - { name: probe, tps: 10, duration: 2s }
  - { name: more, tps: 20, duration: 2s, when: probe.errors < 1% }
  - { name: last, tps: 10, duration: 1s }
)";
  Room well;
  EXPECT_EQ(well.run(kPlan).load.target, 20U + 40U + 10U);
  Room ill;
  ill.status = 500;
  const engine::RunSummary summary = ill.run(kPlan);
  EXPECT_EQ(summary.load.target, 20U + 10U);
  EXPECT_THAT(ill.messages, ElementsAre("scenario 'more' is skipped: probe.errors < 1% does not hold: 100 %"));
}

// Every row once, and then nothing: not an iteration more than there are rows, whoever asks for them.
TEST(Plans, AScenarioEndsWithItsData) {
  for (const char* on_end : {"stop-scenario", "stop-run"}) {
    Room room;
    room.takes = 300ms;
    const engine::RunSummary summary = room.run(std::string(R"(
http: { base-url: "http://127.0.0.1:8080" }
data: { u: { rows: [{ id: 1 }, { id: 2 }, { id: 3 }], on-end: )") +
                                                on_end + R"( } }
tasks: { one: [ { http: "GET /{{u.id}}" } ], two: [ { http: GET / } ] }
scenarios:
  - { name: rows, users: 2, duration: 20s, task: one }
  - { name: then, tps: 10, duration: 1s, task: two }
)");
    EXPECT_EQ(scenario(summary, "rows").load.started, 3U) << on_end;
    EXPECT_EQ(scenario(summary, "then").load.started, on_end == std::string("stop-run") ? 0U : 10U);
    EXPECT_EQ(summary.load.failed, 0U);
  }
}

TEST(Plans, EachScenarioHasItsOwnWeights) {
  Room room;
  const engine::RunSummary summary = room.run(R"(
seed: 7
http: { base-url: "http://127.0.0.1:8080" }
tasks: { a: [ { http: GET /a } ], b: [ { http: GET /b } ] }
scenarios:
  - { name: first, tps: 1000, duration: 1s, tasks: { a: 90, b: 10 } }
  - { name: second, tps: 1000, duration: 1s, tasks: { a: 10, b: 90 } }
)");
  const auto requests = [&](const char* name, const char* of) {
    return summary.metrics.counter("vajrapulse.request.total", {{"name", name}, {"scenario", of}});
  };
  // 900 of 1,000, and four deviations of it: sqrt(1000 · 0.9 · 0.1) is 9.5.
  EXPECT_NEAR(double(requests("GET /a", "first")), 900, 38);
  EXPECT_NEAR(double(requests("GET /a", "second")), 100, 38);
}

TEST(Plans, TheSameSeedSendsTheSame) {
  constexpr const char* kPlan = R"(
seed: 7
http: { base-url: "http://127.0.0.1:8080" }
tasks:
  one:
    - http: GET /{{random_int(1,1000000)}}
scenarios:
  - { name: steady, tps: 100, duration: 5s, arrivals: poisson, task: one }
)";
  Room first, second;
  const engine::RunSummary a = first.run(kPlan), b = second.run(kPlan);
  EXPECT_EQ(a.load.target, b.load.target);
  EXPECT_EQ(first.server->counts().bytes_received, second.server->counts().bytes_received);
  EXPECT_EQ(first.world.trace(), second.world.trace());
}

// The server's answer is "hello\n". Ten values wait in the queue; twelve iterations want one each, in the same order.
TEST(Plans, OneScenarioUsesWhatAnotherHasFoundOut) {
  constexpr const char* kPlan = R"(
http: { base-url: "http://127.0.0.1:8080" }
shared:
  word: { kind: value }
  numbers: { kind: queue }
tasks:
  give:
    - publish: { numbers: "{{iteration}}" }
    - http: GET /
      capture: { found: { regex: '(h[a-z]+)' } }
    - publish: { word: "{{found}}" }
  use:
    - take: { word: word, number: numbers }
      or: fail
    - if: word != 'hello' or number != iteration
      then: { fail: "{{word}} {{number}}" }
    - http: GET /{{word}}/{{number}}
scenarios:
  - { name: givers, tps: 10, duration: 1s, task: give }
  - { name: users, tps: 12, duration: 1s, task: use }
)";
  Room room;
  const engine::RunSummary summary = room.run(kPlan);
  EXPECT_EQ(scenario(summary, "givers").load.succeeded, 10U);
  EXPECT_EQ(scenario(summary, "users").load.target, 12U);
  EXPECT_EQ(scenario(summary, "users").load.succeeded, 10U);
  EXPECT_EQ(room.server->counts().requests, 20U);
}

}  // namespace
}  // namespace vajrapulse::simulation
