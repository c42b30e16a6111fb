#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace vajrapulse::integration {

/// A server that does one wrong thing to every connection, on plain blocking sockets: it shares no code with
/// what it tests.
class BrokenServer {
 public:
  /// Called with each accepted connection, which is closed afterwards.
  using Script = std::function<void(int connection)>;

  explicit BrokenServer(Script script);
  ~BrokenServer();
  BrokenServer(const BrokenServer&) = delete;
  BrokenServer& operator=(const BrokenServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int accepted() const noexcept { return accepted_; }

 private:
  void serve();

  Script script_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> accepted_ = 0;
  std::thread thread_;
};

// What scripts are made of.
void read_request(int connection);
void say(int connection, const std::string& text);
/// Closing will send a reset instead of an orderly end.
void reset_at_close(int connection);
/// Says nothing until the peer goes.
void wait_for_the_end(int connection);
/// Handshakes as a TLS server, sends `text`, and closes without close_notify.
void speak_tls_and_cut(int connection, const std::string& certificate_file, const std::string& key_file,
                       const std::string& text);

/// Handshakes as a TLS server that demands a certificate which `client_ca` signed, answers one request with `text`,
/// and waits for the peer to go. Who shows no such certificate is refused as OpenSSL refuses.
void speak_tls_to_the_known(int connection, const std::string& certificate_file, const std::string& key_file,
                            const std::string& client_ca, const std::string& text);

}  // namespace vajrapulse::integration
