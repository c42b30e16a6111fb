#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/runtime/address.hpp"

namespace vajrapulse::runtime {

/// The addresses that a hosts file (hosts(5)) gives for `host`, in its order; none when it has no such name
/// or cannot be read. Names are compared without regard to case.
std::vector<Address> read_hosts_file(const std::string& path, std::string_view host);

/// "localhost" and what ends in ".localhost" (RFC 6761, section 6.3).
bool is_localhost(std::string_view host);

/// ::1 where the machine has it, and 127.0.0.1.
std::vector<Address> loopback_addresses();

std::string lower_case(std::string_view text);

}  // namespace vajrapulse::runtime
