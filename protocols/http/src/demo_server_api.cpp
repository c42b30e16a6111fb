#include "demo_server_site.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vajrapulse::http::detail {
namespace {

std::string product_json(const Product& product) {
  return fmt::format("{{\"id\":{},\"name\":{},\"price\":{}}}", product.id, json_string(product.name),
                     price_text(product.cents));
}

constexpr std::string_view kItemWanted = R"(give {"product": 7, "quantity": 2}, with a quantity of 1 to 1000)";

}  // namespace

std::uint64_t id_of(const SiteRequest& request) {
  return whole_number(request.last, UINT64_MAX).value_or(0);  // none has number 0
}

std::optional<CartItem> item_of(const NamedValues& values) {
  const auto product = values.number("product", UINT64_MAX);
  const auto quantity = values.find("quantity") == nullptr ? 1 : values.number("quantity", Shop::kQuantityMax);
  if (!product || !quantity || *quantity == 0) return std::nullopt;
  return CartItem{.product = *product, .quantity = *quantity};
}

std::string price_text(std::uint64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

SiteAnswer DemoSite::list_products(const SiteRequest& request) {
  const auto query = read_form(request.query);
  const auto page = query ? asked_number(*query, "page", 1) : std::nullopt;
  const auto size = query ? asked_number(*query, "size", 20) : std::nullopt;
  if (!page || !size) return refusal(400, "page and size are numbers from 1 on, for example ?page=2&size=10");
  const auto& products = shop_.products();
  const std::uint64_t first = std::min<std::uint64_t>((*page - 1) * *size, products.size());
  const std::uint64_t end = std::min<std::uint64_t>(first + *size, products.size());
  std::string body = fmt::format(R"({{"page":{},"size":{},"total":{},"products":[)", *page, *size, products.size());
  for (std::uint64_t i = first; i < end; ++i)
    body.append(i == first ? "" : ",").append(product_json(products[static_cast<std::size_t>(i)]));
  return answer_json(body + "]}\n");
}

SiteAnswer DemoSite::show_product(const SiteRequest& request) {
  const Product* product = shop_.product(id_of(request));
  return product == nullptr ? no_such("product") : answer_json(product_json(*product) + "\n");
}

std::string DemoSite::items_json(const std::vector<CartItem>& items) const {
  std::string text;
  for (const CartItem& item : items)
    text += fmt::format("{}{{\"product\":{},\"quantity\":{}}}", text.empty() ? "" : ",", item.product, item.quantity);
  return fmt::format(R"("items":[{}],"total":{})", text, price_text(shop_.cents(items)));
}

std::string DemoSite::cart_json(std::uint64_t id, const Cart& cart) const {
  return fmt::format("{{\"id\":{},\"user\":{},{}}}\n", id, json_string(cart.user), items_json(cart.items));
}

std::string DemoSite::order_json(std::uint64_t id, const Order& order) const {
  return fmt::format("{{\"id\":{},\"user\":{},{}}}\n", id, json_string(order.user), items_json(order.items));
}

SiteAnswer DemoSite::open_cart(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  const auto values = read_body(request.content_type, request.body);
  const auto item = values ? item_of(*values) : std::nullopt;
  if (!item) return refusal(400, kItemWanted);
  if (shop_.product(item->product) == nullptr) return no_such("product");
  const std::uint64_t id = shop_.open_cart(*user, *item);
  SiteAnswer answer = answer_json(cart_json(id, *shop_.cart(id, *user)), 201);
  answer.headers.emplace_back("location", fmt::format("/api/cart/{}", id));
  return answer;
}

SiteAnswer DemoSite::show_my_cart(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  const std::uint64_t id = shop_.cart_of(*user);
  if (id != 0) return answer_json(cart_json(id, *shop_.cart(id, *user)));
  return answer_json(fmt::format("{{\"id\":null,\"user\":{},{}}}\n", json_string(*user), items_json({})));
}

SiteAnswer DemoSite::show_cart(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  const Cart* cart = shop_.cart(id_of(request), *user);
  return cart == nullptr ? no_such("cart") : answer_json(cart_json(id_of(request), *cart));
}

SiteAnswer DemoSite::put_into_cart(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  Cart* cart = shop_.cart(id_of(request), *user);
  if (cart == nullptr) return no_such("cart");
  const auto values = read_body(request.content_type, request.body);
  const auto item = values ? item_of(*values) : std::nullopt;
  if (!item) return refusal(400, kItemWanted);
  if (shop_.product(item->product) == nullptr) return no_such("product");
  if (!Shop::put(*cart, *item)) return refusal(409, "a cart holds at most 1000 of a product");
  return answer_json(cart_json(id_of(request), *cart));
}

SiteAnswer DemoSite::drop_cart(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  if (shop_.cart(id_of(request), *user) == nullptr) return no_such("cart");
  shop_.drop_cart(id_of(request));
  return {.status = 204};
}

SiteAnswer DemoSite::place_order(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  const auto values = read_body(request.content_type, request.body);
  const auto number = values ? values->number("cart", UINT64_MAX) : std::nullopt;
  if (!number) return refusal(400, R"(give {"cart": 1}, with the cart's id)");
  Cart* cart = shop_.cart(*number, *user);
  if (cart == nullptr) return no_such("cart");
  const std::uint64_t id = shop_.place_order({.user = *user, .items = cart->items});
  shop_.drop_cart(*number);
  SiteAnswer answer = answer_json(order_json(id, *shop_.order(id, *user)), 201);
  answer.headers.emplace_back("location", fmt::format("/api/orders/{}", id));
  return answer;
}

SiteAnswer DemoSite::show_order(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  const Order* order = shop_.order(id_of(request), *user);
  return order == nullptr ? no_such("order") : answer_json(order_json(id_of(request), *order));
}

SiteAnswer DemoSite::cancel_order(const SiteRequest& request) {
  const auto user = user_of(request);
  if (!user) return not_logged_in();
  if (shop_.order(id_of(request), *user) == nullptr) return no_such("order");
  shop_.cancel_order(id_of(request));
  return {.status = 204};
}

}  // namespace vajrapulse::http::detail
