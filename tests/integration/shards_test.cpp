#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "client_host.hpp"
#include "shard_run.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/metrics/names.hpp"

// Several real shards under load while other threads talk to all of them: what TSan is run on.
namespace vajrapulse::integration {
namespace {

using runtime::Co;
using runtime::IoKind;
using runtime::Reactor;

constexpr std::size_t kShards = 4;
constexpr std::size_t kUsers = 8;
constexpr std::size_t kRequestsEach = 100;

Co<void> user(http::Client& client, const Scope& scope, http::Request request, std::atomic<std::size_t>& left) {
  const auto prepared = client.prepare(request);
  const http::Caller caller(scope);
  for (std::size_t i = 0; prepared && i < kRequestsEach; ++i) {
    Co<http::Response> work = client.send(caller, *prepared);
    const http::Response response = co_await work;
    if (!response.ok()) break;
  }
  --left;
}

class ShardsOn : public testing::TestWithParam<IoKind> {
 protected:
  void make_shards() {
    for (std::size_t i = 0; i < kShards; ++i)
      shards_.push_back(std::make_unique<ClientHost>(GetParam()));
  }
  void begin_load(const std::string& url) {
    for (auto& shard : shards_) {
      shard->thread().call([&](Reactor&) {
        for (std::size_t i = 0; i < kUsers; ++i)
          runtime::spawn(user(shard->client(), shard->scope(), http::Request{.url = url}, left_));
      });
    }
  }
  /// Sends messages from shard to shard until the load has ended.
  void chatter() {
    while (left_ > 0) {
      for (std::size_t i = 0; i < kShards; ++i) {
        Reactor& next = shards_[(i + 1) % kShards]->thread().reactor();
        shards_[i]->thread().call([this, &next](Reactor&) { next.post([this] { ++messages_; }); });
        ++sent_;
      }
    }
  }

  std::vector<std::unique_ptr<ClientHost>> shards_;
  std::atomic<std::size_t> left_ = kShards * kUsers;
  std::atomic<std::uint64_t> messages_ = 0;
  std::atomic<std::uint64_t> sent_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, ShardsOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(ShardsOn, FourShardsUnderLoadTakeMessagesOfTwoThreadsMeanwhile) {
  DemoHost demo(GetParam());
  make_shards();
  begin_load(demo.origin() + "/");
  std::thread second([this] { chatter(); });
  // The control thread swaps recorders, as it does every second.
  metrics::Snapshot total;
  while (left_ > 0) {
    for (auto& shard : shards_)
      total.merge(shard->snapshot());
  }
  second.join();
  // Messages of one thread stay in order: after this one every shard has handled what its neighbour sent.
  for (auto& shard : shards_)
    total.merge(shard->snapshot());
  constexpr std::uint64_t kAll = kShards * kUsers * kRequestsEach;
  EXPECT_EQ(total.counter(metrics::names::kRequestTotal), kAll);
  EXPECT_EQ(total.histogram(metrics::names::kRequestDuration, {{"phase", "total"}}).count(), kAll);
  EXPECT_EQ(demo.counts().requests, kAll);
  EXPECT_EQ(demo.counts().connections_accepted, kShards * kUsers);
  EXPECT_EQ(messages_, sent_);
}

TEST_P(ShardsOn, ARunOnFourShardsIsStoppedByAnotherThreadAndAddsUp) {
  DemoHost demo(GetParam());
  const http::ClientSettings settings{.timeout = std::chrono::seconds(10)};
  const std::vector<http::Request> requests{{.url = demo.origin() + "/"}};
  engine::Scenario scenario{.name = "stopped",
                            .task = task<http::HttpTask>("fetch", settings, requests),
                            .load = engine::ClosedModel{.users = kShards * kUsers},
                            .duration = std::chrono::seconds(60),
                            .iterations = {}};
  ShardRun run(GetParam(), kShards);
  std::thread interrupter([&] {
    demo.wait_for([](const http::ServerCounts& counts) { return counts.requests >= 1000; });
    run.stop();
    run.stop();
  });
  const auto summary = run.run(std::move(scenario));
  interrupter.join();
  ASSERT_TRUE(summary) << testing::PrintToString(run.auditor().violations());
  EXPECT_THAT(run.auditor().violations(), testing::IsEmpty());
  EXPECT_EQ(summary->run.io, name_of(GetParam()));
  EXPECT_EQ(summary->run.shards, kShards);
  EXPECT_TRUE(summary->run.interrupted);
  EXPECT_EQ(summary->load.failed, 0U);
  EXPECT_GE(summary->load.started, 1000U);
  EXPECT_EQ(summary->load.succeeded + summary->load.interrupted, summary->load.started);
}

TEST_P(ShardsOn, ARunOnFourShardsIsSteeredByAnotherThreadAndSendsWhatWasPlanned) {
  DemoHost demo(GetParam());
  const http::ClientSettings settings{.timeout = std::chrono::seconds(10)};
  const std::vector<http::Request> requests{{.url = demo.origin() + "/"}};
  const engine::Scenario scenario{.name = "steered",
                                  .task = task<http::HttpTask>("fetch", settings, requests),
                                  .load = engine::OpenModel{.pattern = engine::static_pattern(1'000'000'000)},
                                  .duration = std::chrono::seconds(1),
                                  .iterations = {}};
  ShardRun run(GetParam(), kShards);
  constexpr int kPauses = 8;
  std::thread steerer([&] {
    engine::Control resume = engine::Control::resume();
    resume.lead = std::chrono::milliseconds(80);
    for (std::uint64_t i = 1; i <= kPauses; ++i) {
      demo.wait_for([i](const http::ServerCounts& counts) { return counts.requests >= i * 80; });
      run.control(engine::Control::pause());
      run.control(resume);
    }
  });
  const auto summary = run.run(scenario);
  steerer.join();
  ASSERT_TRUE(summary) << testing::PrintToString(run.auditor().violations());
  EXPECT_THAT(run.auditor().violations(), testing::IsEmpty());
  // A thousand arrivals, whatever was paused; on a host that is late some of them are missed, and counted.
  EXPECT_EQ(summary->load.target, 1000U);
  EXPECT_EQ(summary->load.started + summary->load.missed, 1000U);
  EXPECT_EQ(summary->controls.size(), 2U * kPauses);
  EXPECT_GT(summary->paused_s, 0);
  EXPECT_NEAR(summary->run.duration_s, 1 + summary->paused_s, 1e-9);
}

}  // namespace
}  // namespace vajrapulse::integration
