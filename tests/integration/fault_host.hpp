#pragma once

#include <cstdint>
#include <memory>

#include "../faults/fault_server.hpp"
#include "harness.hpp"

namespace vajrapulse::integration {

/// A FaultServer on a reactor of its own: epoll, whatever the client is on. A reset there comes of leaving the
/// request unread, and io_uring's receive, once armed, reads ahead.
class FaultHost {
 public:
  FaultHost(const faults::Certificates& certificates, const faults::Script& script);
  ~FaultHost();
  FaultHost(const FaultHost&) = delete;
  FaultHost& operator=(const FaultHost&) = delete;

  std::uint16_t port();
  faults::Counts counts();

 private:
  ReactorThread thread_;
  std::unique_ptr<faults::FaultServer> server_;
};

/// Those of all tests of this process; making them takes a while.
const faults::Certificates& fault_certificates();

}  // namespace vajrapulse::integration
