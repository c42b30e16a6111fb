#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::runtime {

inline Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Both kinds of real reactor, one test body. Each test proves that it ran on the one it names.
class RealReactor : public testing::TestWithParam<IoKind> {
 protected:
  void SetUp() override {
    auto choice = make_reactor(GetParam());
    if (!choice && GetParam() == IoKind::io_uring) GTEST_SKIP() << choice.error().text();
    ASSERT_TRUE(choice) << choice.error().text();
    reactor_ = std::move(choice->reactor);
    ASSERT_EQ(reactor_->name(), GetParam() == IoKind::io_uring ? "io_uring" : "epoll");
  }

  Reactor& reactor() { return *reactor_; }

  /// Runs `work` to its end.
  void run(Co<void> work) {
    Progress progress;
    spawn(then_stop(std::move(work), *reactor_, progress));
    progress.looping = true;
    if (!progress.done) reactor_->run();
    ASSERT_TRUE(progress.done);
  }

  std::unique_ptr<Listener> listen(std::string_view address = "127.0.0.1:0") {
    auto listener = reactor_->listen(*Address::parse(address));
    EXPECT_TRUE(listener) << listener.error().text();
    return std::move(*listener);
  }

  struct Pair {
    std::unique_ptr<Stream> client;
    std::unique_ptr<Stream> server;
  };
  /// Two ends of one connection.
  static Co<Pair> connected(Reactor& reactor, Listener& listener) {
    Pair pair;
    auto connecting = reactor.connect(listener.local());
    Reactor::Connected client = co_await connecting;
    EXPECT_TRUE(client.result.ok()) << describe(client.result);
    auto accepting = listener.accept();
    Listener::Accepted server = co_await accepting;
    EXPECT_TRUE(server.result.ok()) << describe(server.result);
    pair.client = std::move(client.stream);
    pair.server = std::move(server.stream);
    co_return pair;
  }

  static Co<void> send_all(Stream& stream, std::string_view text) {
    const IoResult result = co_await stream.send(bytes_of(text));
    EXPECT_TRUE(result.ok()) << describe(result);
  }

  /// Everything until the end of the stream, or the error.
  static Co<std::string> receive_until_end(Stream& stream) {
    std::string all;
    for (;;) {
      const auto [result, data] = co_await stream.receive();
      if (!result.ok()) {
        all += "<" + std::string(result.kind.name()) + ">";
        break;
      }
      if (data.empty()) break;
      all += text_of(data);
    }
    co_return all;
  }

  static Co<std::string> receive_exactly(Stream& stream, std::size_t bytes) {
    std::string all;
    while (all.size() < bytes) {
      const auto [result, data] = co_await stream.receive();
      if (!result.ok() || data.empty()) break;
      all += text_of(data);
    }
    co_return all;
  }

  static Co<void> store(Co<std::string> work, std::string& into) { into = co_await work; }

 private:
  struct Progress {
    bool looping = false;
    bool done = false;
  };
  static Co<void> then_stop(Co<void> work, Reactor& reactor, Progress& progress) {
    co_await work;
    progress.done = true;
    if (progress.looping) reactor.stop();
  }

  std::unique_ptr<Reactor> reactor_;
};

inline std::string name_of_kind(const testing::TestParamInfo<IoKind>& info) {
  return info.param == IoKind::io_uring ? "io_uring" : "epoll";
}

#define VP_ON_BOTH_REACTORS(suite) \
  INSTANTIATE_TEST_SUITE_P(Io, suite, testing::Values(IoKind::io_uring, IoKind::epoll), name_of_kind)

}  // namespace vajrapulse::runtime
