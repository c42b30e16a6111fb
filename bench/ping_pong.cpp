// The least that a client can be: one connection, blocking send and receive, one clock reading before and after.
//
//   ping_pong PORT COUNT [RATE]   GETs / on 127.0.0.1; one line of JSON, in ns: {"count":…,"p50":…,"p99":…}
//
// With a RATE it sleeps until each request is due (clock_nanosleep, 1 ns of slack) and times from when it woke.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs + now.tv_nsec;
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

int open_connection(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) give_up("connect");
  return fd;
}

/// An answer as small as ours come in one piece; its end is its body's.
void exchange(int fd, std::string_view request) {
  std::array<char, 4096> answer;
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) give_up("send");
  if (recv(fd, answer.data(), answer.size(), 0) <= 0) give_up("recv");
}

void wait_until(std::int64_t due) {
  const timespec until{.tv_sec = due / kSecondNs, .tv_nsec = due % kSecondNs};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "ping_pong PORT COUNT [RATE]\n");
    return 2;
  }
  const int port = std::atoi(argv[1]);
  const double rate = argc > 3 ? std::atof(argv[3]) : 0;
  std::vector<std::int64_t> times(static_cast<std::size_t>(std::max(std::atoi(argv[2]), 1)));
  prctl(PR_SET_TIMERSLACK, 1UL);
  const std::string request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n";
  const int fd = open_connection(static_cast<std::uint16_t>(port));
  const std::int64_t origin = now_ns();
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (rate > 0) wait_until(origin + static_cast<std::int64_t>(static_cast<double>(k) / rate * 1e9));
    const std::int64_t began = now_ns();
    exchange(fd, request);
    times[k] = now_ns() - began;
  }
  close(fd);
  std::sort(times.begin(), times.end());
  std::printf(R"({"count":%zu,"p50":%lld,"p99":%lld})"
              "\n",
              times.size(), static_cast<long long>(times[times.size() / 2]),
              static_cast<long long>(times[times.size() * 99 / 100]));
  return 0;
}
