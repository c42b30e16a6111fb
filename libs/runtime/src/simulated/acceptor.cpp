#include "acceptor.hpp"

#include <cassert>

#include "room.hpp"
#include "sim_reactor.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

enum What : std::uint32_t { kIncoming, kAborted };

class SimListener final : public Listener {
 public:
  explicit SimListener(Acceptor& acceptor) noexcept : acceptor_(&acceptor) {}
  SimListener(const SimListener&) = delete;
  SimListener& operator=(const SimListener&) = delete;
  ~SimListener() override { acceptor_->close(); }

  bool start_accept(AcceptOp& op) override { return acceptor_->start_accept(op); }
  void abort(ErrorKind why) override { acceptor_->abort(why); }
  [[nodiscard]] const Address& local() const override { return acceptor_->local(); }

 private:
  Ref<Acceptor> acceptor_;
};

}  // namespace

Expected<std::unique_ptr<Listener>> Acceptor::listen(Room& room, SimReactor& reactor, const Address& address) {
  const Address local = room.bound(address);
  if (room.listening_at(local)) {
    return fail(kIo, "cannot listen on " + local.text() + ": Address already in use",
                "choose another port, or stop what listens there");
  }
  auto listener = std::unique_ptr<Listener>();
  auto* acceptor = new Acceptor(room, reactor, local);
  listener = std::make_unique<SimListener>(*acceptor);
  room.add_listener(local, *acceptor);
  return listener;
}

Connection& Acceptor::offer(SimReactor& client) {
  auto* connection = new Connection(room_, client, reactor_, room_.ephemeral(local_), local_);
  waiting_.emplace_back(connection);
  room_.schedule(room_.now(), *this, kIncoming);
  return *connection;
}

void Acceptor::on_event(const Event& event) {
  if (closed_) return;
  if (event.what == kIncoming) ++arrived_;
  if (!accepting_ || (arrived_ == 0 && !broken_.kind)) return;
  AcceptOp& op = *std::exchange(accepting_, nullptr);
  take(op);
  op.complete();
}

void Acceptor::take(AcceptOp& op) {
  op.result = broken_;
  if (broken_.kind) return;
  --arrived_;
  op.stream = std::make_unique<SimStream>(*waiting_.front(), Connection::kServer);
  waiting_.pop_front();
}

bool Acceptor::start_accept(AcceptOp& op) {
  assert(!accepting_);
  if (arrived_ == 0 && !broken_.kind) {
    accepting_ = &op;
    return false;
  }
  take(op);
  return true;
}

void Acceptor::abort(ErrorKind why) {
  if (!broken_.kind) broken_.kind = why;
  if (accepting_) room_.schedule(reactor_.now(), *this, kAborted);
}

void Acceptor::close() {
  assert(!accepting_);
  closed_ = true;
  room_.remove_listener(local_);
  for (auto& connection : waiting_)
    connection->close(Connection::kServer, Connection::Goodbye::reset);
  waiting_.clear();
}

}  // namespace vajrapulse::runtime::simulated
