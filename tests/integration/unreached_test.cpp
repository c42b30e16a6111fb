#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "client_host.hpp"
#include "expectations.hpp"
#include "loopback_servers.hpp"
#include "own_process.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// What keeps a client from its server before a byte is sent. No packet of these tests leaves loopback.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kTakesRoot = "a network of its own takes root";

class UnreachedOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, UnreachedOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

/// 192.0.2.0/24 is for documents (RFC 5737): in a network that is loopback alone there is no route to it.
std::string ask_where_no_route_leads(IoKind io) {
  if (!enter_own_network()) return kNotPermitted;
  ClientHost client(io, {.timeout = seconds(3)});
  expect_failure(client, io, "http://192.0.2.1/", runtime::kUnreachable,
                 "no route to the host: check the address and the network (192.0.2.1:80)");
  return verdict();
}

TEST_P(UnreachedOn, AnAddressWithoutARouteIsUnreachable) {
  const std::string outcome = in_child([] { return ask_where_no_route_leads(GetParam()); });
  if (outcome == kNotPermitted) GTEST_SKIP() << kTakesRoot;
  EXPECT_EQ(outcome, kAsExpected);
}

constexpr const char* kUnknownName =
    "cannot resolve 'shop.example': Domain name not found; check the spelling and the name servers in "
    "/etc/resolv.conf, or give the address by hand";

/// As on any machine, but that its name server is the test's own.
std::string ask_for_an_unknown_name(IoKind io) {
  if (!enter_own_network() || !ask_names_on_loopback()) return kNotPermitted;
  NameServer names(NameServer::kNoSuchName, NameServer::kUsualPort);
  ClientHost client(io, {.timeout = seconds(3)});
  expect_failure(client, io, "http://shop.example/", runtime::kDnsFailure, kUnknownName);
  EXPECT_GE(names.questions(), 1);
  return verdict();
}

TEST_P(UnreachedOn, ANameThatDoesNotExistIsADnsFailure) {
  const std::string outcome = in_child([] { return ask_for_an_unknown_name(GetParam()); });
  if (outcome == kNotPermitted) GTEST_SKIP() << kTakesRoot;
  EXPECT_EQ(outcome, kAsExpected);
}

TEST_P(UnreachedOn, AnAddressThatSwallowsConnectionsIsAConnectTimeout) {
  const DeadAddress dead;
  ClientHost client(GetParam(), {.timeout = milliseconds(150)});
  const std::string place = dead.address().text();
  expect_failure(client, GetParam(), "http://" + place + "/", runtime::kConnectTimeout,
                 "no answer to the connection attempt in time: host down, or a firewall drops packets (" + place + ")");
}

TEST_P(UnreachedOn, AConnectTimeoutIsATimeoutToo) {
  const DeadAddress dead;
  ClientHost client(GetParam(), {.timeout = milliseconds(150)});
  const http::Response response = client.get("http://" + dead.address().text() + "/");
  EXPECT_GE(response.phases()[http::Phase::connect], milliseconds(150));
  EXPECT_FALSE(response.phases().has(http::Phase::send));
  EXPECT_EQ(client.snapshot().counter(metrics::names::kTimeouts), 1u);
}

bool has_ipv6() {
  const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

class Ipv6On : public UnreachedOn {
 protected:
  void SetUp() override {
    if (!has_ipv6()) GTEST_SKIP() << "this host has no ::1";
  }
  static http::DemoSettings there() {
    http::DemoSettings settings;
    settings.listen = *runtime::Address::ip("::1", 0);
    return settings;
  }
};

INSTANTIATE_TEST_SUITE_P(Both, Ipv6On, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(Ipv6On, AServerOnIpv6AnswersByAddressAndByName) {
  DemoHost demo(GetParam(), there());
  const std::string port = std::to_string(demo.address().port());
  EXPECT_EQ(demo.origin(), "http://[::1]:" + port);
  ClientHost client(GetParam(), {.timeout = seconds(3)});
  for (const std::string host : {"[::1]", "localhost"}) {
    const http::Response response = client.get("http://" + host + ":" + port + "/");
    EXPECT_TRUE(response.ok()) << host << ": " << response.message();
  }
  EXPECT_EQ(demo.counts().requests, 2u);
}

TEST_P(Ipv6On, NobodyListeningIsRefused) {
  const std::string place = "[::1]:" + std::to_string(free_port());
  ClientHost client(GetParam(), {.timeout = seconds(3)});
  expect_failure(client, GetParam(), "http://" + place + "/", runtime::kConnectionRefused,
                 "connection refused: nothing listens on " + place);
}

}  // namespace
}  // namespace vajrapulse::integration
