#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client_host.hpp"
#include "own_process.hpp"
#include "vajrapulse/runtime/errors.hpp"

// What runs out on the generator's own machine: it has to be said to be ours, and the run goes on.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;

/// "kinds of failures, each with its count; ok N"
std::string outcome_of(const std::vector<http::Response>& responses) {
  std::size_t ok = 0;
  std::size_t expected = 0;
  std::string other;
  for (const auto& each : responses) {
    if (each.ok()) {
      ++ok;
    } else if (each.error() == runtime::kNoDescriptors || each.error() == runtime::kNoPorts) {
      ++expected;
      other = each.error().name();
    } else {
      return "unexpected: " + std::string(each.error().name());
    }
  }
  return (expected > 0 ? other : "nothing ran out") + (ok > 0 ? ", some ok" : ", none ok");
}

class LimitsOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, LimitsOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

std::string run_out_of_descriptors(IoKind kind, const std::string& url) {
  ClientHost client(kind);
  // Two at once before, too: without a descriptor UBSan cannot look at a type that it sees for the first time.
  if (!client.get(url).ok() || !client.get_at_once(url, 1).front().ok()) return "cannot reach the server at all";
  forbid_descriptors();
  const std::string outcome = outcome_of(client.get_at_once(url, 40));
  const bool goes_on = client.get(url).ok();
  return outcome + (goes_on ? ", goes on" : ", ends");
}

TEST_P(LimitsOn, DescriptorsThatRunOutAreOursAndTheRunGoesOn) {
  auto nginx = Nginx::start();
  ASSERT_TRUE(nginx) << "nginx is not installed: ./dev test does that";
  const std::string url = nginx->origin() + "/";
  EXPECT_EQ(in_child([&] { return run_out_of_descriptors(GetParam(), url); }), "no-file-descriptors, some ok, goes on");
}

/// In a network of its own, where only 8 local ports exist.
std::string run_out_of_ports(IoKind kind) {
  if (!enter_own_network()) return kNotPermitted;
  leave_ports(8);
  http::DemoSettings settings;
  settings.listen = *runtime::Address::ip("127.0.0.1", 8080);
  DemoHost demo(kind, settings);
  ClientHost client(kind);
  const std::string outcome = outcome_of(client.get_at_once("http://127.0.0.1:8080/delay/100ms", 20));
  const bool goes_on = client.get("http://127.0.0.1:8080/").ok();
  return outcome + (goes_on ? ", goes on" : ", ends");
}

TEST_P(LimitsOn, LocalPortsThatRunOutAreOursAndTheRunGoesOn) {
  const std::string outcome = in_child([] { return run_out_of_ports(GetParam()); });
  if (outcome == kNotPermitted) GTEST_SKIP() << "a network namespace of its own needs root";
  EXPECT_EQ(outcome, "no-local-ports, some ok, goes on");
}

}  // namespace
}  // namespace vajrapulse::integration
