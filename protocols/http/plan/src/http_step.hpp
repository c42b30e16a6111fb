#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "request_text.hpp"
#include "shared.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/plan/captures.hpp"
#include "vajrapulse/plan/checks.hpp"
#include "vajrapulse/plan/step.hpp"

namespace vajrapulse::http_plan {

/// Sends a request, looks at the answer, and takes from it what later steps need.
class HttpStep final : public plan::Step {
 public:
  struct Made {
    RequestText request;
    plan::Checks checks;
    std::optional<plan::Checks> statuses;  ///< only what is expected of the status, where it takes the place of fail-on
    plan::Captures captures;
    Cookies cookies = Cookies::iteration;
    std::size_t jar_local = 0;  ///< of the iteration's jar
  };
  HttpStep(std::shared_ptr<HttpPlan::Shared> shared, Made made);

  runtime::Co<Status> init(TaskContext& context) override;
  runtime::Co<plan::Flow> run(plan::Moment& moment) override;
  runtime::Co<void> teardown() override;

 private:
  http::CookieJar* jar(plan::Moment& moment);
  Status render(plan::Moment& moment, Workspace& work, http::Varying& varying) const;
  void judge(const http::Response& response, Workspace& work, plan::Moment& moment) const;
  runtime::Co<plan::Flow> run_plain(plan::Moment& moment);
  runtime::Co<plan::Flow> run_with_workspace(plan::Moment& moment);

  std::shared_ptr<HttpPlan::Shared> shared_;
  Made made_;
  std::shared_ptr<ShardClient> shard_;
  http::Prepared prepared_;
  bool plain_ = false;  ///< nothing to render, nothing to keep, nothing to look at
};

/// The kind of step: `shared` is what its steps share.
plan::StepKind http_step(std::shared_ptr<HttpPlan::Shared> shared);

}  // namespace vajrapulse::http_plan
