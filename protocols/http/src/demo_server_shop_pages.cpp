#include <fmt/format.h>

#include <algorithm>

#include "demo_server_site.hpp"

namespace vajrapulse::http::detail {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kVisitor = "visitor";
constexpr std::size_t kShown = 12;

std::string page(std::string_view title, std::string_view content) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head>\n"
      "<body><h1>{0}</h1>\n{1}</body></html>\n",
      html_escaped(title), content);
}

SiteAnswer answer_page(std::string_view title, std::string_view content, int status = 200) {
  return {.status = status, .type = kHtml, .body = page(title, content)};
}

/// Whose form it was: the visitor's cookie, where it is one that this server may have set.
std::string_view visitor_of(const SiteRequest& request) {
  constexpr std::size_t kBytesMax = 20;
  const std::string_view visitor = cookie_of(request.cookie, kVisitor).value_or("");
  return whole_number(visitor, UINT64_MAX) && visitor.size() <= kBytesMax ? visitor : std::string_view();
}

/// Orders made on the pages belong to a cookie; the line end keeps its name apart from those that people log in with.
std::string owner(std::string_view visitor) { return std::string("\nvisitor ").append(visitor); }

}  // namespace

SiteAnswer DemoSite::catalog(const SiteRequest& /*request*/) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<catalog>\n";
  for (const Product& product : shop_.products())
    text += fmt::format("  <product id=\"{}\"><name>{}</name><price currency=\"EUR\">{}</price></product>\n",
                        product.id, html_escaped(product.name), price_text(product.cents));
  return {.type = "application/xml", .body = text + "</catalog>\n"};
}

SiteAnswer DemoSite::shop_page(const SiteRequest& request) {
  std::string visitor(visitor_of(request));
  const bool new_here = visitor.empty();
  if (new_here) visitor = fmt::format("{}", ++visitors_);
  const std::span<const Product> shown = std::span(shop_.products()).first(kShown);
  std::string content = "<ul class=\"products\">\n";
  for (const Product& product : shown)
    content += fmt::format("<li><a href=\"/shop/{}\">{}</a> <span class=\"price\">{}</span></li>\n", product.id,
                           html_escaped(product.name), price_text(product.cents));
  content += fmt::format(
      "</ul>\n<form action=\"/shop/checkout\" method=\"post\">\n"
      "<input type=\"hidden\" name=\"csrf\" value=\"{}\">\n<select name=\"product\">",
      tokens_.of_form(visitor));
  for (const Product& product : shown)
    content += fmt::format("<option value=\"{}\">{}</option>", product.id, html_escaped(product.name));
  content += "</select>\n<input name=\"quantity\" value=\"1\">\n<button>Buy</button>\n</form>\n";
  SiteAnswer answer = answer_page("Demo shop", content);
  if (new_here) answer.headers.emplace_back("set-cookie", fmt::format("{}={}; Path=/; HttpOnly", kVisitor, visitor));
  return answer;
}

SiteAnswer DemoSite::product_page(const SiteRequest& request) {
  const Product* product = shop_.product(id_of(request));
  if (product == nullptr) return answer_page("No such product", "<p><a href=\"/shop\">back</a></p>\n", 404);
  const std::string content =
      fmt::format("<p class=\"price\">{}</p>\n<p><a href=\"/shop\">back</a></p>\n", price_text(product->cents));
  return answer_page(product->name, content);
}

SiteAnswer DemoSite::check_out(const SiteRequest& request) {
  const std::string_view visitor = visitor_of(request);
  const auto form = read_form(request.body);
  const std::string* csrf = form ? form->find("csrf") : nullptr;
  if (visitor.empty() || csrf == nullptr || *csrf != tokens_.of_form(visitor))
    return answer_page("Forbidden", "<p>Send the form's csrf field, with the cookie that came with the form.</p>\n",
                       403);
  const auto item = item_of(*form);
  if (!item || shop_.product(item->product) == nullptr)
    return answer_page("No such product", "<p>Give product and quantity.</p>\n", 400);
  const std::uint64_t id = shop_.place_order({.user = owner(visitor), .items = {*item}});
  SiteAnswer answer = answer_page("Ordered", fmt::format("<p><a href=\"/shop/orders/{0}\">{0}</a></p>\n", id), 303);
  answer.headers.emplace_back("location", fmt::format("/shop/orders/{}", id));
  return answer;
}

SiteAnswer DemoSite::order_page(const SiteRequest& request) {
  const Order* order = shop_.order(id_of(request), owner(visitor_of(request)));
  if (order == nullptr) return answer_page("No such order", "<p><a href=\"/shop\">back</a></p>\n", 404);
  std::string content = fmt::format("<p>Order <span id=\"order\">{}</span></p>\n<ul>\n", id_of(request));
  for (const CartItem& item : order->items)
    content += fmt::format("<li>{} × {}</li>\n", item.quantity, html_escaped(shop_.product(item.product)->name));
  return answer_page("Thank you", content + "</ul>\n");
}

}  // namespace vajrapulse::http::detail
