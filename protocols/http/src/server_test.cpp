#include "vajrapulse/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::http {
namespace {

using runtime::Co;
using runtime::Reactor;
using runtime::simulated::Weather;
using runtime::simulated::World;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// What one raw client sent and got, in virtual time.
struct Talk {
  runtime::IoResult connected;
  std::string got;
  runtime::IoResult ended_with;
  std::optional<TimePoint> first_byte;
  std::optional<TimePoint> ended;
  std::unique_ptr<runtime::Stream> stream;
};

/// One thing that a raw client does: sends `text`, or waits.
struct Act {
  std::string text;
  Duration wait{};
};

Co<void> receive_all(Reactor& reactor, Talk& talk) {
  while (true) {
    const auto received = co_await talk.stream->receive();
    if (!received.result.ok() || received.data.empty()) {
      talk.ended_with = received.result;
      break;
    }
    if (!talk.first_byte) talk.first_byte = reactor.now();
    talk.got.append(reinterpret_cast<const char*>(received.data.data()), received.data.size());
  }
  talk.ended = reactor.now();
  talk.stream->shutdown_send();
}

Co<void> converse(Reactor& reactor, runtime::Address to, std::vector<Act> acts, Talk& talk) {
  auto connected = co_await reactor.connect(to);
  talk.connected = connected.result;
  if (!connected.result.ok()) co_return;
  talk.stream = std::move(connected.stream);
  runtime::spawn(receive_all(reactor, talk));
  for (const Act& act : acts) {
    if (act.wait > Duration::zero()) co_await reactor.sleep_for(act.wait);
    if (talk.ended) break;
    const runtime::Bytes bytes = std::as_bytes(std::span(act.text));
    if (!bytes.empty()) co_await talk.stream->send(bytes);
  }
}

Co<void> stop_server(Server& server, Duration grace, const Clock& clock, std::optional<TimePoint>& stopped) {
  co_await server.stop(grace);
  stopped = clock.now();
}

Co<void> sample_handler(ServerRequest& request, ServerResponse& response) {
  if (request.path() == "/echo") {
    const auto body = co_await request.body();
    if (!body) co_return;
    const std::string text(*body);
    response.send("text/plain", text);
  } else if (request.path() == "/stream") {
    for (const std::string_view piece : {"one", "two"}) {
      const bool sent = co_await response.write(piece);
      if (!sent) co_return;
    }
  } else if (request.path() == "/length") {
    response.length(6);
    co_await response.write("one");
    co_await response.write("two");
  } else if (request.path() == "/slow") {
    const TimePoint due = request.received() + seconds(2);
    co_await response.flush();
    co_await request.sleep_until(due);
    response.send("text/plain", "slow");
  } else if (request.path() == "/throws") {
    throw std::runtime_error("no");
  } else if (request.path() == "/nothing") {
    response.status(204);
  } else {
    response.send("text/plain", request.path());
  }
}

class ServerTest : public testing::Test {
 protected:
  void start(ServerSettings settings = {}) {
    settings.name.clear();
    server_.emplace(server_reactor_, std::move(settings), &sample_handler);
    const auto address = runtime::Address::ip("127.0.0.1", 0);
    const Status listening = server_->listen(*address);
    ASSERT_TRUE(listening) << listening.error().text();
  }

  void TearDown() override {
    for (auto& talk : talks_) {
      if (talk->stream) talk->stream->abort(kCancelled);
    }
    if (server_) {
      std::optional<TimePoint> stopped;
      runtime::spawn(stop_server(*server_, Duration::zero(), world_.clock(), stopped));
      EXPECT_TRUE(world_.run_until([&] { return stopped.has_value(); }));
      EXPECT_EQ(server_->counts().connections_open, 0u);
    }
    world_.run();
  }

  Talk& begin(std::vector<Act> acts) {
    talks_.push_back(std::make_unique<Talk>());
    runtime::spawn(converse(client_reactor_, server_->address(), std::move(acts), *talks_.back()));
    return *talks_.back();
  }

  /// Sends `text`, and returns all that came until the server closed, without the date.
  std::string exchange(std::string text) {
    Talk& talk = begin({{.text = std::move(text)}});
    EXPECT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
    return without_date(talk.got);
  }

  static std::string without_date(const std::string& text) {
    // IMF-fixdate of RFC 9110 section 5.6.7.
    static const std::regex kDate(
        "date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
        "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT\r\n");
    return std::regex_replace(text, kDate, "");
  }

  /// How long after the world's beginning.
  Duration at(const std::optional<TimePoint>& time) const { return *time - began_; }

  World world_{7};
  const TimePoint began_ = world_.clock().now();
  Reactor& server_reactor_ = world_.reactor("server");
  Reactor& client_reactor_ = world_.reactor("client");
  std::optional<Server> server_;
  std::vector<std::unique_ptr<Talk>> talks_;
};

constexpr std::string_view kClose = "Host: h\r\nConnection: close\r\n\r\n";

std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n"; }
std::string get_last(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\n" + std::string(kClose);
}

TEST_F(ServerTest, AnswersAndSaysTheDate) {
  start();
  Talk& talk = begin({{.text = get_last("/hello")}});
  ASSERT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
  EXPECT_THAT(talk.got, HasSubstr(" GMT\r\n"));
  EXPECT_EQ(without_date(talk.got),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 6\r\nconnection: close\r\n\r\n/hello");
}

TEST_F(ServerTest, KeepsTheConnectionForTheNextRequest) {
  start();
  Talk& talk = begin(
      {{.text = get("/a")}, {.text = get("/b"), .wait = seconds(1)}, {.text = get_last("/c"), .wait = seconds(1)}});
  ASSERT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
  const std::string got = without_date(talk.got);
  EXPECT_THAT(got, HasSubstr("\r\n\r\n/aHTTP/1.1 200"));
  EXPECT_THAT(got, HasSubstr("\r\n\r\n/bHTTP/1.1 200"));
  EXPECT_THAT(got, EndsWith("\r\n\r\n/c"));
  EXPECT_EQ(server_->counts().connections_accepted, 1u);
  EXPECT_EQ(server_->counts().requests, 3u);
  EXPECT_EQ(server_->counts().answers_sent, 3u);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  const std::string got = exchange(get("/1") + get("/slow") + get("/stream") + get("/2") + get_last("/3"));
  const std::size_t first = got.find("\r\n\r\n/1");
  const std::size_t second = got.find("\r\n\r\nslow");
  const std::size_t third = got.find("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  const std::size_t last = got.find("\r\n\r\n/3");
  ASSERT_NE(last, got.npos);
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_LT(third, last);
}

TEST_F(ServerTest, AnswersSentBeforeASlowOneDoNotWaitForIt) {
  start();
  Talk& talk = begin({{.text = get("/1") + get_last("/slow")}});
  ASSERT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
  EXPECT_LT(at(talk.first_byte), at(talk.ended) - seconds(1));
}

TEST_F(ServerTest, AnswersTheSameHoweverTheBytesAreCut) {
  start();
  const std::string whole = get("/a") +
                            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" +
                            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody" + get_last("/z");
  const std::string expected = exchange(whole);
  EXPECT_THAT(expected, HasSubstr("\r\n\r\nabcde"));
  EXPECT_THAT(expected, HasSubstr("\r\n\r\nbody"));
  world_.set_weather({.segment_max = 3, .partial = true});
  for (int seed = 0; seed < 20; ++seed)
    EXPECT_EQ(exchange(whole), expected);
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  start();
  const std::string got =
      exchange("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\nHEAD /stream HTTP/1.1\r\n" + std::string(kClose));
  EXPECT_EQ(got,
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 6\r\n\r\n"
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n");
}

TEST_F(ServerTest, NoContentHasNeitherLengthNorType) {
  start();
  EXPECT_EQ(exchange(get_last("/nothing")), "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
}

TEST_F(ServerTest, StreamsWithAKnownLength) {
  start();
  EXPECT_EQ(exchange(get_last("/length")), "HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nonetwo");
}

TEST_F(ServerTest, Http10IsClosedUnlessItAsksToBeKept) {
  start();
  EXPECT_THAT(exchange("GET /a HTTP/1.0\r\n\r\n"), HasSubstr("connection: close"));
  EXPECT_EQ(exchange("GET /stream HTTP/1.0\r\n\r\n"), "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nonetwo");
  const std::string kept = exchange("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
  EXPECT_THAT(kept, HasSubstr("connection: keep-alive\r\n\r\n/aHTTP/1.1 200"));
}

TEST_F(ServerTest, SaysContinueOnlyWhenTheBodyIsWanted) {
  start();
  constexpr std::string_view kHead =
      "HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
  Talk& wanted = begin({{.text = "POST /echo " + std::string(kHead)}, {.text = "body", .wait = seconds(1)}});
  ASSERT_TRUE(world_.run_until([&] { return wanted.ended.has_value(); }));
  EXPECT_THAT(wanted.got, StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(wanted.got, EndsWith("\r\n\r\nbody"));
  EXPECT_THAT(exchange("POST /other " + std::string(kHead)), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, SkipsABodyNobodyRead) {
  start();
  const std::string body(1000, 'x');
  const std::string got =
      exchange("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body + get_last("/b"));
  EXPECT_THAT(got, HasSubstr("\r\n\r\n/aHTTP/1.1 200 OK"));
  EXPECT_THAT(got, EndsWith("/b"));
}

TEST_F(ServerTest, RefusesWithTheStatusThatFits) {
  ServerSettings settings;
  settings.body_bytes_max = 10;
  settings.request = {.head_bytes = 256, .header_count = 3};
  start(settings);
  EXPECT_THAT(exchange("nonsense\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(exchange("GET / HTTP/3.0\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_THAT(exchange("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: br\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
  EXPECT_THAT(exchange("GET /" + std::string(300, 'a')), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(
      exchange("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange(get("/throws")), StartsWith("HTTP/1.1 500 "));
  EXPECT_EQ(server_->counts().bad_requests, 8u);
}

TEST_F(ServerTest, ASlowLorisIsToldAndDroppedWhenTheHeadTimeIsOver) {
  ServerSettings settings;
  settings.head_timeout = seconds(5);
  start(settings);
  std::vector<Act> acts;
  for (const char c : std::string_view("GET / HTTP/1.1\r\nHost: a-slow-one\r\n")) {
    acts.push_back({.text = std::string(1, c), .wait = seconds(1)});
  }
  Talk& talk = begin(std::move(acts));
  ASSERT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
  EXPECT_THAT(talk.got, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_EQ(server_->counts().timeouts, 1u);
  // The first byte leaves at 1 s; head time counts from its arrival, latency 50 µs each way.
  const Duration took = at(talk.ended);
  EXPECT_GE(took, seconds(6));
  EXPECT_LE(took, seconds(6) + milliseconds(10));
}

TEST_F(ServerTest, ABodyThatDoesNotComeIsATimeout) {
  start();
  Talk& talk = begin({{.text = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"}});
  ASSERT_TRUE(world_.run_until([&] { return talk.ended.has_value(); }));
  EXPECT_THAT(talk.got, StartsWith("HTTP/1.1 408 "));
}

TEST_F(ServerTest, ClosesAnIdleConnectionWithoutAWord) {
  ServerSettings settings;
  settings.idle_timeout = seconds(3);
  start(settings);
  Talk& silent = begin({});
  Talk& once = begin({{.text = get("/a"), .wait = seconds(2)}});
  ASSERT_TRUE(world_.run_until([&] { return silent.ended && once.ended; }));
  EXPECT_EQ(silent.got, "");
  EXPECT_THAT(once.got, EndsWith("/a"));
  EXPECT_GE(at(once.ended), seconds(5));
  EXPECT_LE(at(once.ended), seconds(5) + milliseconds(10));
}

TEST_F(ServerTest, TurnsAwayConnectionsOverTheLimit) {
  ServerSettings settings;
  settings.connections_max = 1;
  start(settings);
  Talk& first = begin({{.text = get("/a")}});
  ASSERT_TRUE(world_.run_until([&] { return first.first_byte.has_value(); }));
  EXPECT_THAT(exchange(""), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(server_->counts().connections_refused, 1u);
}

TEST_F(ServerTest, ClosesAfterAsManyRequestsAsAllowed) {
  ServerSettings settings;
  settings.requests_per_connection = 2;
  start(settings);
  const std::string got = exchange(get("/1") + get("/2") + get("/3"));
  EXPECT_THAT(got, HasSubstr("connection: close\r\n\r\n/2"));
  EXPECT_THAT(got, EndsWith("/2"));
}

TEST_F(ServerTest, AGracefulStopLetsRequestsEndAndClosesIdleConnections) {
  start();
  Talk& idle = begin({{.text = get("/a")}});
  Talk& busy = begin({{.text = get("/slow")}});
  ASSERT_TRUE(world_.run_until([&] { return idle.first_byte.has_value() && server_->counts().requests == 2; }));
  std::optional<TimePoint> stopped;
  runtime::spawn(stop_server(*server_, seconds(10), world_.clock(), stopped));
  ASSERT_TRUE(world_.run_until([&] { return stopped.has_value(); }));
  world_.run_until([&] { return busy.ended.has_value(); });
  EXPECT_THAT(without_date(busy.got), HasSubstr("connection: close\r\n\r\nslow"));
  EXPECT_TRUE(idle.ended.has_value());
  EXPECT_LT(*idle.ended, *busy.ended - seconds(1));
  Talk& late = begin({});
  world_.run_until([&] { return !late.connected.ok(); });
  EXPECT_FALSE(late.connected.ok()) << "nobody listens any more";
}

TEST_F(ServerTest, AStopDropsWhatOutlivesItsGrace) {
  start();
  Talk& busy = begin({{.text = get("/slow")}});
  ASSERT_TRUE(world_.run_until([&] { return server_->counts().requests == 1; }));
  std::optional<TimePoint> stopped;
  const TimePoint before = world_.clock().now();
  runtime::spawn(stop_server(*server_, milliseconds(500), world_.clock(), stopped));
  ASSERT_TRUE(world_.run_until([&] { return stopped.has_value(); }));
  EXPECT_GE(*stopped - before, milliseconds(500));
  EXPECT_LE(*stopped - before, milliseconds(510));
  world_.run_until([&] { return busy.ended.has_value(); });
  EXPECT_EQ(busy.got, "");
}

}  // namespace
}  // namespace vajrapulse::http
