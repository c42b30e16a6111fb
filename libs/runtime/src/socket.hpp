#pragma once

#include <utility>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/address.hpp"

namespace vajrapulse::runtime {

/// A file descriptor that is closed when its owner ends.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

enum class Blocking { yes, no };

/// A new stream socket for `family`, without Nagle's delay; not valid when the kernel refused (see errno).
Descriptor open_socket(int family, Blocking blocking) noexcept;
/// Switches Nagle's delay off where there is one.
void set_no_delay(int fd, int family) noexcept;

struct ListeningSocket {
  Descriptor descriptor;
  Address local;
};
/// Binds and listens. A Unix socket's path must not exist yet.
Expected<ListeningSocket> open_listener(const Address& address, Blocking blocking);

}  // namespace vajrapulse::runtime
