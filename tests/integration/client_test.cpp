#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "client_host.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// The HTTP client against servers whose counts are their own: nginx, and the demo server for TLS.
namespace vajrapulse::integration {
namespace {

using http::Phase;
using runtime::IoKind;
namespace names = metrics::names;

class ClientAndNginxOn : public testing::TestWithParam<IoKind> {
 protected:
  void SetUp() override {
    nginx_ = Nginx::start();
    ASSERT_TRUE(nginx_) << "nginx is not installed: ./dev test does that";
  }
  /// What nginx counted since `before`, without this reading.
  Nginx::Counts since(const Nginx::Counts& before) const {
    const Nginx::Counts now = nginx_->counts();
    return {now.accepted - before.accepted - 1, now.handled - before.handled - 1, now.requests - before.requests - 1};
  }
  std::string url(const std::string& path) const { return nginx_->origin() + path; }

  std::unique_ptr<Nginx> nginx_;
};

INSTANTIATE_TEST_SUITE_P(Both, ClientAndNginxOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(ClientAndNginxOn, GetsWhatNginxServes) {
  ClientHost client(GetParam());
  EXPECT_EQ(client.thread().reactor().name(), name_of(GetParam()));
  const http::Response response = client.get(url("/"));
  ASSERT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.status(), 200);
  EXPECT_EQ(response.body(), "hello from nginx\n");
  EXPECT_EQ(response.body_bytes(), 17u);
  EXPECT_EQ(response.header("content-length"), "17");
}

TEST_P(ClientAndNginxOn, ManyRequestsTakeOneConnectionAndTheCountsAgree) {
  ClientHost client(GetParam());
  const auto before = nginx_->counts();
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(client.get(url("/"), http::Keep::nothing).ok());
  const auto counted = since(before);
  EXPECT_EQ(counted.accepted, 1u);
  EXPECT_EQ(counted.requests, 200u);
  const auto snapshot = client.snapshot();
  EXPECT_EQ(snapshot.counter(names::kRequestTotal), 200u);
  EXPECT_EQ(snapshot.counter(names::kRequestTotal, {{"code", "200"}}), 200u);
  EXPECT_EQ(snapshot.histogram(names::kRequestDuration, {{"phase", "connect"}}).count(), 1u);
  EXPECT_EQ(snapshot.histogram(names::kRequestDuration, {{"phase", "total"}}).count(), 200u);
}

TEST_P(ClientAndNginxOn, WithoutKeepAliveEachRequestHasAConnection) {
  ClientHost client(GetParam(), {.keep_alive = false});
  const auto before = nginx_->counts();
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(client.get(url("/")).ok());
  EXPECT_EQ(since(before).accepted, 20u);
}

TEST_P(ClientAndNginxOn, ALimitOfConnectionsHoldsAndTheWaitIsMeasured) {
  ClientHost client(GetParam(), {.connections = 4});
  const auto before = nginx_->counts();
  const auto responses = client.get_at_once(url("/"), 64);
  ASSERT_EQ(responses.size(), 64u);
  for (const auto& each : responses)
    EXPECT_TRUE(each.ok()) << each.message();
  const auto counted = since(before);
  EXPECT_LE(counted.accepted, 4u);
  EXPECT_EQ(counted.requests, 64u);
  EXPECT_GE(client.snapshot().histogram(names::kClientQueueWait, {{"queue", "connection"}}).count(), 60u);
}

TEST_P(ClientAndNginxOn, ReadsHeadNoContentErrorsAndRedirects) {
  ClientHost client(GetParam(), {.redirects = 3});
  const http::Response head = client.send({.method = "HEAD", .url = url("/"), .keep = http::Keep::body});
  EXPECT_TRUE(head.ok());
  EXPECT_EQ(head.body(), "");
  EXPECT_EQ(client.get(url("/empty")).status(), 204);
  const http::Response missing = client.get(url("/missing"));
  EXPECT_EQ(missing.status(), 404);
  EXPECT_EQ(missing.error().name(), "status-404");
  const http::Response moved = client.get(url("/moved"));
  EXPECT_EQ(moved.status(), 200);
  EXPECT_EQ(moved.redirects(), 1);
  EXPECT_EQ(moved.body(), "hello from nginx\n");
}

TEST_P(ClientAndNginxOn, AServerThatClosesCostsAConnectionNotARequest) {
  ClientHost client(GetParam());
  const auto before = nginx_->counts();
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(client.get(url("/closes")).ok());
  const auto counted = since(before);
  EXPECT_EQ(counted.accepted, 10u);
  EXPECT_EQ(counted.requests, 10u);
}

TEST_P(ClientAndNginxOn, StreamsAFileOfAnySize) {
  constexpr std::uint64_t kBytes = 50'000'000;
  std::ofstream(nginx_->root() / "large").close();
  std::filesystem::resize_file(nginx_->root() / "large", kBytes);
  ClientHost client(GetParam());
  http::Response end;
  EXPECT_EQ(client.stream(url("/large"), end), kBytes);
  EXPECT_TRUE(end.ok()) << end.message();
  EXPECT_EQ(end.body_bytes(), kBytes);
}

TEST_P(ClientAndNginxOn, DecodesGzipAndCountsTheBytesOnTheWire) {
  const std::string text(100'000, 'v');
  std::ofstream(nginx_->root() / "text.txt") << text;
  ClientHost client(GetParam(), {.decompress = true});
  const http::Response response = client.get(url("/compressed/text.txt"));
  ASSERT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.header("content-encoding"), "gzip");
  EXPECT_EQ(response.body(), text);
  EXPECT_LT(response.bytes_received(), 5'000u);
}

class ClientAndDemoOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, ClientAndDemoOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(ClientAndDemoOn, DecodesWhatTheDemoServerEncodes) {
  DemoHost demo(GetParam());
  ClientHost client(GetParam(), {.decompress = true});
  const std::string plain(client.get(demo.origin() + "/gzip").body());
  EXPECT_EQ(plain.substr(0, 5), "[\n  {");
  EXPECT_EQ(client.get(demo.origin() + "/br").body(), plain);
  EXPECT_EQ(client.get(demo.origin() + "/zstd").body(), plain);
}

TEST_P(ClientAndDemoOn, SpeaksOverAUnixSocket) {
  const TemporaryFolder folder;
  const std::string path = folder.path() / "demo.sock";
  http::DemoSettings settings;
  settings.listen = *runtime::Address::unix_socket(path);
  DemoHost demo(GetParam(), settings);
  ClientHost client(GetParam(), {.unix_socket = path});
  const http::Response response = client.get("http://anything/status/201");
  EXPECT_EQ(response.status(), 201) << response.message();
}

TEST_P(ClientAndDemoOn, AnUploadArrivesWhole) {
  DemoHost demo(GetParam());
  ClientHost client(GetParam());
  const std::string body(3'000'000, 'u');
  const http::Response response =
      client.send({.method = "POST", .url = demo.origin() + "/echo", .body = body, .keep = http::Keep::body});
  ASSERT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.body().size(), body.size());
  EXPECT_GE(demo.counts().bytes_received, body.size());
}

TEST_P(ClientAndDemoOn, EveryPhaseIsTimedOnceItHappens) {
  DemoHost demo(GetParam());
  ClientHost client(GetParam());
  const http::Response first = client.get(demo.origin() + "/delay/20ms");
  ASSERT_TRUE(first.ok()) << first.message();
  EXPECT_TRUE(first.phases().has(Phase::connect));
  EXPECT_FALSE(first.phases().has(Phase::tls));
  EXPECT_GE(first.phases()[Phase::wait], std::chrono::milliseconds(19));
  EXPECT_GE(first.total(), first.phases()[Phase::wait]);
  const http::Response second = client.get(demo.origin() + "/");
  EXPECT_FALSE(second.phases().has(Phase::connect));
}

http::DemoSettings with_tls() {
  http::DemoSettings settings;
  settings.tls = true;
  return settings;
}

TEST_P(ClientAndDemoOn, TlsSessionsAreResumedAndClosedWithNotice) {
  DemoHost demo(GetParam(), with_tls());
  constexpr std::uint64_t kRequests = 10;
  {
    ClientHost client(GetParam(), {.keep_alive = false, .tls = {.verify = runtime::TlsVerify::nothing}});
    for (std::uint64_t i = 0; i < kRequests; ++i) {
      const http::Response response = client.get(demo.origin() + "/");
      ASSERT_TRUE(response.ok()) << response.message();
      EXPECT_TRUE(response.phases().has(Phase::tls));
    }
  }
  demo.wait_for([](const http::ServerCounts& counts) { return counts.connections_open == 0; });
  const http::ServerCounts counts = demo.counts();
  EXPECT_EQ(counts.connections_accepted, kRequests);
  EXPECT_EQ(counts.tls_handshakes, kRequests);
  EXPECT_EQ(counts.tls_resumed, kRequests - 1);
  EXPECT_EQ(counts.tls_truncated, 0u);
}

TEST_P(ClientAndDemoOn, AClientThatEndsClosesItsIdleTlsConnectionsWithNotice) {
  DemoHost demo(GetParam(), with_tls());
  {
    ClientHost client(GetParam(), {.tls = {.verify = runtime::TlsVerify::nothing}});
    for (const auto& each : client.get_at_once(demo.origin() + "/", 5))
      ASSERT_TRUE(each.ok()) << each.message();
    client.close_idle();
    demo.wait_for([](const http::ServerCounts& counts) { return counts.connections_open == 0; });
  }
  EXPECT_EQ(demo.counts().closed_cleanly, 5u);
  EXPECT_EQ(demo.counts().tls_truncated, 0u);
}

TEST_P(ClientAndDemoOn, ASelfSignedCertificateIsNotTrusted) {
  DemoHost demo(GetParam(), with_tls());
  ClientHost client(GetParam());
  const http::Response response = client.get(demo.origin() + "/");
  EXPECT_EQ(response.error().name(), runtime::kTlsUntrusted.name()) << response.message();
  EXPECT_EQ(demo.counts().requests, 0u);
}

}  // namespace
}  // namespace vajrapulse::integration
