#include "fault_host.hpp"

#include <utility>

namespace vajrapulse::integration {

using faults::FaultServer;
using runtime::Reactor;

FaultHost::FaultHost(const faults::Certificates& certificates, const faults::Script& script)
    : thread_(runtime::IoKind::epoll) {
  thread_.call([&](Reactor& reactor) {
    auto server = FaultServer::start(reactor, *runtime::Address::ip("127.0.0.1", 0), certificates, script);
    if (!server) give_up(server.error().text());
    server_ = std::move(*server);
  });
}

FaultHost::~FaultHost() {
  thread_.call([this](Reactor&) { server_->stop(); });
  while (!thread_.call([this](Reactor&) { return server_->ended(); })) {
  }
  thread_.call([this](Reactor&) { server_.reset(); });
}

std::uint16_t FaultHost::port() {
  return thread_.call([this](Reactor&) { return server_->address().port(); });
}

faults::Counts FaultHost::counts() {
  return thread_.call([this](Reactor&) { return server_->counts(); });
}

const faults::Certificates& fault_certificates() {
  static const faults::Certificates all;
  return all;
}

}  // namespace vajrapulse::integration
