#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "client_host.hpp"
#include "vajrapulse/metrics/names.hpp"

// Several real shards under load while a control thread talks to all of them: what TSan is run on.
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

class ShardsOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, ShardsOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(ShardsOn, FourShardsUnderLoadTakeControlMessagesMeanwhile) {
  DemoHost demo(GetParam());
  std::vector<std::unique_ptr<ClientHost>> shards;
  for (std::size_t i = 0; i < kShards; ++i)
    shards.push_back(std::make_unique<ClientHost>(GetParam()));
  std::atomic<std::size_t> left = kShards * kUsers;
  const http::Request request{.url = demo.origin() + "/"};
  for (auto& shard : shards) {
    shard->thread().call([&](Reactor&) {
      for (std::size_t i = 0; i < kUsers; ++i)
        runtime::spawn(user(shard->client(), shard->scope(), request, left));
    });
  }
  // The control thread: swaps recorders as it does every second, and sends messages from shard to shard.
  std::atomic<std::uint64_t> messages = 0;
  std::uint64_t sent = 0;
  metrics::Snapshot total;
  while (left > 0) {
    for (std::size_t i = 0; i < kShards; ++i) {
      total.merge(shards[i]->snapshot());
      Reactor& next = shards[(i + 1) % kShards]->thread().reactor();
      shards[i]->thread().reactor().post([&next, &messages] { next.post([&messages] { ++messages; }); });
      ++sent;
    }
  }
  for (int round = 0; round < 2; ++round) {  // messages of one thread stay in order: the second finds them done
    for (auto& shard : shards)
      total.merge(shard->snapshot());
  }
  constexpr std::uint64_t kAll = kShards * kUsers * kRequestsEach;
  EXPECT_EQ(total.counter(metrics::names::kRequestTotal), kAll);
  EXPECT_EQ(total.histogram(metrics::names::kRequestDuration, {{"phase", "total"}}).count(), kAll);
  EXPECT_EQ(demo.counts().requests, kAll);
  EXPECT_EQ(demo.counts().connections_accepted, kShards * kUsers);
  EXPECT_EQ(messages, sent);
}

}  // namespace
}  // namespace vajrapulse::integration
