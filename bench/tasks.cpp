// Tasks that `./dev bench scale` runs, with the command line of any program of the house:
//
//   tasks empty --tps 200000 --duration 10s         nothing at all
//   tasks sleepers --tps 100000 …                   each sleeps SLEEP_S seconds; its lateness goes to LATENESS_FILE
//   tasks names --users 64 …                        GETs URL, with as many request names as NAMES says
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/metrics/histogram.hpp"
#include "vajrapulse/vajrapulse.hpp"

namespace {

using namespace vajrapulse;

std::string from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

struct Empty final : Task {
  Co<Result> execute(Iteration&) override { co_return Result::success(); }
};

/// Sleeps, and notes how long after it was due it woke: finer than a service time of ten seconds can say.
class Sleepers final : public Task {
 public:
  Co<Status> init(TaskContext&) override {
    sleep_ = std::chrono::seconds(std::stol(from_environment("SLEEP_S", "10")));
    co_return Status{};
  }
  Co<Result> execute(Iteration& iteration) override {
    const TimePoint due = iteration.reactor().now() + sleep_;
    co_await iteration.sleep(sleep_);
    lateness_.record((iteration.reactor().now() - due).count());
    co_return Result::success();
  }
  Co<void> teardown() override {
    const std::string path = from_environment("LATENESS_FILE", "/dev/null");
    if (std::FILE* file = std::fopen(path.c_str(), "w")) {
      std::fprintf(file, R"({"count":%llu,"p50":%lld,"p99":%lld,"p99.9":%lld,"max":%lld})",
                   static_cast<unsigned long long>(lateness_.count()), static_cast<long long>(lateness_.percentile(50)),
                   static_cast<long long>(lateness_.percentile(99)), static_cast<long long>(lateness_.percentile(99.9)),
                   static_cast<long long>(lateness_.max()));
      std::fclose(file);
    }
    co_return;
  }

 private:
  Duration sleep_{};
  metrics::Histogram lateness_;
};

std::vector<http::Request> named_requests() {
  const std::string url = from_environment("URL", "http://127.0.0.1:8080/");
  std::vector<http::Request> requests(std::stoul(from_environment("NAMES", "1")));
  for (std::size_t i = 0; i < requests.size(); ++i)
    requests[i] = {.url = url, .name = "GET /" + std::to_string(i)};
  return requests;
}

}  // namespace

int main(int argc, char** argv) {
  return vajrapulse::main(argc, argv,
                          {task<Empty>("empty"), task<Sleepers>("sleepers"),
                           task<http::HttpTask>("names", http::ClientSettings{}, named_requests())});
}
