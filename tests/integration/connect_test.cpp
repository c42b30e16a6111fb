#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "harness.hpp"
#include "loopback_servers.hpp"
#include "vajrapulse/runtime/connect.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::integration {
namespace {

using runtime::Address;
using runtime::Co;
using runtime::IoKind;
using runtime::Reactor;
using std::chrono::milliseconds;

struct Attempt {
  ErrorKind kind;
  Address peer;
  Duration took{};
};

Co<Attempt> attempt(Reactor& reactor, std::vector<Address> addresses, Duration limit) {
  const TimePoint begin = reactor.now();
  Co<Reactor::Connected> work = runtime::connect_any(reactor, addresses, begin + limit, nullptr);
  Reactor::Connected connected = co_await work;
  Attempt result{.kind = connected.result.kind, .peer = {}, .took = reactor.now() - begin};
  if (connected.stream) result.peer = connected.stream->peer();
  co_return result;
}

class ConnectOn : public testing::TestWithParam<IoKind> {
 protected:
  static Attempt connect(ReactorThread& thread, std::vector<Address> addresses, Duration limit) {
    return thread.await([&](Reactor& reactor) { return attempt(reactor, addresses, limit); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, ConnectOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

// DESIGN section 4: attempts overlap. The best of three, since the host may take the processor away.
TEST_P(ConnectOn, ADeadFirstAddressCostsAtMost300Milliseconds) {
  const DeadAddress dead;
  DemoHost demo(GetParam());
  ReactorThread thread(GetParam());
  Duration best = Duration::max();
  for (int i = 0; i < 3; ++i) {
    const Attempt result = connect(thread, {dead.address(), demo.address()}, std::chrono::seconds(5));
    ASSERT_FALSE(result.kind) << result.kind.name();
    EXPECT_EQ(result.peer, demo.address());
    EXPECT_GE(result.took, milliseconds(200)) << "the first address was alive";
    best = std::min(best, result.took);
  }
  EXPECT_LE(best, milliseconds(300));
}

TEST_P(ConnectOn, AnAddressThatSwallowsConnectionsTimesOut) {
  const DeadAddress dead;
  ReactorThread thread(GetParam());
  const Attempt result = connect(thread, {dead.address()}, milliseconds(150));
  EXPECT_EQ(result.kind.name(), runtime::kConnectTimeout.name());
  EXPECT_GE(result.took, milliseconds(150));
}

TEST_P(ConnectOn, NobodyListensIsRefusedAtOnce) {
  ReactorThread thread(GetParam());
  const Address nobody = *Address::ip("127.0.0.1", free_port());
  EXPECT_EQ(connect(thread, {nobody}, std::chrono::seconds(5)).kind.name(), runtime::kConnectionRefused.name());
}

TEST_P(ConnectOn, AMissingUnixSocketSaysSo) {
  ReactorThread thread(GetParam());
  const TemporaryFolder folder;
  const Address nobody = *Address::unix_socket((folder.path() / "none").string());
  EXPECT_TRUE(connect(thread, {nobody}, std::chrono::seconds(5)).kind);
}

Co<ErrorKind> look_up(Reactor& reactor, std::string server, std::string name) {
  const runtime::ResolverSettings settings{.servers = {server}, .try_timeout = milliseconds(100), .tries = 2};
  const auto resolver = runtime::make_resolver(reactor, settings);
  Co<Expected<std::vector<Address>>> work = resolver->resolve(name, 80);
  const auto addresses = co_await work;
  co_await reactor.sleep_for(milliseconds(1));  // the resolver may not end in the middle of its own answer
  co_return addresses ? kNoError : addresses.error().kind;
}

TEST_P(ConnectOn, ANameThatDoesNotResolveIsADnsFailure) {
  for (const int code : {NameServer::kNoSuchName, NameServer::kServerFailure, NameServer::kSilent}) {
    NameServer server(code);
    ReactorThread thread(GetParam());
    const std::string at = server.text();
    const ErrorKind kind = thread.await([&](Reactor& reactor) { return look_up(reactor, at, "shop.example"); });
    EXPECT_EQ(kind.name(), runtime::kDnsFailure.name()) << "answer code " << code;
    EXPECT_GE(server.questions(), 1);
  }
}

}  // namespace
}  // namespace vajrapulse::integration
