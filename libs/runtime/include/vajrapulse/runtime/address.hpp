#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::runtime {

/// A numeric endpoint: IPv4 or IPv6 address and port, or a Unix socket path.
class Address {
 public:
  Address() = default;
  /// "127.0.0.1", "::1" or "[::1]" and a port; anything that is no numeric address is an error (names are
  /// the Resolver's).
  static Expected<Address> ip(std::string_view text, std::uint16_t port);
  static Expected<Address> unix_socket(std::string_view path);
  static Address from_sockaddr(const sockaddr* address, socklen_t length);
  /// "127.0.0.1:80", "[::1]:80", "unix:/path".
  static Expected<Address> parse(std::string_view host_and_port);

  [[nodiscard]] const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const noexcept { return size_; }
  [[nodiscard]] int family() const noexcept { return storage_.ss_family; }
  [[nodiscard]] std::uint16_t port() const noexcept;
  void set_port(std::uint16_t port) noexcept;
  [[nodiscard]] bool is_loopback() const noexcept;
  /// "127.0.0.1:80", "[::1]:80", "unix:/path".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Address& a, const Address& b) noexcept;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace vajrapulse::runtime
