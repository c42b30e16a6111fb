#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vajrapulse::http::detail {

/// The newest `most` of what is numbered 1, 2, 3, … as it comes; what is older is forgotten.
template <class T>
class Newest {
 public:
  explicit Newest(std::size_t most) : most_(most) {}

  /// Its number; `oldest()` is forgotten for it.
  std::uint64_t add(T value) {
    if (kept_.size() < most_) kept_.emplace_back();
    ++last_;
    kept_[place(last_)] = {last_, std::move(value)};
    return last_;
  }
  [[nodiscard]] T* find(std::uint64_t number) noexcept {
    if (number == 0 || kept_.size() <= place(number)) return nullptr;
    auto& [is, value] = kept_[place(number)];
    return is == number ? &value : nullptr;
  }
  void remove(std::uint64_t number) {
    if (find(number) != nullptr) kept_[place(number)] = {};
  }
  /// The number that `add` will forget; it may have been removed, or never have been.
  [[nodiscard]] std::uint64_t oldest() const noexcept { return last_ < most_ ? 0 : last_ + 1 - most_; }

 private:
  [[nodiscard]] std::size_t place(std::uint64_t number) const noexcept {
    return static_cast<std::size_t>((number - 1) % most_);
  }
  std::size_t most_;
  std::uint64_t last_ = 0;
  std::vector<std::pair<std::uint64_t, T>> kept_;
};

struct Product {
  std::uint64_t id = 0;
  std::string name;
  std::uint64_t cents = 0;
};

/// Sixty, by arithmetic: always the same.
std::vector<Product> demo_products();

struct CartItem {
  std::uint64_t product = 0;
  std::uint64_t quantity = 0;
};

struct Cart {
  std::string user;
  std::vector<CartItem> items;  ///< each product once
};

struct Order {
  std::string user;
  std::vector<CartItem> items;
};

/// A small shop in memory: products that never change, the newest 10,000 carts and the newest 10,000 orders.
class Shop {
 public:
  static constexpr std::size_t kKept = 10'000;
  static constexpr std::uint64_t kQuantityMax = 1'000;  ///< of one product in a cart

  Shop() : products_(demo_products()) {}

  [[nodiscard]] const std::vector<Product>& products() const noexcept { return products_; }
  [[nodiscard]] const Product* product(std::uint64_t id) const noexcept;
  [[nodiscard]] std::uint64_t cents(const std::vector<CartItem>& items) const noexcept;

  std::uint64_t open_cart(std::string user, CartItem first);
  /// A cart of this user; null when there is none, or it is another's, or it has been forgotten.
  [[nodiscard]] Cart* cart(std::uint64_t id, std::string_view user) noexcept;
  /// The number of this user's newest cart; 0: none.
  [[nodiscard]] std::uint64_t cart_of(const std::string& user) const;
  /// False when there would be more than `kQuantityMax` of it.
  static bool put(Cart& cart, CartItem item);
  void drop_cart(std::uint64_t id);

  std::uint64_t place_order(Order order) { return orders_.add(std::move(order)); }
  [[nodiscard]] Order* order(std::uint64_t id, std::string_view user) noexcept;
  void cancel_order(std::uint64_t id) { orders_.remove(id); }

 private:
  std::vector<Product> products_;
  Newest<Cart> carts_{kKept};
  Newest<Order> orders_{kKept};
  std::unordered_map<std::string, std::uint64_t> newest_cart_;  ///< no more than there are carts
};

}  // namespace vajrapulse::http::detail
