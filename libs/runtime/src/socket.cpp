#include "socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr int kBacklog = 4096;

std::unexpected<Error> cannot_listen(const Address& address, int error) {
  const char* cure = "";
  if (error == EADDRINUSE) cure = "choose another port, or stop what listens there";
  if (error == EACCES) cure = "choose a port above 1023, or a path you may write";
  if (error == EADDRNOTAVAIL) cure = "this machine does not have that address";
  const IoResult why = from_errno(error);
  return fail(why.kind, fmt::format("cannot listen on {}: {}", address.text(), std::generic_category().message(error)),
              cure);
}

Address local_address(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
  return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage), size);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor open_socket(int family, Blocking blocking) noexcept {
  const int flags = SOCK_STREAM | SOCK_CLOEXEC | (blocking == Blocking::no ? SOCK_NONBLOCK : 0);
  Descriptor socket(::socket(family, flags, 0));
  if (socket.valid()) set_no_delay(socket.get(), family);
  return socket;
}

void set_no_delay(int fd, int family) noexcept {
  if (family != AF_INET && family != AF_INET6) return;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

Expected<ListeningSocket> open_listener(const Address& address, Blocking blocking) {
  Descriptor socket = open_socket(address.family(), blocking);
  if (!socket.valid()) return cannot_listen(address, errno);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(socket.get(), address.data(), address.size()) != 0) return cannot_listen(address, errno);
  if (::listen(socket.get(), kBacklog) != 0) return cannot_listen(address, errno);
  const int fd = socket.get();
  return ListeningSocket{.descriptor = std::move(socket), .local = local_address(fd)};
}

}  // namespace vajrapulse::runtime
