// A task with a protocol's client: post, then read (paths of the demo server).
//   BASE_URL=http://127.0.0.1:8080 ./checkout --tps 100
#include <cstdlib>
#include <string>
#include <utility>
#include <vajrapulse/http/client.hpp>
#include <vajrapulse/vajrapulse.hpp>

class Checkout final : public vajrapulse::Task {
 public:
  explicit Checkout(std::string base_url) : base_url_(std::move(base_url)) {}

  // Once a shard: a client of its own, with connections that stay open.
  Co<Status> init(TaskContext& context) override {
    auto client = vajrapulse::http::Client::create(context);
    if (!client) co_return std::unexpected(client.error());
    client_ = std::move(*client);
    co_return Status{};
  }

  // Many at once, each a coroutine.
  Co<Result> execute(Iteration& iteration) override {
    const std::string order_url = base_url_ + "/echo";
    const vajrapulse::http::Body items = R"({"item":7})";
    auto order = co_await client_.post(iteration, order_url, items, "application/json");
    if (!order.ok()) co_return order.result();

    const std::string cart_url = base_url_ + "/bytes/200";
    auto cart = co_await client_.get(iteration, cart_url, vajrapulse::http::Keep::body);
    if (cart.ok() && cart.body().empty()) co_return Result::failure(kEmptyCart, "the cart has no body");
    co_return cart.result();
  }

 private:
  static constexpr vajrapulse::ErrorKind kEmptyCart{"empty-cart"};
  std::string base_url_;
  vajrapulse::http::Client client_;
};

int main(int argc, char** argv) {
  const char* base_url = std::getenv("BASE_URL");
  return vajrapulse::main(
      argc, argv, {vajrapulse::task<Checkout>("checkout", std::string(base_url ? base_url : "http://127.0.0.1:8080"))});
}
