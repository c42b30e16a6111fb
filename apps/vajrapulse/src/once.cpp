#include "once.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "shown_head.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::commands {
namespace {

void print_block(const char* mark, const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = std::min(text.find("\r\n", at), text.size());
    if (end > at) std::printf("%s %s\n", mark, printable(without_secret(text.substr(at, end - at))).c_str());
    at = end + 2;
  }
}

void print_phases(const http::PhaseTimes& phases) {
  const double total = std::max(1.0, double(phases[http::Phase::total].count()));
  bool instant = false;
  for (std::size_t i = 0; i < http::kPhases; ++i) {
    const auto phase = static_cast<http::Phase>(i);
    if (!phases.has(phase)) continue;
    instant = instant || phases[phase] == Duration::zero();
    const auto columns = std::size_t(40.0 * double(phases[phase].count()) / total);
    std::string bar;
    for (std::size_t c = 0; c < columns; ++c)
      bar += "━";
    std::printf("  %-8s %10s  %s\n", std::string(http::name(phase)).c_str(), format_duration(phases[phase]).c_str(),
                bar.c_str());
  }
  if (instant) std::printf("  0 s: began and ended within one turn of the reactor, too short to be told apart\n");
}

void print(const http::Exchange& exchange) {
  const bool sent = !exchange.error.kind || exchange.phases.has(http::Phase::send);
  if (exchange.remote.empty() || !sent) return;
  if (exchange.redirects > 0)
    std::printf("* after %d redirect%s\n", exchange.redirects, exchange.redirects == 1 ? "" : "s");
  std::printf("* connected to %s", exchange.remote.c_str());
  if (exchange.tls)
    std::printf(", %s, %s%s", exchange.tls->version.c_str(), exchange.tls->cipher.c_str(),
                exchange.tls->resumed ? ", resumed" : "");
  std::printf("\n");
  print_block(">", exchange.request_head);
  std::printf("\n");
  print_block("<", exchange.response_head);
  if (!exchange.body_start.empty()) {
    std::printf("\n%s\n", printable(exchange.body_start).c_str());
    if (exchange.body_bytes > exchange.body_start.size())
      std::printf("… (%s bytes in all)\n", format_count(exchange.body_bytes).c_str());
  }
  std::printf("\n");
  print_phases(exchange.phases);
}

struct Once {
  const http::ClientSettings& settings;
  const http::Request& request;
  runtime::Reactor& reactor;
  http::Exchange exchange;

  runtime::Co<void> run() {
    metrics::Registry registry;
    metrics::Recorder recorder(registry, reactor.now());
    runtime::Cancellation cancellation;
    Random random(1);
    const Scope scope(reactor, recorder, cancellation, random);
    auto sending = http::exchange(scope, settings, request);
    exchange = co_await sending;
    reactor.stop();
  }
};

}  // namespace

int show_once(const http::ClientSettings& settings, const http::Request& request) {
  auto made = runtime::make_reactor(runtime::IoKind::epoll);
  if (!made) return app::complain(made.error(), 1);
  Once once{settings, request, *made->reactor, {}};
  runtime::spawn(once.run());
  made->reactor->run();
  print(once.exchange);
  if (once.exchange.error.kind) return app::complain(once.exchange.error, once.exchange.error.kind == kUsage ? 2 : 1);
  return 0;
}

}  // namespace vajrapulse::commands
