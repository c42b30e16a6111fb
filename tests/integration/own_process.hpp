#pragma once

#include <functional>
#include <string>

namespace vajrapulse::integration {

/// Runs `body` in a process of its own, whose limits and network are its own too. Its words, or "" for none.
std::string in_child(const std::function<std::string()>& body);

/// What a child answers that may not have what it needs.
inline constexpr const char* kNotPermitted = "not permitted";
inline constexpr const char* kAsExpected = "as expected";

/// In a child, at its end: whether everything that it expected was so; what was not, it has printed.
std::string verdict();

/// In a child: leaves the machine's network for one that is loopback and nothing else, so that no packet can
/// leave the machine. False when that is not permitted: it takes root.
bool enter_own_network();
/// In a child, within its own network: every connection is to be made from this many local ports.
void leave_ports(int count);
/// In a child: names are asked for on 127.0.0.1, as far as this process goes. False when not permitted.
bool ask_names_on_loopback();
/// In a child: not one descriptor more than are open now.
void forbid_descriptors();

}  // namespace vajrapulse::integration
