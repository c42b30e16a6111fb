#pragma once

#include <string>

#include "client_host.hpp"

namespace vajrapulse::integration {

/// Gets `url` and expects a failure of this kind, counted once as that, with this sentence for people; the
/// client then goes on elsewhere.
void expect_failure(ClientHost& client, runtime::IoKind io, const std::string& url, ErrorKind kind,
                    const std::string& sentence);

}  // namespace vajrapulse::integration
