#pragma once

#include <string>
#include <string_view>

namespace vajrapulse::commands {

/// `text` without what a terminal would take for commands: control characters, also those of 0x80 to 0x9F
/// (UTF-8 C2 80 to C2 9F), and bytes that are no UTF-8 are dots; line feeds and tabs stay.
std::string printable(std::string_view text);

/// A header line as it may stand in a ticket: what lets somebody in (authorization, cookies, tokens, keys, the user of
/// a URL) is "***". The scheme of an authorization and the attributes of a cookie stay.
std::string without_secret(std::string_view line);

}  // namespace vajrapulse::commands
