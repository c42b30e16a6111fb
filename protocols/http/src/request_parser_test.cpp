#include "vajrapulse/http/request_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vajrapulse::http {
namespace {

using Kind = RequestOutcome::Kind;
using std::string_view_literals::operator""sv;

struct Parsed {
  RequestOutcome outcome;
  RequestHead head;
};

Parsed parse(std::string_view text, RequestLimits limits = {}) {
  Parsed parsed;
  RequestParser parser(limits);
  parsed.outcome = parser.parse(text, parsed.head);
  return parsed;
}

int refusal(std::string_view text, RequestLimits limits = {}) {
  const Parsed parsed = parse(text, limits);
  return parsed.outcome.kind == Kind::refused ? parsed.outcome.status : 0;
}

TEST(RequestParser, ReadsMethodTargetVersionAndFields) {
  constexpr std::string_view kText =
      "GET /a/b?c=d&e HTTP/1.1\r\nHost: example\r\nX-Empty:\r\nX-Pad: \t v w \t\r\n\r\nrest";
  const auto [outcome, head] = parse(kText);
  ASSERT_EQ(outcome.kind, Kind::complete);
  EXPECT_EQ(outcome.head_bytes, kText.size() - 4);
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.target, "/a/b?c=d&e");
  EXPECT_EQ(head.path, "/a/b");
  EXPECT_EQ(head.query, "c=d&e");
  EXPECT_EQ(head.minor, 1);
  ASSERT_EQ(head.fields.size(), 3u);
  EXPECT_EQ(head.field("HOST"), "example");
  EXPECT_EQ(head.field("x-empty"), "");
  EXPECT_EQ(head.field("x-pad"), "v w");
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.framing, Framing::none);
}

TEST(RequestParser, FindsTheSameHeadHoweverItIsCut) {
  constexpr std::string_view kText = "\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  const std::size_t head_bytes = kText.size() - 3;
  RequestParser parser({});
  RequestHead head;
  for (std::size_t size = 1; size < head_bytes; ++size) {
    ASSERT_EQ(parser.parse(kText.substr(0, size), head).kind, Kind::incomplete) << size;
  }
  const RequestOutcome outcome = parser.parse(kText, head);
  ASSERT_EQ(outcome.kind, Kind::complete);
  EXPECT_EQ(outcome.head_bytes, head_bytes);
  EXPECT_EQ(head.content_length, 3u);
}

TEST(RequestParser, RebaseMovesEveryView) {
  const std::string first = "GET http://h/p?q HTTP/1.1\r\nhost: h\r\n\r\n";
  const std::string second = first;
  auto [outcome, head] = parse(first);
  ASSERT_EQ(outcome.kind, Kind::complete);
  head.rebase(first.data(), second.data());
  const auto inside = [&second](std::string_view view) {
    return view.data() >= second.data() && view.data() + view.size() <= second.data() + second.size();
  };
  EXPECT_TRUE(inside(head.method) && inside(head.target) && inside(head.path) && inside(head.query));
  EXPECT_TRUE(inside(head.fields[0].name) && inside(head.fields[0].value));
  EXPECT_EQ(head.path, "/p");
  EXPECT_EQ(head.query, "q");
}

// RFC 9112 section 3.2: the four forms of a target.
TEST(RequestParser, ReadsEveryFormOfTarget) {
  EXPECT_EQ(parse("GET http://host:80/x?y HTTP/1.1\r\nHost: h\r\n\r\n").head.path, "/x");
  EXPECT_EQ(parse("GET http://host HTTP/1.1\r\nHost: h\r\n\r\n").head.path, "/");
  EXPECT_EQ(parse("GET http://host?q HTTP/1.1\r\nHost: h\r\n\r\n").head.query, "q");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").head.path, "*");
  EXPECT_EQ(refusal("CONNECT host:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
  EXPECT_EQ(refusal("GET nonsense HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
}

TEST(RequestParser, KeepAliveFollowsVersionAndConnectionOptions) {
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: h\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: foo, Close\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
}

TEST(RequestParser, ReadsFraming) {
  const auto length = parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n");
  EXPECT_EQ(length.head.framing, Framing::length);
  EXPECT_EQ(length.head.content_length, 18446744073709551615u);
  const auto chunked = parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n");
  EXPECT_EQ(chunked.head.framing, Framing::chunked);
  const auto nothing = parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(nothing.head.framing, Framing::none);
  EXPECT_FALSE(nothing.head.expect_continue) << "there is no body to wait for";
  EXPECT_TRUE(
      parse("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n").head.expect_continue);
}

// What two readers could understand in two ways is refused (RFC 9112 sections 5.1, 5.2, 6.1, 6.3, 11.2).
TEST(RequestParser, RefusesWhatCouldBeSmuggled) {
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551616\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400);
  EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost : h\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"sv), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400) << "HTTP/1.1 without host";
}

TEST(RequestParser, RefusesOtherVersions) {
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(refusal("GET / HTTP/0.9\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(refusal("GET / http/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1x\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET /\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesNonsenseBeforeItsEnd) {
  EXPECT_EQ(refusal("\x16\x03\x01\x02\x00"sv), 400) << "a TLS hello on the plain port";
  EXPECT_EQ(refusal("this-is-not-a-method-of-any-protocol-known"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\n"), 400);
  EXPECT_EQ(refusal("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"), 400);
  EXPECT_EQ(parse("\r").outcome.kind, Kind::incomplete);
  EXPECT_EQ(parse("").outcome.kind, Kind::incomplete);
}

TEST(RequestParser, BoundsHeadAndHeaderCount) {
  const RequestLimits limits{.head_bytes = 64, .header_count = 2};
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\n\r\n", limits), 431);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(64, 'x'), limits), 431) << "without its end";
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(64, 'x') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n", limits), 0);
}

std::string body_of(std::string_view head_text, std::string_view input, std::size_t cut, std::string_view& rest) {
  const auto parsed = parse(head_text);
  BodyDecoder decoder(parsed.head);
  std::string body;
  std::string_view taken;
  std::size_t given = 0;
  while (true) {
    std::string_view piece;
    switch (decoder.next(taken, piece)) {
      case ChunkedDecoder::Step::piece: body += piece; break;
      case ChunkedDecoder::Step::more:
        if (given == input.size()) return body + "<more>";
        taken = input.substr(given, cut);
        given += taken.size();
        break;
      case ChunkedDecoder::Step::done: rest = input.substr(given - taken.size()); return body;
      case ChunkedDecoder::Step::bad: return "<bad>";
    }
  }
}

// RFC 9112 section 7.1, with extension and trailer; then the next request.
TEST(BodyDecoder, ReadsChunksHoweverTheyAreCut) {
  constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::string_view kBody = "4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\nTrailer: t\r\n\r\nGET";
  for (std::size_t cut = 1; cut <= kBody.size(); ++cut) {
    std::string_view rest;
    EXPECT_EQ(body_of(kHead, kBody, cut, rest), "Wikipedia");
    EXPECT_EQ(rest, "GET") << cut;
  }
}

TEST(BodyDecoder, TakesExactlyTheLength) {
  constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n";
  for (std::size_t cut = 1; cut <= 8; ++cut) {
    std::string_view rest;
    EXPECT_EQ(body_of(kHead, "helloGET", cut, rest), "hello");
    EXPECT_EQ(rest, "GET");
  }
  std::string_view rest;
  EXPECT_EQ(body_of(kHead, "hell", 4, rest), "hell<more>");
  EXPECT_EQ(body_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET", 3, rest), "");
}

TEST(BodyDecoder, RefusesBrokenChunks) {
  constexpr std::string_view kHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string_view rest;
  EXPECT_EQ(body_of(kHead, "x\r\n", 9, rest), "<bad>");
  EXPECT_EQ(body_of(kHead, "1\r\nabc", 9, rest), "<bad>");
  EXPECT_EQ(body_of(kHead, "11111111111111111\r\n", 99, rest), "<bad>");
}

}  // namespace
}  // namespace vajrapulse::http
