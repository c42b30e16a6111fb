#include "vajrapulse/runtime/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace vajrapulse::runtime {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

template <class T>
T& as(sockaddr_storage& storage) noexcept {
  return reinterpret_cast<T&>(storage);
}
template <class T>
const T& as(const sockaddr_storage& storage) noexcept {
  return reinterpret_cast<const T&>(storage);
}

std::string_view without_brackets(std::string_view host) noexcept {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

Expected<std::uint16_t> parse_port(std::string_view text, std::string_view whole) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > 65535) {
    return fail(kUsage, fmt::format("'{}' has no valid port", whole), "write it as 127.0.0.1:8080 or [::1]:8080");
  }
  return static_cast<std::uint16_t>(value);
}

std::string_view unix_path(const sockaddr_un& address, socklen_t size) noexcept {
  const std::size_t limit = size > offsetof(sockaddr_un, sun_path) ? size - offsetof(sockaddr_un, sun_path) : 0;
  return {address.sun_path, ::strnlen(address.sun_path, limit)};
}

}  // namespace

Expected<Address> Address::ip(std::string_view text, std::uint16_t port) {
  const std::string host(without_brackets(text));
  // The system's reader stops at a NUL, so one inside would hide what follows it.
  const bool whole = !host.contains('\0');
  Address address;
  auto& v4 = as<sockaddr_in>(address.storage_);
  if (whole && ::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size_ = sizeof(sockaddr_in);
    return address;
  }
  auto& v6 = as<sockaddr_in6>(address.storage_);
  if (whole && ::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size_ = sizeof(sockaddr_in6);
    return address;
  }
  return fail(kUsage, fmt::format("'{}' is not a numeric IP address", text), "write 127.0.0.1 or ::1");
}

Expected<Address> Address::unix_socket(std::string_view path) {
  Address address;
  auto& local = as<sockaddr_un>(address.storage_);
  if (path.empty() || path.contains('\0') || path.size() >= sizeof(local.sun_path)) {
    return fail(kUsage, fmt::format("'{}' cannot name a Unix socket", path),
                fmt::format("use a path of 1 to {} bytes", sizeof(local.sun_path) - 1));
  }
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.data(), path.size());
  address.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

Address Address::from_sockaddr(const sockaddr* address, socklen_t length) {
  Address result;
  result.size_ = std::min(length, static_cast<socklen_t>(sizeof(result.storage_)));
  std::memcpy(&result.storage_, address, result.size_);
  return result;
}

Expected<Address> Address::parse(std::string_view host_and_port) {
  if (host_and_port.starts_with(kUnixPrefix)) return unix_socket(host_and_port.substr(kUnixPrefix.size()));
  const std::size_t colon = host_and_port.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(kUsage, fmt::format("'{}' has no port", host_and_port), "write it as 127.0.0.1:8080 or [::1]:8080");
  }
  const std::string_view host = host_and_port.substr(0, colon);
  if (host.find(':') != std::string_view::npos && host.front() != '[') {
    return fail(kUsage, fmt::format("'{}' has no port, or its IPv6 address no brackets", host_and_port),
                "write it as [::1]:8080");
  }
  const auto port = parse_port(host_and_port.substr(colon + 1), host_and_port);
  if (!port) return std::unexpected(port.error());
  return ip(host, *port);
}

std::uint16_t Address::port() const noexcept {
  if (family() == AF_INET) return ntohs(as<sockaddr_in>(storage_).sin_port);
  if (family() == AF_INET6) return ntohs(as<sockaddr_in6>(storage_).sin6_port);
  return 0;
}

void Address::set_port(std::uint16_t port) noexcept {
  if (family() == AF_INET) as<sockaddr_in>(storage_).sin_port = htons(port);
  if (family() == AF_INET6) as<sockaddr_in6>(storage_).sin6_port = htons(port);
}

bool Address::is_loopback() const noexcept {
  if (family() == AF_UNIX) return true;
  if (family() == AF_INET) return (ntohl(as<sockaddr_in>(storage_).sin_addr.s_addr) >> 24) == 127;
  if (family() != AF_INET6) return false;
  const in6_addr& v6 = as<sockaddr_in6>(storage_).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

std::string Address::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  switch (family()) {
    case AF_INET:
      ::inet_ntop(AF_INET, &as<sockaddr_in>(storage_).sin_addr, buffer, sizeof(buffer));
      return fmt::format("{}:{}", buffer, port());
    case AF_INET6:
      ::inet_ntop(AF_INET6, &as<sockaddr_in6>(storage_).sin6_addr, buffer, sizeof(buffer));
      return fmt::format("[{}]:{}", buffer, port());
    case AF_UNIX: return fmt::format("{}{}", kUnixPrefix, unix_path(as<sockaddr_un>(storage_), size_));
    default: return "(no address)";
  }
}

bool operator==(const Address& a, const Address& b) noexcept {
  if (a.family() != b.family()) return false;
  switch (a.family()) {
    case AF_INET: {
      const auto& x = as<sockaddr_in>(a.storage_);
      const auto& y = as<sockaddr_in>(b.storage_);
      return x.sin_port == y.sin_port && x.sin_addr.s_addr == y.sin_addr.s_addr;
    }
    case AF_INET6: {
      const auto& x = as<sockaddr_in6>(a.storage_);
      const auto& y = as<sockaddr_in6>(b.storage_);
      return x.sin6_port == y.sin6_port && x.sin6_scope_id == y.sin6_scope_id &&
             std::memcmp(&x.sin6_addr, &y.sin6_addr, sizeof(x.sin6_addr)) == 0;
    }
    case AF_UNIX:
      return unix_path(as<sockaddr_un>(a.storage_), a.size_) == unix_path(as<sockaddr_un>(b.storage_), b.size_);
    default: return a.size_ == b.size_;
  }
}

}  // namespace vajrapulse::runtime
