#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "broken_server.hpp"
#include "certificates.hpp"
#include "client_host.hpp"
#include "expectations.hpp"
#include "vajrapulse/runtime/errors.hpp"

// A server that wants to know who asks: OpenSSL's own, so that both ends are not ours.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;
using runtime::TlsVersion;

class ClientCertificateOn : public testing::TestWithParam<std::tuple<IoKind, TlsVersion>> {
 protected:
  [[nodiscard]] static IoKind io() { return std::get<0>(GetParam()); }

  /// A client that trusts the server, and shows `shown` if there is one.
  [[nodiscard]] http::ClientSettings showing(const Certificate& shown) const {
    return {.timeout = std::chrono::seconds(3),
            .tls = {.ca_file = server_.certificate_file,
                    .certificate_file = shown.certificate_file,
                    .key_file = shown.key_file,
                    .highest = std::get<1>(GetParam())}};
  }

  TemporaryFolder folder_;
  Certificate server_ = make_certificate(folder_.path(), "127.0.0.1", Validity::now);
  Certificate known_ = make_certificate(folder_.path(), "known.client", Validity::now);
  BrokenServer demanding_{[this](int connection) {
    speak_tls_to_the_known(connection, server_.certificate_file, server_.key_file, known_.certificate_file,
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  }};
  std::string place_ = "127.0.0.1:" + std::to_string(demanding_.port());
};

INSTANTIATE_TEST_SUITE_P(Both, ClientCertificateOn,
                         testing::Combine(testing::Values(IoKind::io_uring, IoKind::epoll),
                                          testing::Values(TlsVersion::tls12, TlsVersion::tls13)),
                         [](const auto& each) {
                           return std::string(name_of(std::get<0>(each.param))) +
                                  (std::get<1>(each.param) == TlsVersion::tls12 ? "_tls12" : "_tls13");
                         });

TEST_P(ClientCertificateOn, TheRightOneIsLetIn) {
  ClientHost client(io(), showing(known_));
  const http::Response response = client.get("https://" + place_ + "/");
  EXPECT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.body(), "hi");
}

// The alert of RFC 8446, section 6.2; before TLS 1.3 there was none for it.
TEST_P(ClientCertificateOn, ItsLackIsRefusedAndSaidToBeThat) {
  ClientHost client(io(), showing({}));
  const bool has_its_alert = std::get<1>(GetParam()) == TlsVersion::tls13;
  const std::string alert = has_its_alert ? "certificate required" : "handshake failure";
  expect_failure(client, io(), "https://" + place_ + "/", runtime::kTlsHandshake,
                 "the TLS handshake failed (the peer refused with the alert '" + alert + "', " + place_ + ")");
}

TEST_P(ClientCertificateOn, AStrangersIsRefusedAndSaidToBeThat) {
  const Certificate stranger = make_certificate(folder_.path(), "stranger", Validity::now);
  ClientHost client(io(), showing(stranger));
  expect_failure(client, io(), "https://" + place_ + "/", runtime::kTlsHandshake,
                 "the TLS handshake failed (the peer refused with the alert 'unknown ca', " + place_ + ")");
}

}  // namespace
}  // namespace vajrapulse::integration
