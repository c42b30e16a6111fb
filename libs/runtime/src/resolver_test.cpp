#include "vajrapulse/runtime/resolver.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "reactor_test_support.hpp"
#include "resolver_hosts.hpp"
#include "resolver_test_server.hpp"

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;
using fakes::NameServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

using Answer = Expected<std::vector<Address>>;

class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override { return time; }
  [[nodiscard]] WallTime wall_now() const noexcept override { return WallTime{time.time_since_epoch()}; }
  TimePoint time{1h};
};

std::vector<std::string> texts(const Answer& answer) {
  std::vector<std::string> all;
  if (!answer) return {answer.error().text()};
  for (const auto& address : *answer)
    all.push_back(address.text());
  return all;
}

class Names : public RealReactor {
 protected:
  void SetUp() override {
    RealReactor::SetUp();
    if (!IsSkipped()) resolver_ = make_resolver(reactor(), settings());
  }
  void TearDown() override { resolver_.reset(); }

  ResolverSettings settings() {
    ResolverSettings made;
    made.servers = {server_.text()};
    made.hosts_file = "/nowhere/hosts";
    made.clock = &clock_;
    return made;
  }
  static Co<void> ask(Resolver& resolver, std::string host, std::uint16_t port, Answer& answer) {
    answer = co_await resolver.resolve(host, port);
  }
  /// From a turn of the loop, so that what needs no waiting is run the same way.
  static Co<void> ask_in_turn(Reactor& reactor, Resolver& resolver, std::string host, std::uint16_t port,
                              Answer& answer) {
    co_await reactor.sleep_until(reactor.now());
    co_await ask(resolver, host, port, answer);
  }
  std::vector<std::string> resolve(const std::string& host, std::uint16_t port = 80) {
    Answer answer;
    run(ask_in_turn(reactor(), *resolver_, host, port, answer));
    last_ = answer;
    return texts(answer);
  }

  NameServer server_;
  ManualClock clock_;
  std::unique_ptr<Resolver> resolver_;
  Answer last_;
};

TEST_P(Names, ANameHasTheAddressesOfBothFamilies) {
  server_.set("both.test", {.addresses = {"127.0.0.5", "127.0.0.6", "::1"}});
  EXPECT_THAT(resolve("both.test", 8080), UnorderedElementsAre("127.0.0.5:8080", "127.0.0.6:8080", "[::1]:8080"));
}

TEST_P(Names, OneFamilyIsEnough) {
  server_.set("four.test", {.addresses = {"127.0.0.5"}});
  EXPECT_THAT(resolve("four.test"), ElementsAre("127.0.0.5:80"));
}

TEST_P(Names, CaseDoesNotMatter) {
  server_.set("four.test", {.addresses = {"127.0.0.5"}});
  resolve("four.test");
  EXPECT_THAT(resolve("Four.TEST"), ElementsAre("127.0.0.5:80"));
  EXPECT_EQ(server_.questions("four.test"), 2);  // A and AAAA, once
}

TEST_P(Names, AnUnknownNameFailsWithWordsAndACure) {
  resolve("missing.test");
  ASSERT_FALSE(last_);
  EXPECT_EQ(last_.error().kind, kDnsFailure);
  EXPECT_THAT(last_.error().message, HasSubstr("'missing.test'"));
  EXPECT_THAT(last_.error().message, HasSubstr("not found"));
  EXPECT_FALSE(last_.error().cure.empty());
}

TEST_P(Names, ASilentServerFailsAfterTheLastTry) {
  ResolverSettings quick = settings();
  quick.try_timeout = 20ms;
  quick.tries = 2;
  resolver_ = make_resolver(reactor(), quick);
  server_.set("silent.test", {.addresses = {}, .silent = true});
  resolve("silent.test");
  ASSERT_FALSE(last_);
  EXPECT_EQ(last_.error().kind, kDnsFailure);
  EXPECT_THAT(last_.error().message, HasSubstr("Timeout"));
  EXPECT_EQ(server_.questions("silent.test"), 4);  // two tries of A and of AAAA
}

TEST_P(Names, ATruncatedAnswerIsFetchedOverTcp) {
  server_.set("big.test", {.addresses = {"127.0.0.7"}, .only_over_tcp = true});
  EXPECT_THAT(resolve("big.test"), ElementsAre("127.0.0.7:80"));
}

TEST_P(Names, AnAnswerIsKeptUntilItsTtlEnds) {
  server_.set("kept.test", {.addresses = {"127.0.0.5"}, .ttl_s = 30});
  resolve("kept.test");
  server_.set("kept.test", {.addresses = {"127.0.0.9"}, .ttl_s = 30});
  clock_.time += 30s - 1ns;
  EXPECT_THAT(resolve("kept.test"), ElementsAre("127.0.0.5:80"));
  EXPECT_EQ(server_.questions("kept.test"), 2);
  clock_.time += 1ns;
  EXPECT_THAT(resolve("kept.test"), ElementsAre("127.0.0.9:80"));
}

TEST_P(Names, ATtlOfZeroIsNotKept) {
  server_.set("fresh.test", {.addresses = {"127.0.0.5"}, .ttl_s = 0});
  resolve("fresh.test");
  server_.set("fresh.test", {.addresses = {"127.0.0.9"}, .ttl_s = 0});
  EXPECT_THAT(resolve("fresh.test"), ElementsAre("127.0.0.9:80"));
}

TEST_P(Names, AFailureIsKeptForASecond) {
  resolve("late.test");
  server_.set("late.test", {.addresses = {"127.0.0.5"}});
  resolve("late.test");
  EXPECT_FALSE(last_);
  clock_.time += 1s;
  EXPECT_THAT(resolve("late.test"), ElementsAre("127.0.0.5:80"));
}

TEST_P(Names, ThoseWhoAskAtOnceShareOneLookup) {
  server_.set("shared.test", {.addresses = {"127.0.0.5"}, .ttl_s = 0});
  const auto body = [](Resolver& resolver, std::vector<Answer>& answers) -> Co<void> {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      spawn(ask(resolver, "shared.test", std::uint16_t(1000 + i), answers[i]));
    }
    Answer own;
    co_await ask(resolver, "shared.test", 1, own);
    EXPECT_THAT(texts(own), ElementsAre("127.0.0.5:1"));
  };
  std::vector<Answer> answers(20);
  run(body(*resolver_, answers));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_THAT(texts(answers[i]), ElementsAre("127.0.0.5:" + std::to_string(1000 + i)));
  }
  EXPECT_EQ(server_.questions("shared.test"), 2);
}

TEST_P(Names, NumbersAndLocalhostNeedNoServer) {
  EXPECT_THAT(resolve("127.0.0.3", 1), ElementsAre("127.0.0.3:1"));
  EXPECT_THAT(resolve("::1", 2), ElementsAre("[::1]:2"));
  for (const char* host : {"localhost", "LocalHost", "localhost.", "api.localhost"}) {
    const auto addresses = resolve(host, 3);
    EXPECT_EQ(addresses.back(), "127.0.0.1:3") << host;
    EXPECT_LE(addresses.size(), 2u);
    EXPECT_EQ(server_.questions(host), 0);
  }
}

TEST_P(Names, APinnedAddressWinsForItsPortOnly) {
  server_.set("pinned.test", {.addresses = {"127.0.0.5"}});
  resolver_->pin("Pinned.test", 443, Address::ip("127.0.0.8", 0).value());
  EXPECT_THAT(resolve("pinned.test", 443), ElementsAre("127.0.0.8:443"));
  EXPECT_EQ(server_.questions("pinned.test"), 0);
  EXPECT_THAT(resolve("pinned.test", 80), ElementsAre("127.0.0.5:80"));
}

TEST_P(Names, TheHostsFileComesBeforeTheServer) {
  const std::string path = testing::TempDir() + "vp-hosts-" + std::to_string(::getpid());
  std::ofstream(path) << "# comment\n127.0.0.21\tone.test ONE.alias # tail\nnonsense one.test\n::1 one.test\n";
  ResolverSettings with_hosts = settings();
  with_hosts.hosts_file = path;
  resolver_ = make_resolver(reactor(), with_hosts);
  server_.set("one.test", {.addresses = {"127.0.0.5"}});
  EXPECT_THAT(resolve("one.test"), ElementsAre("127.0.0.21:80", "[::1]:80"));
  EXPECT_THAT(resolve("one.alias"), ElementsAre("127.0.0.21:80"));
  EXPECT_EQ(server_.questions("one.test"), 0);
  resolve("tail");
  EXPECT_FALSE(last_);
  std::filesystem::remove(path);
}

TEST_P(Names, ACallerMayBeDestroyedWhileItWaits) {
  ResolverSettings quick = settings();
  quick.try_timeout = 20ms;
  quick.tries = 1;
  resolver_ = make_resolver(reactor(), quick);
  server_.set("silent.test", {.addresses = {}, .silent = true});
  Answer abandoned{std::vector<Address>{}};
  {
    Co<void> caller = ask(*resolver_, "silent.test", 80, abandoned);
    auto start = caller.operator co_await().await_suspend(std::noop_coroutine());
    start.resume();
  }
  resolve("silent.test");  // joins the same lookup
  EXPECT_FALSE(last_);
  EXPECT_TRUE(abandoned);
}

TEST_P(Names, TheResolverMayEndWithItsReactorBeforeItsLookups) {
  server_.set("silent.test", {.addresses = {}, .silent = true});
  Answer never{std::vector<Address>{}};
  Co<void> caller = ask(*resolver_, "silent.test", 80, never);
  auto start = caller.operator co_await().await_suspend(std::noop_coroutine());
  start.resume();
  const auto body = [](Reactor& r) -> Co<void> { co_await r.sleep_for(1ms); };
  run(body(reactor()));
  resolver_.reset();  // the reactor goes next
  EXPECT_TRUE(never);
}

TEST_P(Names, TheReactorsOwnResolverKnowsLocalhost) {
  Answer answer;
  run(ask_in_turn(reactor(), reactor().resolver(), "localhost", 7, answer));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->back().text(), "127.0.0.1:7");
}

VP_ON_BOTH_REACTORS(Names);

}  // namespace
}  // namespace vajrapulse::runtime
