#include "demo_server_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace vajrapulse::http::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

std::string header_of(const SiteAnswer& answer, std::string_view name) {
  for (const auto& [its_name, value] : answer.headers) {
    if (its_name == name) return value;
  }
  return {};
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t begin = text.find(before);
  if (begin == text.npos) return {};
  const std::size_t from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

/// A visitor with a token, as a person would ask by hand.
struct Asking {
  DemoSite site{7};
  std::string token;
  std::string cookie;
  TimePoint now{seconds(100)};

  SiteAnswer ask(std::string_view method, std::string_view target, std::string_view body = {},
                 std::string_view content_type = "application/json") {
    const std::string bearer = token.empty() ? "" : "Bearer " + token;
    const std::size_t mark = std::min(target.find('?'), target.size());
    const SiteRequest request{.method = method,
                              .path = target.substr(0, mark),
                              .query = target.substr(std::min(mark + 1, target.size())),
                              .authorization = bearer,
                              .cookie = cookie,
                              .content_type = content_type,
                              .body = body,
                              .received = now};
    return site.answer(request);
  }
  SiteAnswer form(std::string_view target, std::string_view body) {
    return ask("POST", target, body, "application/x-www-form-urlencoded");
  }
  void log_in(const std::string& user) {
    token = between(ask("POST", "/login", R"({"user":")" + user + R"(","password":"secret-)" + user + "\"}").body,
                    "\"token\":\"", "\"");
  }
};

TEST(DemoSite, LogsInWithJsonOrAForm) {
  Asking by;
  const SiteAnswer json = by.ask("POST", "/login", R"({"user":"ann","password":"secret-ann"})");
  EXPECT_EQ(json.status, 200);
  const std::string token = between(json.body, "\"token\":\"", "\"");
  EXPECT_EQ(json.body, "{\"token\":\"" + token + "\",\"user\":\"ann\"}\n");
  EXPECT_EQ(header_of(json, "set-cookie"), "session=" + token + "; Path=/; HttpOnly");
  const SiteAnswer form = by.form("/login", "user=ann&password=secret-ann");
  EXPECT_EQ(form.status, 200);
  EXPECT_NE(between(form.body, "\"token\":\"", "\""), token) << "each log-in has its own";
}

TEST(DemoSite, RefusesAWrongPasswordAndWhatIsNoLogIn) {
  Asking by;
  const SiteAnswer wrong = by.ask("POST", "/login", R"({"user":"ann","password":"secret-bob"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, "{\"error\":\"wrong password: it is secret- and the user's name\"}\n");
  EXPECT_EQ(header_of(wrong, "www-authenticate"), "Bearer");
  EXPECT_EQ(by.ask("POST", "/login", "user=ann").status, 400);
  EXPECT_EQ(by.ask("POST", "/login", R"({"user":"","password":"secret-"})").status, 400);
  EXPECT_EQ(by.ask("POST", "/login", R"({"user":7})").status, 400);
  EXPECT_EQ(by.form("/login", "user=" + std::string(65, 'x') + "&password=secret-" + std::string(65, 'x')).status, 400);
  EXPECT_EQ(by.ask("POST", "/login", std::string(64 * 1024 + 1, ' ')).status, 413);
}

TEST(DemoSite, KnowsWhoIsLoggedInByTokenOrCookie) {
  Asking by;
  EXPECT_EQ(by.ask("GET", "/me").status, 401);
  by.log_in("Zoë \\\"");
  EXPECT_EQ(by.ask("GET", "/me").body, "{\"user\":\"Zoë \\\"\"}\n");
  by.cookie = "a=b; session=" + by.token + "; c=d";
  by.token.clear();
  EXPECT_EQ(by.ask("GET", "/me").status, 200);
  by.token = "made-up";
  EXPECT_EQ(by.ask("GET", "/me").status, 401) << "a bearer token that is wrong is wrong";
  const SiteAnswer out = by.ask("POST", "/logout");
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(header_of(out, "set-cookie"), "session=; Path=/; Max-Age=0; HttpOnly");
}

TEST(DemoSite, ListsProductsByThePage) {
  Asking by;
  EXPECT_EQ(
      by.ask("GET", "/api/products?page=3&size=2").body,
      "{\"page\":3,\"size\":2,\"total\":60,\"products\":["
      "{\"id\":5,\"name\":\"copper lamp\",\"price\":12.49},{\"id\":6,\"name\":\"wool lamp\",\"price\":13.99}]}\n");
  EXPECT_THAT(by.ask("GET", "/api/products").body, StartsWith("{\"page\":1,\"size\":20,\"total\":60,"));
  EXPECT_THAT(by.ask("GET", "/api/products?page=1000000&size=1000000").body, HasSubstr("\"products\":[]"));
  for (const auto* query : {"page=0", "size=0", "page=x", "size=-1", "page=1000001"})
    EXPECT_EQ(by.ask("GET", std::string("/api/products?") + query).status, 400) << query;
  EXPECT_EQ(by.ask("GET", "/api/products/7").body, "{\"id\":7,\"name\":\"brass bowl\",\"price\":15.49}\n");
  EXPECT_EQ(by.ask("HEAD", "/api/products/60").status, 200);
  for (const auto* id : {"61", "0", "-1", "x", "7x", "99999999999999999999999", ""})
    EXPECT_EQ(by.ask("GET", std::string("/api/products/") + id).status, 404) << id;
}

TEST(DemoSite, FillsACartAndOrdersIt) {
  Asking by;
  EXPECT_EQ(by.ask("POST", "/api/cart", R"({"product":7,"quantity":2})").status, 401);
  by.log_in("ann");
  const SiteAnswer opened = by.ask("POST", "/api/cart", R"({"product":7,"quantity":2})");
  EXPECT_EQ(opened.status, 201);
  EXPECT_EQ(header_of(opened, "location"), "/api/cart/1");
  EXPECT_EQ(opened.body, "{\"id\":1,\"user\":\"ann\",\"items\":[{\"product\":7,\"quantity\":2}],\"total\":30.98}\n");
  EXPECT_EQ(by.ask("GET", "/api/cart/1").body, opened.body);
  EXPECT_EQ(by.ask("GET", "/cart").body, opened.body);
  EXPECT_THAT(by.ask("POST", "/api/cart/1", R"({"product":"5"})").body,
              HasSubstr("[{\"product\":7,\"quantity\":2},{\"product\":5,\"quantity\":1}],\"total\":43.47"));
  EXPECT_EQ(by.ask("POST", "/api/cart/1", R"({"product":7,"quantity":999})").status, 409);
  const SiteAnswer order = by.ask("POST", "/api/orders", R"({"cart":1})");
  EXPECT_EQ(order.status, 201);
  EXPECT_EQ(header_of(order, "location"), "/api/orders/1");
  EXPECT_THAT(order.body, HasSubstr("\"total\":43.47"));
  EXPECT_EQ(by.ask("GET", "/api/cart/1").status, 404) << "a cart is ordered once";
  EXPECT_EQ(by.ask("GET", "/cart").body, "{\"id\":null,\"user\":\"ann\",\"items\":[],\"total\":0.00}\n");
  EXPECT_EQ(by.ask("GET", "/api/orders/1").body, order.body);
  EXPECT_EQ(by.ask("DELETE", "/api/orders/1").status, 204);
  EXPECT_EQ(by.ask("GET", "/api/orders/1").status, 404);
}

TEST(DemoSite, RefusesWhatACartCannotHold) {
  Asking by;
  by.log_in("ann");
  for (const auto* body : {"", "{}", "[]", R"({"product":7,"quantity":0})", R"({"product":7,"quantity":1001})",
                           R"({"product":-1})", R"({"product":7,"quantity":1.5})"})
    EXPECT_EQ(by.ask("POST", "/api/cart", body).status, 400) << body;
  EXPECT_EQ(by.ask("POST", "/api/cart", R"({"product":61})").status, 404);
  EXPECT_EQ(by.ask("POST", "/api/orders", R"({"cart":1})").status, 404);
  EXPECT_EQ(by.ask("POST", "/api/orders", "{}").status, 400);
}

TEST(DemoSite, ShowsNobodyAnothersCart) {
  Asking by;
  by.log_in("ann");
  EXPECT_EQ(by.ask("POST", "/api/cart", R"({"product":1})").status, 201);
  by.log_in("bob");
  EXPECT_EQ(by.ask("GET", "/api/cart/1").status, 404);
  EXPECT_EQ(by.ask("DELETE", "/api/cart/1").status, 404);
  by.log_in("ann");
  EXPECT_EQ(by.ask("DELETE", "/api/cart/1").status, 204);
  EXPECT_EQ(by.ask("GET", "/api/cart/1").status, 404);
}

TEST(DemoSite, KeepsTheNewestTenThousandCarts) {
  Asking by;
  by.log_in("old");
  by.ask("POST", "/api/cart", R"({"product":1})");
  const std::string old = by.token;
  by.log_in("new");
  for (int i = 2; i <= 10'000; ++i)
    by.ask("POST", "/api/cart", R"({"product":1})");
  by.token = old;
  EXPECT_EQ(by.ask("GET", "/api/cart/1").status, 200);
  by.log_in("new");
  EXPECT_EQ(header_of(by.ask("POST", "/api/cart", R"({"product":2})"), "location"), "/api/cart/10001");
  EXPECT_EQ(by.ask("GET", "/api/cart/2").status, 200);
  by.token = old;
  EXPECT_EQ(by.ask("GET", "/api/cart/1").status, 404);
  EXPECT_THAT(by.ask("GET", "/cart").body, StartsWith("{\"id\":null"));
}

TEST(DemoSite, AFormNeedsTheTokenItWasShownWith) {
  Asking by;
  const SiteAnswer page = by.ask("GET", "/shop");
  EXPECT_EQ(page.type, "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("<li><a href=\"/shop/7\">brass bowl</a> <span class=\"price\">15.49</span></li>"));
  const std::string csrf = between(page.body, "name=\"csrf\" value=\"", "\"");
  const std::string order = "product=7&quantity=3&csrf=" + csrf;
  EXPECT_EQ(header_of(page, "set-cookie"), "visitor=1; Path=/; HttpOnly");
  EXPECT_EQ(by.form("/shop/checkout", order).status, 403) << "without the cookie";
  by.cookie = "visitor=2";
  EXPECT_EQ(by.form("/shop/checkout", order).status, 403) << "with another's";
  by.cookie = "visitor=1";
  EXPECT_EQ(by.form("/shop/checkout", "product=7&csrf=x").status, 403);
  EXPECT_EQ(by.form("/shop/checkout", "product=99&csrf=" + csrf).status, 400);
  const SiteAnswer sold = by.form("/shop/checkout", order);
  EXPECT_EQ(sold.status, 303);
  EXPECT_EQ(header_of(sold, "location"), "/shop/orders/1");
  EXPECT_THAT(by.ask("GET", "/shop/orders/1").body, HasSubstr("<li>3 × brass bowl</li>"));
  EXPECT_EQ(header_of(by.ask("GET", "/shop"), "set-cookie"), "") << "the visitor is known";
  by.cookie = "visitor=2";
  EXPECT_EQ(by.ask("GET", "/shop/orders/1").status, 404);
}

TEST(DemoSite, HasPagesAndAnXmlCatalog) {
  Asking by;
  const SiteAnswer xml = by.ask("GET", "/catalog.xml");
  EXPECT_EQ(xml.type, "application/xml");
  EXPECT_THAT(xml.body, StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<catalog>\n"
                                   "  <product id=\"1\"><name>brass lamp</name><price currency=\"EUR\">6.49</price>"));
  EXPECT_THAT(by.ask("GET", "/shop/7").body, HasSubstr("<h1>brass bowl</h1>"));
  EXPECT_EQ(by.ask("GET", "/shop/61").status, 404);
}

TEST(DemoSite, LimitsTheRate) {
  Asking by;
  EXPECT_EQ(by.ask("GET", "/limited?rate=2&burst=1").status, 200);
  const SiteAnswer beyond = by.ask("GET", "/limited?rate=2&burst=1");
  EXPECT_EQ(beyond.status, 429);
  EXPECT_EQ(header_of(beyond, "retry-after"), "1");
  by.now += milliseconds(500);
  EXPECT_EQ(by.ask("GET", "/limited?rate=2&burst=1").status, 200);
  int within = 0;
  for (int i = 0; i < 1'000; ++i)
    within += by.ask("GET", "/limited").status == 200 ? 1 : 0;
  EXPECT_EQ(within, 10) << "100 a second, a tenth of it at once";
  for (const auto* query : {"rate=0", "rate=x", "rate=1000001", "rate=5&burst=0"})
    EXPECT_EQ(by.ask("GET", std::string("/limited?") + query).status, 400) << query;
}

TEST(DemoSite, GetsSlowerUnderLoad) {
  Asking by;
  constexpr std::string_view kTarget = "/degrading?after=10&base=2ms&by=50ms";
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(by.ask("GET", kTarget).delay, milliseconds(2));
  EXPECT_EQ(by.ask("GET", kTarget).body, "{\"last_second\":10}\n");
  EXPECT_EQ(by.ask("GET", kTarget).delay, milliseconds(7));
  for (int i = 0; i < 8; ++i)
    by.ask("GET", kTarget);
  EXPECT_EQ(by.ask("GET", kTarget).delay, milliseconds(52)) << "twice as many";
  by.now += seconds(1);
  EXPECT_EQ(by.ask("GET", kTarget).delay, milliseconds(2));
  for (const auto* query : {"after=0", "base=5", "by=2h", "base=-1ms"})
    EXPECT_EQ(by.ask("GET", std::string("/degrading?") + query).status, 400) << query;
}

TEST(DemoSite, SetsAndShowsCookies) {
  Asking by;
  const SiteAnswer set = by.ask("GET", "/cookies/set?a=1&b=x%2Fy");
  EXPECT_EQ(set.body, "{\"set\":{\"a\":\"1\",\"b\":\"x/y\"}}\n");
  ASSERT_EQ(set.headers.size(), 2U);
  EXPECT_EQ(set.headers[1].second, "b=x/y; Path=/");
  for (const auto* query : {"", "=x", "a=b%0d%0ax:y", "a=b;c", "a%20b=c", "a=%22"})
    EXPECT_EQ(by.ask("GET", std::string("/cookies/set?") + query).status, 400) << query;
  by.cookie = "a=1;b=\"x\" ;  c=;;odd";
  EXPECT_EQ(by.ask("GET", "/cookies").body, "{\"cookies\":{\"a\":\"1\",\"b\":\"\\\"x\\\"\",\"c\":\"\"}}\n");
}

TEST(DemoSite, SaysWhichMethodsAPathTakes) {
  Asking by;
  const SiteAnswer answer = by.ask("PUT", "/api/cart/1");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(header_of(answer, "allow"), "GET, POST, DELETE");
  EXPECT_EQ(by.ask("GET", "/login").status, 405);
  for (const auto* path : {"/api", "/api/", "/api/products/7/more", "/loginx", "/shop/", "/cookies/x"})
    EXPECT_EQ(by.ask("GET", path).status, 404) << path;
}

}  // namespace
}  // namespace vajrapulse::http::detail
