#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/operation.hpp"

namespace vajrapulse::runtime {

using Bytes = std::span<const std::byte>;

class ReceiveOp : public Operation {
 public:
  IoResult result;
  /// What arrived; empty with an ok result is the end of the stream. Owned by the stream and valid until
  /// the next receive on it, `release_received`, or its end.
  Bytes data;
};

class SendOp : public Operation {
 public:
  IoResult result;
  /// Up to two pieces, sent whole and in order; the bytes must stay until the operation completes.
  std::array<Bytes, 2> data;
};

/// A connected byte stream: TCP, a Unix socket, TLS over either, or a simulated one.
///
/// At most one receive and one send may be pending at a time (one of each is fine). Lives on one shard.
/// Destroying a stream closes it; no operation may be pending then (abort first and let it complete).
class Stream {
 public:
  virtual ~Stream() = default;

  /// Begins a receive; true when `op` is complete already (then `complete()` is not called).
  virtual bool start_receive(ReceiveOp& op) = 0;
  /// The bytes of the last receive have been used: a stream that may be idle for long keeps no memory for them.
  virtual void release_received() noexcept {}
  /// Begins to send all of `op.data`; true when complete already.
  virtual bool start_send(SendOp& op) = 0;
  /// Says that nothing more will be sent (FIN; close_notify first under TLS). Idempotent, never waits.
  virtual void shutdown_send() = 0;
  /// Ends whatever is pending, and all that is started later, with `why`. Pending operations complete from
  /// the reactor's next turn at the latest, never inside this call.
  virtual void abort(ErrorKind why) = 0;
  /// True while the peer has neither closed nor sent anything unasked: fit for reuse. Never blocks.
  [[nodiscard]] virtual bool idle_ok() const = 0;
  /// Stamp of the kernel or reactor for the bytes of the last completed receive is not needed by callers:
  /// they read Reactor::event_time() when they are resumed.
  [[nodiscard]] virtual const Address& peer() const = 0;

  // For coroutines:
  struct ReceiveAwaiter : ReceiveOp {
    explicit ReceiveAwaiter(Stream& s) : stream(s) {}
    Stream& stream;
    bool await_ready() { return stream.start_receive(*this); }
    void await_suspend(std::coroutine_handle<> h) noexcept { resume_with(h); }
    ReceiveOp& await_resume() noexcept { return *this; }
  };
  struct SendAwaiter : SendOp {
    SendAwaiter(Stream& s, Bytes first, Bytes second) : stream(s) { data = {first, second}; }
    Stream& stream;
    bool await_ready() { return stream.start_send(*this); }
    void await_suspend(std::coroutine_handle<> h) noexcept { resume_with(h); }
    IoResult await_resume() const noexcept { return result; }
  };
  /// `auto& received = co_await stream.receive();` is wrong (dangles): copy `.result` and `.data`, which
  /// `auto [result, data] = co_await stream.receive();` does.
  struct Received {
    IoResult result;
    Bytes data;
  };
  struct ReceiveValue : ReceiveAwaiter {
    using ReceiveAwaiter::ReceiveAwaiter;
    Received await_resume() const noexcept { return {result, data}; }
  };
  ReceiveValue receive() { return ReceiveValue{*this}; }
  SendAwaiter send(Bytes first, Bytes second = {}) { return SendAwaiter{*this, first, second}; }
};

class AcceptOp : public Operation {
 public:
  IoResult result;
  std::unique_ptr<Stream> stream;
};

/// Accepts connections on one address. Same rules as Stream: one accept pending at a time.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual bool start_accept(AcceptOp& op) = 0;
  virtual void abort(ErrorKind why) = 0;
  /// The address really bound: a port of 0 has become a free one.
  [[nodiscard]] virtual const Address& local() const = 0;

  struct Accepted {
    IoResult result;
    std::unique_ptr<Stream> stream;
  };
  struct AcceptAwaiter : AcceptOp {
    explicit AcceptAwaiter(Listener& l) : listener(l) {}
    Listener& listener;
    bool await_ready() { return listener.start_accept(*this); }
    void await_suspend(std::coroutine_handle<> h) noexcept { resume_with(h); }
    Accepted await_resume() noexcept { return {result, std::move(stream)}; }
  };
  AcceptAwaiter accept() { return AcceptAwaiter{*this}; }
};

}  // namespace vajrapulse::runtime
