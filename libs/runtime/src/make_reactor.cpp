#include <utility>

#include "epoll_reactor.hpp"
#include "uring_reactor.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::runtime {
namespace {

Expected<ReactorChoice> chosen(Expected<std::unique_ptr<Reactor>> made, std::string why_not_io_uring = {}) {
  if (!made) return std::unexpected(std::move(made.error()));
  return ReactorChoice{.reactor = std::move(*made), .why_not_io_uring = std::move(why_not_io_uring)};
}

}  // namespace

Expected<ReactorChoice> make_reactor(IoKind kind) {
  if (kind == IoKind::epoll) return chosen(EpollReactor::make());
  auto uring = UringReactor::make();
  if (uring || kind == IoKind::io_uring) return chosen(std::move(uring));
  return chosen(EpollReactor::make(), std::move(uring.error().message));
}

}  // namespace vajrapulse::runtime
