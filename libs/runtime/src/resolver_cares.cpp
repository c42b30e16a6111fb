#include "resolver_cares.hpp"

#include <ares.h>
#include <poll.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

class CaresServers;

/// One socket of c-ares.
struct Watch : PollOp {
  Watch(CaresServers& o, int socket, short events_wanted) : owner(o), wanted(events_wanted) { fd = socket; }
  CaresServers& owner;
  short wanted;
  bool pending = false;
  bool cancelling = false;
  bool closed = false;  ///< c-ares has closed the socket; the reactor may still hold the operation
};

struct Query {
  CaresServers& servers;
  NameServers::Done done;
};

class CaresServers final : public NameServers {
 public:
  explicit CaresServers(Reactor& reactor) : reactor_(reactor) {}
  ~CaresServers() override {
    ending_ = true;
    if (channel_) ares_destroy(channel_);
  }

  [[nodiscard]] int init(const ResolverSettings& settings);
  void lookup(const std::string& host, Done done) override;

 private:
  struct Finished {
    Done done;
    NameAnswer answer;
  };
  struct TimeoutTimer : Timer {
    explicit TimeoutTimer(CaresServers& s)
        : Timer([](Timer& timer) {
            static_cast<TimeoutTimer&>(timer).servers.process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
          }),
          servers(s) {}
    CaresServers& servers;
  };

  static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<CaresServers*>(self)->watch(fd, short((readable ? POLLIN : 0) | (writable ? POLLOUT : 0)));
  }
  static void on_answer(void* argument, int status, int timeouts, ares_addrinfo* found);

  void watch(int fd, short events);
  void on_ready(Watch& watch);
  void process(ares_socket_t readable, ares_socket_t writable);
  void after_cares();
  void arm(Watch& watch);
  void arm_timeout();
  void deliver();

  Reactor& reactor_;
  ares_channel channel_ = nullptr;
  std::vector<std::unique_ptr<Watch>> watches_;
  std::vector<Finished> finished_;
  TimeoutTimer timeout_{*this};
  bool ending_ = false;
};

int CaresServers::init(const ResolverSettings& settings) {
  // Not safe to call from several threads at once, and shards start together.
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
  ares_options options{};
  int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS;
  options.timeout = int(settings.try_timeout / std::chrono::milliseconds(1));
  options.tries = settings.tries;
  options.sock_state_cb = &on_socket_state;
  options.sock_state_cb_data = this;
  char dns_only[] = "b";  // the hosts file has been read before
  options.lookups = dns_only;
  if (!settings.servers.empty()) mask |= ARES_OPT_DOMAINS;  // not this machine's search list
  if (const int status = ares_init_options(&channel_, &options, mask); status != ARES_SUCCESS) return status;
  if (settings.servers.empty()) return ARES_SUCCESS;
  std::string list;
  for (const auto& server : settings.servers)
    list += (list.empty() ? "" : ",") + server;
  return ares_set_servers_ports_csv(channel_, list.c_str());
}

void CaresServers::lookup(const std::string& host, Done done) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  auto query = std::make_unique<Query>(*this, std::move(done));
  ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, &on_answer, query.release());
  after_cares();
}

NameAnswer read_answer(int status, const ares_addrinfo* found) {
  NameAnswer answer;
  if (status != ARES_SUCCESS || !found || !found->nodes) {
    answer.failure = ares_strerror(status == ARES_SUCCESS ? ARES_ENODATA : status);
    return answer;
  }
  int ttl_s = found->nodes->ai_ttl;
  for (const auto* node = found->nodes; node; node = node->ai_next) {
    ttl_s = std::min(ttl_s, node->ai_ttl);
    const Address address = Address::from_sockaddr(node->ai_addr, node->ai_addrlen);
    if (std::ranges::find(answer.addresses, address) == answer.addresses.end()) answer.addresses.push_back(address);
  }
  for (const auto* alias = found->cnames; alias; alias = alias->next)
    ttl_s = std::min(ttl_s, alias->ttl);
  answer.ttl = std::chrono::seconds(std::max(ttl_s, 0));
  return answer;
}

void CaresServers::on_answer(void* argument, int status, int, ares_addrinfo* found) {
  const std::unique_ptr<Query> query(static_cast<Query*>(argument));
  CaresServers& self = query->servers;
  // Told after c-ares has returned: those who waited may ask again.
  if (!self.ending_) self.finished_.push_back({std::move(query->done), read_answer(status, found)});
  if (found) ares_freeaddrinfo(found);
}

void CaresServers::watch(int fd, short events) {
  const auto known = std::ranges::find_if(watches_, [fd](const auto& one) { return one->fd == fd && !one->closed; });
  if (known == watches_.end()) {
    if (events) watches_.push_back(std::make_unique<Watch>(*this, fd, events));
    return;
  }
  Watch& one = **known;
  if (one.wanted == events) return;
  one.wanted = events;
  one.closed = events == 0;  // c-ares closes the socket next
  if (one.pending && !one.cancelling) {
    one.cancelling = true;
    reactor_.cancel_poll(one);
  }
}

void CaresServers::arm(Watch& watch) {
  watch.events = watch.wanted;
  watch.ready = 0;
  watch.result = {};
  watch.pending = true;
  watch.cancelling = false;
  watch.notify_with([](Operation& op) {
    auto& ended = static_cast<Watch&>(op);
    ended.owner.on_ready(ended);
  });
  if (reactor_.start_poll(watch)) reactor_.defer(watch);
}

void CaresServers::on_ready(Watch& watch) {
  watch.pending = false;
  if (watch.cancelling) return after_cares();  // armed anew, or gone
  const int fd = watch.fd;
  const bool failed = !watch.result.ok() || (watch.ready & (POLLERR | POLLHUP));
  const bool readable = failed || (watch.ready & POLLIN);
  const bool writable = failed || (watch.ready & POLLOUT);
  process(readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
}

void CaresServers::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  after_cares();
}

void CaresServers::after_cares() {
  std::erase_if(watches_, [](const auto& one) { return one->closed && !one->pending; });
  for (const auto& one : watches_) {
    if (!one->pending) arm(*one);
  }
  arm_timeout();
  deliver();  // last: may do anything
}

void CaresServers::arm_timeout() {
  timeval storage{};
  const timeval* wait = ares_timeout(channel_, nullptr, &storage);
  if (!wait) return timeout_.cancel();
  const Duration due_in = std::chrono::seconds(wait->tv_sec) + std::chrono::microseconds(wait->tv_usec);
  reactor_.timers().arm(timeout_, reactor_.now() + due_in);
}

void CaresServers::deliver() {
  auto finished = std::exchange(finished_, {});
  for (auto& one : finished)
    one.done(std::move(one.answer));
}

}  // namespace

Expected<std::unique_ptr<NameServers>> NameServers::open(Reactor& reactor, const ResolverSettings& settings) {
  auto servers = std::make_unique<CaresServers>(reactor);
  if (const int status = servers->init(settings); status != ARES_SUCCESS) {
    return fail(kDnsFailure, std::string("cannot set up name resolution: ") + ares_strerror(status),
                "check /etc/resolv.conf");
  }
  return servers;
}

}  // namespace vajrapulse::runtime
