#include "prober.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace vajrapulse::proofs {

Prober::Prober(integration::DemoHost& server)
    : clock_(server.thread().reactor()), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.address().port());
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

Prober::~Prober() { ::close(fd_); }

Prober::Asked Prober::ask() {
  constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  std::array<char, 4096> answer;
  Asked asked{.sent = clock_.now(), .answered = {}};
  good_ = connected_ && ::send(fd_, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) == ssize_t(kRequest.size()) &&
          ::recv(fd_, answer.data(), answer.size(), 0) > 0;
  asked.answered = clock_.now();
  return asked;
}

}  // namespace vajrapulse::proofs
