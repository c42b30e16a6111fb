#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/errqueue.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "client_host.hpp"

// When the shard says a response was complete, against when the kernel says its bytes arrived.
namespace vajrapulse::integration {
namespace {

using runtime::Co;
using runtime::IoKind;
using runtime::Reactor;
using std::chrono::microseconds;

/// Listens to the loopback interface, with the kernel's receive stamp of every packet (SO_TIMESTAMPING).
/// Needs CAP_NET_RAW.
class KernelStamps {
 public:
  explicit KernelStamps(std::uint16_t port)
      : socket_(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_IP))), port_(port) {
    if (socket_ < 0) return;
    const int on = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    const int room = 8 * 1024 * 1024;
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_IP);
    address.sll_ifindex = static_cast<int>(::if_nametoindex("lo"));
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    ready_ = ::setsockopt(socket_, SOL_SOCKET, SO_TIMESTAMPING, &on, sizeof on) == 0 &&
             ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~KernelStamps() { ::close(socket_); }
  KernelStamps(const KernelStamps&) = delete;
  KernelStamps& operator=(const KernelStamps&) = delete;

  [[nodiscard]] bool ready() const noexcept { return ready_; }

  /// When each segment with payload from `port` arrived, in the order of arrival.
  std::vector<WallTime> take() {
    std::vector<WallTime> stamps;
    while (const auto packet = next()) {
      if (packet->from == port_ && packet->payload_bytes > 0 && !packet->outgoing) stamps.push_back(packet->stamp);
    }
    return stamps;
  }

 private:
  struct Packet {
    std::uint16_t from = 0;
    std::size_t payload_bytes = 0;
    bool outgoing = false;  // loopback shows every packet twice
    WallTime stamp;
  };

  std::optional<Packet> next() {
    alignas(8) std::array<unsigned char, 256> bytes{};
    alignas(cmsghdr) std::array<char, 256> control{};
    sockaddr_ll from{};
    iovec piece{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(socket_, &message, MSG_TRUNC);
    if (size < 0) return std::nullopt;
    Packet packet;
    packet.outgoing = from.sll_pkttype == PACKET_OUTGOING;
    const auto* ip = reinterpret_cast<const iphdr*>(bytes.data());
    if (ip->protocol != IPPROTO_TCP) return packet;
    const std::size_t ip_bytes = std::size_t{ip->ihl} * 4;
    const auto* tcp = reinterpret_cast<const tcphdr*>(bytes.data() + ip_bytes);
    packet.from = ntohs(tcp->source);
    packet.payload_bytes = ntohs(ip->tot_len) - ip_bytes - std::size_t{tcp->doff} * 4;
    packet.stamp = stamp_of(message);
    return packet;
  }

  static WallTime stamp_of(msghdr& message) {
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
      if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPING) continue;
      const auto* stamps = reinterpret_cast<const scm_timestamping*>(CMSG_DATA(each));
      return WallTime(std::chrono::seconds(stamps->ts[0].tv_sec) + std::chrono::nanoseconds(stamps->ts[0].tv_nsec));
    }
    return {};
  }

  int socket_;
  std::uint16_t port_;
  bool ready_ = false;
};

/// A shard that is kept busy: turn after turn, something burns its processor for a while.
struct Load {
  Reactor& reactor;
  std::atomic<bool> ended = false;
  std::atomic<bool> gone = false;

  void burn() {
    const TimePoint until = reactor.now() + microseconds(300);
    while (reactor.now() < until) {
    }
    if (ended) {
      gone = true;
    } else {
      reactor.post([this] { burn(); });
    }
  }
};

/// What the shard says its turns take: the bound that it gives for the error of its stamps.
class Turns final : public runtime::TurnObserver {
 public:
  void on_turn(Duration busy) noexcept override { last_ = busy; }
  /// The turn before the one that is under way: what came in during it is seen now.
  [[nodiscard]] Duration last() const noexcept { return last_; }

 private:
  Duration last_{};
};

struct Completion {
  TimePoint stamp;
  Duration turn_before;
};

/// `count` requests, one after the other on one connection.
Co<std::vector<Completion>> completions(http::Client& client, const Scope& scope, http::Request request,
                                        std::size_t count) {
  Turns turns;
  scope.reactor().observe_turns(turns);
  std::vector<Completion> seen;
  const auto prepared = client.prepare(request);
  const http::Caller caller(scope);
  for (std::size_t i = 0; prepared && i < count; ++i) {
    Co<http::Response> work = client.send(caller, *prepared);
    const http::Response response = co_await work;
    if (response.ok()) seen.push_back({scope.reactor().event_time(), turns.last()});
    co_await scope.reactor().sleep_for(microseconds(200));
  }
  scope.reactor().forget_turns(turns);
  co_return std::move(seen);
}

/// Both clocks run at the same rate: their distance now is their distance then. It is read between two looks at the
/// clock; the pair that lies closest together is the one during which nobody took the processor away.
Duration wall_ahead_of_clock(Reactor& reactor) {
  Duration closest = Duration::max();
  Duration offset{};
  for (int i = 0; i < 1000; ++i) {
    const TimePoint before = reactor.now();
    const Duration wall = reactor.wall_now().time_since_epoch();
    const Duration apart = reactor.now() - before;
    if (apart >= closest) continue;
    closest = apart;
    offset = wall - (before.time_since_epoch() + apart / 2);
  }
  return offset;
}

struct Lateness {
  Duration earliest;         ///< of the stamps, after the kernel's
  Duration beyond_the_turn;  ///< the median of what is later than the turn accounts for
};

Lateness look(ClientHost& client, KernelStamps& kernel, const std::string& url) {
  constexpr std::size_t kRequests = 100;
  const http::Request request{.url = url};
  const auto ours =
      client.thread().await([&](Reactor&) { return completions(client.client(), client.scope(), request, kRequests); });
  const auto theirs = kernel.take();
  EXPECT_EQ(ours.size(), kRequests);
  EXPECT_EQ(theirs.size(), ours.size()) << "one segment a response";
  const Duration offset = client.thread().call(wall_ahead_of_clock);
  std::vector<Duration> late;
  std::vector<Duration> beyond_the_turn;
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    late.push_back(ours[i].stamp.time_since_epoch() + offset - theirs[i].time_since_epoch());
    beyond_the_turn.push_back(late.back() - ours[i].turn_before);
  }
  std::ranges::sort(late);
  std::ranges::sort(beyond_the_turn);
  if (late.empty()) return {.earliest = Duration::min(), .beyond_the_turn = Duration::max()};
  return {.earliest = late.front(), .beyond_the_turn = beyond_the_turn[late.size() / 2]};
}

class StampsOn : public testing::TestWithParam<IoKind> {};

INSTANTIATE_TEST_SUITE_P(Both, StampsOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(StampsOn, CompletionsAreStampedAsTheKernelSawThemToWithinATurn) {
  DemoHost demo(GetParam());
  KernelStamps kernel(demo.address().port());
  if (!kernel.ready()) GTEST_SKIP() << "listening to the loopback interface needs CAP_NET_RAW";
  ClientHost client(GetParam());
  Load load{client.thread().reactor()};
  load.reactor.post([&load] { load.burn(); });
  // Beyond the turn there are a wake-up and, on a busy host, the wait for a processor, which is the host's doing: of
  // several looks the calmest counts.
  constexpr Duration kWakeUp = microseconds(50);
  Lateness calmest{.earliest = Duration::max(), .beyond_the_turn = Duration::max()};
  for (int i = 0; i < 10 && calmest.beyond_the_turn > kWakeUp; ++i) {
    const Lateness seen = look(client, kernel, demo.origin() + "/");
    calmest.earliest = std::min(calmest.earliest, seen.earliest);
    calmest.beyond_the_turn = std::min(calmest.beyond_the_turn, seen.beyond_the_turn);
  }
  load.ended = true;
  while (!load.gone)
    client.thread().call([](Reactor&) {});
  EXPECT_GE(calmest.earliest, -microseconds(50)) << "a completion stamped before its bytes had arrived";
  EXPECT_LE(calmest.beyond_the_turn, kWakeUp) << "the design gives the turn as the bound of the error";
}

}  // namespace
}  // namespace vajrapulse::integration
