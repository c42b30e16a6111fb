#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "scripted_server.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::http {
namespace {

using namespace std::chrono_literals;
using runtime::Address;
using runtime::Co;
using runtime::simulated::World;
using testing::ElementsAre;
using testing::HasSubstr;
namespace names = metrics::names;

std::string ok(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

/// A shard, servers, and a network between them, all made of nothing.
class Varied : public testing::Test {
 protected:
  ~Varied() override {
    client_.close_idle();
    for (auto& each : servers_)
      each->stop();
    world_.run();
  }

  ScriptedServer& serve(ScriptedServer::Script script, const char* ip = "127.0.0.1", std::uint16_t port = 80) {
    return *servers_.emplace_back(std::make_unique<ScriptedServer>(host_, *Address::ip(ip, port), std::move(script)));
  }
  ScriptedServer& serve(const std::string& bytes, const char* ip = "127.0.0.1", std::uint16_t port = 80) {
    return serve([bytes](std::size_t, std::size_t, const std::string&) { return Reply{.bytes = bytes}; }, ip, port);
  }
  void create(ClientSettings settings = {}) { client_ = *Client::create(scope_, std::move(settings)); }
  Prepared prepare(const Request& request, const Varies& varies) {
    auto prepared = client_.prepare(request, varies);
    EXPECT_TRUE(prepared) << prepared.error().text();
    return *prepared;
  }
  Response send(const Prepared& request, const Varying& varying) {
    std::optional<Response> result;
    runtime::spawn(keep(client_.send(iteration_, request, varying), result));
    EXPECT_TRUE(world_.run_until([&] { return result.has_value(); }));
    return std::move(*result);
  }
  static Co<void> keep(Co<Response> work, std::optional<Response>& result) { result.emplace(co_await work); }

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

TEST_F(Varied, FillsInTargetHeadersAndBody) {
  auto& server = serve(ok("x"));
  create({.headers = {{"accept", "*/*"}, {"x-user", "nobody"}}});
  const Request request{.method = "POST", .url = "http://127.0.0.1/", .headers = {{"x-fixed", "1"}}, .name = "add"};
  const auto prepared = prepare(request, {.url = Varies::Url::target, .headers = {"x-user"}, .body = true});
  const std::array<std::string_view, 1> ann{"ann"};
  const std::array<std::string_view, 1> bob{"bob"};
  EXPECT_TRUE(send(prepared, {.url = "/items/7?all", .headers = ann, .body = "seven"}).ok());
  EXPECT_TRUE(send(prepared, {.url = "?q#fragment", .headers = bob}).ok());
  const std::string fixed = " HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: vajrapulse\r\naccept: */*\r\nx-fixed: 1\r\n";
  EXPECT_THAT(server.requests,
              ElementsAre("POST /items/7?all" + fixed + "x-user: ann\r\ncontent-length: 5\r\n\r\nseven",
                          "POST /?q" + fixed + "x-user: bob\r\ncontent-length: 0\r\n\r\n"));
  EXPECT_EQ(server.connections, 1u);
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"name", "add"}, {"scenario", "s"}, {"task", "t"}}), 2u);
}

TEST_F(Varied, TheHostMayVary) {
  auto& first = serve(ok("1"), "127.0.0.1", 8001);
  auto& second = serve(ok("2"), "127.0.0.2", 8002);
  create();
  const auto prepared = prepare({.name = "any"}, {.url = Varies::Url::all});
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(send(prepared, {.url = "http://127.0.0.1:8001/a"}).ok());
    EXPECT_TRUE(send(prepared, {.url = "http://u:p@127.0.0.2:8002"}).ok());
  }
  EXPECT_EQ(first.connections, 1u);
  EXPECT_EQ(first.requests.at(1), "GET /a HTTP/1.1\r\nhost: 127.0.0.1:8001\r\nuser-agent: vajrapulse\r\n\r\n");
  EXPECT_EQ(second.connections, 1u);
  EXPECT_EQ(second.requests.at(0),
            "GET / HTTP/1.1\r\nhost: 127.0.0.2:8002\r\nauthorization: Basic dTpw\r\nuser-agent: vajrapulse\r\n\r\n");
  EXPECT_EQ(second.requests.at(1), second.requests.at(0));
  const Response bad = send(prepared, {.url = "ftp://127.0.0.1/"});
  EXPECT_EQ(bad.error(), kUsage);
}

TEST_F(Varied, NothingThatIsFilledInBecomesStructure) {
  auto& server = serve(ok("x"));
  create();
  const auto prepared =
      prepare({.url = "http://127.0.0.1/", .name = "n"}, {.url = Varies::Url::target, .headers = {"x-a"}});
  const std::array<std::string_view, 1> good{"a\tb \xc3\xa4"};
  for (const std::string_view url : std::initializer_list<std::string_view>{
           "/a b", "/a\r\nx: y", "/a\n", "/\xc3\xa4", std::string_view("/\0", 2), std::string_view("/\x7f")}) {
    const Response response = send(prepared, {.url = url, .headers = good});
    EXPECT_EQ(response.error(), kUsage);
    EXPECT_EQ(response.status(), 0);
    EXPECT_THAT(std::string(response.message()), HasSubstr("cannot stand in a URL"));
  }
  for (const std::string_view value : std::initializer_list<std::string_view>{
           "a\r\nx: y", "a\n", "a\r", std::string_view("\0", 1), std::string_view("\x1b")}) {
    const std::array<std::string_view, 1> bad{value};
    const Response response = send(prepared, {.url = "/", .headers = bad});
    EXPECT_EQ(response.error(), kUsage);
    EXPECT_THAT(std::string(response.message()), HasSubstr("x-a"));
  }
  EXPECT_EQ(send(prepared, {.url = "/"}).error(), kUsage);  // a value is missing
  EXPECT_TRUE(server.requests.empty());
  EXPECT_TRUE(send(prepared, {.url = "/", .headers = good}).ok());
  EXPECT_EQ(snapshot().counter(names::kErrors, {{"kind", "usage"}}), 12u);
}

TEST_F(Varied, HeadersThatCannotVaryAreRefused) {
  create();
  EXPECT_FALSE(client_.prepare({.url = "http://h/"}, {.headers = {"transfer-encoding"}}));
  EXPECT_FALSE(client_.prepare({.url = "http://h/"}, {.headers = {"no name"}}));
  EXPECT_FALSE(client_.prepare({.url = "http://h/", .headers = {{"Content-Length", "3"}}}, {.body = true}));
}

TEST_F(Varied, KeepsWhereItIsTold) {
  serve(ok("hello", "x-a: 1\r\n"));
  create();
  const auto prepared = prepare({.url = "http://127.0.0.1/", .keep = Keep::body}, {.url = Varies::Url::target});
  Kept kept;
  {
    const Response response = send(prepared, {.url = "/", .kept = &kept});
    EXPECT_EQ(response.body(), "hello");
    EXPECT_EQ(response.header("x-a"), "1");
    EXPECT_EQ(response.body().data(), kept.body.data());
  }
  EXPECT_EQ(kept.body, "hello");
}

TEST_F(Varied, NoBodyIsKeptWithoutEnd) {
  auto& server = serve([](std::size_t, std::size_t number, const std::string&) {
    return Reply{.bytes = ok(std::string(number == 0 ? 1000 : 1001, 'x'))};
  });
  create();
  const auto prepared = client_.prepare({.url = "http://127.0.0.1/", .keep = Keep::body, .keep_bytes = 1000});
  EXPECT_EQ(send(*prepared, {}).body().size(), 1000u);
  const Response response = send(*prepared, {});
  EXPECT_EQ(response.error(), kHttpBodyTooLarge);
  EXPECT_EQ(response.message(), "the response body is larger than what may be kept of one (GET http://127.0.0.1/)");
  EXPECT_TRUE(send(*prepared, {}).ok());
  EXPECT_EQ(server.connections, 2u);  // what is left of it is not waited for
}

TEST_F(Varied, ARequestHasLimitsOfItsOwn) {
  serve([](std::size_t, std::size_t, const std::string& request) {
    if (request.starts_with("GET /slow")) return Reply{.bytes = ok("late"), .after = 2s};
    if (request.starts_with("GET /away"))
      return Reply{.bytes = "HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n"};
    return Reply{.bytes = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"};
  });
  create({.timeout = 1s});
  const auto only_404 = FailOn::all_but(std::array{404});
  const auto slow = client_.prepare({.url = "http://127.0.0.1/slow", .timeout = 3s});
  EXPECT_TRUE(send(*slow, {}).ok());
  const auto away = client_.prepare({.url = "http://127.0.0.1/away", .redirects = 1, .fail_on = only_404});
  const Response moved = send(*away, {});
  EXPECT_TRUE(moved.ok()) << moved.message();
  EXPECT_EQ(moved.status(), 404);
  EXPECT_EQ(moved.redirects(), 1);
  const auto stays = client_.prepare({.url = "http://127.0.0.1/away", .fail_on = only_404});
  EXPECT_EQ(send(*stays, {}).error().name(), "status-302");
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"code", "404"}, {"status", "success"}}), 1u);
}

TEST_F(Varied, WhatIsSecretIsNotShown) {
  serve("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n");
  create();
  const auto prepared =
      prepare({.url = "http://127.0.0.1/", .shown = "GET /?key={{secret.KEY}}"}, {.url = Varies::Url::target});
  const Response response = send(prepared, {.url = "/?key=hush"});
  EXPECT_EQ(response.message(), "500 Internal Server Error: GET /?key={{secret.KEY}}");
}

TEST_F(Varied, CookiesComeBackAlsoToWhereARedirectLeads) {
  auto& server = serve([](std::size_t, std::size_t, const std::string& request) {
    if (request.starts_with("POST /login"))
      return Reply{.bytes =
                       "HTTP/1.1 303 See Other\r\nlocation: /home\r\nset-cookie: sid=42; Path=/\r\n"
                       "Set-Cookie: step=1; Path=/login\r\ncontent-length: 0\r\n\r\n"};
    return Reply{.bytes = ok("home", "set-cookie: seen=1; Max-Age=60\r\n")};
  });
  create({.redirects = 3});
  CookieJar jar;
  const auto login = prepare({.method = "POST", .url = "http://127.0.0.1/login"}, {.headers = {"x-a"}, .body = true});
  const std::array<std::string_view, 1> values{"v"};
  EXPECT_TRUE(send(login, {.headers = values, .body = "user=ann", .cookies = &jar}).ok());
  const std::string end = " HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: vajrapulse\r\n";
  ASSERT_EQ(server.requests.size(), 2u);
  EXPECT_EQ(server.requests[0], "POST /login" + end + "x-a: v\r\ncontent-length: 8\r\n\r\nuser=ann");
  EXPECT_EQ(server.requests[1], "GET /home" + end + "x-a: v\r\ncookie: sid=42\r\n\r\n");
  const auto plain = client_.prepare({.url = "http://127.0.0.1/login/x"});
  EXPECT_TRUE(send(*plain, {.cookies = &jar}).ok());
  EXPECT_EQ(server.requests.back(), "GET /login/x" + end + "cookie: step=1; sid=42; seen=1\r\n\r\n");
  EXPECT_TRUE(send(*plain, {}).ok());
  EXPECT_EQ(server.requests.back(), "GET /login/x" + end + "\r\n");
  const auto own = client_.prepare({.url = "http://127.0.0.1/", .headers = {{"Cookie", "mine=1"}}});
  EXPECT_TRUE(send(*own, {.cookies = &jar}).ok());
  EXPECT_EQ(server.requests.back(), "GET /" + end + "Cookie: mine=1\r\n\r\n");
}

TEST_F(Varied, ABodyIsSentAgainWhereTheRedirectSaysSo) {
  auto& server = serve([](std::size_t, std::size_t number, const std::string&) {
    return number == 0 ? Reply{.bytes = "HTTP/1.1 307 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n"}
                       : Reply{.bytes = ok("x")};
  });
  create({.redirects = 1});
  const auto prepared =
      prepare({.method = "PUT", .url = "http://127.0.0.1/"}, {.url = Varies::Url::target, .body = true});
  EXPECT_TRUE(send(prepared, {.url = "/a", .body = "bytes"}).ok());
  EXPECT_THAT(server.requests.at(1), HasSubstr("PUT /b HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests.at(1), HasSubstr("content-length: 5\r\n\r\nbytes"));
}

}  // namespace
}  // namespace vajrapulse::http
