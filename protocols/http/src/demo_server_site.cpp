#include "demo_server_site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "demo_server_body.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::http::detail {

// A path that ends in /* leaves its last segment open. Without a text the start page does not list it.
struct DemoSite::Route {
  std::string_view method;
  std::string_view path;
  SiteAnswer (DemoSite::*answer)(const SiteRequest&);
  std::string_view link{};
  std::string_view says{};
};

std::span<const DemoSite::Route> DemoSite::routes() {
  using Site = DemoSite;
  static constexpr std::array kRoutes = {
      Route{"POST", "/login", &Site::log_in, "/login",
            R"({"user": "ann", "password": "secret-ann"} or a form: a token, and a session cookie)"},
      Route{"GET", "/me", &Site::me, "/me", "who is logged in, by bearer token or cookie; 401 without"},
      Route{"POST", "/logout", &Site::log_out, "/logout", "takes the session cookie away"},
      Route{"GET", "/api/products", &Site::list_products, "/api/products?page=1&size=20", "60 products as JSON"},
      Route{"GET", "/api/products/*", &Site::show_product, "/api/products/7", "one of them"},
      Route{"POST", "/api/cart", &Site::open_cart, "/api/cart",
            R"({"product": 7, "quantity": 2} opens a cart; logged in, as for all carts and orders)"},
      Route{"GET", "/api/cart/*", &Site::show_cart, "/api/cart/1", "a cart of yours, among the newest 10,000 of all"},
      Route{"POST", "/api/cart/*", &Site::put_into_cart, "/api/cart/1", "puts more into it"},
      Route{"DELETE", "/api/cart/*", &Site::drop_cart, "/api/cart/1", "drops it"},
      Route{"GET", "/cart", &Site::show_my_cart, "/cart", "your newest cart, or an empty one"},
      Route{"POST", "/api/orders", &Site::place_order, "/api/orders", R"({"cart": 1} makes an order of a cart)"},
      Route{"GET", "/api/orders/*", &Site::show_order, "/api/orders/1", "an order of yours"},
      Route{"DELETE", "/api/orders/*", &Site::cancel_order, "/api/orders/1", "cancels it"},
      Route{"GET", "/catalog.xml", &Site::catalog, "/catalog.xml", "the products as XML"},
      Route{"GET", "/shop", &Site::shop_page, "/shop", "links, and a form with a hidden csrf token for its cookie"},
      Route{"GET", "/shop/*", &Site::product_page, "/shop/7", "the page of a product"},
      Route{"POST", "/shop/checkout", &Site::check_out, "/shop/checkout",
            "where that form goes: 303; 403 without token"},
      Route{"GET", "/shop/orders/*", &Site::order_page},
      Route{"GET", "/limited", &Site::limited, "/limited?rate=100&burst=10",
            "so many a second, 10 at once; beyond that 429 with Retry-After"},
      Route{"GET", "/degrading", &Site::degrading, "/degrading?after=1000&base=1ms&by=100ms",
            "takes base, and by more for each 1000 that the last second's requests lie above 1000"},
      Route{"GET", "/cookies", &Site::show_cookies, "/cookies", "the request's cookies as JSON"},
      Route{"GET", "/cookies/set", &Site::set_cookies, "/cookies/set?name=value", "sets cookies"},
  };
  return kRoutes;
}

namespace {

constexpr std::size_t kBodyBytesMax = 64 * 1024;
constexpr std::size_t kUserBytesMax = 64;
constexpr std::string_view kSession = "session";

/// Whether a route has this path; `last` is then the segment that it leaves open.
bool matches(std::string_view route, std::string_view path, std::string_view& last) {
  if (!route.ends_with("/*")) return route == path;
  const std::string_view fixed = route.substr(0, route.size() - 1);
  if (!path.starts_with(fixed) || path.size() == fixed.size()) return false;
  last = path.substr(fixed.size());
  return last.find('/') == last.npos;
}

constexpr std::string_view kLoginWanted =
    R"(give {"user": "ann", "password": "secret-ann"}, or a form with these fields, with a user of 1 to 64 bytes)";

}  // namespace

SiteAnswer answer_json(std::string body, int status) { return {.status = status, .body = std::move(body)}; }

SiteAnswer not_logged_in() {
  SiteAnswer answer = refusal(401, "log in first: POST /login, then send its token as a bearer token, or its cookie");
  answer.headers.emplace_back("www-authenticate", "Bearer");
  return answer;
}

SiteAnswer no_such(std::string_view what) { return refusal(404, fmt::format("no such {}", what)); }

SiteAnswer refusal(int status, std::string_view why) {
  return {.status = status, .body = fmt::format("{{\"error\":{}}}\n", json_string(why))};
}

std::vector<EndpointText> DemoSite::texts() {
  std::vector<EndpointText> texts;
  for (const Route& route : routes()) {
    if (!route.link.empty()) texts.push_back({.path = route.link, .says = route.says, .method = route.method});
  }
  return texts;
}

SiteAnswer DemoSite::answer(const SiteRequest& request) {
  if (request.body.size() > kBodyBytesMax) return refusal(413, "no body here is longer than 64 KiB");
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  SiteRequest asked = request;
  std::string allowed;
  for (const Route& route : routes()) {
    std::string_view last;
    if (!matches(route.path, request.path, last)) continue;
    if (route.method == method) {
      asked.last = last;
      return (this->*route.answer)(asked);
    }
    allowed.append(allowed.empty() ? "" : ", ").append(route.method);
  }
  if (allowed.empty()) return refusal(404, "nothing here; GET / with accept: text/html lists what is");
  SiteAnswer answer = refusal(405, fmt::format("this takes {}", allowed));
  answer.headers.emplace_back("allow", std::move(allowed));
  return answer;
}

std::optional<std::string> DemoSite::user_of(const SiteRequest& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (request.authorization.starts_with(kBearer)) return tokens_.user_of(request.authorization.substr(kBearer.size()));
  const auto session = cookie_of(request.cookie, kSession);
  return session ? tokens_.user_of(*session) : std::nullopt;
}

SiteAnswer DemoSite::log_in(const SiteRequest& request) {
  const auto values = read_body(request.content_type, request.body);
  const std::string* user = values ? values->find("user") : nullptr;
  const std::string* password = values ? values->find("password") : nullptr;
  if (user == nullptr || password == nullptr || user->empty() || user->size() > kUserBytesMax)
    return refusal(400, kLoginWanted);
  if (*password != "secret-" + *user) {
    SiteAnswer wrong = refusal(401, "wrong password: it is secret- and the user's name");
    wrong.headers.emplace_back("www-authenticate", "Bearer");
    return wrong;
  }
  const std::string token = tokens_.of_user(*user, ++logins_);
  SiteAnswer answer = answer_json(fmt::format("{{\"token\":\"{}\",\"user\":{}}}\n", token, json_string(*user)));
  answer.headers.emplace_back("set-cookie", fmt::format("{}={}; Path=/; HttpOnly", kSession, token));
  return answer;
}

SiteAnswer DemoSite::log_out(const SiteRequest& /*request*/) {
  SiteAnswer answer{.status = 204};
  answer.headers.emplace_back("set-cookie", fmt::format("{}=; Path=/; Max-Age=0; HttpOnly", kSession));
  return answer;
}

SiteAnswer DemoSite::me(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  return answer_json(fmt::format("{{\"user\":{}}}\n", json_string(*user)));
}

}  // namespace vajrapulse::http::detail
