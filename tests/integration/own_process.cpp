#include "own_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "harness.hpp"

namespace vajrapulse::integration {
namespace {

bool bring_up_loopback() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP;
  const bool up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  ::close(socket);
  return up;
}

}  // namespace

std::string in_child(const std::function<std::string()>& body) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  std::fflush(nullptr);  // or the child would print it again
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(static_cast<unsigned>(kStepLimit.count()));
    const std::string words = body();
    std::fflush(nullptr);
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

std::string verdict() { return testing::Test::HasFailure() ? "otherwise: see above" : kAsExpected; }

bool enter_own_network() { return ::unshare(CLONE_NEWNET) == 0 && bring_up_loopback(); }

void leave_ports(int count) {
  constexpr int kFirst = 40'000;
  std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << kFirst << " " << kFirst + count - 1 << "\n";
}

bool ask_names_on_loopback() {
  const TemporaryFolder folder;  // what is mounted stays, whatever becomes of its name
  const std::string file = folder.path() / "resolv.conf";
  std::ofstream(file) << "nameserver 127.0.0.1\n";
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(file.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) == 0;
}

void forbid_descriptors() {
  rlim_t first_free = 0;
  while (::fcntl(static_cast<int>(first_free), F_GETFD) >= 0)
    ++first_free;
  const rlimit limit{first_free, first_free};
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace vajrapulse::integration
