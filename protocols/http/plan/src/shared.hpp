#pragma once

#include "section.hpp"
#include "shard_client.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"

namespace vajrapulse::http_plan {

/// What all http steps of a plan share, on all shards.
struct HttpPlan::Shared {
  Files files;
  Section section;
  ShardClients clients;
};

}  // namespace vajrapulse::http_plan
