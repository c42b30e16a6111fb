#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness.hpp"

// The demo server on real sockets, asked by a client that shares no code with it.
namespace vajrapulse::integration {
namespace {

using runtime::IoKind;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class DemoServerOn : public testing::TestWithParam<IoKind> {
 protected:
  static std::string ask(const DemoHost& host, const std::string& path, const std::string& more = {}) {
    return exchange(host.address().port(),
                    "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + more + "\r\n");
  }
  static std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
};

INSTANTIATE_TEST_SUITE_P(Both, DemoServerOn, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(name_of(each.param)); });

TEST_P(DemoServerOn, RunsOnTheReactorThatWasNamed) {
  ReactorThread thread(GetParam());
  EXPECT_EQ(thread.reactor().name(), name_of(GetParam()));
}

TEST_P(DemoServerOn, AnswersEveryEndpoint) {
  DemoHost host(GetParam());
  EXPECT_THAT(ask(host, "/"), StartsWith("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"));
  EXPECT_THAT(ask(host, "/", "Accept: text/html\r\n"), HasSubstr("<!doctype html>"));
  EXPECT_THAT(ask(host, "/status/503"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(ask(host, "/status/99"), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(body_of(ask(host, "/delay/1ms")), "done\n");
  EXPECT_EQ(body_of(ask(host, "/bytes/1000")).size(), 1000u);
  EXPECT_EQ(body_of(ask(host, "/bytes/3000000")).size(), 3'000'000u);
  EXPECT_THAT(ask(host, "/chunked/2"), EndsWith("\r\n\r\nd\r\nchunk 1 of 2\n\r\nd\r\nchunk 2 of 2\n\r\n0\r\n\r\n"));
  EXPECT_THAT(ask(host, "/redirect/2"), HasSubstr("\r\nlocation: /redirect/1\r\n"));
  EXPECT_EQ(body_of(ask(host, "/redirect/0")), "arrived\n");
  EXPECT_THAT(ask(host, "/gzip"), HasSubstr("\r\ncontent-encoding: gzip\r\n"));
  EXPECT_THAT(ask(host, "/br"), HasSubstr("\r\ncontent-encoding: br\r\n"));
  EXPECT_THAT(ask(host, "/zstd"), HasSubstr("\r\ncontent-encoding: zstd\r\n"));
  EXPECT_THAT(ask(host, "/nowhere"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(ask(host, "/close"), HasSubstr("\r\nconnection: close\r\n"));
}

TEST_P(DemoServerOn, EchoesAndShowsHeadersAsJson) {
  DemoHost host(GetParam());
  const std::string echoed = exchange(host.address().port(),
                                      "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: a/b\r\n"
                                      "Content-Length: 5\r\n\r\nhello");
  EXPECT_THAT(echoed, HasSubstr("\r\ncontent-type: a/b\r\n"));
  EXPECT_EQ(body_of(echoed), "hello");
  const auto shown = nlohmann::json::parse(body_of(ask(host, "/headers?x", "X-Quoted: \"a\\b\"\r\n")));
  EXPECT_EQ(shown["method"], "GET");
  EXPECT_EQ(shown["target"], "/headers?x");
  EXPECT_EQ(shown["headers"][2]["value"], "\"a\\b\"");
}

TEST_P(DemoServerOn, EchoesARequestAsJson) {
  DemoHost host(GetParam());
  const auto echoed = nlohmann::json::parse(body_of(exchange(
      host.address().port(),
      "PUT /echo/json?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\n\"\xC3\xA9\x01")));
  EXPECT_EQ(echoed["method"], "PUT");
  EXPECT_EQ(echoed["target"], "/echo/json?x=1");
  EXPECT_EQ(echoed["headers"][0]["name"], "Host");
  EXPECT_EQ(echoed["body"], "\"é\x01");
}

TEST_P(DemoServerOn, IsAShopThatOneLogsInTo) {
  DemoHost host(GetParam());
  const auto post = [&host](const std::string& path, const std::string& body, const std::string& more = {}) {
    return exchange(host.address().port(), "POST " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + more +
                                               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_THAT(post("/login", R"({"user":"ann","password":"?"})"), StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
  const std::string answer = post("/login", R"({"user":"ann","password":"secret-ann"})");
  const auto login = nlohmann::json::parse(body_of(answer));
  const auto token = login["token"].get<std::string>();
  EXPECT_THAT(answer, HasSubstr("\r\nset-cookie: session=" + token + "; Path=/; HttpOnly\r\n"));
  EXPECT_EQ(nlohmann::json::parse(body_of(ask(host, "/me", "Cookie: session=" + token + "\r\n")))["user"], "ann");
  const std::string bearer = "Authorization: Bearer " + token + "\r\n";
  const std::string opened = post("/api/cart", R"({"product":7,"quantity":2})", bearer);
  EXPECT_THAT(opened,
              StartsWith("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nlocation: /api/cart/1\r\n"));
  EXPECT_EQ(nlohmann::json::parse(body_of(opened))["items"][0]["quantity"], 2);
  EXPECT_THAT(post("/logout", ""), StartsWith("HTTP/1.1 204 No Content\r\n"));
  const auto products = nlohmann::json::parse(body_of(ask(host, "/api/products?size=60")));
  EXPECT_EQ(products["products"][59]["id"], 60);
}

TEST_P(DemoServerOn, CountsWhatItSaw) {
  DemoHost host(GetParam());
  for (int i = 0; i < 3; ++i)
    ask(host, "/bytes/10");
  ask(host, "/elsewhere");
  const auto stats = nlohmann::json::parse(body_of(ask(host, "/stats")));
  EXPECT_EQ(stats["connections_accepted"], 5);
  EXPECT_EQ(stats["requests"], 5);
  EXPECT_EQ(stats["answers_sent"], 4);
  EXPECT_EQ(stats["paths"]["/bytes"], 3);
  EXPECT_EQ(stats["paths"]["other"], 1);
  EXPECT_EQ(stats["paths"]["/stats"], 1);
}

TEST_P(DemoServerOn, SaysWhenItStalled) {
  http::DemoSettings settings;
  settings.stall_every = std::chrono::milliseconds(50);
  settings.stall_for = std::chrono::milliseconds(40);
  DemoHost host(GetParam(), settings);
  ask(host, "/delay/200ms");
  const auto log = nlohmann::json::parse(body_of(ask(host, "/stalls")));
  EXPECT_EQ(log["clock"], "CLOCK_MONOTONIC");
  ASSERT_GE(log["stalls"].size(), 3U);
  for (const auto& stall : log["stalls"])  // longer when the host is late, never shorter
    EXPECT_GE(stall["end_ns"].get<std::int64_t>() - stall["begin_ns"].get<std::int64_t>(), 40'000'000);
}

TEST_P(DemoServerOn, ListensOnAUnixSocket) {
  const TemporaryFolder folder;
  http::DemoSettings settings;
  settings.listen = *runtime::Address::unix_socket((folder.path() / "s").string());
  DemoHost host(GetParam(), settings);
  EXPECT_TRUE(std::filesystem::is_socket(folder.path() / "s"));
}

}  // namespace
}  // namespace vajrapulse::integration
