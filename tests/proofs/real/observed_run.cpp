#include "observed_run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "vajrapulse/http/http_task.hpp"

namespace vajrapulse::proofs {
namespace {

using runtime::Co;

class Asking final : public Task {
 public:
  Asking(Target target, std::shared_ptr<Answers> answers) : target_(std::move(target)), answers_(std::move(answers)) {}

  Co<Status> init(TaskContext& context) override {
    auto client = http::Client::create(context, target_.client);
    if (!client) co_return std::unexpected(std::move(client.error()));
    client_ = std::move(*client);
    keeps_ = context.shards() == 1;
    for (std::size_t user = 0; user < std::max<std::size_t>(target_.users, 1); ++user) {
      const std::string path = target_.users > 0 ? "/" + std::to_string(user) : "/";
      const http::Request request{.url = target_.origin + path};
      auto prepared = client_.prepare(request);
      if (!prepared) co_return std::unexpected(std::move(prepared.error()));
      requests_.push_back(std::move(*prepared));
    }
    co_return Status{};
  }

  Co<Result> execute(Iteration& iteration) override {
    if (iteration.index() == 0) answers_->origin = iteration.intended_start();
    const http::Prepared& request = requests_[target_.users > 0 ? iteration.user() : 0];
    auto sending = client_.send(iteration, request);
    const http::Response response = co_await sending;
    if (keeps_) answers_->all.push_back({iteration.intended_start(), iteration.reactor().event_time()});
    co_return response.result();
  }

  Co<void> teardown() override {
    client_.close_idle();
    co_return;
  }

 private:
  Target target_;
  std::shared_ptr<Answers> answers_;  ///< of all shards
  bool keeps_ = false;
  http::Client client_;
  std::vector<http::Prepared> requests_;
};

}  // namespace

Duration waited(const engine::RunSummary& summary) {
  return Duration(std::llround(summary.generator.run_queue_wait_s * 1e9));
}

NamedTask asking(Target target, std::shared_ptr<Answers> answers) {
  return task<Asking>("ask", std::move(target), std::move(answers));
}

std::optional<engine::RunSummary> observed(Trial& trial, engine::Scenario scenario, runtime::IoKind io,
                                           std::size_t shards) {
  start_threads_on(kGeneratorsProcessor);
  integration::ShardRun run(io, shards);
  auto summary = run.run(std::move(scenario));
  for (const std::string& violation : run.auditor().violations())
    trial.require(false, violation);
  return summary;
}

}  // namespace vajrapulse::proofs
