#include "demo_server_shop.hpp"

#include <algorithm>
#include <array>

namespace vajrapulse::http::detail {

std::vector<Product> demo_products() {
  constexpr std::array<std::string_view, 6> kKinds = {"brass", "oak", "linen", "glass", "copper", "wool"};
  constexpr std::array<std::string_view, 10> kThings = {"lamp",  "bowl", "chair", "clock", "basket",
                                                        "stool", "tray", "frame", "vase",  "blanket"};
  std::vector<Product> products;
  for (const std::string_view thing : kThings) {
    for (const std::string_view kind : kKinds) {
      const std::uint64_t id = products.size() + 1;
      products.push_back({.id = id, .name = std::string(kind).append(" ").append(thing), .cents = 499 + 150 * id});
    }
  }
  return products;
}

const Product* Shop::product(std::uint64_t id) const noexcept {
  return id == 0 || id > products_.size() ? nullptr : &products_[static_cast<std::size_t>(id - 1)];
}

std::uint64_t Shop::cents(const std::vector<CartItem>& items) const noexcept {
  std::uint64_t sum = 0;
  for (const CartItem& item : items) {
    const Product* of = product(item.product);
    sum += of == nullptr ? 0 : of->cents * item.quantity;
  }
  return sum;
}

std::uint64_t Shop::open_cart(std::string user, CartItem first) {
  drop_cart(carts_.oldest());
  const std::uint64_t id = carts_.add({.user = user, .items = {first}});
  newest_cart_[std::move(user)] = id;
  return id;
}

Cart* Shop::cart(std::uint64_t id, std::string_view user) noexcept {
  Cart* found = carts_.find(id);
  return found != nullptr && found->user == user ? found : nullptr;
}

std::uint64_t Shop::cart_of(const std::string& user) const {
  const auto found = newest_cart_.find(user);
  return found == newest_cart_.end() ? 0 : found->second;
}

bool Shop::put(Cart& cart, CartItem item) {
  const auto found = std::ranges::find(cart.items, item.product, &CartItem::product);
  if (found == cart.items.end()) {
    cart.items.push_back(item);
    return true;
  }
  if (found->quantity + item.quantity > kQuantityMax) return false;
  found->quantity += item.quantity;
  return true;
}

void Shop::drop_cart(std::uint64_t id) {
  const Cart* gone = carts_.find(id);
  if (gone == nullptr) return;
  const auto newest = newest_cart_.find(gone->user);
  if (newest != newest_cart_.end() && newest->second == id) newest_cart_.erase(newest);
  carts_.remove(id);
}

Order* Shop::order(std::uint64_t id, std::string_view user) noexcept {
  Order* found = orders_.find(id);
  return found != nullptr && found->user == user ? found : nullptr;
}

}  // namespace vajrapulse::http::detail
