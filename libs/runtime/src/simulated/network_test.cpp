#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

using namespace std::chrono_literals;

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i)
    text[i] = static_cast<char>('a' + (i * 7 + i / 1000) % 26);
  return text;
}

struct Pair {
  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;
};

Co<std::string> receive_until_end(Stream& stream) {
  std::string all;
  for (;;) {
    const auto [result, data] = co_await stream.receive();
    if (!result.ok()) {
      all += "<" + std::string(result.kind.name()) + ">";
      break;
    }
    if (data.empty()) break;
    all += text_of(data);
  }
  co_return all;
}

Co<std::string> receive_exactly(Stream& stream, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) {
    const auto [result, data] = co_await stream.receive();
    if (!result.ok() || data.empty()) break;
    all += text_of(data);
  }
  co_return all;
}

Co<void> store(Co<std::string> work, std::string& into) { into = co_await work; }

Co<void> send_all(Stream& stream, std::string_view text, IoResult& result) {
  result = IoResult{kTimeout};  // unless it ends otherwise
  result = co_await stream.send(bytes_of(text));
}

Co<void> keep_client(Reactor& reactor, const Address& to, Pair& pair, IoResult& result) {
  Reactor::Connected connected = co_await reactor.connect(to);
  result = connected.result;
  pair.client = std::move(connected.stream);
}

Co<void> keep_server(Listener& listener, Pair& pair) {
  Listener::Accepted accepted = co_await listener.accept();
  pair.server = std::move(accepted.stream);
}

class Network : public testing::Test {
 protected:
  void make(std::uint64_t seed, const Weather& weather = {}) {
    listener.reset();
    world = std::make_unique<World>(seed, weather);
    client = &world->reactor("client");
    server = &world->reactor("server");
    listener = *server->listen(*Address::parse("127.0.0.1:0"));
  }
  Pair connected() {
    Pair pair;
    IoResult result{};
    spawn(keep_server(*listener, pair));
    spawn(keep_client(*client, listener->local(), pair, result));
    EXPECT_TRUE(world->run_until([&] { return pair.client && pair.server; })) << result.kind.name();
    return pair;
  }
  Network() { make(1); }

  std::unique_ptr<World> world;
  Reactor* client = nullptr;
  Reactor* server = nullptr;
  std::unique_ptr<Listener> listener;
};

TEST_F(Network, EchoTakesARoundTripAndEachEndSeesTheOther) {
  make(1, {.latency_min = 3ms, .latency_max = 3ms});
  const TimePoint start = world->clock().now();
  Pair pair = connected();
  EXPECT_EQ(world->clock().now(), start + 6ms);
  EXPECT_EQ(pair.client->peer(), listener->local());
  EXPECT_NE(pair.server->peer(), listener->local());
  EXPECT_TRUE(pair.server->peer().is_loopback());
  std::string asked, answered;
  IoResult sent{};
  spawn(send_all(*pair.client, "ping", sent));
  spawn(store(receive_exactly(*pair.server, 4), asked));
  world->run();
  EXPECT_EQ(world->clock().now(), start + 9ms);
  spawn(send_all(*pair.server, "pong", sent));
  spawn(store(receive_exactly(*pair.client, 4), answered));
  world->run();
  EXPECT_EQ(asked + answered, "pingpong");
  EXPECT_EQ(world->clock().now(), start + 12ms);
}

TEST_F(Network, BothPiecesArriveInOrderHoweverTheyAreCut) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    make(seed, {.latency_min = 10us, .latency_max = 5ms, .loss = 0.2, .segment_max = 50, .partial = true});
    Pair pair = connected();
    const std::string first = pattern(seed);
    const std::string second = pattern(3 * seed + 1);
    std::string got;
    const auto sender = [](Stream& s, std::string_view a, std::string_view b) -> Co<void> {
      const IoResult result = co_await s.send(bytes_of(a), bytes_of(b));
      EXPECT_TRUE(result.ok());
      s.shutdown_send();
    };
    spawn(sender(*pair.client, first, second));
    spawn(store(receive_until_end(*pair.server), got));
    world->run();
    ASSERT_EQ(got, first + second) << "seed " << seed;
  }
}

TEST_F(Network, ASenderWaitsForASlowReaderAndLosesNothing) {
  make(1, {.window_bytes = 10'000});
  Pair pair = connected();
  const std::string all = pattern(1'000'000);
  IoResult sent{};
  std::string got;
  spawn(send_all(*pair.client, all, sent));
  pair.client->shutdown_send();
  world->run();
  EXPECT_EQ(sent.kind, kTimeout);  // not yet
  spawn(store(receive_until_end(*pair.server), got));
  world->run();
  EXPECT_TRUE(sent.ok());
  EXPECT_TRUE(got == all) << got.size();
}

TEST_F(Network, ASmallMessageIsSentAtOnce) {
  Pair pair = connected();
  SendOp op;
  op.data = {bytes_of("hello"), {}};
  EXPECT_TRUE(pair.client->start_send(op));
}

TEST_F(Network, ReceivedBytesStayUntilTheNextReceive) {
  Pair pair = connected();
  IoResult sent{};
  spawn(send_all(*pair.client, "first", sent));
  spawn(send_all(*pair.client, "second", sent));
  world->run();
  ReceiveOp op;
  ASSERT_TRUE(pair.server->start_receive(op));
  const Bytes first = op.data;
  spawn(send_all(*pair.client, "third", sent));
  world->run();
  EXPECT_EQ(text_of(first), "first");
  ASSERT_TRUE(pair.server->start_receive(op));
  EXPECT_EQ(text_of(op.data), "second");
}

TEST_F(Network, NobodyListeningIsRefused) {
  Pair pair;
  IoResult result{};
  const Address nobody = listener->local();
  listener.reset();
  spawn(keep_client(*client, nobody, pair, result));
  world->run();
  EXPECT_EQ(result.kind, kConnectionRefused);
  EXPECT_EQ(pair.client, nullptr);
}

TEST_F(Network, ListeningOnAllAddressesIsReachedByEach) {
  listener = *server->listen(*Address::parse("0.0.0.0:8080"));
  EXPECT_FALSE(server->listen(*Address::parse("0.0.0.0:8080")));
  Pair pair;
  IoResult result{};
  spawn(keep_server(*listener, pair));
  spawn(keep_client(*client, *Address::parse("10.1.2.3:8080"), pair, result));
  world->run();
  EXPECT_TRUE(pair.client && pair.server);
}

TEST_F(Network, BrokenAddressesEndInTheirKindAndMend) {
  for (const ErrorKind kind : {kUnreachable, kNoPorts, kNoDescriptors, kConnectionRefused}) {
    Pair pair;
    IoResult result{};
    world->break_address(listener->local(), kind);
    spawn(keep_client(*client, listener->local(), pair, result));
    world->run();
    EXPECT_EQ(result.kind, kind);
    EXPECT_NE(result.os_error, 0);
  }
  world->break_address(listener->local(), kNoError);
  connected();
}

struct Connecting : ConnectOp {
  int completions = 0;
  Connecting() {
    notify_with([](Operation& op) { ++static_cast<Connecting&>(op).completions; });
  }
};

TEST_F(Network, AConnectionThatNobodyAnswersWaitsUntilItIsAborted) {
  world->break_address(listener->local(), kTimeout);
  Connecting op;
  op.address = listener->local();
  ASSERT_FALSE(client->start_connect(op));
  world->run();
  EXPECT_EQ(op.completions, 0);
  client->abort_connect(op, kConnectTimeout);
  client->abort_connect(op, kCancelled);
  EXPECT_EQ(op.completions, 0);
  world->run();
  EXPECT_EQ(op.completions, 1);
  EXPECT_EQ(op.result.kind, kConnectTimeout);
}

TEST_F(Network, AnAbortedConnectCompletesOnceWhateverCrossesIt) {
  for (const Duration after : {0us, 25us, 50us, 75us, 99us}) {
    Pair pair;
    std::string server_saw = "nothing";
    Connecting op;
    op.address = listener->local();
    ASSERT_FALSE(client->start_connect(op));
    world->run(world->clock().now() + after);
    ASSERT_EQ(op.completions, 0);
    client->abort_connect(op, kCancelled);
    world->run();
    EXPECT_EQ(op.completions, 1);
    EXPECT_EQ(op.result.kind, kCancelled);
    EXPECT_EQ(op.stream, nullptr);
    if (after < 50us) continue;
    spawn(keep_server(*listener, pair));
    ASSERT_TRUE(pair.server);
    spawn(store(receive_until_end(*pair.server), server_saw));
    world->run();
    EXPECT_EQ(server_saw, "<connection-reset>");
  }
}

TEST_F(Network, HalfCloseStillReceives) {
  Pair pair = connected();
  IoResult sent{};
  std::string asked, answered;
  spawn(send_all(*pair.client, "question", sent));
  pair.client->shutdown_send();
  pair.client->shutdown_send();
  spawn(store(receive_until_end(*pair.server), asked));
  world->run();
  EXPECT_EQ(asked, "question");
  spawn(send_all(*pair.client, "late", sent));
  EXPECT_EQ(sent.kind, kConnectionReset);
  spawn(send_all(*pair.server, "answer", sent));
  pair.server.reset();
  spawn(store(receive_until_end(*pair.client), answered));
  world->run();
  EXPECT_EQ(answered, "answer");
  EXPECT_FALSE(pair.client->idle_ok());
}

TEST_F(Network, UnreadBytesAtCloseResetThePeer) {
  Pair pair = connected();
  IoResult sent{};
  std::string got;
  spawn(send_all(*pair.client, "never read", sent));
  world->run();
  EXPECT_FALSE(pair.server->idle_ok());
  pair.server.reset();
  spawn(store(receive_until_end(*pair.client), got));
  world->run();
  EXPECT_EQ(got, "<connection-reset>");
  spawn(send_all(*pair.client, "more", sent));
  EXPECT_EQ(sent.kind, kConnectionReset);
}

TEST_F(Network, SendingToAClosedPeerIsReset) {
  Pair pair = connected();
  IoResult sent{};
  pair.server.reset();
  world->run();
  EXPECT_FALSE(pair.client->idle_ok());
  spawn(send_all(*pair.client, "x", sent));
  EXPECT_TRUE(sent.ok());  // nobody knows yet
  world->run();
  spawn(send_all(*pair.client, "x", sent));
  EXPECT_EQ(sent.kind, kConnectionReset);
}

TEST_F(Network, AbortEndsBothPendingOperationsButNotInsideTheCall) {
  make(1, {.window_bytes = 100});
  Pair pair = connected();
  const std::string all = pattern(1000);
  IoResult sent{};
  std::string got = "nothing yet";
  spawn(send_all(*pair.client, all, sent));
  spawn(store(receive_until_end(*pair.client), got));
  world->run();
  pair.client->abort(kCancelled);
  EXPECT_EQ(got, "nothing yet");
  world->run();
  EXPECT_EQ(sent.kind, kCancelled);
  EXPECT_EQ(got, "<cancelled>");
  EXPECT_FALSE(pair.client->idle_ok());
}

TEST_F(Network, AStreamMayEndInItsOwnAbortedReceive) {
  Pair pair = connected();
  bool ended = false;
  const auto owner = [](std::unique_ptr<Stream> stream, bool& flag) -> Co<void> {
    const auto [result, data] = co_await stream->receive();
    EXPECT_EQ(result.kind, kTimeout);
    stream.reset();
    flag = true;
  };
  Stream& held = *pair.client;
  spawn(owner(std::move(pair.client), ended));
  held.abort(kTimeout);
  world->run();
  EXPECT_TRUE(ended);
}

TEST_F(Network, TheWeatherMayResetEveryConnection) {
  make(1, {.reset_on_connect = 1});
  Pair pair = connected();
  std::string client_saw, server_saw;
  spawn(store(receive_until_end(*pair.client), client_saw));
  spawn(store(receive_until_end(*pair.server), server_saw));
  world->run();
  EXPECT_EQ(client_saw, "<connection-reset>");
  EXPECT_EQ(server_saw, "<connection-reset>");
}

TEST_F(Network, TheWeatherMayResetInsteadOfDelivering) {
  make(1, {.reset_per_segment = 1});
  Pair pair = connected();
  IoResult sent{};
  std::string client_saw, server_saw;
  spawn(send_all(*pair.client, "lost", sent));
  spawn(store(receive_until_end(*pair.client), client_saw));
  spawn(store(receive_until_end(*pair.server), server_saw));
  world->run();
  EXPECT_EQ(client_saw, "<connection-reset>");
  EXPECT_EQ(server_saw, "<connection-reset>");
}

TEST_F(Network, AClosedListenerResetsWhoWasNotAccepted) {
  Pair pair;
  IoResult result{};
  std::string saw;
  spawn(keep_client(*client, listener->local(), pair, result));
  world->run();
  ASSERT_TRUE(pair.client);
  listener.reset();
  spawn(store(receive_until_end(*pair.client), saw));
  world->run();
  EXPECT_EQ(saw, "<connection-reset>");
}

TEST_F(Network, AcceptCanBeAborted) {
  IoResult result{};
  const auto accept = [](Listener& from, IoResult& into) -> Co<void> {
    Listener::Accepted accepted = co_await from.accept();
    into = accepted.result;
  };
  spawn(accept(*listener, result));
  listener->abort(kCancelled);
  EXPECT_TRUE(result.ok());
  world->run();
  EXPECT_EQ(result.kind, kCancelled);
}

TEST_F(Network, LossDelaysByTheRetransmissionAndKeepsOrder) {
  make(1);
  Pair pair = connected();
  world->set_weather({.loss = 1, .retransmit_after = 200ms});
  IoResult sent{};
  std::string got;
  const TimePoint before = world->clock().now();
  spawn(send_all(*pair.client, "slow ", sent));
  world->set_weather({});
  spawn(send_all(*pair.client, "fast", sent));
  spawn(store(receive_exactly(*pair.server, 9), got));
  world->run();
  EXPECT_EQ(got, "slow fast");
  EXPECT_GE(world->clock().now() - before, 200ms);
}

TEST_F(Network, AnOverloadedServerAnswersLaterAndLater) {
  make(1, {.turn_cost = 1ms});
  std::vector<TimePoint> answered;
  const auto ask = [](Reactor& r, Address to, std::vector<TimePoint>& into) -> Co<void> {
    Reactor::Connected connected = co_await r.connect(to);
    const IoResult sent = co_await connected.stream->send(bytes_of("?"));
    EXPECT_TRUE(sent.ok());
    const auto [result, data] = co_await connected.stream->receive();
    EXPECT_EQ(text_of(data), "!");
    into.push_back(r.event_time());
  };
  const auto answer = [](std::unique_ptr<Stream> stream) -> Co<void> {
    const auto [result, data] = co_await stream->receive();
    EXPECT_EQ(text_of(data), "?");
    const IoResult sent = co_await stream->send(bytes_of("!"));
    EXPECT_TRUE(sent.ok());
  };
  const auto serve = [&answer](Listener& l, int count) -> Co<void> {
    for (int i = 0; i < count; ++i) {
      Listener::Accepted accepted = co_await l.accept();
      spawn(answer(std::move(accepted.stream)));
    }
  };
  constexpr int kClients = 20;
  std::vector<Reactor*> clients;
  spawn(serve(*listener, kClients));
  const TimePoint start = world->clock().now();
  for (int i = 0; i < kClients; ++i)
    spawn(ask(world->reactor(), listener->local(), answered));
  world->run();
  ASSERT_EQ(answered.size(), static_cast<std::size_t>(kClients));
  // Each costs the one server an accept and a request, 1 ms each; the clients work side by side.
  const TimePoint last = *std::max_element(answered.begin(), answered.end());
  EXPECT_GE(last, start + 1ms * kClients);
  EXPECT_LE(last, start + 3ms * kClients + 10ms);
}

// Everybody talks to everybody in bad weather; what happened, as one number.
std::uint64_t history(std::uint64_t seed) {
  World world{seed,
              {.latency_min = 10us,
               .latency_max = 900us,
               .loss = 0.05,
               .reset_per_segment = 0.02,
               .segment_max = 30,
               .partial = true,
               .turn_cost = 3us}};
  Reactor& server = world.reactor("server");
  auto listener = *server.listen(*Address::parse("127.0.0.1:80"));
  const auto echo = [](std::unique_ptr<Stream> stream) -> Co<void> {
    for (;;) {
      const auto [result, data] = co_await stream->receive();
      if (!result.ok() || data.empty()) co_return;
      const IoResult sent = co_await stream->send(data);
      if (!sent.ok()) co_return;
    }
  };
  const auto serve = [&echo](Listener& l) -> Co<void> {
    for (;;) {
      Listener::Accepted accepted = co_await l.accept();
      if (!accepted.result.ok()) co_return;
      spawn(echo(std::move(accepted.stream)));
    }
  };
  int done = 0;
  const auto talk = [](Reactor& r, int& count) -> Co<void> {
    Reactor::Connected connected = co_await r.connect(*Address::parse("127.0.0.1:80"));
    for (int i = 0; i < 5 && connected.stream; ++i) {
      const std::string text = pattern(100);
      const IoResult sent = co_await connected.stream->send(bytes_of(text));
      if (!sent.ok()) break;
      const std::string got = co_await receive_exactly(*connected.stream, text.size());
      if (got != text) break;
    }
    ++count;
  };
  spawn(serve(*listener));
  for (int i = 0; i < 10; ++i)
    spawn(talk(world.reactor(), done));
  EXPECT_TRUE(world.run_until([&] { return done == 10; })) << "seed " << seed;
  listener->abort(kCancelled);
  world.run();
  return world.trace();
}

TEST_F(Network, TheSameSeedIsTheSameHistoryAndAnotherSeedAnother) {
  std::vector<std::uint64_t> seen;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const std::uint64_t trace = history(seed);
    EXPECT_EQ(trace, history(seed)) << "seed " << seed;
    EXPECT_EQ(std::count(seen.begin(), seen.end(), trace), 0) << "seed " << seed;
    seen.push_back(trace);
  }
}

}  // namespace
}  // namespace vajrapulse::runtime::simulated
