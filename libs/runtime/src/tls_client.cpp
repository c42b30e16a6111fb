#include <openssl/x509v3.h>

#include <utility>

#include "tls_certificate.hpp"
#include "tls_settings.hpp"
#include "tls_stream.hpp"

namespace vajrapulse::runtime {
namespace tls {
namespace {

int keep_session(SSL* ssl, SSL_SESSION* session) {
  Core::of(ssl).keep_session(Session(session));
  return 1;  // ours now
}

/// "[::1]" without its brackets, "example.org." without its last dot.
std::string bare(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return std::string(host.substr(1, host.size() - 2));
  if (host.ends_with('.')) host.remove_suffix(1);
  return std::string(host);
}

class ClientContext final : public TlsContext {
 public:
  ClientContext(SslContext context, bool trust_system_later)
      : context_(std::move(context)), trust_system_later_(trust_system_later) {}

  std::unique_ptr<TlsStream> wrap(Reactor& reactor, std::unique_ptr<Stream> transport, std::string_view host) override;
  std::unique_ptr<TlsStream> accept(Reactor&, std::unique_ptr<Stream>) override { return nullptr; }
  [[nodiscard]] std::string certificate_pem() const override {
    X509* own = SSL_CTX_get0_certificate(context_.get());
    return own ? pem(own) : std::string();
  }

 private:
  SslContext context_;
  bool trust_system_later_;
  std::shared_ptr<Sessions> sessions_ = std::make_shared<Sessions>();
};

/// What the certificate must name; SNI only for names (RFC 6066, section 3).
void expect_name(SSL* ssl, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) return;
  SSL_set1_host(ssl, host.c_str());
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

std::unique_ptr<TlsStream> ClientContext::wrap(Reactor& reactor, std::unique_ptr<Stream> transport,
                                               std::string_view host) {
  if (std::exchange(trust_system_later_, false)) trust_system(context_.get());
  CoreSettings settings{.side = Side::client, .host = bare(host), .session_key = {}, .sessions = sessions_};
  settings.session_key = settings.host + ":" + std::to_string(transport->peer().port());
  Ssl ssl(SSL_new(context_.get()));
  SSL_set_connect_state(ssl.get());
  expect_name(ssl.get(), settings.host);
  if (SSL_SESSION* session = sessions_->newest(settings.session_key)) SSL_set_session(ssl.get(), session);
  return make_stream(reactor, std::move(ssl), std::move(transport), std::move(settings));
}

void set_verification(SSL_CTX* context, TlsVerify verify) {
  if (verify == TlsVerify::peer) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &note_refusal);
    // A certificate that was given by hand is trusted even when it is not a root.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    return;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  // Otherwise the chain would be checked all the same, and the outcome thrown away.
  SSL_CTX_set_cert_verify_callback(context, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
}

}  // namespace
}  // namespace tls

Expected<std::unique_ptr<TlsContext>> TlsContext::client(const TlsClientSettings& settings) {
  tls::init_openssl();
  tls::SslContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return fail(kTlsHandshake, "cannot set up TLS: " + tls::take_error_text());
  tls::set_common(context.get(), settings.highest);
  tls::set_verification(context.get(), settings.verify);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context.get(), &tls::keep_session);
  const std::string alpn = tls::alpn_wire(settings.alpn);
  SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(alpn.data()), unsigned(alpn.size()));
  const bool verifies = settings.verify == TlsVerify::peer;
  if (verifies && !settings.ca_file.empty()) {
    if (auto ok = tls::trust_file(context.get(), settings.ca_file); !ok) return std::unexpected(ok.error());
  }
  if (!settings.certificate_file.empty()) {
    auto ok = tls::use_certificate(context.get(), settings.certificate_file, settings.key_file);
    if (!ok) return std::unexpected(ok.error());
  }
  return std::make_unique<tls::ClientContext>(std::move(context), verifies && settings.ca_file.empty());
}

}  // namespace vajrapulse::runtime
