#pragma once

#include <string>
#include <string_view>

namespace vajrapulse::junit {

/// `text` as the content of an element. What XML 1.0 cannot hold (section 2.2), and what is not UTF-8, becomes U+FFFD.
std::string xml_text(std::string_view text);

/// The same between the double quotes of an attribute, which would turn line ends and tabs into blanks (section 3.3.3):
/// they are written as references.
std::string xml_attribute(std::string_view text);

}  // namespace vajrapulse::junit
