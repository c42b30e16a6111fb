// The paths whose cost is guarded, each walked a number of times and nothing else: `./dev bench gates` counts their
// instructions at two lengths and takes the difference, so that starting up cancels out.
//
//   paths PATH COUNT
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "canned_reactor.hpp"
#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/http/demo_server.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/metrics/histogram.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace {

using namespace std::chrono_literals;
using namespace vajrapulse;

// As nginx answers for a small page.
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 21:30:13 GMT\r\nContent-Type: text/html\r\n"
    "Content-Length: 5\r\nLast-Modified: Mon, 23 Nov 2026 21:00:00 GMT\r\nConnection: keep-alive\r\n"
    "ETag: \"6564a1b0-5\"\r\nAccept-Ranges: bytes\r\n\r\nhello";

// A second of the run is 10,000 iterations: the hand-over of an interval is part of the cost, spread over them.
constexpr std::int64_t kRatePerSecond = 10'000;

[[noreturn]] void give_up(const char* why) {
  std::fprintf(stderr, "paths: %s\n", why);
  std::exit(1);
}

struct Empty final : Task {
  Co<Result> execute(Iteration&) override { co_return Result::success(); }
};

engine::Scenario open_scenario(NamedTask task, std::uint64_t count) {
  engine::OpenModel load;
  load.pattern = engine::static_pattern(kRatePerSecond * 1'000'000);
  engine::Scenario scenario{.name = "main", .task = std::move(task), .load = std::move(load), .iterations = {}};
  scenario.iterations = count;
  return scenario;
}

NamedTask http_task() {
  const std::vector<http::Request> requests{{.url = "http://127.0.0.1:8000/"}};
  return task<http::HttpTask>("get", http::ClientSettings{}, requests);
}

/// A whole run on one reactor, which `step` turns until the run has ended.
template <class Step>
void run_through(engine::Scenario scenario, runtime::Reactor& reactor, std::uint64_t count, Step step) {
  engine::Run run({.name = "paths", .version = "0", .seed = 1}, std::move(scenario), reactor, {&reactor});
  std::optional<Expected<engine::RunSummary>> outcome;
  const auto follow = [](engine::Run& of, std::optional<Expected<engine::RunSummary>>& into) -> runtime::Co<void> {
    auto whole = of.execute();
    into = co_await whole;
  };
  runtime::spawn(follow(run, outcome));
  while (!outcome && step()) {
  }
  if (!outcome || !*outcome || (*outcome)->load.succeeded != count) give_up("not every iteration succeeded");
}

void empty_task(std::uint64_t count) {
  http::CannedReactor reactor(kAnswer);
  run_through(open_scenario(task<Empty>("empty"), count), reactor, count, [&] { return reactor.step(); });
}

void http_client(std::uint64_t count) {
  http::CannedReactor reactor(kAnswer);
  run_through(open_scenario(http_task(), count), reactor, count, [&] { return reactor.step(); });
}

void http_simulated(std::uint64_t count) {
  runtime::simulated::World world(1);
  runtime::Reactor& place = world.reactor("server");
  http::DemoSettings settings;
  settings.listen = *runtime::Address::ip("127.0.0.1", 8000);
  http::DemoServer server(place, settings);
  if (!server.start()) give_up("the server did not start");
  runtime::Reactor& shard = world.reactor();
  const auto second = [&] { return world.run(world.clock().now() + 1s) > 0; };
  run_through(open_scenario(http_task(), count), shard, count, second);
}

void histogram_record(std::uint64_t count) {
  metrics::Histogram histogram;
  for (std::uint64_t i = 0; i < count; ++i)
    histogram.record(std::int64_t(200'000 + i * 7'919 % 1'000'000));
  if (histogram.count() != count) give_up("not every value was recorded");
}

void arrivals(engine::ArrivalKind kind, std::uint64_t count) {
  const auto pattern = engine::static_pattern(12'345'678'901);
  engine::Arrivals walk(*pattern, {.kind = kind, .seed = 1, .length = 8'000h, .limit = {}}, {.first = 1, .stride = 4});
  for (std::uint64_t i = 0; i < count; ++i)
    if (!walk.next()) give_up("the arrivals ended");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view path = argc > 1 ? argv[1] : "";
  const std::string_view text = argc > 2 ? argv[2] : "";
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  if (count == 0) give_up("give a path and a count from 1, for example: paths empty-task 1000");
  if (path == "empty-task") {
    empty_task(count);
  } else if (path == "http-client") {
    http_client(count);
  } else if (path == "http-simulated") {
    http_simulated(count);
  } else if (path == "histogram-record") {
    histogram_record(count);
  } else if (path == "even-arrival") {
    arrivals(engine::ArrivalKind::even, count);
  } else if (path == "poisson-arrival") {
    arrivals(engine::ArrivalKind::poisson, count);
  } else {
    give_up("the paths are empty-task, http-client, http-simulated, histogram-record, even-arrival, poisson-arrival");
  }
  return 0;
}
