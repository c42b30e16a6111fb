#include "broken_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "harness.hpp"

namespace vajrapulse::integration {

BrokenServer::BrokenServer(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0) give_up("listening");
  ::getsockname(listener_, raw, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

BrokenServer::~BrokenServer() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void BrokenServer::serve() {
  while (!ending_) {
    pollfd ready{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 10) != 1) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    const timeval patience{.tv_sec = 3, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ++accepted_;
    script_(connection);
    ::close(connection);
  }
}

void read_request(int connection) {
  std::string got;
  std::array<char, 4096> buffer{};
  while (got.find("\r\n\r\n") == got.npos) {
    const ssize_t n = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (n <= 0) return;
    got.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

void say(int connection, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

void reset_at_close(int connection) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void wait_for_the_end(int connection) {
  std::array<char, 4096> buffer{};
  while (::recv(connection, buffer.data(), buffer.size(), 0) > 0) {
  }
}

void speak_tls_and_cut(int connection, const std::string& certificate_file, const std::string& key_file,
                       const std::string& text) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_file(context, certificate_file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM);
  SSL* const session = SSL_new(context);
  SSL_set_fd(session, connection);
  std::array<char, 4096> buffer{};
  if (SSL_accept(session) == 1 && SSL_read(session, buffer.data(), buffer.size()) > 0) {
    SSL_write(session, text.data(), static_cast<int>(text.size()));
  }
  SSL_free(session);
  SSL_CTX_free(context);
}

void speak_tls_to_the_known(int connection, const std::string& certificate_file, const std::string& key_file,
                            const std::string& client_ca, const std::string& text) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_file(context, certificate_file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_load_verify_locations(context, client_ca.c_str(), nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL* const session = SSL_new(context);
  SSL_set_fd(session, connection);
  std::array<char, 4096> buffer{};
  if (SSL_accept(session) == 1 && SSL_read(session, buffer.data(), buffer.size()) > 0) {
    SSL_write(session, text.data(), static_cast<int>(text.size()));
  }
  wait_for_the_end(connection);  // to close before all is read would be a reset, and might overtake the alert
  SSL_free(session);
  SSL_CTX_free(context);
}

}  // namespace vajrapulse::integration
