#pragma once

#include <cstddef>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/http/client.hpp"

namespace vajrapulse::http {

/// Sends one of `requests` an iteration: number k sends request k mod n, so that they take turns evenly and the same
/// way whatever the number of shards. `settings.connections` is the total of all shards.
class HttpTask final : public Task {
 public:
  HttpTask(ClientSettings settings, std::vector<Request> requests);

  Co<Status> init(TaskContext& context) override;
  Co<Result> execute(Iteration& iteration) override;
  Co<void> teardown() override;

 private:
  ClientSettings settings_;
  std::vector<Request> requests_;
  Client client_;
  std::vector<Prepared> prepared_;
};

}  // namespace vajrapulse::http
