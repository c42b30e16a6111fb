#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <ostream>
#include <tuple>
#include <vector>

#include "broken_server.hpp"
#include "certificates.hpp"
#include "client_host.hpp"
#include "expectations.hpp"
#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// What goes wrong between a client and a server, one row each: the kind it is counted as, on both reactors.
// What keeps them from meeting at all is in unreached_test.cpp.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;
namespace names = metrics::names;
using std::chrono::milliseconds;

struct Fault {
  std::string name;
  BrokenServer::Script script;
  ErrorKind expected;
  std::string sentence;  ///< PLACE stands for the server's address
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

// What a person reads, written out: a sentence that lost its place or its cure would pass for one otherwise.
constexpr const char* kReset = "the peer reset the connection (PLACE)";
constexpr const char* kClosed = "the peer closed the connection before the answer was complete (PLACE)";
constexpr const char* kCutShort = "the connection was closed before the response was complete (GET http://PLACE/)";
constexpr const char* kTooLate = "no complete answer within 0.2 s: GET http://PLACE/";
constexpr const char* kFarTooSlow = "no complete answer within 1.5 s: GET http://PLACE/";
constexpr const char* kHeadTooLarge = "the response head is larger than 64 KiB (GET http://PLACE/)";
constexpr const char* kNoHttp =
    "the answer is no HTTP/1 response: is this the right port, and plain or TLS as the URL says (GET http://PLACE/)";
constexpr const char* kBadFraming =
    "the chunked body is framed wrongly: the server, or something before it, is broken (GET http://PLACE/)";
constexpr const char* kBadLength =
    "the content-length is no number or is given twice with different values (GET http://PLACE/)";

std::vector<Fault> faults() {
  return {
      {"ResetBeforeHead", says_and_resets(""), runtime::kConnectionReset, kReset},
      {"ResetWithinHead", says_and_resets(kOk + "Content-Le"), runtime::kConnectionReset, kReset},
      {"ResetWithinBody", says_and_resets(kOk + "Content-Length: 100\r\n\r\nhalf"), runtime::kConnectionReset, kReset},
      {"ClosedBeforeHead", says_and_closes(""), runtime::kConnectionClosed, kClosed},
      {"ClosedWithinHead", says_and_closes(kOk + "Content-Le"), http::kHttpTruncated, kCutShort},
      {"TruncatedBody", says_and_closes(kOk + "Content-Length: 100\r\n\r\nhalf"), http::kHttpTruncated, kCutShort},
      {"TruncatedChunks", says_and_closes(kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhe"), http::kHttpTruncated,
       kCutShort},
      {"HalfOpen", &wait_for_the_end, kTimeout, kTooLate, milliseconds(200)},
      {"NeverAnswers", says(""), kTimeout, kTooLate, milliseconds(200)},
      {"StopsWithinBody", says(kOk + "Content-Length: 100\r\n\r\nhalf"), kTimeout, kTooLate, milliseconds(200)},
      {"OneByteASecond", &drip, kTimeout, kFarTooSlow, milliseconds(1500)},
      {"OversizedHead", says(kOk + "X: " + std::string(100'000, 'x') + "\r\n\r\n"), http::kHttpHeadTooLarge,
       kHeadTooLarge},
      {"Garbage", says("220 mail.example ESMTP ready\r\n"), http::kHttpMalformed, kNoHttp},
      {"BinaryGarbage", says(std::string("\x00\x01\x02\xff\r\n\r\n", 8)), http::kHttpMalformed, kNoHttp},
      {"BadChunk", says(kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), http::kHttpBadChunk, kBadFraming},
      {"ContentLengthIsNoNumber", says(kOk + "Content-Length: many\r\n\r\n"), http::kHttpBadContentLength, kBadLength},
      {"ContentLengthsDiffer", says(kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
       http::kHttpBadContentLength, kBadLength},
  };
}

std::string at(const std::string& place, std::string sentence) {
  const std::string_view stands_for_it = "PLACE";
  if (const auto found = sentence.find(stands_for_it); found != sentence.npos)
    sentence.replace(found, stands_for_it.size(), place);
  return sentence;
}

std::string place_of(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

class FaultsOn : public testing::TestWithParam<std::tuple<IoKind, Fault>> {};

INSTANTIATE_TEST_SUITE_P(Both, FaultsOn,
                         testing::Combine(testing::Values(IoKind::io_uring, IoKind::epoll),
                                          testing::ValuesIn(faults())),
                         [](const auto& each) {
                           return std::string(name_of(std::get<0>(each.param))) + "_" + std::get<1>(each.param).name;
                         });

TEST_P(FaultsOn, IsCountedAsItsOwnKindAndTheRunGoesOn) {
  const auto& [io, fault] = GetParam();
  BrokenServer server(fault.script);
  ClientHost client(io, {.timeout = fault.timeout});
  const std::string place = place_of(server.port());
  expect_failure(client, io, "http://" + place + "/", fault.expected, at(place, fault.sentence));
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
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsWrongName,
                 "the certificate is for another name: check the host in the URL (IP address mismatch: asked for "
                 "'127.0.0.1', the certificate names DNS:other.example, " +
                     place_of(demo.address().port()) + ")");
}

TEST_P(TlsFaultsOn, Expired) {
  const Certificate old = make_certificate(folder_.path(), "127.0.0.1", Validity::expired);
  DemoHost demo(GetParam(), showing(old));
  ClientHost client(GetParam(), trusting(old));
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsExpired,
                 "the certificate has expired, or is not valid yet (certificate has expired: it ended " + old.ends +
                     ", " + place_of(demo.address().port()) + ")");
}

TEST_P(TlsFaultsOn, SelfSigned) {
  const Certificate own = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  const Certificate trusted = make_certificate(folder_.path(), "someone.else", Validity::now);
  DemoHost demo(GetParam(), showing(own));
  ClientHost client(GetParam(), trusting(trusted));
  expect_failure(client, GetParam(), demo.origin() + "/", runtime::kTlsUntrusted,
                 "the certificate's issuer is not trusted: give its CA, or allow insecure connections (self-signed "
                 "certificate: issued by CN = 127.0.0.1, " +
                     place_of(demo.address().port()) + ")");
}

TEST_P(TlsFaultsOn, PlainText) {
  DemoHost demo(GetParam());
  const Certificate any = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  ClientHost client(GetParam(), trusting(any));
  const std::string place = place_of(demo.address().port());
  expect_failure(client, GetParam(), "https://" + place + "/", runtime::kTlsNotTls,
                 "the peer does not speak TLS on this port: check the scheme and the port (the peer speaks no TLS but "
                 "plain text: 'HTTP/1.1 400 Bad Request', " +
                     place + ")");
}

TEST_P(TlsFaultsOn, Truncated) {
  const Certificate good = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  BrokenServer server([&good](int connection) {
    speak_tls_and_cut(connection, good.certificate_file, good.key_file, kOk + "Connection: close\r\n\r\nhalf of wh");
  });
  ClientHost client(GetParam(), trusting(good));
  const std::string place = place_of(server.port());
  expect_failure(client, GetParam(), "https://" + place + "/", runtime::kTlsTruncated,
                 "the peer ended the TLS connection without saying so: the data may be cut short (the peer closed the "
                 "connection without a close_notify, " +
                     place + ")");
}

TEST_P(TlsFaultsOn, ResetWithinTheHandshake) {
  const Certificate any = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  BrokenServer server([](int connection) {
    char byte = 0;
    static_cast<void>(::recv(connection, &byte, 1, 0));
    reset_at_close(connection);
  });
  ClientHost client(GetParam(), trusting(any));
  const std::string place = place_of(server.port());
  expect_failure(client, GetParam(), "https://" + place + "/", runtime::kConnectionReset, at(place, kReset));
}

TEST_P(TlsFaultsOn, ClosedWithinTheHandshake) {
  const Certificate any = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  BrokenServer server([](int connection) {
    char byte = 0;
    static_cast<void>(::recv(connection, &byte, 1, 0));
    ::shutdown(connection, SHUT_WR);
    wait_for_the_end(connection);  // to close before all is read would be a reset
  });
  ClientHost client(GetParam(), trusting(any));
  const std::string place = place_of(server.port());
  expect_failure(client, GetParam(), "https://" + place + "/", runtime::kTlsHandshake,
                 "the TLS handshake failed (the peer closed the connection during the handshake, " + place + ")");
}

class RefusedOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, RefusedOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(RefusedOn, IsCountedAsRefused) {
  ClientHost client(GetParam());
  const std::string place = place_of(free_port());
  expect_failure(client, GetParam(), "http://" + place + "/", runtime::kConnectionRefused,
                 "connection refused: nothing listens on " + place);
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
