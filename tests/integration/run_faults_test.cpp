#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fault_host.hpp"
#include "loopback_servers.hpp"
#include "own_process.hpp"
#include "shard_run.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// Whole runs against everything that goes wrong, on real shards: the accounts have to add up, and the failures
// of the run are those that the server counted.
namespace vajrapulse::integration {
namespace {

using faults::Fault;
using faults::FaultCase;
using runtime::IoKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kShards = 2;
constexpr std::uint64_t kTarget = 10;  // of "static 100/s 100ms"

/// Long enough never to be met where nothing waits, on a host that takes the processor away at times.
Duration timeout_for(const FaultCase& what) {
  const bool waits = what.expected == kTimeout || what.expected == runtime::kConnectTimeout;
  return waits ? Duration(milliseconds(400)) : Duration(seconds(10));
}

engine::Scenario scenario_of(const std::string& url, Duration timeout) {
  http::ClientSettings settings;
  settings.timeout = timeout;
  settings.keep_alive = false;  // a connection for each iteration, so that the server's count is the run's
  if (url.starts_with("https:")) settings.tls.ca_file = fault_certificates().authority();
  std::vector<http::Request> requests{{.url = url}};
  engine::OpenModel model;
  model.pattern = engine::parse_load("static 100/s 100ms").value();
  return {.name = "faults",
          .task = task<http::HttpTask>("fetch", settings, requests),
          .load = model,
          .duration = milliseconds(100),
          .iterations = {}};
}

/// Every iteration ended in exactly one way, and the failures are all of the kind that they should be.
void expect_accounts(const ShardRun& run, const engine::RunSummary& summary, IoKind io, ErrorKind kind) {
  EXPECT_THAT(run.auditor().violations(), testing::IsEmpty());
  EXPECT_EQ(summary.run.io, name_of(io));
  EXPECT_EQ(summary.run.shards, kShards);
  const engine::LoadCounts& load = summary.load;
  EXPECT_EQ(load.target, kTarget);
  EXPECT_EQ(load.started + load.dropped() + load.missed, kTarget);
  EXPECT_EQ(load.succeeded + load.failed + load.interrupted, load.started);
  const auto kinds = summary.metrics.counters_by(metrics::names::kErrors, "kind");
  if (load.failed > 0) {
    EXPECT_THAT(kinds, testing::ElementsAre(testing::Pair(std::string(kind.name()), load.failed)));
  } else {
    EXPECT_THAT(kinds, testing::IsEmpty());
  }
}

std::vector<FaultCase> faults_if(bool (*fits)(const FaultCase&)) {
  std::vector<FaultCase> cases;
  for (const FaultCase& each : faults::fault_cases()) {
    if (fits(each)) cases.push_back(each);
  }
  return cases;
}

class RunAgainst : public testing::TestWithParam<std::tuple<IoKind, FaultCase>> {};

std::string name_of_both(const testing::TestParamInfo<RunAgainst::ParamType>& info) {
  return std::string(name_of(std::get<0>(info.param))) + "_" + std::string(std::get<1>(info.param).name);
}

const auto kBothReactors = testing::Values(IoKind::io_uring, IoKind::epoll);

using RunAgainstAServer = RunAgainst;

INSTANTIATE_TEST_SUITE_P(Both, RunAgainstAServer,
                         testing::Combine(kBothReactors, testing::ValuesIn(faults_if([](const FaultCase& each) {
                                            return each.needs_server();
                                          }))),
                         name_of_both);

TEST_P(RunAgainstAServer, FailsAsOftenAsTheServerDoesAndAddsUp) {
  const auto& [io, what] = GetParam();
  // Every second connection where the others can do well: the run goes on between failures.
  const bool mixed = what.tls == FaultCase::Tls::no;
  FaultHost server(fault_certificates(), {.fault = what.fault, .every = mixed ? 2U : 1U, .pace = milliseconds(200)});
  const std::string url = std::string(what.scheme()) + "://127.0.0.1:" + std::to_string(server.port()) + "/";
  ShardRun run(io, kShards);
  const auto summary = run.run(scenario_of(url, timeout_for(what)));
  ASSERT_TRUE(summary) << testing::PrintToString(run.auditor().violations());
  expect_accounts(run, *summary, io, what.expected);
  const faults::Counts counts = server.counts();
  EXPECT_EQ(summary->load.started, counts.connections);
  EXPECT_EQ(summary->load.failed, what.expected ? counts.faults : 0U);
  EXPECT_EQ(summary->load.interrupted, 0U);
}

/// What makes a fault that no server takes part in happen at `url`.
struct Place {
  std::string url;
  std::optional<DeadAddress> dead;
};

void arrange(Fault fault, Place& place) {
  switch (fault) {
    case Fault::refused: place.url = "http://127.0.0.1:" + std::to_string(free_port()) + "/"; return;
    // Loopback's broadcast address: TCP has no route there (RFC 1122, section 4.2.3.10).
    case Fault::unreachable: place.url = "http://127.255.255.255/"; return;
    // Names that resolvers must not ask for (RFC 7686, section 2): no packet leaves.
    case Fault::unknown_name: place.url = "http://nobody.onion/"; return;
    default: place.url = "http://" + place.dead.emplace().address().text() + "/"; return;
  }
}

/// Every iteration of a run to `url` fails, as `what` says.
void expect_every_failure(ShardRun& run, IoKind io, const FaultCase& what, const std::string& url) {
  const auto summary = run.run(scenario_of(url, timeout_for(what)));
  ASSERT_TRUE(summary) << testing::PrintToString(run.auditor().violations());
  expect_accounts(run, *summary, io, what.expected);
  EXPECT_GT(summary->load.failed, 0U);
  EXPECT_EQ(summary->load.failed, summary->load.started);
}

bool runs_out(const FaultCase& each) { return each.fault == Fault::no_descriptors || each.fault == Fault::no_ports; }

using RunAgainstNobody = RunAgainst;

INSTANTIATE_TEST_SUITE_P(Both, RunAgainstNobody,
                         testing::Combine(kBothReactors, testing::ValuesIn(faults_if([](const FaultCase& each) {
                                            return !each.needs_server() && !runs_out(each);
                                          }))),
                         name_of_both);

TEST_P(RunAgainstNobody, FailsEveryTimeAndAddsUp) {
  const auto& [io, what] = GetParam();
  Place place;
  arrange(what.fault, place);
  ShardRun run(io, kShards);
  expect_every_failure(run, io, what, place.url);
}

/// The one local port that is left is taken for as long as this lives.
class LastPort {
 public:
  explicit LastPort(const runtime::Address& peer)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    leave_ports(1);
    static_cast<void>(::connect(socket_, peer.data(), peer.size()));
  }
  ~LastPort() { ::close(socket_); }
  LastPort(const LastPort&) = delete;
  LastPort& operator=(const LastPort&) = delete;

 private:
  int socket_;
};

std::string run_without(IoKind io, const FaultCase& what) {
  if (what.fault == Fault::no_ports && !enter_own_network()) return kNotPermitted;
  const DeadAddress peer;
  const std::string url = "http://" + peer.address().text() + "/";
  ShardRun run(io, kShards);
  std::optional<LastPort> last;
  if (what.fault == Fault::no_ports) {
    last.emplace(peer.address());
  } else {
    forbid_descriptors();
  }
  expect_every_failure(run, io, what, url);
  return verdict();
}

using RunOnAMachine = RunAgainst;

INSTANTIATE_TEST_SUITE_P(Both, RunOnAMachine, testing::Combine(kBothReactors, testing::ValuesIn(faults_if(&runs_out))),
                         name_of_both);

TEST_P(RunOnAMachine, ThatHasRunOutFailsEveryTimeAndAddsUp) {
  const auto& [io, what] = GetParam();
  const std::string outcome = in_child([&] { return run_without(io, what); });
  if (outcome == kNotPermitted) GTEST_SKIP() << "a network of its own takes root";
  EXPECT_EQ(outcome, kAsExpected);
}

class RunCutShort : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, RunCutShort, kBothReactors,
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(RunCutShort, InterruptsWhatIsInFlightAndAddsUp) {
  FaultHost server(fault_certificates(), {.fault = Fault::never_answers, .every = 2});
  ShardRun run(GetParam(), kShards);
  auto scenario = scenario_of("http://127.0.0.1:" + std::to_string(server.port()) + "/", seconds(30));
  scenario.drain_timeout = milliseconds(300);
  const auto summary = run.run(std::move(scenario));
  ASSERT_TRUE(summary) << testing::PrintToString(run.auditor().violations());
  expect_accounts(run, *summary, GetParam(), kNoError);
  EXPECT_EQ(summary->load.failed, 0U);
  EXPECT_EQ(summary->load.interrupted, server.counts().faults);
}

}  // namespace
}  // namespace vajrapulse::integration
