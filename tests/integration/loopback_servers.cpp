#include "loopback_servers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.hpp"

namespace vajrapulse::integration {

using runtime::Address;

DeadAddress::DeadAddress() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 0) != 0) give_up("listening");
  ::getsockname(listener_, raw, &size);
  address_ = Address::from_sockaddr(raw, size);
  for (int& each : fillers_) {
    each = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    static_cast<void>(::connect(each, raw, size));
  }
}

DeadAddress::~DeadAddress() {
  for (const int each : fillers_)
    ::close(each);
  ::close(listener_);
}

NameServer::NameServer(int code, std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), code_(code) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  const timeval poll{.tv_sec = 0, .tv_usec = 20'000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &poll, sizeof poll);
  if (::bind(socket_, raw, size) != 0 || ::getsockname(socket_, raw, &size) != 0) give_up("binding");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  ending_ = true;
  thread_.join();
  ::close(socket_);
}

void NameServer::serve() {
  std::array<unsigned char, 512> packet{};
  while (!ending_) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const raw = reinterpret_cast<sockaddr*>(&from);
    const ssize_t got = ::recvfrom(socket_, packet.data(), packet.size(), 0, raw, &size);
    if (got < 12) continue;
    ++questions_;
    if (code_ == kSilent) continue;
    packet[2] = static_cast<unsigned char>(packet[2] | 0x80U);  // a response
    packet[3] = static_cast<unsigned char>(0x80 | code_);
    static_cast<void>(::sendto(socket_, packet.data(), static_cast<std::size_t>(got), 0, raw, size));
  }
}

}  // namespace vajrapulse::integration
