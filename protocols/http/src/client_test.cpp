#include "vajrapulse/http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "scripted_server.hpp"
#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/http/probe.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"
#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::http {
namespace {

using namespace std::chrono_literals;
using runtime::Address;
using runtime::Co;
using runtime::simulated::Weather;
using runtime::simulated::World;
using testing::HasSubstr;
namespace names = metrics::names;

constexpr Duration kOneWay = 50us;  // the world's latency, unless a test says otherwise

std::string ok(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

ScriptedServer::Script always(Reply reply) {
  return [reply](std::size_t, std::size_t, const std::string&) { return reply; };
}

/// A shard, a server's machine and a network between them, all made of nothing.
class ClientTest : public testing::Test {
 protected:
  ~ClientTest() override {
    client_.close_idle();
    client_ = Client();
    for (auto& each : servers_)
      each->stop();
    world_.run();
  }

  ScriptedServer& serve(ScriptedServer::Script script, const char* ip = "127.0.0.1", std::uint16_t port = 80) {
    auto server = std::make_unique<ScriptedServer>(host_, *Address::ip(ip, port), std::move(script));
    server->storm = [this](double probability) { world_.set_weather({.reset_per_segment = probability}); };
    return *servers_.emplace_back(std::move(server));
  }
  ScriptedServer& serve(Reply reply) { return serve(always(std::move(reply))); }

  Client& create(ClientSettings settings = {}) {
    auto client = Client::create(scope_, std::move(settings));
    EXPECT_TRUE(client) << client.error().text();
    client_ = std::move(*client);
    return client_;
  }

  /// Runs `work` to its end.
  template <class T>
  T finish(Co<T> work) {
    std::optional<T> result;
    runtime::spawn(keep(std::move(work), result));
    EXPECT_TRUE(world_.run_until([&] { return result.has_value(); }));
    return std::move(*result);
  }
  template <class T>
  static Co<void> keep(Co<T> work, std::optional<T>& result) {
    result.emplace(co_await work);
  }

  Response get(std::string_view url, Keep what = Keep::body) { return finish(client_.get(iteration_, url, what)); }
  Response send(Request request) { return finish(client_.send(iteration_, std::move(request))); }

  metrics::Snapshot snapshot() {
    metrics::Snapshot result;
    auto interval = recorder_.swap(world_.clock().now(), nullptr);
    result.add(*interval);
    return result;
  }

  World world_{1};
  runtime::Reactor& shard_ = world_.reactor("shard");
  runtime::Reactor& host_ = world_.reactor("server");
  metrics::Registry registry_;
  metrics::Recorder recorder_{registry_, world_.clock().now()};
  runtime::Cancellation cancellation_;
  Random random_{1};
  Scope scope_{shard_, recorder_, cancellation_, random_};
  Iteration iteration_{scope_, Iteration::Identity{.scenario = "s", .task = "t"}};
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
  Client client_;
};

TEST_F(ClientTest, GetsAResponse) {
  auto& server = serve({.bytes = ok("hello", "X-A: b\r\n")});
  create();
  const Response response = get("http://127.0.0.1/a?b=c");
  ASSERT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.status(), 200);
  EXPECT_EQ(response.body(), "hello");
  EXPECT_EQ(response.header("x-a"), "b");
  EXPECT_TRUE(response.result().ok());
  ASSERT_EQ(server.requests.size(), 1u);
  EXPECT_EQ(server.requests[0], "GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: vajrapulse\r\n\r\n");
  EXPECT_EQ(response.bytes_sent(), server.requests[0].size());
  EXPECT_EQ(response.bytes_received(), ok("hello", "X-A: b\r\n").size());
  EXPECT_EQ(response.body_bytes(), 5u);
}

TEST_F(ClientTest, TimesEveryPhaseByTheReactorsClock) {
  serve({.bytes = ok("x"), .after = 3ms});
  create();
  const Response first = get("http://127.0.0.1/");
  EXPECT_FALSE(first.phases().has(Phase::blocked));
  EXPECT_FALSE(first.phases().has(Phase::dns));
  EXPECT_FALSE(first.phases().has(Phase::tls));
  EXPECT_EQ(first.phases()[Phase::connect], 2 * kOneWay);
  EXPECT_EQ(first.phases()[Phase::send], 0ns);
  EXPECT_GE(first.phases()[Phase::wait], 3ms + 2 * kOneWay);
  EXPECT_LT(first.phases()[Phase::wait], 3ms + 2 * kOneWay + 2us);  // the timer's slot
  EXPECT_EQ(first.phases()[Phase::receive], 0ns);
  EXPECT_EQ(first.total(), first.phases()[Phase::connect] + first.phases()[Phase::wait]);
  const Response second = get("http://127.0.0.1/");
  EXPECT_FALSE(second.phases().has(Phase::connect));
  EXPECT_EQ(second.total(), second.phases()[Phase::wait]);
}

TEST_F(ClientTest, RecordsRequestsWhereTheCallerRecords) {
  serve([](std::size_t, std::size_t number, const std::string&) {
    return Reply{.bytes = number == 2 ? "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n" : ok("hello")};
  });
  create();
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (int i = 0; i < 3; ++i) {
    const Response response = get("http://127.0.0.1/a?b");
    sent += response.bytes_sent();
    received += response.bytes_received();
  }
  const auto snap = snapshot();
  const metrics::Tags where{{"name", "GET /a"}, {"scenario", "s"}, {"task", "t"}};
  EXPECT_EQ(snap.counter(names::kRequestTotal, where), 3u);
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"code", "200"}, {"status", "success"}}), 2u);
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"code", "404"}, {"status", "failure"}}), 1u);
  EXPECT_EQ(snap.counter(names::kRequestBytes, {{"direction", "out"}}), sent);
  EXPECT_EQ(snap.counter(names::kRequestBytes, {{"direction", "in"}}), received);
  EXPECT_EQ(snap.counter(names::kConnections), 1u);
  EXPECT_EQ(snap.histogram(names::kRequestDuration, {{"phase", "total"}}).count(), 3u);
  EXPECT_EQ(snap.histogram(names::kRequestDuration, {{"phase", "connect"}}).count(), 1u);
  EXPECT_EQ(snap.histogram(names::kRequestDuration, {{"phase", "dns"}}).count(), 0u);
  EXPECT_EQ(snap.gauge(names::kPoolIdle).last, 1);
  EXPECT_EQ(snap.gauge(names::kPoolActive).last, 0);
  EXPECT_EQ(snap.gauge(names::kPoolActive).max, 1);
  ASSERT_EQ(snap.errors().size(), 1u);
  EXPECT_EQ(snap.errors()[0].kind.name(), "status-404");
  EXPECT_EQ(snap.errors()[0].name, "GET /a");
  EXPECT_EQ(snap.errors()[0].sample, "404 Not Found: GET http://127.0.0.1/a?b");
}

TEST_F(ClientTest, SaysWhatIsWrongWithAnAnswer) {
  struct Case {
    Reply reply;
    std::string_view kind;
  };
  const std::string head = "HTTP/1.1 200 OK\r\n";
  using Then = Reply::Then;
  const Case cases[] = {
      {{.bytes = "not http at all\r\n", .then = Then::keep}, "http-malformed"},
      {{.bytes = head + "content-length: 9\r\n\r\nfour", .then = Then::close}, "http-truncated"},
      {{.bytes = head + "content-length: 9\r\n\r\nfour", .then = Then::reset}, "connection-reset"},
      {{.bytes = head + "conte", .then = Then::close}, "http-truncated"},
      {{.bytes = head + "transfer-encoding: chunked\r\n\r\nxyz\r\n"}, "http-bad-chunk"},
      {{.bytes = head + "content-length: 1\r\ncontent-length: 2\r\n\r\nx"}, "http-bad-content-length"},
      {{.bytes = head + "x: " + std::string(70'000, 'y') + "\r\n\r\n"}, "http-head-too-large"},
      {{.bytes = "", .then = Then::close}, "connection-closed"},
      {{.bytes = "", .then = Then::reset}, "connection-reset"},
      {{.bytes = "", .then = Then::stall}, "timeout"},
      {{.bytes = head + "content-length: 9\r\n\r\nfour", .then = Then::stall}, "timeout"},
      {{.bytes = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"}, "status-503"},
  };
  std::uint16_t port = 1000;
  create({.timeout = 1s});
  for (const Case& each : cases) {
    auto& server = serve(always(each.reply), "127.0.0.1", ++port);
    const Response response = get("http://127.0.0.1:" + std::to_string(port) + "/");
    EXPECT_EQ(response.error().name(), each.kind);
    EXPECT_FALSE(response.message().empty());
    EXPECT_FALSE(response.result().ok());
    EXPECT_TRUE(response.result().already_recorded());
    EXPECT_EQ(server.connections, 1u) << each.kind;  // nothing is sent twice on a fresh connection
    const auto snap = snapshot();
    EXPECT_EQ(snap.counter(names::kErrors, {{"kind", std::string(each.kind)}}), 1u) << each.kind;
    EXPECT_EQ(snap.counter(names::kErrors), 1u);
    world_.set_weather({});
  }
}

TEST_F(ClientTest, NobodyListening) {
  create();
  const Response response = get("http://127.0.0.1:9/");
  EXPECT_EQ(response.error(), runtime::kConnectionRefused);
  EXPECT_EQ(response.message(), "connection refused: nothing listens on 127.0.0.1:9");
  EXPECT_EQ(response.status(), 0);
  EXPECT_TRUE(response.phases().has(Phase::connect));
  EXPECT_FALSE(response.phases().has(Phase::wait));
}

TEST_F(ClientTest, TheTimeoutIsOfTheWholeRequest) {
  create({.timeout = 1s});
  serve({.bytes = "", .then = Reply::Then::stall});
  const Response stalled = get("http://127.0.0.1/");
  EXPECT_EQ(stalled.error(), kTimeout);
  EXPECT_GE(stalled.total(), 1s);
  EXPECT_LT(stalled.total(), 1s + 1ms);
  EXPECT_EQ(stalled.message(), "no complete answer within 1 s: GET http://127.0.0.1/");
  world_.break_address(*Address::ip("127.0.0.2", 80), kTimeout);
  const Response unreachable = get("http://127.0.0.2/");
  EXPECT_EQ(unreachable.error(), runtime::kConnectTimeout);
  EXPECT_LT(unreachable.total(), 1s + 1ms);
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kTimeouts), 2u);
  EXPECT_EQ(snap.histogram(names::kRequestDuration, {{"phase", "total"}}).count(), 2u);
}

TEST_F(ClientTest, CancellationEndsARequestWhereverItIs) {
  create({.connections = 1});
  serve({.bytes = ok("late"), .after = 10s});
  std::optional<Response> talking;
  std::optional<Response> queued;
  runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1/"), talking));
  runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1/"), queued));
  world_.run(world_.clock().now() + 5ms);
  EXPECT_FALSE(talking || queued);
  cancellation_.request();
  EXPECT_TRUE(world_.run_until([&] { return talking && queued; }));
  EXPECT_EQ(talking->error(), kCancelled);
  EXPECT_EQ(queued->error(), kCancelled);
  EXPECT_EQ(get("http://127.0.0.1/").error(), kCancelled);
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"status", "interrupted"}}), 3u);
  EXPECT_TRUE(snap.errors().empty());
  EXPECT_EQ(snap.gauge(names::kPoolActive).last, 0);
}

TEST_F(ClientTest, ALimitMakesRequestsWaitTheirTurn) {
  auto& server = serve({.bytes = ok("x"), .after = 10ms});
  create({.connections = 2});
  std::vector<std::optional<Response>> responses(6);
  for (auto& each : responses)
    runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1/"), each));
  EXPECT_TRUE(world_.run_until([&] { return responses.back().has_value(); }));
  EXPECT_EQ(server.connections, 2u);
  for (std::size_t i = 0; i < responses.size(); ++i) {
    ASSERT_TRUE(responses[i] && responses[i]->ok());
    EXPECT_EQ(responses[i]->phases().has(Phase::blocked), i >= 2);
  }
  EXPECT_GE(responses[5]->phases()[Phase::blocked], 20ms);
  const auto snap = snapshot();
  EXPECT_EQ(snap.histogram(names::kClientQueueWait, {{"queue", "connection"}}).count(), 4u);
  EXPECT_EQ(snap.gauge(names::kClientQueueSize, {{"queue", "connection"}}).max, 4);
  EXPECT_EQ(snap.gauge(names::kClientQueueSize, {{"queue", "connection"}}).last, 0);
}

TEST_F(ClientTest, ABacklogIsWorkedOffOnTheConnectionsThereAre) {
  auto& server = serve({.bytes = ok("x"), .after = 1ms});
  create();
  std::vector<std::optional<Response>> responses(3000);
  for (auto& each : responses)
    runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1/"), each));
  const auto all_there = [&] { return std::ranges::all_of(responses, [](auto& each) { return each.has_value(); }); };
  EXPECT_TRUE(world_.run_until(all_there));
  EXPECT_TRUE(std::ranges::all_of(responses, [](auto& each) { return each->ok(); }));
  EXPECT_GE(server.connections, 256u);  // enough of them are opened,
  EXPECT_LE(server.connections, 600u);  // but not one for each request
}

TEST_F(ClientTest, AWaitForAConnectionEndsWithTheTimeout) {
  serve({.bytes = "", .then = Reply::Then::stall});
  create({.timeout = 1s, .connections = 1});
  std::vector<std::optional<Response>> responses(3);
  for (auto& each : responses)
    runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1/"), each));
  EXPECT_TRUE(world_.run_until([&] { return responses[0] && responses[1] && responses[2]; }));
  for (auto& each : responses)
    EXPECT_EQ(each->error(), kTimeout);
}

TEST_F(ClientTest, AFailedConnectionMakesRoomForWhoWaits) {
  create({.connections = 1});
  std::vector<std::optional<Response>> responses(3);
  for (auto& each : responses)
    runtime::spawn(keep(client_.get(iteration_, "http://127.0.0.1:9/"), each));
  EXPECT_TRUE(world_.run_until([&] { return responses[0] && responses[1] && responses[2]; }));
  for (auto& each : responses)
    EXPECT_EQ(each->error(), runtime::kConnectionRefused);
}

// The server closes 1 µs after its answer: the next request is sent before the FIN arrives.
TEST_F(ClientTest, ARequestLostToAKeepAliveRaceIsSentOnceMore) {
  auto& server = serve({.bytes = ok("x"), .close_after = 1us});
  create();
  ASSERT_TRUE(get("http://127.0.0.1/").ok());
  const Response second = get("http://127.0.0.1/");
  EXPECT_TRUE(second.ok()) << second.message();
  EXPECT_EQ(server.connections, 2u);
  EXPECT_TRUE(second.phases().has(Phase::connect));
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kRetries), 1u);
  EXPECT_EQ(snap.counter(names::kRequestTotal), 2u);
  EXPECT_TRUE(snap.errors().empty());
}

TEST_F(ClientTest, APostLostToAKeepAliveRaceIsNotSentTwice) {
  serve({.bytes = ok("x"), .close_after = 1us});
  create();
  ASSERT_TRUE(get("http://127.0.0.1/").ok());
  const Response post = send({.method = "POST", .url = "http://127.0.0.1/", .body = "x"});
  EXPECT_FALSE(post.ok());
  EXPECT_EQ(snapshot().counter(names::kRetries), 0u);
}

TEST_F(ClientTest, AConnectionSeenToBeClosedIsNotUsed) {
  auto& server = serve({.bytes = ok("x"), .close_after = 1us});
  create();
  ASSERT_TRUE(get("http://127.0.0.1/").ok());
  world_.run(world_.clock().now() + 1ms);  // the FIN arrives meanwhile
  EXPECT_TRUE(send({.method = "POST", .url = "http://127.0.0.1/", .body = "x"}).ok());
  EXPECT_EQ(server.connections, 2u);
  EXPECT_EQ(snapshot().counter(names::kRetries), 0u);
}

TEST_F(ClientTest, ConnectionsThatMayNotBeReusedAreNot) {
  auto& server = serve([](std::size_t, std::size_t, const std::string& request) {
    if (request.starts_with("GET /close ")) return Reply{.bytes = ok("x", "connection: close\r\n")};
    if (request.starts_with("GET /more ")) return Reply{.bytes = ok("x") + "surplus"};
    if (request.starts_with("GET /eof "))
      return Reply{.bytes = "HTTP/1.1 200 OK\r\n\r\nabc", .then = Reply::Then::close};
    return Reply{.bytes = ok("x")};
  });
  create();
  std::size_t connections = 0;
  for (const char* path : {"close", "more", "eof"}) {
    const Response response = get(std::string("http://127.0.0.1/") + path);
    EXPECT_TRUE(response.ok()) << path << response.message();
    EXPECT_EQ(server.connections, ++connections) << path;
  }
  EXPECT_EQ(get("http://127.0.0.1/eof").body(), "abc");
  create({.keep_alive = false});
  EXPECT_TRUE(get("http://127.0.0.1/").ok());
  EXPECT_TRUE(get("http://127.0.0.1/").ok());
  EXPECT_EQ(server.connections, connections + 3);
  EXPECT_THAT(server.requests.back(), HasSubstr("connection: close\r\n"));
}

TEST_F(ClientTest, EveryCutOfAResponseGivesTheSame) {
  const std::string bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx: y\r\n\r\n"
      "5\r\nhello\r\n6;e=f\r\n world\r\n0\r\nt: u\r\n\r\n";
  std::size_t piece = 0;
  auto& server =
      serve([&](std::size_t, std::size_t, const std::string&) { return Reply{.bytes = bytes, .piece = piece}; });
  create();
  for (piece = 1; piece <= bytes.size(); ++piece) {
    const Response response = get("http://127.0.0.1/");
    ASSERT_TRUE(response.ok()) << piece << response.message();
    EXPECT_EQ(response.body(), "hello world");
    EXPECT_EQ(response.header("x"), "y");
    EXPECT_EQ(response.bytes_received(), bytes.size());
  }
  EXPECT_EQ(server.connections, 1u);
}

TEST_F(ClientTest, SendsBodiesAndHeaders) {
  auto& server = serve({.bytes = ok("")});
  create({.headers = {{"Accept", "a"}, {"X-Both", "client"}}});
  EXPECT_TRUE(send({.method = "POST",
                    .url = "http://us:pw@127.0.0.1/",
                    .headers = {{"x-both", "request"}, {"user-agent", ""}},
                    .body = "payload"})
                  .ok());
  EXPECT_EQ(server.requests[0],
            "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic dXM6cHc=\r\nAccept: a\r\nx-both: request\r\n"
            "content-length: 7\r\n\r\npayload");
  EXPECT_TRUE(finish(client_.post(iteration_, "http://127.0.0.1/", std::string(1'000'000, 'x'), "text/x")).ok());
  EXPECT_THAT(server.requests[1].substr(0, 200), HasSubstr("content-type: text/x\r\ncontent-length: 1000000\r\n"));
  EXPECT_EQ(server.requests[1].substr(server.requests[1].size() - 1'000'000), std::string(1'000'000, 'x'));
}

TEST_F(ClientTest, AnEarlyAnswerToALargeUploadCounts) {
  world_.set_weather({.window_bytes = 16 * 1024});
  serve([](std::size_t, std::size_t, const std::string&) { return Reply{}; });  // never sees a whole request
  // A server of its own: answers at the first bytes, and reads no more.
  auto listener = host_.listen(*Address::ip("127.0.0.1", 81));
  ASSERT_TRUE(listener);
  const auto refuse = [](runtime::Listener& on, runtime::Reactor& reactor) -> Co<void> {
    auto accepted = co_await on.accept();
    auto got = co_await accepted.stream->receive();
    static_cast<void>(got);
    const std::string_view answer = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n";
    const auto bytes = std::as_bytes(std::span(answer));
    co_await accepted.stream->send(bytes);
    co_await reactor.sleep_for(100ms);
  };
  runtime::spawn(refuse(**listener, host_));
  create();
  const Response response = finish(client_.post(iteration_, "http://127.0.0.1:81/", std::string(1'000'000, 'x')));
  EXPECT_EQ(response.error().name(), "status-413");
  world_.run();
}

TEST_F(ClientTest, FollowsRedirects) {
  auto& server = serve([](std::size_t, std::size_t, const std::string& request) {
    const auto to = [](int status, const std::string& where) {
      return Reply{.bytes = "HTTP/1.1 " + std::to_string(status) + " R\r\nlocation: " + where +
                            "\r\ncontent-length: 0\r\n\r\n"};
    };
    const std::string path = request.substr(request.find(' ') + 1, request.find(" HTTP") - request.find(' ') - 1);
    if (path == "/303") return to(303, "end");
    if (path == "/302") return to(302, "/303");
    if (path == "/307") return to(307, "/end");
    if (path == "/loop") return to(301, "/loop");
    if (path == "/away") return to(302, "http://127.0.0.2/x");
    if (path == "/bad") return to(302, "mailto:x@y");
    return Reply{.bytes = ok("end")};
  });
  auto& other = serve(always({.bytes = ok("other")}), "127.0.0.2");
  create({.redirects = 3});
  const Response response = send({.method = "POST", .url = "http://127.0.0.1/302", .body = "x", .keep = Keep::body});
  EXPECT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.body(), "end");
  EXPECT_EQ(response.redirects(), 2);
  EXPECT_THAT(server.requests[2], testing::StartsWith("GET /end "));
  EXPECT_THAT(server.requests[2], testing::Not(HasSubstr("content-length")));
  EXPECT_EQ(response.total(), 2 * kOneWay * 4);  // connect, and three rounds
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"name", "POST /302"}}), 3u);

  EXPECT_TRUE(send({.method = "POST", .url = "http://127.0.0.1/307", .body = "kept"}).ok());
  EXPECT_THAT(server.requests.back(), testing::StartsWith("POST /end "));
  EXPECT_THAT(server.requests.back(), testing::EndsWith("\r\n\r\nkept"));
  EXPECT_EQ(get("http://127.0.0.1/loop").error(), kHttpTooManyRedirects);
  EXPECT_EQ(get("http://127.0.0.1/bad").error(), kHttpBadRedirect);
  EXPECT_TRUE(send({.url = "http://127.0.0.1/away", .headers = {{"Authorization", "secret"}, {"X-Kept", "1"}}}).ok());
  EXPECT_THAT(other.requests.at(0), testing::Not(HasSubstr("secret")));
  EXPECT_THAT(other.requests.at(0), HasSubstr("X-Kept: 1"));
  EXPECT_THAT(other.requests.at(0), HasSubstr("host: 127.0.0.2\r\n"));
  create();
  EXPECT_EQ(get("http://127.0.0.1/302").status(), 302);
}

TEST_F(ClientTest, ResolvesNamesAndPins) {
  serve({.bytes = ok("x")});
  world_.name("web.test", {*Address::ip("127.0.0.1", 80)});
  create({.resolve = {*Pin::parse("pinned.test:80:127.0.0.1")}});
  EXPECT_TRUE(get("http://web.test/").ok());
  EXPECT_TRUE(get("http://pinned.test/").ok());
  const Response unknown = get("http://nowhere.test/");
  EXPECT_EQ(unknown.error(), runtime::kDnsFailure);
  EXPECT_FALSE(unknown.message().empty());
}

TEST_F(ClientTest, StreamsABodyOfAnySize) {
  const std::string body(3'000'000, 'z');
  auto& server = serve({.bytes = ok(body)});
  create();
  auto prepared = client_.prepare({.url = "http://127.0.0.1/"});
  ASSERT_TRUE(prepared);
  const auto read_all = [](Client& client, Iteration& iteration, const Prepared& request,
                           std::size_t& total) -> Co<Response> {
    auto opening = client.open(iteration, request);
    ResponseStream stream = co_await opening;
    EXPECT_EQ(stream.status(), 200);
    EXPECT_EQ(stream.header("content-length"), "3000000");
    while (true) {
      auto reading = stream.read();
      const std::string_view piece = co_await reading;
      if (piece.empty()) break;
      total += piece.size();
    }
    co_return stream.finish();
  };
  std::size_t total = 0;
  const Response response = finish(read_all(client_, iteration_, *prepared, total));
  EXPECT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(total, body.size());
  EXPECT_TRUE(get("http://127.0.0.1/", Keep::nothing).ok());
  EXPECT_EQ(server.connections, 1u);
}

TEST_F(ClientTest, AStreamThatIsDroppedCostsItsConnectionAndCountsAsInterrupted) {
  auto& server = serve({.bytes = ok(std::string(3'000'000, 'z'))});
  create();
  auto prepared = client_.prepare({.url = "http://127.0.0.1/"});
  const auto drop = [](Client& client, Iteration& iteration, const Prepared& request) -> Co<int> {
    auto opening = client.open(iteration, request);
    ResponseStream stream = co_await opening;
    auto reading = stream.read();
    const std::string_view piece = co_await reading;
    EXPECT_FALSE(piece.empty());
    co_return stream.status();
  };
  EXPECT_EQ(finish(drop(client_, iteration_, *prepared)), 200);
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"status", "interrupted"}}), 1u);
  EXPECT_TRUE(get("http://127.0.0.1/", Keep::nothing).ok());
  EXPECT_EQ(server.connections, 2u);
}

TEST_F(ClientTest, DecodesWhenAskedAndCountsTheWire) {
  // As Python's gzip wrote ten times "a".
  const std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x84\x01\x00\xf0\xcd\x11\x4c\x0a\x00\x00\x00",
                         23);
  serve([&](std::size_t, std::size_t, const std::string& request) {
    const bool damaged = request.starts_with("GET /bad ");
    return Reply{.bytes = ok(damaged ? "\x1f\x8b garbage" : gzip, "content-encoding: gzip\r\n")};
  });
  create({.decompress = true});
  const Response response = get("http://127.0.0.1/");
  ASSERT_TRUE(response.ok()) << response.message();
  EXPECT_EQ(response.body(), "aaaaaaaaaa");
  EXPECT_EQ(response.body_bytes(), gzip.size());
  EXPECT_THAT(servers_[0]->requests[0], HasSubstr("accept-encoding: gzip, br, zstd\r\n"));
  EXPECT_EQ(get("http://127.0.0.1/bad").error(), kHttpDecode);
  create();
  EXPECT_EQ(get("http://127.0.0.1/").body(), gzip);
}

TEST_F(ClientTest, WhatCannotBePreparedIsAFailureThatSaysWhy) {
  create();
  const Response response = get("127.0.0.1/x");
  EXPECT_EQ(response.error(), kUsage);
  EXPECT_THAT(std::string(response.message()), HasSubstr("write http://127.0.0.1/x"));
  EXPECT_FALSE(client_.prepare({.method = "G T", .url = "http://h/"}));
  EXPECT_FALSE(client_.prepare({.url = "http://h/", .headers = {{"bad name", "x"}}}));
  EXPECT_FALSE(client_.prepare({.url = "http://h/", .headers = {{"x", "a\r\nb"}}}));
}

TEST_F(ClientTest, ATaskTakesTurnsByIterationIndex) {
  auto& server = serve({.bytes = ok("x")});
  HttpTask task({.connections = 4},
                {{.url = "http://127.0.0.1/0"}, {.url = "http://127.0.0.1/1"}, {.url = "http://127.0.0.1/2"}});
  TaskContext context(scope_, {.scenario = "s", .task = "t"});
  ASSERT_TRUE(finish(task.init(context)));
  for (const std::uint64_t index : {4u, 0u, 5u}) {
    Iteration iteration(scope_, {.scenario = "s", .task = "t", .index = index});
    EXPECT_TRUE(finish(task.execute(iteration)).ok());
  }
  ASSERT_EQ(server.requests.size(), 3u);
  EXPECT_THAT(server.requests[0], testing::StartsWith("GET /1 "));
  EXPECT_THAT(server.requests[1], testing::StartsWith("GET /0 "));
  EXPECT_THAT(server.requests[2], testing::StartsWith("GET /2 "));
  std::optional<int> done;
  const auto end = [](HttpTask& of) -> Co<int> {
    auto ending = of.teardown();
    co_await ending;
    co_return 0;
  };
  runtime::spawn(keep(end(task), done));
  HttpTask wrong({}, {{.url = "nonsense"}});
  EXPECT_FALSE(finish(wrong.init(context)));
}

TEST_F(ClientTest, AProbeShowsTheWholeExchange) {
  serve({.bytes = ok(std::string(5000, 'b'), "x: y\r\n"), .after = 1ms});
  const Exchange shown = finish(exchange(scope_, {}, {.url = "http://127.0.0.1/p"}));
  EXPECT_FALSE(shown.error.kind) << shown.error.text();
  EXPECT_THAT(shown.request_head, testing::StartsWith("GET /p HTTP/1.1\r\n"));
  EXPECT_THAT(shown.response_head, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(shown.body_start, std::string(4096, 'b'));
  EXPECT_EQ(shown.body_bytes, 5000u);
  EXPECT_EQ(shown.remote, "127.0.0.1:80");
  EXPECT_EQ(shown.http_version, "HTTP/1.1");
  EXPECT_TRUE(shown.phases.has(Phase::connect));
  const Exchange refused = finish(exchange(scope_, {}, {.url = "http://127.0.0.1:9/"}));
  EXPECT_EQ(refused.error.kind, runtime::kConnectionRefused);
  EXPECT_EQ(refused.remote, "127.0.0.1:9");
}

// Over many seeds of a network that loses, cuts and resets: every request ends, in exactly one way, and the
// connections are all accounted for.
TEST(ClientInWeather, EveryRequestEndsInExactlyOneWay) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Weather weather{.latency_min = 10us,
                    .latency_max = 2ms,
                    .loss = 0.02,
                    .reset_on_connect = 0.05,
                    .reset_per_segment = 0.02,
                    .segment_max = 700,
                    .partial = true};
    World world(seed, weather);
    runtime::Reactor& shard = world.reactor("shard");
    runtime::Reactor& host = world.reactor("server");
    metrics::Registry registry;
    metrics::Recorder recorder(registry, world.clock().now());
    runtime::Cancellation cancellation;
    Random random(seed);
    Scope scope(shard, recorder, cancellation, random);
    ScriptedServer server(host, *Address::ip("127.0.0.1", 80), [&](std::size_t, std::size_t, const std::string&) {
      return Reply{.bytes = ok(std::string(random.below(5000), 'x')), .after = Duration(random.below(3'000'000))};
    });
    auto client = Client::create(scope, {.timeout = 500ms, .connections = 5});
    ASSERT_TRUE(client);
    std::vector<std::optional<Response>> responses(100);
    const auto one = [](Client& c, const Scope& s, std::optional<Response>& into) -> Co<void> {
      auto getting = c.get(s, "http://127.0.0.1/");
      into = co_await getting;
    };
    std::size_t ended = 0;
    for (auto& each : responses)
      runtime::spawn(one(*client, scope, each));
    ASSERT_TRUE(world.run_until([&] {
      return (ended = std::ranges::count_if(responses, [](auto& r) { return r.has_value(); })) == responses.size();
    }));
    metrics::Snapshot snap;
    snap.add(*recorder.swap(world.clock().now(), nullptr));
    const auto succeeded = std::ranges::count_if(responses, [](auto& r) { return r->ok(); });
    EXPECT_EQ(snap.counter(names::kRequestTotal), 100u);
    EXPECT_EQ(snap.counter(names::kRequestTotal, {{"status", "success"}}), succeeded);
    EXPECT_EQ(snap.counter(names::kErrors), 100u - succeeded);
    EXPECT_EQ(snap.gauge(names::kPoolActive).last, 0);
    EXPECT_EQ(snap.gauge(names::kClientQueueSize).last, 0);
    EXPECT_LE(snap.gauge(names::kPoolActive).max, 5);
    client->close_idle();
    server.stop();
    world.run();
  }
}

}  // namespace
}  // namespace vajrapulse::http
