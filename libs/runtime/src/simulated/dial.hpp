#pragma once

#include "connection.hpp"
#include "event_queue.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime::simulated {

/// One connection attempt: there, and back.
class Dial final : public Target {
 public:
  Dial(Room& room, SimReactor& reactor, ConnectOp& op)
      : room_(room), reactor_(reactor), op_(&op), address_(op.address) {}

  [[nodiscard]] SimReactor* owner(std::uint32_t what) noexcept override;
  void on_event(const Event& event) override;

  void begin();
  void abort(ErrorKind why);

 private:
  void on_attempt();
  void on_answer();
  void finish(IoResult result, std::unique_ptr<Stream> stream);

  Room& room_;
  SimReactor& reactor_;
  ConnectOp* op_;
  Address address_;
  Ref<Connection> connection_;
  IoResult outcome_{};
  ErrorKind aborted_;
};

}  // namespace vajrapulse::runtime::simulated
