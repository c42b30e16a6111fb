#include "tls_stream.hpp"

namespace vajrapulse::runtime::tls {
namespace {

struct HandshakeAwaiter : HandshakeOp {
  explicit HandshakeAwaiter(Core& c) : core(c) {}
  Core& core;
  bool await_ready() { return core.start_handshake(*this); }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { resume_with(waiter); }
  [[nodiscard]] IoResult await_resume() const noexcept { return result; }
};

class CoreStream final : public TlsStream {
 public:
  explicit CoreStream(Core* core) : core_(core) {}
  CoreStream(const CoreStream&) = delete;
  CoreStream& operator=(const CoreStream&) = delete;
  ~CoreStream() override { Core::abandon(core_); }

  Co<IoResult> handshake() override {
    HandshakeAwaiter ended{*core_};
    const IoResult result = co_await ended;
    co_return result;
  }
  bool start_receive(ReceiveOp& op) override { return core_->start_receive(op); }
  bool start_send(SendOp& op) override { return core_->start_send(op); }
  void shutdown_send() override { core_->shutdown_send(); }
  void abort(ErrorKind why) override { core_->abort(why); }
  [[nodiscard]] bool idle_ok() const override { return core_->idle_ok(); }
  [[nodiscard]] const Address& peer() const override { return core_->peer(); }
  [[nodiscard]] const TlsFacts& facts() const override { return core_->facts(); }
  [[nodiscard]] std::string_view failure() const override { return core_->failure(); }

 private:
  Core* core_;  // freed by abandon
};

}  // namespace

std::unique_ptr<TlsStream> make_stream(Reactor& reactor, Ssl ssl, std::unique_ptr<Stream> transport,
                                       CoreSettings settings) {
  return std::make_unique<CoreStream>(new Core(reactor, std::move(ssl), std::move(transport), std::move(settings)));
}

}  // namespace vajrapulse::runtime::tls
