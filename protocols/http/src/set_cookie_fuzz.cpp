#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/head.hpp"

/// Lines of Set-Cookie values, as one server sends them: what goes back stays one header line, and within bounds.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace vajrapulse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto from = http::parse_url("https://www.example.com/shop/cart");
  const WallTime now(std::chrono::seconds(1'800'000'000));
  http::CookieJar jar;
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (const auto cookie = http::parse_set_cookie(line)) {
      if (cookie->name.empty() || cookie->name.find('=') != cookie->name.npos) std::abort();
      jar.set(*from, *cookie, now);
    }
    head.append("set-cookie: ").append(line).append("\r\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  jar.receive(*from, head + "\r\n", now);
  std::string out;
  const bool any = jar.write(*from, now, out);
  if (any != !out.empty() || (any && jar.empty())) std::abort();
  if (http::find_control(out.data(), out.data() + out.size()) != out.data() + out.size()) std::abort();
  if (jar.size() > http::CookieJar::kMost) std::abort();
  (void)http::parse_cookie_date(text);
  return 0;
}
