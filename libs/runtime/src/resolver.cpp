#include "vajrapulse/runtime/resolver.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "resolver_cares.hpp"
#include "resolver_hosts.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime {
namespace {

using Addresses = std::vector<Address>;

class Waiting;

/// One question under way, shared by everyone who asked it meanwhile.
struct Lookup {
  std::vector<Waiting*> waiting;
  std::optional<Expected<Addresses>> outcome;
};

/// Suspends until the lookup has its outcome. May be destroyed while it waits.
class Waiting {
 public:
  explicit Waiting(std::shared_ptr<Lookup> lookup) : lookup_(std::move(lookup)) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { std::erase(lookup_->waiting, this); }

  [[nodiscard]] bool await_ready() const noexcept { return lookup_->outcome.has_value(); }
  void await_suspend(std::coroutine_handle<> waiter) {
    waiter_ = waiter;
    lookup_->waiting.push_back(this);
  }
  [[nodiscard]] const Expected<Addresses>& await_resume() const noexcept { return *lookup_->outcome; }
  void resume() { waiter_.resume(); }

 private:
  std::shared_ptr<Lookup> lookup_;
  std::coroutine_handle<> waiter_;
};

void wake_all(const std::shared_ptr<Lookup>& lookup) {
  while (!lookup->waiting.empty()) {
    Waiting* first = lookup->waiting.front();
    lookup->waiting.erase(lookup->waiting.begin());
    first->resume();
  }
}

std::unexpected<Error> dns_failure(const std::string& host, const std::string& why) {
  return fail(kDnsFailure, "cannot resolve '" + host + "': " + why,
              "check the spelling and the name servers in /etc/resolv.conf, or give the address by hand");
}

Addresses with_port(Addresses addresses, std::uint16_t port) {
  for (auto& address : addresses)
    address.set_port(port);
  return addresses;
}

class CachingResolver final : public Resolver {
 public:
  CachingResolver(Reactor& reactor, ResolverSettings settings)
      : reactor_(reactor), settings_(std::move(settings)), clock_(settings_.clock ? *settings_.clock : reactor) {}

  Co<Expected<Addresses>> resolve(std::string_view host, std::uint16_t port) override;
  void pin(std::string_view host, std::uint16_t port, const Address& address) override {
    Address pinned = address;
    if (pinned.port() == 0) pinned.set_port(port);
    pins_.insert_or_assign({lower_case(host), port}, pinned);
  }

 private:
  struct Kept {
    Expected<Addresses> outcome;
    TimePoint until;
  };

  std::optional<Expected<Addresses>> answer_without_asking(const std::string& host, std::uint16_t port);
  std::shared_ptr<Lookup> ask(const std::string& host);
  void start(const std::string& host);
  void finish(const std::string& host, Expected<Addresses> outcome, Duration keep_for);

  Reactor& reactor_;
  ResolverSettings settings_;
  const Clock& clock_;
  std::map<std::pair<std::string, std::uint16_t>, Address> pins_;
  std::unordered_map<std::string, Kept> kept_;
  std::unordered_map<std::string, std::shared_ptr<Lookup>> lookups_;
  Addresses loopback_;
  std::unique_ptr<NameServers> servers_;
};

Co<Expected<Addresses>> CachingResolver::resolve(std::string_view host, std::uint16_t port) {
  const std::string name = lower_case(host);
  if (auto known = answer_without_asking(name, port)) co_return std::move(*known);
  Waiting waiting{ask(name)};
  Expected<Addresses> outcome = co_await waiting;
  if (!outcome) co_return std::move(outcome);
  Expected<Addresses> answer = with_port(std::move(*outcome), port);
  co_return std::move(answer);
}

std::optional<Expected<Addresses>> CachingResolver::answer_without_asking(const std::string& host, std::uint16_t port) {
  if (const auto pinned = pins_.find({host, port}); pinned != pins_.end()) return Addresses{pinned->second};
  if (auto numeric = Address::ip(host, port)) return Addresses{*numeric};
  if (const auto kept = kept_.find(host); kept != kept_.end()) {
    if (clock_.now() >= kept->second.until) {
      kept_.erase(kept);
    } else if (!kept->second.outcome) {
      return kept->second.outcome;
    } else {
      return with_port(*kept->second.outcome, port);
    }
  }
  if (is_localhost(host)) {
    if (loopback_.empty()) loopback_ = loopback_addresses();
    return with_port(loopback_, port);
  }
  return std::nullopt;
}

std::shared_ptr<Lookup> CachingResolver::ask(const std::string& host) {
  if (const auto known = lookups_.find(host); known != lookups_.end()) return known->second;
  auto lookup = std::make_shared<Lookup>();
  lookups_.emplace(host, lookup);
  start(host);
  return lookup;
}

void CachingResolver::start(const std::string& host) {
  if (auto listed = read_hosts_file(settings_.hosts_file, host); !listed.empty()) {
    return finish(host, std::move(listed), settings_.kept_without_ttl);
  }
  if (!servers_) {
    auto opened = NameServers::open(reactor_, settings_);
    if (!opened) return finish(host, std::unexpected(std::move(opened.error())), settings_.kept_without_ttl);
    servers_ = std::move(*opened);
  }
  servers_->lookup(host, [this, host](NameAnswer answer) {
    if (!answer.failure.empty()) return finish(host, dns_failure(host, answer.failure), settings_.kept_without_ttl);
    finish(host, std::move(answer.addresses), answer.ttl);
  });
}

void CachingResolver::finish(const std::string& host, Expected<Addresses> outcome, Duration keep_for) {
  const auto known = lookups_.find(host);
  std::shared_ptr<Lookup> lookup;
  if (known != lookups_.end()) {
    lookup = std::move(known->second);
    lookups_.erase(known);
    lookup->outcome = outcome;
  }
  if (keep_for > Duration{0}) kept_.insert_or_assign(host, Kept{std::move(outcome), clock_.now() + keep_for});
  if (lookup) wake_all(lookup);
}

}  // namespace

std::unique_ptr<Resolver> make_resolver(Reactor& reactor, ResolverSettings settings) {
  return std::make_unique<CachingResolver>(reactor, std::move(settings));
}

}  // namespace vajrapulse::runtime
