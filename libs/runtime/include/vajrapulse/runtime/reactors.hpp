#pragma once

#include <memory>
#include <string>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime {

enum class IoKind { automatic, io_uring, epoll };

struct ReactorChoice {
  std::unique_ptr<Reactor> reactor;
  std::string why_not_io_uring;  ///< what the probe said when automatic fell back to epoll; else empty
};

/// Makes the reactor of the calling thread (io_uring is bound to the thread that first runs it).
/// `automatic` prefers io_uring and falls back to epoll when the ring, its flags or one real receive fails;
/// a kind named by hand fails instead, with what is missing.
Expected<ReactorChoice> make_reactor(IoKind kind);

}  // namespace vajrapulse::runtime
