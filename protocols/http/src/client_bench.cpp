#include <benchmark/benchmark.h>

#include <string>

#include "canned_reactor.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/response_reader.hpp"

namespace vajrapulse::http {
namespace {

// As nginx answers for a small page.
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 21:30:13 GMT\r\nContent-Type: text/html\r\n"
    "Content-Length: 5\r\nLast-Modified: Mon, 23 Nov 2026 21:00:00 GMT\r\nConnection: keep-alive\r\n"
    "ETag: \"6564a1b0-5\"\r\nAccept-Ranges: bytes\r\n\r\nhello";

void read_response(benchmark::State& state) {
  ResponseReader reader;
  for (auto _ : state) {
    reader.start(ResponseReader::Answers::get);
    std::string_view input = kAnswer;
    std::string_view piece;
    while (reader.next(input, piece) != ResponseReader::Step::done) {
    }
    benchmark::DoNotOptimize(reader.head().status);
  }
}
BENCHMARK(read_response);

runtime::Co<void> loop(Client& client, Iteration& iteration, const Prepared& request, const bool& stop) {
  while (!stop) {
    auto sending = client.send(iteration, request);
    const Response response = co_await sending;
    if (!response.ok()) std::abort();
  }
}

// All that a request costs in user space but the socket calls: pool, timer, send, parse, every metric.
void prepared_get(benchmark::State& state) {
  CannedReactor reactor(kAnswer);
  metrics::Registry registry;
  metrics::Recorder recorder(registry, reactor.now());
  runtime::Cancellation cancellation;
  Random random(1);
  const Scope scope(reactor, recorder, cancellation, random);
  Iteration iteration(scope, {.scenario = "bench", .task = "get"});
  auto client = Client::create(scope);
  auto request = client->prepare({.url = "http://127.0.0.1/"});
  bool stop = false;
  runtime::spawn(loop(*client, iteration, *request, stop));
  for (auto _ : state)
    reactor.turn();
  stop = true;
  reactor.turn();
}
BENCHMARK(prepared_get);

}  // namespace
}  // namespace vajrapulse::http
