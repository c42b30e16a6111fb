// CPU per exchange of both reactors: 64 connections on loopback, each sends a short request and waits for a short
// answer, against a plain server thread of its own. The ratio to the bare loop (send, then receive when epoll says so)
// is what counts; times differ between machines.
#include <benchmark/benchmark.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "socket.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr int kConnections = 64;
constexpr std::size_t kRequestBytes = 100;
constexpr std::size_t kAnswerBytes = 850;

double thread_cpu_ns() {
  timespec t;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) * 1e9 + double(t.tv_nsec);
}

/// Answers every message; ends when it is destroyed.
class EchoServer {
 public:
  EchoServer() : socket_(*open_listener(*Address::parse("127.0.0.1:0"), Blocking::no)) {
    thread_ = std::thread([this] { serve(); });
  }
  ~EchoServer() {
    stop_ = true;
    thread_.join();
  }
  const Address& address() const { return socket_.local; }

 private:
  void serve() {
    const Descriptor epoll(::epoll_create1(0));
    watch(epoll.get(), socket_.descriptor.get());
    std::array<epoll_event, 256> events;
    while (!stop_) {
      const int count = ::epoll_wait(epoll.get(), events.data(), int(events.size()), 20);
      for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        fd == socket_.descriptor.get() ? accept_all(epoll.get()) : answer(fd);
      }
    }
    for (const int fd : clients_)
      ::close(fd);
  }
  static void watch(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
  void accept_all(int epoll) {
    for (;;) {
      const int fd = ::accept4(socket_.descriptor.get(), nullptr, nullptr, SOCK_NONBLOCK);
      if (fd < 0) return;
      set_no_delay(fd, AF_INET);
      watch(epoll, fd);
      clients_.push_back(fd);
    }
  }
  static void answer(int fd) {
    static const std::array<char, kAnswerBytes> kAnswer{};
    std::array<char, 4096> request;
    const ssize_t got = ::recv(fd, request.data(), request.size(), 0);
    if (got > 0) {
      ::send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
    } else if (got == 0 || errno != EAGAIN) {
      ::shutdown(fd, SHUT_RDWR);
    }
  }

  ListeningSocket socket_;
  std::vector<int> clients_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

struct Load {
  Reactor& reactor;
  benchmark::State& state;
  std::int64_t done = 0;
  int running = 0;
  bool stop = false;
};

Co<void> user(Load& load, Address to) {
  auto connected = co_await load.reactor.connect(to);
  if (!connected.result.ok()) throw std::runtime_error("connect");
  const std::array<std::byte, kRequestBytes> request{};
  while (!load.stop) {
    const IoResult sent = co_await connected.stream->send(request);
    if (!sent.ok()) break;
    std::size_t got = 0;
    while (got < kAnswerBytes) {
      const auto [result, data] = co_await connected.stream->receive();
      if (!result.ok() || data.empty()) break;
      got += data.size();
    }
    ++load.done;
  }
  connected.stream.reset();
  if (--load.running == 0) load.reactor.stop();
}

Co<void> measure(Load& load, double& cpu_ns, std::int64_t& exchanges) {
  co_await load.reactor.sleep_for(std::chrono::milliseconds(50));
  const double before = thread_cpu_ns();
  const std::int64_t first = load.done;
  while (load.state.KeepRunning())
    co_await load.reactor.sleep_for(std::chrono::milliseconds(10));
  cpu_ns = thread_cpu_ns() - before;
  exchanges = load.done - first;
  load.stop = true;
}

void exchange(benchmark::State& state, IoKind kind) {
  auto choice = make_reactor(kind);
  if (!choice) return state.SkipWithError(choice.error().text().c_str());
  EchoServer server;
  Load load{.reactor = *choice->reactor, .state = state};
  double cpu_ns = 0;
  std::int64_t exchanges = 1;
  for (int i = 0; i < kConnections; ++i) {
    ++load.running;
    spawn(user(load, server.address()));
  }
  spawn(measure(load, cpu_ns, exchanges));
  load.reactor.run();
  state.counters["cpu_ns_per_exchange"] = cpu_ns / double(exchanges);
  state.counters["exchanges_per_turn_of_10ms"] = double(exchanges) / double(state.iterations());
}

/// The least that can be done with the same sockets: the peer of the ratio.
void bare(benchmark::State& state) {
  EchoServer server;
  const Descriptor epoll(::epoll_create1(0));
  std::vector<Descriptor> sockets;
  const std::array<char, kRequestBytes> request{};
  for (int i = 0; i < kConnections; ++i) {
    Descriptor socket = open_socket(AF_INET, Blocking::yes);
    if (::connect(socket.get(), server.address().data(), server.address().size()) != 0) return;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = socket.get();
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, socket.get(), &event);
    ::send(socket.get(), request.data(), request.size(), 0);
    sockets.push_back(std::move(socket));
  }
  std::array<char, 4096> answer;
  std::array<epoll_event, 256> events;
  std::int64_t exchanges = 0;
  const double before = thread_cpu_ns();
  for (auto _ : state) {
    const std::int64_t until = exchanges + 1000;
    while (exchanges < until) {
      const int count = ::epoll_wait(epoll.get(), events.data(), int(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        if (::recv(events[i].data.fd, answer.data(), answer.size(), MSG_DONTWAIT) <= 0) continue;
        ::send(events[i].data.fd, request.data(), request.size(), MSG_NOSIGNAL);
        ++exchanges;
      }
    }
  }
  state.counters["cpu_ns_per_exchange"] = (thread_cpu_ns() - before) / double(exchanges);
}

BENCHMARK(bare)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK_CAPTURE(exchange, io_uring, IoKind::io_uring)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK_CAPTURE(exchange, epoll, IoKind::epoll)->Unit(benchmark::kMillisecond)->Iterations(200);

}  // namespace
}  // namespace vajrapulse::runtime
