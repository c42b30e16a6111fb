#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "step_line.hpp"

/// What is read says nothing that was not there; what is refused says where, and how to mend it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace vajrapulse::http_plan;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto line = parse_step_line(text);
  if (!line) {
    if (line.error().message.empty() || line.error().cure.empty() || line.error().column == 0) std::abort();
    if (line.error().column > size + 1) std::abort();
    return 0;
  }
  if (text.substr(line->at, line->url.size()) != line->url || line->method.empty() || line->url.empty()) std::abort();
  const UrlText parts = take_apart(line->url);
  const std::string joined = std::string(parts.origin) + std::string(parts.path) + std::string(parts.query);
  if (!line->url.starts_with(joined)) std::abort();
  const auto same = [](std::string_view part) { return part; };
  const std::string again = with_literals(line->url, same);
  if (with_literals(again, same) != again) std::abort();
  return 0;
}
