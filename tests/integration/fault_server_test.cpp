#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "client_host.hpp"
#include "fault_host.hpp"
#include "vajrapulse/metrics/names.hpp"

// The table that the simulated network is tested with, on real sockets: both must say the same of every fault.
namespace vajrapulse::integration {
namespace {

using faults::FaultCase;
using runtime::IoKind;
namespace names = metrics::names;

std::vector<FaultCase> with_a_server() {
  std::vector<FaultCase> cases;
  for (const FaultCase& each : faults::fault_cases()) {
    if (each.needs_server()) cases.push_back(each);
  }
  return cases;
}

class FaultTableOn : public testing::TestWithParam<std::tuple<IoKind, FaultCase>> {};

INSTANTIATE_TEST_SUITE_P(Both, FaultTableOn,
                         testing::Combine(testing::Values(IoKind::io_uring, IoKind::epoll),
                                          testing::ValuesIn(with_a_server())),
                         [](const auto& each) {
                           return std::string(name_of(std::get<0>(each.param))) + "_" +
                                  std::string(std::get<1>(each.param).name);
                         });

TEST_P(FaultTableOn, SaysWhatTheSimulatedTwinSays) {
  const auto& [io, what] = GetParam();
  FaultHost server(fault_certificates(), {.fault = what.fault});
  ClientHost client(io, {.timeout = std::chrono::seconds(1), .tls = {.ca_file = fault_certificates().authority()}});
  EXPECT_EQ(client.thread().reactor().name(), name_of(io));
  const std::string url = std::string(what.scheme()) + "://localhost:" + std::to_string(server.port()) + "/";
  const http::Response response = client.get(url);
  EXPECT_EQ(response.error().name(), what.expected.name()) << response.message();
  const metrics::Snapshot snapshot = client.snapshot();
  EXPECT_EQ(snapshot.counter(names::kRequestTotal), 1u);
  EXPECT_EQ(snapshot.counter(names::kErrors), what.expected ? 1u : 0u);
  if (what.expected) {
    EXPECT_EQ(snapshot.counter(names::kErrors, {{"kind", std::string(what.expected.name())}}), 1u);
  }
  EXPECT_GE(server.counts().connections, 1u);
}

}  // namespace
}  // namespace vajrapulse::integration
