#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/co.hpp"

namespace vajrapulse::runtime {

class Reactor;

/// Names to addresses, on the shard that asks. Answers are kept for as long as their TTL says.
class Resolver {
 public:
  virtual ~Resolver() = default;

  /// Every address of `host` (IPv6 and IPv4 in the order RFC 6724 gives), with `port` set; numeric hosts
  /// and "localhost" need no server. Fails with `dns-failure`.
  virtual Co<Expected<std::vector<Address>>> resolve(std::string_view host, std::uint16_t port) = 0;

  /// Answers `host`:`port` with `address` from now on, as curl's --resolve does.
  virtual void pin(std::string_view host, std::uint16_t port, const Address& address) = 0;
};

struct ResolverSettings {
  std::vector<std::string> servers;  ///< "127.0.0.1:5353"; empty: those of /etc/resolv.conf
  std::string hosts_file = "/etc/hosts";
  /// The wait for one answer; each further try waits twice as long.
  Duration try_timeout = std::chrono::milliseconds(1500);
  int tries = 2;
  /// Entries of the hosts file and failures carry no TTL: how long those are kept.
  Duration kept_without_ttl = std::chrono::seconds(1);
  const Clock* clock = nullptr;  ///< by which answers age; null: the reactor's
};

/// A resolver on `reactor`'s thread, by c-ares, which is set up when the first name needs it. The reactor
/// owns one (`Reactor::resolver()`), made when first asked for. While a lookup is under way it may be
/// destroyed only when the reactor turns no more.
std::unique_ptr<Resolver> make_resolver(Reactor& reactor, ResolverSettings settings = {});

}  // namespace vajrapulse::runtime
