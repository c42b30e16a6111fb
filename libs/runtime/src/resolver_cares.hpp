#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::runtime {

/// What the name servers said of one name.
struct NameAnswer {
  std::vector<Address> addresses;  ///< port 0, sorted as RFC 6724 says
  Duration ttl{0};                 ///< the shortest of the records
  std::string failure;             ///< c-ares's words; empty when there are addresses
};

/// Asks name servers by c-ares, its sockets and time-outs driven by a reactor.
class NameServers {
 public:
  using Done = std::function<void(NameAnswer)>;

  static Expected<std::unique_ptr<NameServers>> open(Reactor& reactor, const ResolverSettings& settings);
  /// Lookups under way end without a call of their `done`.
  virtual ~NameServers() = default;

  /// `done` may be called before this returns.
  virtual void lookup(const std::string& host, Done done) = 0;
};

}  // namespace vajrapulse::runtime
