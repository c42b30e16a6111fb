#include "sim_resolver.hpp"

#include "room.hpp"
#include "sim_reactor.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime::simulated {

Co<Expected<std::vector<Address>>> SimResolver::resolve(std::string_view host, std::uint16_t port) {
  const std::string name(host);
  std::vector<Address> answer;
  const auto pinned = pins_.find({name, port});
  if (pinned != pins_.end()) {
    answer.push_back(pinned->second);
    co_return answer;
  }
  auto numeric = Address::ip(name == "localhost" ? "127.0.0.1" : name, port);
  if (numeric) {
    answer.push_back(*numeric);
    co_return answer;
  }
  const TimePoint answered = room_.arrival(room_.arrival(reactor_.now()));
  co_await reactor_.sleep_until(answered);
  const auto known = room_.names.find(name);
  if (known == room_.names.end() || known->second.empty()) {
    co_return fail(kDnsFailure, "cannot resolve '" + name + "': no such name", "check the spelling");
  }
  answer = known->second;
  for (Address& address : answer)
    address.set_port(port);
  co_return answer;
}

void SimResolver::pin(std::string_view host, std::uint16_t port, const Address& address) {
  Address pinned = address;
  if (pinned.port() == 0) pinned.set_port(port);
  pins_.insert_or_assign({std::string(host), port}, pinned);
}

}  // namespace vajrapulse::runtime::simulated
