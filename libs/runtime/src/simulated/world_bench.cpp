#include <benchmark/benchmark.h>

#include <memory>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

constexpr std::byte kByte{'x'};

Co<void> echo(std::unique_ptr<Stream> stream) {
  for (;;) {
    const auto [result, data] = co_await stream->receive();
    if (!result.ok() || data.empty()) co_return;
    const IoResult sent = co_await stream->send(data);
    if (!sent.ok()) co_return;
  }
}

Co<void> serve_one(Listener& listener) {
  Listener::Accepted accepted = co_await listener.accept();
  spawn(echo(std::move(accepted.stream)));
}

Co<void> ask(Reactor& reactor, const Address& to, std::int64_t times) {
  Reactor::Connected connected = co_await reactor.connect(to);
  for (std::int64_t i = 0; i < times; ++i) {
    const Bytes byte{&kByte, 1};
    const IoResult sent = co_await connected.stream->send(byte);
    const auto [result, data] = co_await connected.stream->receive();
    if (!sent.ok() || !result.ok()) co_return;
  }
}

/// What one event of a World costs: here, a byte that crosses from one reactor to another.
void AnEvent(benchmark::State& state) {
  constexpr std::int64_t kRounds = 10'000;
  std::uint64_t events = 0;
  for ([[maybe_unused]] auto _ : state) {
    World world{1};
    auto listener = *world.reactor("server").listen(*Address::parse("127.0.0.1:80"));
    Reactor& client = world.reactor("client");
    spawn(serve_one(*listener));
    spawn(ask(client, listener->local(), kRounds));
    events += world.run();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}
BENCHMARK(AnEvent)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vajrapulse::runtime::simulated
