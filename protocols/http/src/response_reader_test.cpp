#include "vajrapulse/http/response_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reading.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

using Answers = ResponseReader::Answers;

struct Case {
  const char* what;
  std::string bytes;
  Answers answers;
  int status;
  std::string body;
  const char* error;  ///< "" when the response is complete
  bool keep_alive;
};

// What RFC 9112 says about each, not what the reader does.
std::vector<Case> cases() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  constexpr auto get = Answers::get;
  return {
      {"content-length", ok + "Content-Length: 5\r\n\r\nhello", get, 200, "hello", "", true},
      {"length of nothing", ok + "Content-Length: 0\r\n\r\n", get, 200, "", "", true},
      {"more than was said is left", ok + "content-length: 2\r\n\r\nhello", get, 200, "he", "", true},
      {"same length twice", ok + "content-length: 2\r\nContent-Length: 2\r\n\r\nhe", get, 200, "he", "", true},
      {"same length in a list", ok + "content-length: 2, 2\r\n\r\nhe", get, 200, "he", "", true},
      {"lengths that differ", ok + "content-length: 2\r\ncontent-length: 3\r\n\r\nhel", get, 0, "",
       "http-bad-content-length", false},
      {"length no number", ok + "content-length: two\r\n\r\n", get, 0, "", "http-bad-content-length", false},
      {"length negative", ok + "content-length: -1\r\n\r\n", get, 0, "", "http-bad-content-length", false},
      {"length with sign", ok + "content-length: +1\r\n\r\nx", get, 0, "", "http-bad-content-length", false},
      {"length empty", ok + "content-length:\r\n\r\n", get, 0, "", "http-bad-content-length", false},
      {"length beyond 64 bits", ok + "content-length: 18446744073709551616\r\n\r\n", get, 0, "",
       "http-bad-content-length", false},
      {"no reason, no space", "HTTP/1.1 200\r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", true},
      {"empty reason", "HTTP/1.1 200 \r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", true},
      {"bare line feeds", "HTTP/1.1 200 OK\ncontent-length: 1\n\nx", get, 200, "x", "", true},
      {"until close", ok + "\r\nall there is", get, 200, "all there is", "", false},
      {"until close, nothing", ok + "\r\n", get, 200, "", "", false},
      {"chunked", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n", get, 200,
       "hello world", "", true},
      {"chunked with trailers", ok + "transfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\nrest", get,
       200, "x", "", true},
      {"chunked with a quoted extension", ok + "transfer-encoding: chunked\r\n\r\n1 ; a=\"b;c\" \r\nx\r\n000\r\n\r\n",
       get, 200, "x", "", true},
      {"chunked beats length", ok + "content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", get,
       200, "x", "", false},
      {"gzip, chunked", ok + "transfer-encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", get, 200, "x", "", true},
      {"chunked not last", ok + "transfer-encoding: chunked, gzip\r\n\r\n1\r\nx", get, 200, "1\r\nx", "", false},
      {"chunked in HTTP/1.0",
       "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", get, 200, "", "",
       false},
      {"chunk size no number", ok + "transfer-encoding: chunked\r\n\r\nxyz\r\n", get, 200, "", "http-bad-chunk", false},
      {"chunk size missing", ok + "transfer-encoding: chunked\r\n\r\n\r\n", get, 200, "", "http-bad-chunk", false},
      {"chunk size too large", ok + "transfer-encoding: chunked\r\n\r\n10000000000000000\r\n", get, 200, "",
       "http-bad-chunk", false},
      {"chunk longer than said", ok + "transfer-encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n", get, 200, "x",
       "http-bad-chunk", false},
      {"chunked cut short", ok + "transfer-encoding: chunked\r\n\r\n5\r\nhel", get, 200, "hel", "http-truncated",
       false},
      {"chunked without its end", ok + "transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n", get, 200, "hel",
       "http-truncated", false},
      {"body cut short", ok + "content-length: 5\r\n\r\nhel", get, 200, "hel", "http-truncated", false},
      {"head cut short", ok + "content-len", get, 0, "", "http-truncated", false},
      {"nothing at all", "", get, 0, "", "connection-closed", false},
      {"answer to HEAD", ok + "content-length: 500\r\n\r\n", Answers::head, 200, "", "", true},
      {"chunked answer to HEAD", ok + "transfer-encoding: chunked\r\n\r\n", Answers::head, 200, "", "", true},
      {"answer to HEAD without length", ok + "\r\n", Answers::head, 200, "", "", true},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", get, 204, "", "", true},
      {"304 with length", "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", get, 304, "", "", true},
      {"100 first", "HTTP/1.1 100 Continue\r\n\r\n" + ok + "content-length: 1\r\n\r\nx", get, 200, "x", "", true},
      {"103 and 102 first",
       "HTTP/1.1 103 Early Hints\r\nlink: <a>\r\ncontent-length: 77\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok +
           "content-length: 1\r\n\r\nx",
       get, 200, "x", "", true},
      {"only 100", "HTTP/1.1 100 Continue\r\n\r\n", get, 0, "", "http-truncated", false},
      {"101 is final", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", get, 101, "", "", false},
      {"connection: close", ok + "Connection: Close\r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", false},
      {"close among others", ok + "connection: upgrade, close\r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", false},
      {"closeness is not close", ok + "connection: closeness\r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", true},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx", get, 200, "x", "", false},
      {"HTTP/1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\ncontent-length: 1\r\n\r\nx", get, 200, "x",
       "", true},
      {"garbage", "SSH-2.0-OpenSSH_9.2\r\n", get, 0, "", "http-malformed", false},
      {"garbage without a line", std::string("\x15\x03\x01\x00\x02\x02\x16", 7), get, 0, "", "http-malformed", false},
      {"HTTP/2", "HTTP/2 200 OK\r\n\r\n", get, 0, "", "http-malformed", false},
      {"status of two digits", "HTTP/1.1 20 OK\r\n\r\n", get, 0, "", "http-malformed", false},
      {"status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", get, 0, "", "http-malformed", false},
      {"status 0xx", "HTTP/1.1 099 OK\r\n\r\n", get, 0, "", "http-malformed", false},
      {"folded line", ok + "a: b\r\n c\r\n\r\n", get, 0, "", "http-malformed", false},
      {"space before the colon", ok + "a : b\r\n\r\n", get, 0, "", "http-malformed", false},
      {"no colon", ok + "abc\r\n\r\n", get, 0, "", "http-malformed", false},
      {"zero byte in a value", ok + std::string("a: b\0c\r\n\r\n", 10), get, 0, "", "http-malformed", false},
      {"carriage return alone", ok + "a: b\rc: d\r\n\r\n", get, 0, "", "http-malformed", false},
  };
}

TEST(ResponseReader, ReadsAsTheRfcSays) {
  for (const Case& each : cases()) {
    SCOPED_TRACE(each.what);
    const Reading reading = read_whole(each.bytes, each.answers);
    EXPECT_EQ(reading.status, each.status);
    EXPECT_EQ(reading.body, each.body);
    EXPECT_EQ(reading.error, each.error);
    EXPECT_EQ(reading.complete, std::string_view(each.error).empty());
    EXPECT_EQ(reading.complete && reading.keep_alive, each.keep_alive);
  }
}

TEST(ResponseReader, ReadsTheSameHoweverTheBytesAreCut) {
  for (const Case& each : cases()) {
    SCOPED_TRACE(each.what);
    const Reading whole = read_whole(each.bytes, each.answers);
    ResponseReader reader;  // one for all: what it keeps of the last response must not show
    const Reading bytewise = read_in_pieces(reader, each.bytes, each.answers, [](std::size_t) { return 1u; });
    EXPECT_EQ(bytewise, whole);
    for (std::size_t cut = 1; cut < each.bytes.size(); ++cut) {
      bool first = true;
      const auto sizes = [&](std::size_t left) { return std::exchange(first, false) ? cut : left; };
      EXPECT_EQ(read_in_pieces(reader, each.bytes, each.answers, sizes), whole) << "cut at " << cut;
    }
  }
}

TEST(ResponseReader, AHeadOfTheLimitIsReadAndOneByteMoreIsRefused) {
  const std::string begin = "HTTP/1.1 204 No Content\r\nx: ";
  for (const std::size_t over : {0u, 1u, 5000u}) {
    const std::string bytes = begin + std::string(kHeadMax - begin.size() - 4 + over, 'y') + "\r\n\r\n";
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, bytes.size()}) {
      ResponseReader reader;
      const Reading reading = read_in_pieces(reader, bytes, Answers::get, [&](std::size_t) { return step; });
      EXPECT_EQ(reading.error, over == 0 ? "" : "http-head-too-large") << over << " " << step;
    }
  }
}

TEST(ResponseReader, InterimResponsesWithoutEndAreRefused) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i)
    bytes += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(read_whole(bytes).error, "http-malformed");
}

TEST(ResponseReader, AContiguousHeadIsNotCopied) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n";
  ResponseReader reader;
  reader.start(Answers::get);
  std::string_view input = bytes;
  std::string_view piece;
  ASSERT_EQ(reader.next(input, piece), ResponseReader::Step::head);
  EXPECT_EQ(reader.head().text.data(), bytes.data());
  EXPECT_EQ(reader.head().location, "/x");
}

}  // namespace
}  // namespace vajrapulse::http
