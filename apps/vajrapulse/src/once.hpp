#pragma once

#include "vajrapulse/http/probe.hpp"

namespace vajrapulse::commands {

/// Sends `request` once on a reactor of its own and shows it: both heads, the body's start, the time of each
/// phase. Exit code 0 when an answer came that does not count as failed, 2 when there was nothing to
/// send, else 1.
int show_once(const http::ClientSettings& settings, const http::Request& request);

}  // namespace vajrapulse::commands
