#include <gtest/gtest.h>

#include "reactor_test_support.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::runtime {
namespace {

/// Opens when as many have arrived as were expected; one may wait.
class Gate {
 public:
  explicit Gate(int expected) : missing_(expected) {}
  void arrive() {
    if (--missing_ == 0 && waiter_) waiter_.resume();
  }
  [[nodiscard]] bool await_ready() const noexcept { return missing_ == 0; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  void await_resume() const noexcept {}

 private:
  int missing_;
  std::coroutine_handle<> waiter_;
};

/// TLS over real sockets; what it means in every case is tested in memory (tls_test.cpp).
class TlsSockets : public RealReactor {
 public:
  void SetUp() override {
    RealReactor::SetUp();
    server_context_ = std::move(TlsContext::server({}).value());
    client_context_ = std::move(TlsContext::client({.verify = TlsVerify::nothing}).value());
  }

  struct Ends {
    std::unique_ptr<TlsStream> client;
    std::unique_ptr<TlsStream> server;
  };
  static Co<void> shake(TlsStream& stream) {
    const IoResult result = co_await stream.handshake();
    EXPECT_TRUE(result.ok()) << describe(result) << ": " << stream.failure();
  }
  static Co<void> then_arrive(Co<void> work, Gate& gate) {
    co_await work;
    gate.arrive();
  }
  /// Both sides' work at once, to both ends.
  static Co<void> both(Co<void> one, Co<void> other) {
    Gate gate{2};
    spawn(then_arrive(std::move(one), gate));
    spawn(then_arrive(std::move(other), gate));
    co_await gate;
  }
  Co<Ends> secured(Listener& listener) {
    Pair pair = co_await connected(reactor(), listener);
    Ends ends;
    ends.client = client_context_->wrap(reactor(), std::move(pair.client), "localhost");
    ends.server = server_context_->accept(reactor(), std::move(pair.server));
    co_await both(shake(*ends.server), shake(*ends.client));
    co_return std::move(ends);
  }
  /// `text` to the server and its echo back, both at once.
  static Co<void> echo(Ends& ends, const std::string& text) {
    std::string heard;
    Co<void> client = both(send_all(*ends.client, text), store(receive_exactly(*ends.client, text.size()), heard));
    co_await both(std::move(client), echo_server(*ends.server, text.size()));
    EXPECT_TRUE(heard == text);
  }
  static Co<void> echo_server(TlsStream& stream, std::size_t bytes) {
    std::string piece;
    for (std::size_t done = 0; done < bytes; done += piece.size()) {
      const auto [result, data] = co_await stream.receive();
      EXPECT_TRUE(result.ok() && !data.empty()) << describe(result);
      if (!result.ok() || data.empty()) break;
      piece = text_of(data);
      co_await send_all(stream, piece);
    }
  }

  std::unique_ptr<TlsContext> server_context_;
  std::unique_ptr<TlsContext> client_context_;
};

TEST_P(TlsSockets, WordsAndMegabytesGoThereAndBackAndTheSecondConnectionResumes) {
  auto listener = listen();
  const auto body = [](TlsSockets& self, Listener& from) -> Co<void> {
    const std::string ping = "ping";
    std::string large(4'000'000, 'x');
    for (std::size_t i = 0; i < large.size(); ++i)
      large[i] = char(i * 31 + i / 257);
    for (const bool resumed : {false, true}) {
      Ends ends = co_await self.secured(from);
      co_await self.echo(ends, ping);
      co_await self.echo(ends, large);
      EXPECT_EQ(ends.client->facts().resumed, resumed);
      EXPECT_EQ(ends.server->facts().resumed, resumed);
      EXPECT_TRUE(ends.client->idle_ok());
      ends.client->shutdown_send();
      const auto [result, data] = co_await ends.server->receive();
      EXPECT_TRUE(result.ok() && data.empty()) << describe(result);
    }
  };
  run(body(*this, *listener));
}

TEST_P(TlsSockets, AnUnusedConnectionStaysFitThoughTicketsCame) {
  auto listener = listen();
  const auto body = [](TlsSockets& self, Listener& from) -> Co<void> {
    const std::string ping = "ping";
    Ends ends = co_await self.secured(from);
    EXPECT_TRUE(ends.client->idle_ok());
    co_await self.echo(ends, ping);
    EXPECT_TRUE(ends.client->idle_ok());
  };
  run(body(*this, *listener));
}

TEST_P(TlsSockets, DestroyingRightAfterShutdownStillEndsPolitely) {
  auto listener = listen();
  const auto body = [](TlsSockets& self, Listener& from) -> Co<void> {
    const std::string ping = "ping";
    Ends ends = co_await self.secured(from);
    co_await self.echo(ends, ping);
    ends.client->shutdown_send();
    ends.client.reset();
    const auto [result, data] = co_await ends.server->receive();
    EXPECT_TRUE(result.ok() && data.empty()) << describe(result);
  };
  run(body(*this, *listener));
}

VP_ON_BOTH_REACTORS(TlsSockets);

}  // namespace
}  // namespace vajrapulse::runtime
