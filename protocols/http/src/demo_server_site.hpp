#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demo_server_body.hpp"
#include "demo_server_limits.hpp"
#include "demo_server_page.hpp"
#include "demo_server_shop.hpp"
#include "demo_server_token.hpp"

namespace vajrapulse::http::detail {

/// A request to the site, read whole.
struct SiteRequest {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::string_view authorization;
  std::string_view cookie;
  std::string_view content_type;
  std::string_view body;
  TimePoint received;
  std::string_view last{};  ///< the path's last segment, where the route leaves it open
};

struct SiteAnswer {
  int status = 200;
  std::string_view type = "application/json";
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> headers;
  Duration delay{};  ///< from the request's arrival
};

/// The part of the demo server that remembers: log-in, a shop with an API and pages, cookies, a rate limit, an endpoint
/// that gets slower under load. Everything it keeps is bounded, and log-ins are not kept at all.
///
/// The password of every user is "secret-" and the user's name. No network, no clock: a function of what was asked
/// before and when.
class DemoSite {
 public:
  explicit DemoSite(std::uint64_t seed) : tokens_(seed) {}

  SiteAnswer answer(const SiteRequest& request);

  /// What the start page says of it, in order.
  [[nodiscard]] static std::vector<EndpointText> texts();

 private:
  struct Route;
  static std::span<const Route> routes();

  SiteAnswer log_in(const SiteRequest& request);
  SiteAnswer log_out(const SiteRequest& request);
  SiteAnswer me(const SiteRequest& request);
  SiteAnswer list_products(const SiteRequest& request);
  SiteAnswer show_product(const SiteRequest& request);
  SiteAnswer show_my_cart(const SiteRequest& request);
  SiteAnswer open_cart(const SiteRequest& request);
  SiteAnswer show_cart(const SiteRequest& request);
  SiteAnswer put_into_cart(const SiteRequest& request);
  SiteAnswer drop_cart(const SiteRequest& request);
  SiteAnswer place_order(const SiteRequest& request);
  SiteAnswer show_order(const SiteRequest& request);
  SiteAnswer cancel_order(const SiteRequest& request);
  SiteAnswer catalog(const SiteRequest& request);
  SiteAnswer shop_page(const SiteRequest& request);
  SiteAnswer product_page(const SiteRequest& request);
  SiteAnswer check_out(const SiteRequest& request);
  SiteAnswer order_page(const SiteRequest& request);
  SiteAnswer limited(const SiteRequest& request);
  SiteAnswer degrading(const SiteRequest& request);
  SiteAnswer show_cookies(const SiteRequest& request);
  SiteAnswer set_cookies(const SiteRequest& request);

  /// By bearer token or session cookie.
  [[nodiscard]] std::optional<std::string> user_of(const SiteRequest& request) const;
  [[nodiscard]] std::string items_json(const std::vector<CartItem>& items) const;
  [[nodiscard]] std::string cart_json(std::uint64_t id, const Cart& cart) const;
  [[nodiscard]] std::string order_json(std::uint64_t id, const Order& order) const;

  Tokens tokens_;
  Shop shop_;
  RateLimit rate_limit_;
  RecentRequests recent_;
  std::uint64_t logins_ = 0;
  std::uint64_t visitors_ = 0;
};

SiteAnswer answer_json(std::string body, int status = 200);
/// An error as JSON.
SiteAnswer refusal(int status, std::string_view why);
SiteAnswer not_logged_in();
SiteAnswer no_such(std::string_view what);

/// A number of the query, 1 to 1,000,000; `otherwise` when it is not there, nothing when it is something else.
std::optional<std::uint64_t> asked_number(const NamedValues& query, std::string_view name, std::uint64_t otherwise);

/// The value of the cookie `name` in a Cookie header; nothing when there is none.
std::optional<std::string_view> cookie_of(std::string_view header, std::string_view name);

/// The cart item that a body asks for: a product, and a quantity of 1 where it says nothing.
std::optional<CartItem> item_of(const NamedValues& values);

/// The open segment of the path as a number; 0 for what is none.
std::uint64_t id_of(const SiteRequest& request);

/// "12.99"
std::string price_text(std::uint64_t cents);

}  // namespace vajrapulse::http::detail
