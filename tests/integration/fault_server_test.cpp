#include "../faults/fault_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <tuple>

#include "client_host.hpp"
#include "vajrapulse/metrics/names.hpp"

// The table that the simulated network is tested with, on real sockets: both must say the same of every fault.
namespace vajrapulse::integration {
namespace {

using faults::Fault;
using faults::FaultCase;
using faults::FaultServer;
using runtime::IoKind;
using runtime::Reactor;
namespace names = metrics::names;

/// A FaultServer on a reactor of its own: epoll, whatever the client is on. A reset there comes of leaving the
/// request unread, and io_uring's receive, once armed, reads ahead.
class FaultHost {
 public:
  FaultHost(const faults::Certificates& certificates, const faults::Script& script) : thread_(IoKind::epoll) {
    thread_.call([&](Reactor& reactor) {
      auto server = FaultServer::start(reactor, *runtime::Address::ip("127.0.0.1", 0), certificates, script);
      if (!server) give_up(server.error().text());
      server_ = std::move(*server);
    });
  }
  ~FaultHost() {
    thread_.call([this](Reactor&) { server_->stop(); });
    while (!thread_.call([this](Reactor&) { return server_->ended(); })) {
    }
    thread_.call([this](Reactor&) { server_.reset(); });
  }
  FaultHost(const FaultHost&) = delete;
  FaultHost& operator=(const FaultHost&) = delete;

  std::uint16_t port() {
    return thread_.call([this](Reactor&) { return server_->address().port(); });
  }
  faults::Counts counts() {
    return thread_.call([this](Reactor&) { return server_->counts(); });
  }

 private:
  ReactorThread thread_;
  std::unique_ptr<FaultServer> server_;
};

const faults::Certificates& certificates() {
  static const faults::Certificates all;
  return all;
}

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
                           std::string name(std::get<1>(each.param).name);
                           for (char& c : name) {
                             if (c == '-' || c == ' ') c = '_';
                           }
                           return std::string(name_of(std::get<0>(each.param))) + "_" + name;
                         });

TEST_P(FaultTableOn, SaysWhatTheSimulatedTwinSays) {
  const auto& [io, what] = GetParam();
  FaultHost server(certificates(), {.fault = what.fault});
  ClientHost client(io, {.timeout = std::chrono::seconds(1), .tls = {.ca_file = certificates().authority()}});
  EXPECT_EQ(client.thread().reactor().name(), name_of(io));
  const std::string url = std::string(what.scheme()) + "://localhost:" + std::to_string(server.port()) + "/";
  const http::Response response = client.get(url);
  EXPECT_EQ(response.error().name(), what.expected.name()) << response.message();
  const metrics::Snapshot snapshot = client.snapshot();
  EXPECT_EQ(snapshot.counter(names::kRequestTotal), 1u);
  EXPECT_EQ(snapshot.counter(names::kErrors), what.expected ? 1u : 0u);
  EXPECT_GE(server.counts().connections, 1u);
}

}  // namespace
}  // namespace vajrapulse::integration
