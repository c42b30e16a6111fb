#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <ostream>
#include <tuple>
#include <vector>

#include "broken_server.hpp"
#include "certificates.hpp"
#include "client_host.hpp"
#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// What goes wrong between a client and a server, one row each: the kind it is counted as, on both reactors.
//
// Not here but in the simulated twin: an unreachable network, which loopback cannot give without changing the
// host's routes.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;
namespace names = metrics::names;
using std::chrono::milliseconds;

struct Fault {
  std::string name;
  BrokenServer::Script script;
  ErrorKind expected;
  Duration timeout = std::chrono::seconds(3);

  friend std::ostream& operator<<(std::ostream& to, const Fault& fault) { return to << fault.name; }
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";

BrokenServer::Script says(const std::string& text) {
  return [text](int connection) {
    read_request(connection);
    say(connection, text);
    wait_for_the_end(connection);
  };
}

BrokenServer::Script says_and_closes(const std::string& text) {
  return [text](int connection) {
    read_request(connection);
    say(connection, text);
  };
}

BrokenServer::Script says_and_resets(const std::string& text) {
  return [text](int connection) {
    read_request(connection);
    say(connection, text);
    reset_at_close(connection);
  };
}

void drip(int connection) {
  read_request(connection);
  for (const char each : kOk) {
    say(connection, std::string(1, each));
    pollfd gone{.fd = connection, .events = POLLIN, .revents = 0};
    if (::poll(&gone, 1, 1000) != 0) return;
  }
}

std::vector<Fault> faults() {
  return {
      {"ResetBeforeHead", says_and_resets(""), runtime::kConnectionReset},
      {"ResetWithinHead", says_and_resets(kOk + "Content-Le"), runtime::kConnectionReset},
      {"ResetWithinBody", says_and_resets(kOk + "Content-Length: 100\r\n\r\nhalf"), runtime::kConnectionReset},
      {"ClosedBeforeHead", says_and_closes(""), runtime::kConnectionClosed},
      {"ClosedWithinHead", says_and_closes(kOk + "Content-Le"), http::kHttpTruncated},
      {"TruncatedBody", says_and_closes(kOk + "Content-Length: 100\r\n\r\nhalf"), http::kHttpTruncated},
      {"TruncatedChunks", says_and_closes(kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhe"), http::kHttpTruncated},
      {"HalfOpen", &wait_for_the_end, kTimeout, milliseconds(200)},
      {"NeverAnswers", says(""), kTimeout, milliseconds(200)},
      {"StopsWithinBody", says(kOk + "Content-Length: 100\r\n\r\nhalf"), kTimeout, milliseconds(200)},
      {"OneByteASecond", &drip, kTimeout, milliseconds(1500)},
      {"OversizedHead", says(kOk + "X: " + std::string(100'000, 'x') + "\r\n\r\n"), http::kHttpHeadTooLarge},
      {"Garbage", says("220 mail.example ESMTP ready\r\n"), http::kHttpMalformed},
      {"BinaryGarbage", says(std::string("\x00\x01\x02\xff\r\n\r\n", 8)), http::kHttpMalformed},
      {"BadChunk", says(kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), http::kHttpBadChunk},
      {"ContentLengthIsNoNumber", says(kOk + "Content-Length: many\r\n\r\n"), http::kHttpBadContentLength},
      {"ContentLengthsDiffer", says(kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
       http::kHttpBadContentLength},
  };
}

class FaultsOn : public testing::TestWithParam<std::tuple<IoKind, Fault>> {};

INSTANTIATE_TEST_SUITE_P(Both, FaultsOn,
                         testing::Combine(testing::Values(IoKind::io_uring, IoKind::epoll),
                                          testing::ValuesIn(faults())),
                         [](const auto& each) {
                           return std::string(name_of(std::get<0>(each.param))) + "_" + std::get<1>(each.param).name;
                         });

/// Fails with `kind`, counted once as that, with a sentence; the client then goes on elsewhere.
void expect_failure(ClientHost& client, IoKind io, const std::string& url, ErrorKind kind) {
  const http::Response response = client.get(url);
  EXPECT_EQ(response.error().name(), kind.name()) << response.message();
  EXPECT_THAT(std::string(response.message()), testing::HasSubstr(" ")) << "a sentence that a person can act on";
  const metrics::Snapshot snapshot = client.snapshot();
  EXPECT_EQ(snapshot.counter(names::kErrors, {{"kind", std::string(kind.name())}}), 1u);
  EXPECT_EQ(snapshot.counter(names::kErrors), 1u);
  EXPECT_EQ(snapshot.counter(names::kRequestTotal, {{"status", "failure"}}), 1u);
  EXPECT_EQ(snapshot.counter(names::kRequestTotal), 1u);
  DemoHost demo(io);
  EXPECT_TRUE(client.get(demo.origin() + "/").ok()) << "the client goes on";
}

TEST_P(FaultsOn, IsCountedAsItsOwnKindAndTheRunGoesOn) {
  const auto& [io, fault] = GetParam();
  BrokenServer server(fault.script);
  ClientHost client(io, {.timeout = fault.timeout});
  EXPECT_EQ(client.thread().reactor().name(), name_of(io));
  expect_failure(client, io, "http://127.0.0.1:" + std::to_string(server.port()) + "/", fault.expected);
  EXPECT_EQ(server.accepted(), 1) << "a fresh connection's failure is not tried again";
}

class TlsFaultsOn : public testing::TestWithParam<IoKind> {
 protected:
  http::ClientSettings trusting(const Certificate& certificate) const {
    return {.timeout = std::chrono::seconds(3), .tls = {.ca_file = certificate.certificate_file}};
  }
  static http::DemoSettings showing(const Certificate& certificate) {
    http::DemoSettings settings;
    settings.tls = true;
    settings.certificate_file = certificate.certificate_file;
    settings.key_file = certificate.key_file;
    return settings;
  }
  TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Both, TlsFaultsOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(TlsFaultsOn, AGoodCertificateIsTrusted) {
  const Certificate good = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  DemoHost demo(GetParam(), showing(good));
  ClientHost client(GetParam(), trusting(good));
  const http::Response response = client.get(demo.origin() + "/");
  EXPECT_TRUE(response.ok()) << response.message();
}

TEST_P(TlsFaultsOn, WrongName) {
  const Certificate other = make_certificate(folder_.path(), "other.example", Validity::now);
  DemoHost demo(GetParam(), showing(other));
  ClientHost client(GetParam(), trusting(other));
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsWrongName);
}

TEST_P(TlsFaultsOn, Expired) {
  const Certificate old = make_certificate(folder_.path(), "127.0.0.1", Validity::expired);
  DemoHost demo(GetParam(), showing(old));
  ClientHost client(GetParam(), trusting(old));
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsExpired);
}

TEST_P(TlsFaultsOn, SelfSigned) {
  const Certificate own = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  const Certificate trusted = make_certificate(folder_.path(), "someone.else", Validity::now);
  DemoHost demo(GetParam(), showing(own));
  ClientHost client(GetParam(), trusting(trusted));
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsUntrusted);
}

TEST_P(TlsFaultsOn, PlainText) {
  DemoHost demo(GetParam());
  const Certificate any = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  ClientHost client(GetParam(), trusting(any));
  const std::string url = "https://127.0.0.1:" + std::to_string(demo.address().port()) + "/";
  expect_failure(client, GetParam(), url, runtime::kTlsNotTls);
}

TEST_P(TlsFaultsOn, Truncated) {
  const Certificate good = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  BrokenServer server([&good](int connection) {
    speak_tls_and_cut(connection, good.certificate_file, good.key_file, kOk + "Connection: close\r\n\r\nhalf of wh");
  });
  ClientHost client(GetParam(), trusting(good));
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  expect_failure(client, GetParam(), url, runtime::kTlsTruncated);
}

TEST_P(TlsFaultsOn, ClosedWithinTheHandshake) {
  const Certificate any = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  BrokenServer server([](int connection) {
    char byte = 0;
    static_cast<void>(::recv(connection, &byte, 1, 0));
    reset_at_close(connection);
  });
  ClientHost client(GetParam(), trusting(any));
  const http::Response response = client.get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  EXPECT_FALSE(response.ok());
}

class RefusedOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, RefusedOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(RefusedOn, IsCountedAsRefused) {
  ClientHost client(GetParam());
  expect_failure(client, GetParam(), "http://127.0.0.1:" + std::to_string(free_port()) + "/",
                 runtime::kConnectionRefused);
}

// RFC 9110 section 9.2.2: what is idempotent is sent again when a kept connection was closed meanwhile.
TEST_P(RefusedOn, AKeepAliveRaceIsRetriedOnceOnAFreshConnection) {
  BrokenServer server([](int connection) {
    read_request(connection);
    say(connection, kOk + "Content-Length: 2\r\n\r\nok");
    read_request(connection);  // of the second request nothing is answered: the connection just ends
  });
  ClientHost client(GetParam());
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  EXPECT_TRUE(client.get(url).ok());
  EXPECT_TRUE(client.get(url).ok());
  EXPECT_EQ(server.accepted(), 2);
  EXPECT_EQ(client.snapshot().counter(names::kRetries), 1u);
}

}  // namespace
}  // namespace vajrapulse::integration
