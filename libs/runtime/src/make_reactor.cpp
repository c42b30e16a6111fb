#include <string>
#include <system_error>
#include <utility>

#include "epoll_reactor.hpp"
#include "uring_reactor.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::runtime {
namespace {

Expected<ReactorChoice> chosen(Expected<std::unique_ptr<Reactor>> made, std::string why_not_io_uring = {}) {
  if (!made) return std::unexpected(std::move(made.error()));
  return ReactorChoice{.reactor = std::move(*made), .why_not_io_uring = std::move(why_not_io_uring)};
}

}  // namespace

namespace {

Expected<ReactorChoice> make(IoKind kind) {
  if (kind == IoKind::epoll) return chosen(EpollReactor::make());
  auto uring = UringReactor::make();
  if (uring || kind == IoKind::io_uring) return chosen(std::move(uring));
  return chosen(EpollReactor::make(), std::move(uring.error().message));
}

}  // namespace

Expected<ReactorChoice> make_reactor(IoKind kind) {
  try {
    return make(kind);
  } catch (const std::system_error& error) {  // no descriptor left
    return fail(from_errno(error.code().value()).kind, std::string("a reactor cannot be made: ") + error.what(),
                "raise 'ulimit -n', or give fewer --shards");
  }
}

}  // namespace vajrapulse::runtime
