#include "demo_server_page.hpp"

#include <fmt/format.h>

namespace vajrapulse::http::detail {
namespace {

constexpr std::string_view kTop = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>VajraPulse demo server</title>
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .3rem 0 1.5rem; opacity: .75 }
table { border-collapse: collapse; width: 100% } td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line) }
a, td code { font-family: ui-monospace, monospace; overflow-wrap: anywhere } a { text-decoration: none; color: #c2410c } a:hover { text-decoration: underline }
pre { background: var(--line); padding: .75rem 1rem; border-radius: .4rem; overflow-x: auto }
</style></head><body>
<h1>VajraPulse demo server</h1>
<p>A target whose behaviour is known exactly.</p>
)";

constexpr std::string_view kBottom = R"(<pre>vajrapulse http http://HOST:PORT/delay/20ms --tps 200 --duration 10s</pre>
</body></html>
)";

/// A link where a browser can follow it.
std::string asked(const EndpointText& endpoint) {
  const std::string path = html_escaped(endpoint.path);
  if (endpoint.method == "GET") return fmt::format("<a href=\"{0}\">{0}</a>", path);
  return fmt::format("<code>{} {}</code>", endpoint.method, path);
}

}  // namespace

std::string demo_page(std::span<const PageSection> sections) {
  std::string page(kTop);
  for (const PageSection& section : sections) {
    page += fmt::format("<h2>{}</h2>\n<table>\n", html_escaped(section.title));
    for (const EndpointText& each : section.endpoints)
      page += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", asked(each), html_escaped(each.says));
    page += "</table>\n";
  }
  page += kBottom;
  return page;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\u{:04x}", byte);  // header values are Latin-1, whose code points are its bytes
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace vajrapulse::http::detail
