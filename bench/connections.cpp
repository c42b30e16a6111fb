// What a connection costs that only waits: opens CONNECTIONS of them to URL through one client, lets all become idle,
// and says what this process grew by. `./dev bench scale` runs it, on one shard:
//
//   connections idle --users 1 --iterations 1       after HOLD_S seconds, one line of JSON in FIGURES_FILE:
//     {"connections":…,"established":…,"rss_bytes":…,"heap_bytes":…}
//
// `established` is the kernel's count; bytes are what the process grew by since one connection had carried 10,000
// requests, so that what is there once (buffers, histograms) does not count.
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/url.hpp"
#include "vajrapulse/vajrapulse.hpp"

namespace {

using namespace vajrapulse;

std::string from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

struct Memory {
  std::int64_t rss_bytes = 0;
  std::int64_t heap_bytes = 0;  // what is allocated and not given back
};

Memory memory_now() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;
  const auto heap = mallinfo2();
  return {.rss_bytes = pages * sysconf(_SC_PAGESIZE), .heap_bytes = std::int64_t(heap.uordblks + heap.hblkhd)};
}

/// Connections of the whole machine that are established to `port`, by the kernel's own table.
std::size_t established_to(std::uint16_t port) {
  std::ifstream table("/proc/net/tcp");
  std::size_t count = 0;
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream cells(line);
    std::string number, local, remote, state;
    cells >> number >> local >> remote >> state;
    const auto colon = remote.find(':');
    if (state == "01" && std::stoul(remote.substr(colon + 1), nullptr, 16) == port) ++count;
  }
  return count;
}

constexpr int kFirst = 10'000;

class Idle final : public Task {
 public:
  Co<Status> init(TaskContext& context) override {
    auto client = http::Client::create(context);
    if (!client) co_return std::unexpected(client.error());
    client_ = std::move(*client);
    const http::Request request{.url = url_};
    auto prepared = client_.prepare(request);
    if (!prepared) co_return std::unexpected(prepared.error());
    prepared_ = std::move(*prepared);
    co_return Status{};
  }

  Co<Result> execute(Iteration& iteration) override {
    for (int i = 0; i < kFirst; ++i) {
      auto sending = client_.send(iteration, prepared_);
      const http::Response response = co_await sending;
      if (!response.ok()) co_return response.result();
    }
    const Memory before = memory_now();
    auto all = hold(iteration, wanted_);
    if (!co_await all) co_return Result::failure(kUsage, "not every connection came about");
    for (http::ResponseStream& each : held_)
      if (each.finish().status() != 200) co_return Result::failure(kUsage, "a response was cut short");
    std::vector<http::ResponseStream>().swap(held_);
    co_await iteration.sleep(hold_);
    write(before);
    co_return Result::success();
  }

 private:
  /// Responses that were read but not finished keep their connections, so that the next takes another.
  Co<bool> hold(Iteration& iteration, std::size_t count) {
    held_.reserve(count);
    while (held_.size() < count) {
      auto opening = client_.open(iteration, prepared_);
      http::ResponseStream stream = co_await opening;
      if (stream.status() != 200) co_return false;
      auto reading = stream.read();
      auto piece = co_await reading;
      while (!piece.empty()) {
        auto more = stream.read();
        piece = co_await more;
      }
      held_.push_back(std::move(stream));
    }
    co_return true;
  }

  void write(const Memory& before) const {
    const Memory after = memory_now();
    std::ofstream file(from_environment("FIGURES_FILE", "/dev/null"));
    file << R"({"connections":)" << wanted_ << R"(,"established":)" << established_to(http::parse_url(url_)->port)
         << R"(,"rss_bytes":)" << after.rss_bytes - before.rss_bytes << R"(,"heap_bytes":)"
         << after.heap_bytes - before.heap_bytes << "}\n";
  }

  std::string url_ = from_environment("URL", "http://127.0.0.1:8080/");
  std::size_t wanted_ = std::stoul(from_environment("CONNECTIONS", "20000"));
  Duration hold_ = std::chrono::seconds(std::stoul(from_environment("HOLD_S", "1")));
  http::Client client_;
  http::Prepared prepared_;
  std::vector<http::ResponseStream> held_;
};

}  // namespace

int main(int argc, char** argv) { return vajrapulse::main(argc, argv, {task<Idle>("idle")}); }
