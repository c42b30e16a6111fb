#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "vajrapulse/runtime/address.hpp"

namespace vajrapulse::integration {

/// A loopback address that swallows connections: its backlog is full, so that the kernel drops every SYN.
class DeadAddress {
 public:
  DeadAddress();
  ~DeadAddress();
  DeadAddress(const DeadAddress&) = delete;
  DeadAddress& operator=(const DeadAddress&) = delete;
  [[nodiscard]] const runtime::Address& address() const noexcept { return address_; }

 private:
  int listener_;
  std::array<int, 4> fillers_{};
  runtime::Address address_;
};

/// A name server of one answer, for every question: a response code of RFC 1035 section 4.1.1, or nothing.
class NameServer {
 public:
  static constexpr int kSilent = -1;
  static constexpr int kServerFailure = 2;
  static constexpr int kNoSuchName = 3;
  /// Where programs ask that are told no port: RFC 1035, section 4.2.1.
  static constexpr std::uint16_t kUsualPort = 53;

  /// On a free port, unless told which.
  explicit NameServer(int code, std::uint16_t port = 0);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  [[nodiscard]] std::string text() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int questions() const noexcept { return questions_; }

 private:
  void serve();

  int socket_;
  int code_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> questions_ = 0;
  std::thread thread_;
};

}  // namespace vajrapulse::integration
