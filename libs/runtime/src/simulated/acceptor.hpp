#pragma once

#include <deque>
#include <memory>

#include "connection.hpp"
#include "event_queue.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime::simulated {

/// Somebody who listens, and the connections that wait to be accepted.
class Acceptor final : public Target {
 public:
  Acceptor(Room& room, SimReactor& reactor, const Address& local) : room_(room), reactor_(reactor), local_(local) {}

  static Expected<std::unique_ptr<Listener>> listen(Room& room, SimReactor& reactor, const Address& address);

  [[nodiscard]] SimReactor* owner(std::uint32_t) noexcept override { return &reactor_; }
  void on_event(const Event& event) override;

  /// A connection attempt from `client` has come.
  Connection& offer(SimReactor& client);
  bool start_accept(AcceptOp& op);
  void abort(ErrorKind why);
  void close();
  [[nodiscard]] const Address& local() const noexcept { return local_; }

 private:
  void take(AcceptOp& op);

  Room& room_;
  SimReactor& reactor_;
  Address local_;
  std::deque<Ref<Connection>> waiting_;
  std::size_t arrived_ = 0;  ///< of those waiting, the ones this reactor has been told of
  AcceptOp* accepting_ = nullptr;
  IoResult broken_{};
  bool closed_ = false;
};

}  // namespace vajrapulse::runtime::simulated
