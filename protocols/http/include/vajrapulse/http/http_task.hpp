#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/http/client.hpp"

namespace vajrapulse::http {

/// Which request an iteration sends: number k sends requests[turns[k mod turns.size()]]. Shared by all shards.
using Turns = std::shared_ptr<const std::vector<std::uint32_t>>;

/// Sends one of `requests` an iteration: as `turns` has it; without any, number k sends request k mod n, so that they
/// take turns evenly. The same way whatever the number of shards. `settings.connections` is the total of all shards.
class HttpTask final : public Task {
 public:
  HttpTask(ClientSettings settings, std::vector<Request> requests, Turns turns = nullptr);

  Co<Status> init(TaskContext& context) override;
  Co<Result> execute(Iteration& iteration) override;
  Co<void> teardown() override;

 private:
  ClientSettings settings_;
  [[nodiscard]] const Prepared& request_of(std::uint64_t k) const noexcept;

  std::vector<Request> requests_;
  Turns turns_;  ///< null, or at least one
  Client client_;
  std::vector<Prepared> prepared_;
};

}  // namespace vajrapulse::http
