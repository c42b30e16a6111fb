#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "demo_server_body.hpp"

// What either reader takes can be written down as JSON and is then read as the same.
namespace {

using vajrapulse::http::detail::json_string;
using vajrapulse::http::detail::NamedValues;
using vajrapulse::http::detail::read_json_object;

std::string written(const NamedValues& values) {
  std::string text = "{";
  for (const auto& [name, value] : values.entries())
    text += (text.size() > 1 ? "," : "") + json_string(name) + ":" + json_string(value);
  return text + "}";
}

void check(const NamedValues& values) {
  const auto once = read_json_object(written(values));
  if (!once || once->entries().size() != values.entries().size()) std::abort();
  const auto again = read_json_object(written(*once));  // by now all of it is UTF-8
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name && a.value == b.value; };
  if (!again || !std::ranges::equal(once->entries(), again->entries(), same)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto values = read_json_object(text)) check(*values);
  if (const auto values = vajrapulse::http::detail::read_form(text)) check(*values);
  return 0;
}
