#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/signals.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/http/demo_server.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::commands {
namespace {

struct Options {
  std::string listen = "127.0.0.1:8080";
  std::string latency;
  std::string stall_every;
  std::string stall_for;
  std::string body_bytes;
  std::string io = "auto";
  std::optional<std::size_t> slots;
  http::DemoSettings settings;
};

/// `value` of `flag` through `parse`, with the flag named in the error.
template <class Parse>
auto parsed(const std::string& flag, const std::string& value, Parse parse) -> decltype(parse(value)) {
  auto result = parse(value);
  if (!result) return fail(kUsage, flag + " " + value + ": " + result.error().message, result.error().cure);
  return result;
}

Expected<http::DemoSettings> settings_of(const Options& options) {
  http::DemoSettings settings = options.settings;
  auto listen = parsed("--listen", options.listen, runtime::Address::parse);
  if (!listen) return std::unexpected(listen.error());
  settings.listen = *listen;
  if (!options.latency.empty()) {
    auto latency = parsed("--latency", options.latency, http::parse_latency);
    if (!latency) return std::unexpected(latency.error());
    settings.latency = *latency;
  }
  if (!options.stall_every.empty()) {
    auto every = parsed("--stall-every", options.stall_every, parse_duration);
    if (!every) return std::unexpected(every.error());
    settings.stall_every = *every;
  }
  if (!options.stall_for.empty()) {
    auto length = parsed("--stall-for", options.stall_for, parse_duration);
    if (!length) return std::unexpected(length.error());
    settings.stall_for = *length;
  }
  if (!options.body_bytes.empty()) {
    auto bytes = parsed("--body-bytes", options.body_bytes, parse_bytes);
    if (!bytes) return std::unexpected(bytes.error());
    settings.body_bytes = *bytes;
  }
  if (options.slots == 0) return fail(kUsage, "--slots 0 serves nothing", "give 1 or more, or leave it out");
  settings.slots = options.slots.value_or(0);
  if (!settings.tls && (!settings.certificate_file.empty() || !settings.key_file.empty()))
    return fail(kUsage, "--cert and --key are for HTTPS", "give --tls too, or leave them out");
  if (auto status = http::check(settings); !status) return std::unexpected(status.error());
  return settings;
}

runtime::Co<void> end(http::DemoServer& server, runtime::Reactor& reactor) {
  auto stopping = server.stop(std::chrono::seconds(1));
  co_await stopping;
  reactor.stop();
}

int serve(const Options& options) {
  auto settings = settings_of(options);
  if (!settings) return app::complain(settings.error());
  app::Signals signals;
  const auto kind = options.io == "io_uring" ? runtime::IoKind::io_uring
                    : options.io == "epoll"  ? runtime::IoKind::epoll
                                             : runtime::IoKind::automatic;
  auto made = runtime::make_reactor(kind);
  if (!made) return app::complain(made.error());
  runtime::Reactor& reactor = *made->reactor;
  http::DemoServer server(reactor, *settings);
  if (auto status = server.start(); !status) return app::complain(status.error());
  std::printf("demo server on %s (Ctrl-C ends it)\n", server.url().c_str());
  std::fflush(stdout);
  bool ending = false;
  signals.watch(reactor, [&](int) {
    if (ending) {
      reactor.stop();
      return;
    }
    ending = true;
    signals.forget();
    runtime::spawn(end(server, reactor));
  });
  reactor.run();
  const http::ServerCounts& counts = server.counts();
  std::printf("served %s requests on %s connections\n", format_count(counts.requests).c_str(),
              format_count(counts.connections_accepted).c_str());
  return 0;
}

}  // namespace

Act demo_server(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *root.add_subcommand("demo-server", "Serve a target whose behaviour is known exactly");
  http::DemoSettings& settings = options->settings;
  command.add_option("--listen", options->listen, "Where to listen; port 0 takes a free one (default 127.0.0.1:8080)")
      ->option_text("ADDR:PORT");
  command.add_flag("--tls", settings.tls, "Serve HTTPS, with a certificate made at start unless one is given");
  command.add_option("--cert", settings.certificate_file, "Certificate chain, PEM")->option_text("FILE");
  command.add_option("--key", settings.key_file, "Its key, PEM")->option_text("FILE");
  command.add_option("--io", options->io, "Kernel interface")
      ->option_text("auto|io_uring|epoll")
      ->check(CLI::IsMember({"auto", "io_uring", "epoll"}));
  command.add_option("--latency", options->latency, "Time to answer: 5ms, exp:5ms (exponential), normal:5ms,1ms")
      ->option_text("TIME")
      ->group("Behaviour");
  command
      .add_option("--slots", options->slots, "Serve this many requests at once; others wait in line (needs --latency)")
      ->option_text("N")
      ->group("Behaviour");
  command.add_option("--error-rate", settings.error_rate, "Share of answers that are a 500, 0 to 1")
      ->option_text("SHARE")
      ->group("Behaviour");
  command.add_option("--stall-every", options->stall_every, "Hold all answers this often …")
      ->option_text("TIME")
      ->group("Behaviour");
  command.add_option("--stall-for", options->stall_for, "… for this long; GET /stalls says when it did")
      ->option_text("TIME")
      ->group("Behaviour");
  command.add_option("--body-bytes", options->body_bytes, "Size of the answer to / (default: a small greeting)")
      ->option_text("SIZE")
      ->group("Behaviour");
  command.add_option("--close-after", settings.close_after, "Close each connection after this many requests")
      ->option_text("N")
      ->group("Behaviour");
  command.add_option("--seed", settings.seed, "Same seed, same latencies, errors and tokens (default 1)")
      ->option_text("N")
      ->group("Behaviour");
  app::style_help(command,
                  "  vajrapulse demo-server --latency exp:5ms --error-rate 0.01\n"
                  "  vajrapulse demo-server --slots 8 --latency 20ms     400 requests/s and no more\n"
                  "  vajrapulse demo-server --stall-every 2s --stall-for 200ms\n"
                  "\n"
                  "A browser that opens it sees all it answers: /delay/50ms, /status/503, a shop with\n"
                  "log-in, carts, forms and XML, /limited?rate=100, /degrading?after=1000 and more.\n"
                  "The password of every user is secret- and the user's name.\n");
  return [options] { return serve(*options); };
}

}  // namespace vajrapulse::commands
