#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace vajrapulse::runtime::fakes {

/// A name server (RFC 1035) on a free loopback port, UDP and TCP, with the names that a test gives it.
class NameServer {
 public:
  static constexpr std::uint16_t kTypeA = 1;
  static constexpr std::uint16_t kTypeAaaa = 28;

  struct Name {
    std::vector<std::string> addresses;
    std::uint32_t ttl_s = 60;
    bool silent = false;         ///< never answers
    bool only_over_tcp = false;  ///< over UDP says "truncated"
  };

  NameServer() {
    // A UDP port that is free need not be a free TCP port.
    for (int attempt = 0; attempt < 100 && (tcp_ < 0 || udp_ < 0); ++attempt) {
      if (udp_ >= 0) ::close(udp_);
      udp_ = bound(SOCK_DGRAM, 0);
      tcp_ = bound(SOCK_STREAM, port());
    }
    if (tcp_ < 0) throw std::runtime_error("no free port");
    ::listen(tcp_, 8);
    thread_ = std::thread([this] { serve(); });
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer() {
    const sockaddr_in self = address(port());
    ::sendto(udp_, "", 0, 0, reinterpret_cast<const sockaddr*>(&self), sizeof self);  // empty: end
    thread_.join();
    ::close(udp_);
    ::close(tcp_);
  }

  void set(const std::string& name, Name answer) {
    const std::lock_guard lock(mutex_);
    names_[name] = std::move(answer);
  }
  [[nodiscard]] int questions(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = questions_.find(name);
    return found == questions_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::string text() const { return "127.0.0.1:" + std::to_string(port()); }

 private:
  using Message = std::basic_string<unsigned char>;

  static sockaddr_in address(std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
  }
  static int bound(int type, std::uint16_t port) {
    const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const sockaddr_in to = address(port);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
    ::close(fd);
    return -1;
  }
  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in self{};
    socklen_t size = sizeof self;
    ::getsockname(udp_, reinterpret_cast<sockaddr*>(&self), &size);
    return ntohs(self.sin_port);
  }

  void serve() {
    for (;;) {
      pollfd ready[] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}};
      ::poll(ready, 2, -1);
      if (ready[1].revents) serve_tcp();
      if (ready[0].revents && !serve_udp()) return;
    }
  }
  bool serve_udp() {
    unsigned char buffer[1500];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(udp_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got <= 0) return false;
    const Message reply = answer(Message(buffer, std::size_t(got)), false);
    if (!reply.empty()) ::sendto(udp_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    return true;
  }
  void serve_tcp() {
    const int fd = ::accept(tcp_, nullptr, nullptr);
    // A poll armed on io_uring keeps a closed socket open until its ring ends, which may be after this server.
    const timeval patience{.tv_sec = 0, .tv_usec = 500'000};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (;;) {
      unsigned char length[2];
      if (::recv(fd, length, 2, MSG_WAITALL) != 2) break;
      Message question(std::size_t(length[0] * 256 + length[1]), 0);
      if (::recv(fd, question.data(), question.size(), MSG_WAITALL) != ssize_t(question.size())) break;
      const Message reply = answer(question, true);
      Message framed{(unsigned char)(reply.size() >> 8), (unsigned char)reply.size()};
      framed += reply;
      ::send(fd, framed.data(), framed.size(), MSG_NOSIGNAL);
    }
    ::close(fd);
  }

  Message answer(const Message& question, bool tcp) {
    std::string name;
    std::size_t at = 12;
    while (at < question.size() && question[at] != 0) {
      if (!name.empty()) name += '.';
      name.append(question.begin() + long(at) + 1, question.begin() + long(at) + 1 + question[at]);
      at += question[at] + 1u;
    }
    const auto type = std::uint16_t(question[at + 1] * 256 + question[at + 2]);
    const std::lock_guard lock(mutex_);
    ++questions_[name];
    const auto known = names_.find(name);
    if (known != names_.end() && known->second.silent) return {};
    // The question again, as an authoritative answer to it.
    Message reply = question.substr(0, at + 5);
    reply[2] = 0x85;
    reply[3] = known == names_.end() ? 0x83 : 0x80;  // name error, or none
    reply[6] = reply[7] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
    if (known == names_.end()) return reply;
    if (known->second.only_over_tcp && !tcp) {
      reply[2] |= 0x02;
      return reply;
    }
    for (const auto& text : known->second.addresses)
      append_record(reply, text, type, known->second.ttl_s);
    return reply;
  }
  static void append_record(Message& reply, const std::string& text, std::uint16_t type, std::uint32_t ttl_s) {
    const bool v6 = text.find(':') != std::string::npos;
    if (type != (v6 ? kTypeAaaa : kTypeA)) return;
    unsigned char data[16];
    const std::size_t size = v6 ? 16 : 4;
    ::inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), data);
    const unsigned char head[] = {0xc0, 0x0c, 0, (unsigned char)type, 0, 1};
    reply.append(head, sizeof head);
    for (int shift = 24; shift >= 0; shift -= 8)
      reply += (unsigned char)(ttl_s >> shift);
    reply += (unsigned char)0;
    reply += (unsigned char)size;
    reply.append(data, size);
    ++reply[7];
  }

  int udp_ = -1;
  int tcp_ = -1;
  mutable std::mutex mutex_;
  std::map<std::string, Name> names_;
  std::map<std::string, int> questions_;
  std::thread thread_;
};

}  // namespace vajrapulse::runtime::fakes
