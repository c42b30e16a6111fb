#pragma once

#include <memory>

#include "tls_core.hpp"

namespace vajrapulse::runtime::tls {

std::unique_ptr<TlsStream> make_stream(Reactor& reactor, Ssl ssl, std::unique_ptr<Stream> transport,
                                       CoreSettings settings);

}  // namespace vajrapulse::runtime::tls
