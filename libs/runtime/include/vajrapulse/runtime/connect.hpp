#pragma once

#include <span>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime {

/// Connects to the first of `addresses` that answers, as RFC 8305 (Happy Eyeballs) does: the next attempt
/// starts when one fails, or after 250 ms without an answer, and the first connection wins. Ends with
/// `connect-timeout` at `deadline`; otherwise, when all failed, with the first attempt's failure.
/// `cancellation` (may be null) ends it with its own kind.
Co<Reactor::Connected> connect_any(Reactor& reactor, std::span<const Address> addresses, TimePoint deadline,
                                   class Cancellation* cancellation);

}  // namespace vajrapulse::runtime
