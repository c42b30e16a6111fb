#pragma once

#include <map>
#include <string>
#include <utility>

#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::runtime::simulated {

class Room;
class SimReactor;

/// Answers what `World::name` said, after one round trip; numeric addresses and localhost at once.
class SimResolver final : public Resolver {
 public:
  SimResolver(SimReactor& reactor, Room& room) : reactor_(reactor), room_(room) {}

  Co<Expected<std::vector<Address>>> resolve(std::string_view host, std::uint16_t port) override;
  void pin(std::string_view host, std::uint16_t port, const Address& address) override;

 private:
  SimReactor& reactor_;
  Room& room_;
  std::map<std::pair<std::string, std::uint16_t>, Address> pins_;
};

}  // namespace vajrapulse::runtime::simulated
