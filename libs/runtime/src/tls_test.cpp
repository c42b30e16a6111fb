#include "vajrapulse/runtime/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "connect_scripted_reactor.hpp"
#include "tls_certificate.hpp"
#include "tls_memory_stream.hpp"

namespace vajrapulse::runtime {
namespace {

using fakes::MemoryStream;
using fakes::ScriptedReactor;
using testing::AllOf;
using testing::HasSubstr;
using tls::CertificateSpec;
using tls::KeyedCertificate;
using tls::make_certificate;

constexpr long kDay = 86'400;

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Files that last as long as the test.
class Files {
 public:
  Files() {
    std::string pattern = testing::TempDir() + "vp-tls-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~Files() { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& content) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << content;
    return path;
  }
  /// A certificate followed by its key.
  [[nodiscard]] std::string write(const std::string& name, const KeyedCertificate& made) const {
    return write(name, tls::pem(made.certificate.get()) + tls::pem(made.key.get()));
  }

 private:
  std::string folder_;
};

/// What one side saw.
struct Seen {
  std::optional<IoResult> handshake;
  std::string received;
  std::optional<IoResult> end;  ///< of receiving
  std::optional<IoResult> sent;
};

Co<void> shake_hands(TlsStream& stream, Seen& seen) {
  const IoResult result = co_await stream.handshake();
  seen.handshake = result;
}

Co<void> send_text(TlsStream& stream, Bytes text, Seen& seen) {
  const IoResult result = co_await stream.send(text);
  seen.sent = result;
}

/// Receives until `bytes` have come or the stream ends.
Co<void> receive_text(TlsStream& stream, Seen& seen, std::size_t bytes) {
  while (seen.received.size() < bytes) {
    auto [result, data] = co_await stream.receive();
    if (!result.ok() || data.empty()) {
      seen.end = result;
      break;
    }
    seen.received += text_of(data);
  }
}

struct Tls : testing::Test {
  Tls() : authority(make_certificate({.common_name = "Test Authority", .authority = true})) {
    ca_file = files.write("ca.pem", tls::pem(authority.certificate.get()));
  }

  std::string server_file(CertificateSpec spec, const std::string& name = "server.pem") {
    return files.write(name, make_certificate(spec));
  }
  std::string good_file() {
    return server_file({.common_name = "server",
                        .alternative_names = "DNS:localhost,DNS:www.example.org,IP:127.0.0.1,IP:::1",
                        .issuer = &authority});
  }
  void serve(const TlsServerSettings& settings) {
    auto made = TlsContext::server(settings);
    ASSERT_TRUE(made) << made.error().text();
    server_context = std::move(*made);
  }
  void use(const TlsClientSettings& settings) {
    auto made = TlsContext::client(settings);
    ASSERT_TRUE(made) << made.error().text();
    client_context = std::move(*made);
  }
  void connect(std::string_view host = "localhost", MemoryStream::Nature nature = {}) {
    client.reset();
    server.reset();
    client_seen = {};
    server_seen = {};
    auto ends = MemoryStream::pair(reactor, nature);
    client_transport = ends.client.get();
    server_transport = ends.server.get();
    client = client_context->wrap(reactor, std::move(ends.client), host);
    server = server_context->accept(reactor, std::move(ends.server));
  }
  /// Both handshakes, to their ends.
  void shake() {
    spawn(shake_hands(*server, server_seen));
    spawn(shake_hands(*client, client_seen));
    turn();
  }
  void turn() {
    while (reactor.turn()) {
    }
  }
  /// One connection that says a word each way and ends politely.
  void visit(std::string_view host = "localhost", MemoryStream::Nature nature = {}) {
    connect(host, nature);
    shake();
    ASSERT_TRUE(client_seen.handshake && client_seen.handshake->ok()) << client->failure();
    ASSERT_TRUE(server_seen.handshake && server_seen.handshake->ok()) << server->failure();
    spawn(receive_text(*server, server_seen, 4));
    spawn(receive_text(*client, client_seen, 4));
    spawn(send_text(*client, bytes_of("ping"), client_seen));
    spawn(send_text(*server, bytes_of("pong"), server_seen));
    turn();
    EXPECT_EQ(server_seen.received, "ping");
    EXPECT_EQ(client_seen.received, "pong");
  }

  Files files;
  ScriptedReactor reactor;
  KeyedCertificate authority;
  std::string ca_file;
  std::unique_ptr<TlsContext> client_context;
  std::unique_ptr<TlsContext> server_context;
  MemoryStream* client_transport = nullptr;
  MemoryStream* server_transport = nullptr;
  std::unique_ptr<TlsStream> client;
  std::unique_ptr<TlsStream> server;
  Seen client_seen;
  Seen server_seen;
};

TEST_F(Tls, AGoodServerIsTrustedAndBothSidesKnowTheFacts) {
  serve({.certificate_file = good_file(), .alpn = {"h2", "http/1.1"}});
  use({.ca_file = ca_file, .alpn = {"http/1.1"}});
  visit();
  for (const TlsStream* side : {client.get(), server.get()}) {
    EXPECT_EQ(side->facts().version, "TLSv1.3");
    EXPECT_THAT(side->facts().cipher, HasSubstr("TLS_"));
    EXPECT_EQ(side->facts().alpn, "http/1.1");
    EXPECT_FALSE(side->facts().resumed);
    EXPECT_EQ(side->failure(), "");
  }
}

TEST_F(Tls, AddressesAreVerifiedAsAddresses) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  for (const char* host : {"127.0.0.1", "::1", "[::1]", "www.example.org", "www.example.org."})
    visit(host);
}

TEST_F(Tls, BytesOneByOneAreEnough) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit("localhost", {.piece_bytes = 1});
}

struct BadServer {
  const char* what;
  CertificateSpec spec;
  bool by_authority;
  ErrorKind kind;
  const char* says;
};

TEST_F(Tls, EveryBadCertificateHasItsOwnKindAndWords) {
  const BadServer table[] = {
      {"other name", {.alternative_names = "DNS:other.example"}, true, kTlsWrongName, "other.example"},
      {"expired",
       {.alternative_names = "DNS:localhost", .begins_s = -2 * kDay, .ends_s = -kDay},
       true,
       kTlsExpired,
       "expired"},
      {"not yet valid", {.alternative_names = "DNS:localhost", .begins_s = kDay}, true, kTlsExpired, "not yet valid"},
      {"self-signed", {.alternative_names = "DNS:localhost"}, false, kTlsUntrusted, "self-signed"},
  };
  for (const BadServer& bad : table) {
    SCOPED_TRACE(bad.what);
    CertificateSpec spec = bad.spec;
    spec.common_name = "bad";
    spec.issuer = bad.by_authority ? &authority : nullptr;
    serve({.certificate_file = server_file(spec)});
    use({.ca_file = ca_file});
    connect();
    shake();
    ASSERT_TRUE(client_seen.handshake);
    EXPECT_EQ(client_seen.handshake->kind, bad.kind) << client_seen.handshake->kind.name();
    EXPECT_THAT(std::string(client->failure()), HasSubstr(bad.says));
    // The server learns it by the alert, not by silence.
    ASSERT_TRUE(server_seen.handshake);
    EXPECT_EQ(server_seen.handshake->kind, kTlsHandshake);
    EXPECT_THAT(std::string(server->failure()), HasSubstr("alert"));
  }
}

TEST_F(Tls, AnAddressThatTheCertificateLacksIsAWrongName) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  connect("127.0.0.2");
  shake();
  EXPECT_EQ(client_seen.handshake->kind, kTlsWrongName);
  EXPECT_THAT(std::string(client->failure()), AllOf(HasSubstr("127.0.0.2"), HasSubstr("127.0.0.1")));
}

TEST_F(Tls, AnUnknownIssuerIsUntrusted) {
  const KeyedCertificate stranger = make_certificate({.common_name = "Stranger", .authority = true});
  serve({.certificate_file =
             server_file({.common_name = "x", .alternative_names = "DNS:localhost", .issuer = &stranger})});
  use({.ca_file = ca_file});
  connect();
  shake();
  EXPECT_EQ(client_seen.handshake->kind, kTlsUntrusted);
  EXPECT_THAT(std::string(client->failure()), HasSubstr("Stranger"));
}

TEST_F(Tls, WithoutVerificationAnythingGoes) {
  serve({.certificate_file = server_file({.common_name = "x", .ends_s = -1})});
  use({.verify = TlsVerify::nothing});
  visit("whatever.example");
}

TEST_F(Tls, TheSystemStoreDoesNotTrustASelfMadeServer) {
  serve({});
  use({});
  connect();
  shake();
  EXPECT_EQ(client_seen.handshake->kind, kTlsUntrusted);
}

TEST_F(Tls, TheSelfMadeCertificateServesLocalhostByNameAndAddress) {
  serve({});
  use({.ca_file = files.write("own.pem", server_context->certificate_pem())});
  for (const char* host : {"localhost", "127.0.0.1", "::1"})
    visit(host);
}

TEST_F(Tls, PlainTextIsRecognisedOnBothSides) {
  serve({});
  use({});
  connect();
  spawn(shake_hands(*client, client_seen));
  SendOp plain;
  plain.data = {bytes_of("HTTP/1.1 400 Bad Request\r\n"), {}};
  ASSERT_TRUE(server_transport->start_send(plain));
  turn();
  ASSERT_TRUE(client_seen.handshake);
  EXPECT_EQ(client_seen.handshake->kind, kTlsNotTls);
  EXPECT_THAT(std::string(client->failure()), HasSubstr("HTTP/1.1 400 Bad Request"));

  connect();
  spawn(shake_hands(*server, server_seen));
  plain.data = {bytes_of("GET / HTTP/1.1\r\n"), {}};
  ASSERT_TRUE(client_transport->start_send(plain));
  turn();
  ASSERT_TRUE(server_seen.handshake);
  EXPECT_EQ(server_seen.handshake->kind, kTlsNotTls);
}

TEST_F(Tls, AnEndDuringTheHandshakeIsAHandshakeFailure) {
  serve({});
  use({});
  connect();
  spawn(shake_hands(*client, client_seen));
  server_transport->shutdown_send();
  turn();
  ASSERT_TRUE(client_seen.handshake);
  EXPECT_EQ(client_seen.handshake->kind, kTlsHandshake);
  EXPECT_THAT(std::string(client->failure()), HasSubstr("closed the connection"));
}

TEST_F(Tls, AnEndWithoutCloseNotifyIsTruncatedAndWithItIsNot) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  for (const bool polite : {false, true}) {
    SCOPED_TRACE(polite);
    visit();
    spawn(send_text(*server, bytes_of(" more"), server_seen));
    if (polite) {
      server->shutdown_send();
      EXPECT_TRUE(server_transport->shut());
    } else {
      server_transport->shutdown_send();
    }
    spawn(receive_text(*client, client_seen, 1000));
    turn();
    EXPECT_EQ(client_seen.received, "pong more");
    ASSERT_TRUE(client_seen.end);
    EXPECT_EQ(client_seen.end->kind, polite ? kNoError : kTlsTruncated);
    EXPECT_FALSE(client->idle_ok());
  }
}

TEST_F(Tls, AClientCertificateIsShownAndItsLackIsRefused) {
  const std::string client_file =
      files.write("client.pem", make_certificate({.common_name = "client", .issuer = &authority}));
  serve({.certificate_file = good_file(), .request_client_certificate_ca = ca_file});
  use({.ca_file = ca_file, .certificate_file = client_file});
  visit();

  use({.ca_file = ca_file});
  connect();
  shake();
  ASSERT_TRUE(server_seen.handshake);
  EXPECT_EQ(server_seen.handshake->kind, kTlsHandshake);
  // In TLS 1.3 the client is done before the server looks: it learns with the first receive.
  spawn(receive_text(*client, client_seen, 1));
  turn();
  ASSERT_TRUE(client_seen.end);
  EXPECT_EQ(client_seen.end->kind, kTlsHandshake);
  EXPECT_THAT(std::string(client->failure()), HasSubstr("certificate required"));
}

TEST_F(Tls, AClientCertificateOfAStrangerIsUntrusted) {
  serve({.certificate_file = good_file(), .request_client_certificate_ca = ca_file});
  use({.ca_file = ca_file, .certificate_file = files.write("self.pem", make_certificate({.common_name = "self"}))});
  connect();
  shake();
  ASSERT_TRUE(server_seen.handshake);
  EXPECT_EQ(server_seen.handshake->kind, kTlsUntrusted);
}

TEST_F(Tls, TheSecondConnectionResumesOnBothSides) {
  const std::string file = good_file();
  for (const TlsVersion version : {TlsVersion::tls12, TlsVersion::tls13}) {
    SCOPED_TRACE(version == TlsVersion::tls12 ? "1.2" : "1.3");
    serve({.certificate_file = file});
    use({.ca_file = ca_file, .highest = version});
    for (const bool resumed : {false, true, true}) {
      visit();
      EXPECT_EQ(client->facts().version, version == TlsVersion::tls12 ? "TLSv1.2" : "TLSv1.3");
      EXPECT_EQ(client->facts().resumed, resumed);
      EXPECT_EQ(server->facts().resumed, resumed);
    }
    visit("127.0.0.1");
    EXPECT_FALSE(client->facts().resumed) << "another host's session";
    visit("localhost", {.port = 8443});
    EXPECT_FALSE(client->facts().resumed) << "another port's session";
  }
}

TEST_F(Tls, AnotherShardOfTheServerResumesTheSession) {
  const std::string file = good_file();
  serve({.certificate_file = file});
  use({.ca_file = ca_file});
  visit();
  serve({.certificate_file = file});
  visit();
  EXPECT_TRUE(client->facts().resumed);
  EXPECT_TRUE(server->facts().resumed);
}

TEST_F(Tls, AConnectionThatEndedRudelyCanStillBeResumed) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit();
  client->abort(kTimeout);
  server->abort(kTimeout);
  turn();
  visit();
  EXPECT_TRUE(client->facts().resumed);
}

TEST_F(Tls, SeveralMegabytesGoBothWaysAtOnce) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  for (const std::size_t window : {std::size_t{1}, std::size_t{256 * 1024}}) {
    connect("localhost", {.piece_bytes = 10'000, .window_bytes = window});
    shake();
    ASSERT_TRUE(client_seen.handshake->ok());
    std::string there(3'000'001, '\0');
    std::string back(5'000'003, '\0');
    for (std::size_t i = 0; i < there.size(); ++i)
      there[i] = char(i * 7 + i / 251);
    for (std::size_t i = 0; i < back.size(); ++i)
      back[i] = char(i * 13 + i / 509);
    spawn(receive_text(*server, server_seen, there.size()));
    spawn(receive_text(*client, client_seen, back.size()));
    spawn(send_text(*client, bytes_of(there), client_seen));
    spawn(send_text(*server, bytes_of(back), server_seen));
    turn();
    EXPECT_TRUE(server_seen.received == there);
    EXPECT_TRUE(client_seen.received == back);
    EXPECT_TRUE(client_seen.sent && client_seen.sent->ok());
    EXPECT_TRUE(server_seen.sent && server_seen.sent->ok());
  }
}

TEST_F(Tls, AShortHeadAndBodyShareARecord) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit();
  const std::size_t before = client_transport->sent_bytes();
  SendOp op;
  op.data = {bytes_of("head"), bytes_of("body")};
  ASSERT_TRUE(client->start_send(op));
  // TLS 1.3: 5 bytes of header, 8 of data, 1 of type, 16 of tag (RFC 8446, section 5.2).
  EXPECT_EQ(client_transport->sent_bytes() - before, 30u);
  server_seen.received.clear();
  spawn(receive_text(*server, server_seen, 8));
  turn();
  EXPECT_EQ(server_seen.received, "headbody");
}

TEST_F(Tls, AbortEndsWhatIsPendingButNotInsideTheCall) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit();
  client_transport->hold_sends = true;
  spawn(receive_text(*client, client_seen, 1000));
  client_seen.sent.reset();
  spawn(send_text(*client, bytes_of("never"), client_seen));
  client->abort(kTimeout);
  EXPECT_FALSE(client_seen.end);
  EXPECT_FALSE(client_seen.sent);
  turn();
  ASSERT_TRUE(client_seen.end && client_seen.sent);
  EXPECT_EQ(client_seen.end->kind, kTimeout);
  EXPECT_EQ(client_seen.sent->kind, kTimeout);
  ReceiveOp later;
  ASSERT_TRUE(client->start_receive(later));
  EXPECT_EQ(later.result.kind, kTimeout);
}

TEST_F(Tls, AbortEndsAPendingHandshake) {
  serve({});
  use({});
  connect();
  spawn(shake_hands(*client, client_seen));
  EXPECT_FALSE(client_seen.handshake);
  client->abort(kConnectTimeout);
  EXPECT_FALSE(client_seen.handshake);
  turn();
  ASSERT_TRUE(client_seen.handshake);
  EXPECT_EQ(client_seen.handshake->kind, kConnectTimeout);
}

TEST_F(Tls, SessionTicketsDoNotSpoilAnIdleConnectionButDataDoes) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  connect();
  shake();
  EXPECT_TRUE(client->idle_ok());  // the server's ticket has arrived, unasked and unread
  EXPECT_TRUE(client->idle_ok());
  spawn(send_text(*server, bytes_of("surprise"), server_seen));
  turn();
  EXPECT_FALSE(client->idle_ok());
  spawn(receive_text(*client, client_seen, 8));
  turn();
  EXPECT_EQ(client_seen.received, "surprise");
  EXPECT_TRUE(client->idle_ok());
  server->shutdown_send();
  turn();
  EXPECT_FALSE(client->idle_ok());
}

TEST_F(Tls, CloseNotifyStillLeavesWhenTheStreamIsDestroyedAtOnce) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit();
  bool gone = false;
  client_transport->destroyed = &gone;
  client_transport->hold_sends = true;
  client->shutdown_send();
  client.reset();
  EXPECT_FALSE(gone);
  client_transport->release_sends();
  turn();
  EXPECT_TRUE(gone);
  spawn(receive_text(*server, server_seen, 1000));
  turn();
  ASSERT_TRUE(server_seen.end);
  EXPECT_TRUE(server_seen.end->ok());
}

TEST_F(Tls, ADestroyedStreamLingersNoLongerThanASecond) {
  serve({.certificate_file = good_file()});
  use({.ca_file = ca_file});
  visit();
  bool gone = false;
  client_transport->destroyed = &gone;
  client_transport->hold_sends = true;
  client->shutdown_send();
  client.reset();
  EXPECT_TRUE(reactor.run_until([&] { return gone; }, std::chrono::milliseconds(1100)));
}

TEST_F(Tls, NoCommonProtocolIsRefused) {
  serve({.certificate_file = good_file(), .alpn = {"h2"}});
  use({.ca_file = ca_file, .alpn = {"http/1.1"}});
  connect();
  shake();
  EXPECT_EQ(client_seen.handshake->kind, kTlsHandshake);
  EXPECT_THAT(std::string(client->failure()), HasSubstr("no application protocol"));
}

TEST_F(Tls, FilesThatCannotBeUsedAreUsageErrorsWithACure) {
  const std::string nonsense = files.write("nonsense.pem", "nothing of the kind\n");
  const std::string lone = files.write("lone.pem", tls::pem(authority.certificate.get()));
  const auto error_of = [](auto made) { return made ? Error{} : made.error(); };
  const Error errors[] = {
      error_of(TlsContext::client({.ca_file = "/nowhere/ca.pem"})),
      error_of(TlsContext::client({.ca_file = nonsense})),
      error_of(TlsContext::client({.certificate_file = nonsense})),
      error_of(TlsContext::server({.certificate_file = lone})),
      error_of(TlsContext::server({.request_client_certificate_ca = "/nowhere/ca.pem"})),
  };
  for (const Error& error : errors) {
    EXPECT_EQ(error.kind, kUsage) << error.message;
    EXPECT_THAT(error.message, HasSubstr("cannot use '"));
    EXPECT_FALSE(error.cure.empty());
  }
}

}  // namespace
}  // namespace vajrapulse::runtime
