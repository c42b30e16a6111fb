#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

#include "client_host.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

// What runs out on the generator's own machine: it has to be said to be ours, and the run goes on.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;

/// Runs `body` in a process of its own, whose limits and network are its own too. Its words, or "" for none.
std::string in_child(const std::function<std::string()>& body) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(static_cast<unsigned>(kStepLimit.count()));
    const std::string words = body();
    const ssize_t written = ::write(ends[1], words.data(), words.size());
    ::_exit(written == static_cast<ssize_t>(words.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string words;
  char buffer[512];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    words.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) words += "[ended by signal " + std::to_string(WTERMSIG(status)) + "]";
  return words;
}

/// Not one descriptor more than are open now.
void forbid_descriptors() {
  rlim_t first_free = 0;
  while (::fcntl(static_cast<int>(first_free), F_GETFD) >= 0)
    ++first_free;
  const rlimit limit{first_free, first_free};
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

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
  if (::unshare(CLONE_NEWNET) != 0) return "skipped";
  std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << "40000 40007\n";
  if (std::system("ip link set lo up") != 0) return "skipped";
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
  if (outcome == "skipped") GTEST_SKIP() << "a network namespace of its own needs root";
  EXPECT_EQ(outcome, "no-local-ports, some ok, goes on");
}

}  // namespace
}  // namespace vajrapulse::integration
