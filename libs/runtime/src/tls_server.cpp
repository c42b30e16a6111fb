#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "tls_certificate.hpp"
#include "tls_settings.hpp"
#include "tls_stream.hpp"

namespace vajrapulse::runtime {
namespace tls {
namespace {

class ServerContext final : public TlsContext {
 public:
  ServerContext(SslContext context, std::string alpn) : context_(std::move(context)), alpn_(std::move(alpn)) {
    if (!alpn_.empty()) SSL_CTX_set_alpn_select_cb(context_.get(), &select_alpn, this);
  }

  std::unique_ptr<TlsStream> wrap(Reactor&, std::unique_ptr<Stream>, std::string_view) override { return nullptr; }
  std::unique_ptr<TlsStream> accept(Reactor& reactor, std::unique_ptr<Stream> transport) override {
    Ssl ssl(SSL_new(context_.get()));
    SSL_set_accept_state(ssl.get());
    CoreSettings settings{.side = Side::server, .host = {}, .session_key = {}, .sessions = nullptr};
    return make_stream(reactor, std::move(ssl), std::move(transport), std::move(settings));
  }
  [[nodiscard]] std::string certificate_pem() const override { return pem(SSL_CTX_get0_certificate(context_.get())); }

 private:
  /// Our order counts; a client that offers only others is refused (RFC 7301, section 3.2).
  static int select_alpn(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                         unsigned offered_size, void* self) {
    const std::string& ours = static_cast<ServerContext*>(self)->alpn_;
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(ours.data()),
                                              unsigned(ours.size()), offered, offered_size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
  }

  SslContext context_;
  std::string alpn_;
};

/// One for the process, so that every shard of a server shows the same.
const KeyedCertificate& localhost_certificate() {
  static const KeyedCertificate made = make_certificate(
      {.common_name = "localhost", .alternative_names = "DNS:localhost,IP:127.0.0.1,IP:::1", .issuer = nullptr});
  return made;
}

Status show_certificate(SSL_CTX* context, const TlsServerSettings& settings) {
  if (!settings.certificate_file.empty()) return use_certificate(context, settings.certificate_file, settings.key_file);
  const KeyedCertificate& own = localhost_certificate();
  if (!own.certificate || SSL_CTX_use_certificate(context, own.certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, own.key.get()) != 1) {
    return fail(kTlsHandshake, "cannot make a certificate for localhost: " + take_error_text());
  }
  return {};
}

Status demand_client_certificate(SSL_CTX* context, const std::string& ca_file) {
  if (auto trusted = trust_file(context, ca_file); !trusted) return trusted;
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(ca_file.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, &note_refusal);
  return {};
}

/// Tickets without a server's memory, under keys of the process: any shard resumes what another began.
void resume_by_tickets(SSL_CTX* context, const TlsServerSettings& settings) {
  constexpr int kKeyBytes = 80;
  static std::array<unsigned char, kKeyBytes> keys = [] {
    std::array<unsigned char, kKeyBytes> random{};
    RAND_bytes(random.data(), int(random.size()));
    return random;
  }();
  SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), keys.size());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  // A session must not carry over to a server that demands other certificates.
  const std::string identity = settings.certificate_file + '\n' + settings.request_client_certificate_ca;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(identity.data()), identity.size(), digest.data());
  SSL_CTX_set_session_id_context(context, digest.data(), digest.size());
}

}  // namespace
}  // namespace tls

Expected<std::unique_ptr<TlsContext>> TlsContext::server(const TlsServerSettings& settings) {
  tls::init_openssl();
  tls::SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail(kTlsHandshake, "cannot set up TLS: " + tls::take_error_text());
  tls::set_common(context.get(), settings.highest);
  if (auto ok = tls::show_certificate(context.get(), settings); !ok) return std::unexpected(ok.error());
  if (!settings.request_client_certificate_ca.empty()) {
    auto ok = tls::demand_client_certificate(context.get(), settings.request_client_certificate_ca);
    if (!ok) return std::unexpected(ok.error());
  }
  tls::resume_by_tickets(context.get(), settings);
  return std::make_unique<tls::ServerContext>(std::move(context), tls::alpn_wire(settings.alpn));
}

}  // namespace vajrapulse::runtime
