#include "vajrapulse/recording/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vajrapulse::recording {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Gives `text` in pieces of at most `piece` bytes.
Source source_of(std::string_view text, std::size_t piece) {
  return [text, piece](std::span<char> into) mutable -> Expected<std::size_t> {
    const std::size_t count = std::min({piece, into.size(), text.size()});
    std::ranges::copy(text.substr(0, count), into.begin());
    text.remove_prefix(count);
    return count;
  };
}

Expected<Recording> try_read(std::string_view text, Settings settings = {}) {
  if (settings.name.empty()) settings.name = "FILE";
  return read(source_of(text, 7), settings);
}

Recording good(std::string_view text, Settings settings = {}) {
  auto recording = try_read(text, std::move(settings));
  EXPECT_TRUE(recording) << recording.error().text();
  return recording ? std::move(*recording) : Recording{};
}

std::string refusal(std::string_view text, Settings settings = {}) {
  auto recording = try_read(text, std::move(settings));
  EXPECT_FALSE(recording) << text;
  return recording ? "" : recording.error().text();
}

/// Where the second line of `text`, whose first is good, goes wrong.
std::string second_of(std::string_view text, Settings settings = {}) {
  const Recording recording = good(text, std::move(settings));
  EXPECT_EQ(recording.bad, 1u);
  EXPECT_EQ(recording.starts.size(), 1u);
  return recording.first_bad.message;
}

// httpd.apache.org, "Log Files": the examples of the common and of the combined log format.
constexpr const char* kApacheCommon =
    "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /apache_pb.gif HTTP/1.0\" 200 2326\n";
constexpr const char* kApacheCombined =
    "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /apache_pb.gif HTTP/1.0\" 200 2326 "
    "\"http://www.example.com/start.html\" \"Mozilla/4.08 [en] (Win98; I ;Nav)\"\n";

TEST(AccessLog, TheExamplesOfApache) {
  for (const char* line : {kApacheCommon, kApacheCombined}) {
    const Recording recording = good(line);
    EXPECT_THAT(recording.requests, ElementsAre(Request{"GET", "/apache_pb.gif"}));
    EXPECT_THAT(recording.turns, ElementsAre(0u));
    EXPECT_THAT(recording.starts, ElementsAre(0ns));
    EXPECT_EQ(recording.length, Duration(1s));
  }
}

// nginx's default log_format "combined", Apache's vhost_combined, an address in brackets, a user with a blank.
TEST(AccessLog, ItsRelatives) {
  const Recording recording = good(
      "93.180.71.3 - - [17/May/2015:08:05:32 +0000] \"GET /downloads/product_1 HTTP/1.1\" 304 0 \"-\" \"Debian "
      "APT-HTTP\"\n"
      "example.org:443 ::1 - - [17/May/2015:08:05:33 +0000] \"POST /v1?a=b HTTP/2.0\" 200 - \"-\" \"-\" 0.003\n"
      "[::1]:80 - mary ann [17/May/2015:08:05:34 +0000] \"HEAD /x\" 200 12\n");
  EXPECT_THAT(recording.requests,
              ElementsAre(Request{"GET", "/downloads/product_1"}, Request{"POST", "/v1?a=b"}, Request{"HEAD", "/x"}));
  EXPECT_THAT(recording.starts, ElementsAre(0s, 1s, 2s));
}

// mod_log_config: " and \ are escaped by a backslash, what cannot be printed as in C; nginx writes \xXX.
TEST(AccessLog, EscapesAreUndone) {
  const Recording recording = good(
      "h - - [17/May/2015:08:05:32 +0000] \"GET /a\\\"b\\\\c HTTP/1.1\" 200 1\n"
      "h - - [17/May/2015:08:05:32 +0000] \"GET /\\xC3\\xA9 HTTP/1.1\" 200 1\n");
  EXPECT_THAT(recording.requests, ElementsAre(Request{"GET", "/a\"b\\c"}, Request{"GET", "/\xc3\xa9"}));
}

TEST(AccessLog, SaysWhereALineGoesWrong) {
  const std::string first = kApacheCommon;
  const auto wrong = [&](const char* line) { return second_of(first + line); };
  EXPECT_EQ(wrong("127.0.0.1 - - \"GET / HTTP/1.0\" 200 1"), "FILE:2:1: no time in brackets");
  EXPECT_EQ(wrong("h - - [31/Feb/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1"),
            "FILE:2:8: '31/Feb/2000:13:55:36 -0700' is no day of the calendar");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700 GET"), "FILE:2:8: the bracket of the time does not end");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] GET"), "FILE:2:35: no request in quotes behind the time");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"GET /"), "FILE:2:36: the request's quote does not end");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"GET /\" OK 5"),
            "FILE:2:43: no status of three digits behind the request");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"GET /\" 200"),
            "FILE:2:47: no number of bytes behind the status");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"-\" 408 -"), "FILE:2:37: '-' is no request");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"\\x16\\x03 a\" 400 0"), "FILE:2:37: '\\x16\\x03' is no method");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"OPTIONS * HTTP/1.0\" 200 0"), "FILE:2:45: '*' is no path");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"GET /a b HTTP/1.0\" 200 0"),
            "FILE:2:41: '/a b' holds a blank or control character");
  EXPECT_EQ(wrong("h - - [10/Oct/2000:13:55:36 -0700] \"CONNECT h:443 HTTP/1.0\" 200 0"),
            "FILE:2:37: 'CONNECT' asks for a tunnel");
}

TEST(Csv, ColumnsAreFoundByTheirNames) {
  const Recording recording = good(
      "\xef\xbb\xbfhost,URL,Timestamp,METHOD\r\n"
      "a,/x,2026-01-01T00:00:00.5Z,GET\r\n"
      "b,https://example.org/y?q=1#frag,2026-01-01T00:00:02Z, PUT \r\n"
      "c,http://example.org,2026-01-01T00:00:03Z,GET");
  EXPECT_THAT(recording.requests, ElementsAre(Request{"GET", "/x"}, Request{"PUT", "/y?q=1"}, Request{"GET", "/"}));
  EXPECT_THAT(recording.starts, ElementsAre(0ms, 1500ms, 2500ms));
  EXPECT_EQ(recording.length, Duration(3750ms)) << "the mean gap beyond the last arrival";
}

// RFC 4180 section 2, rules 5 to 7.
TEST(Csv, QuotedFieldsHoldCommasQuotesAndLineEnds) {
  const Recording recording = good(
      "time,path,agent\n"
      "0.0,\"/a,b\",\"Mozilla \"\"x\"\"\r\nsecond line\"\n"
      "1.0,\"/c\"\"d\",\n"
      "oops,/e,\n");
  EXPECT_THAT(recording.requests, ElementsAre(Request{"", "/a,b"}, Request{"", "/c\"d"}));
  EXPECT_EQ(recording.entries, 3u);
  EXPECT_EQ(recording.first_bad.message, "FILE:5:1: 'oops' is no time") << "lines are those of the file";
}

TEST(Csv, OnlyTimesAreARecordingToo) {
  const Recording recording = good("ts\n10\n\n12.5\n");
  EXPECT_TRUE(recording.requests.empty());
  EXPECT_TRUE(recording.turns.empty());
  EXPECT_THAT(recording.starts, ElementsAre(0ms, 2500ms));
}

TEST(Csv, ARequestColumnHoldsARequestLine) {
  EXPECT_THAT(good("time,request\n1,GET /a HTTP/1.1\n").requests, ElementsAre(Request{"GET", "/a"}));
  EXPECT_THAT(good("time,method,request\n1,PUT,/a\n").requests, ElementsAre(Request{"PUT", "/a"}));
}

TEST(Csv, SaysWhereALineGoesWrong) {
  const auto wrong = [](const char* line) { return second_of(std::string("time,method,path\n1,GET,/\n") + line); };
  EXPECT_EQ(wrong("2,GET"), "FILE:3:6: 2 fields where the header has 3");
  EXPECT_EQ(wrong("2,GET,/,5"), "FILE:3:9: 4 fields where the header has 3");
  EXPECT_EQ(wrong("2,\"GET\"x,/"), "FILE:3:8: a field goes on behind its closing quote");
  EXPECT_EQ(wrong("2,G\"ET,/"), "FILE:3:4: a quote stands inside a field without quotes");
  EXPECT_EQ(wrong("2,\"GET,/"), "FILE:3:3: a quote is opened that does not end");
  EXPECT_EQ(wrong("2,GET, "), "FILE:3:8: '' is no path");
  EXPECT_EQ(wrong("2,,/"), "FILE:3:3: '' is no method");
  EXPECT_EQ(wrong("2,GET,a/b"), "FILE:3:7: 'a/b' is no path");
}

// A quote that somebody forgot spoils its own line, not the file behind it.
TEST(Csv, AForgottenQuoteCostsOneLine) {
  std::string text = "time,path\n1,\"/lost\n";
  for (int i = 2; i < 300; ++i)
    text += std::to_string(i) + ",/x\n";
  const Recording recording = good(text);
  EXPECT_EQ(recording.bad, 1u);
  EXPECT_EQ(recording.first_bad.message, "FILE:2:3: a quote is opened that does not end");
  EXPECT_EQ(recording.starts.size(), 298u);
}

TEST(Csv, TheHeaderMustNameTheTimeAndEachColumnOnce) {
  EXPECT_THAT(refusal("1,GET,/\n", {.format = Format::csv}),
              HasSubstr("FILE:1:1: the header '1,GET,/' names no column of times"));
  EXPECT_THAT(refusal("time,path,path\n", {.format = Format::csv}),
              HasSubstr("FILE:1:11: the header names this column twice"));
  EXPECT_THAT(refusal("time,path\n"), HasSubstr("holds a header and nothing else"));
}

TEST(JsonLines, KeysAreFoundByTheirNamesAndTheRestIsPassedOver) {
  const Recording recording =
      good(R"({"level":"info","nested":{"time":"no"},"time":"2026-01-01T00:00:00Z","path":"/caf\u00e9","method":"GET"})"
           "\n"
           R"({"method":"GET","time":"2026-01-01T00:00:00.250Z","list":[1,[2]],"path":"/b"})"
           "\n");
  EXPECT_THAT(recording.requests, ElementsAre(Request{"GET", "/caf\xc3\xa9"}, Request{"GET", "/b"}));
  EXPECT_THAT(recording.starts, ElementsAre(0ms, 250ms));
}

// Digits of a number are taken as they are written: a double would lose the nanoseconds.
TEST(JsonLines, NumbersKeepEveryDigit) {
  EXPECT_THAT(good("{\"ts\":1700000000000000001}\n{\"ts\":1700000000000000004}").starts, ElementsAre(0ns, 3ns));
  EXPECT_THAT(good("{\"ts\":1700000000.000000001}\n{\"ts\":1700000000.000000004}").starts, ElementsAre(0ns, 3ns));
}

TEST(JsonLines, SaysWhereALineGoesWrong) {
  const auto wrong = [](const char* line) { return second_of(std::string("{\"time\":1,\"path\":\"/\"}\n") + line); };
  EXPECT_EQ(wrong(R"({"time":2,"path":"/")"), "FILE:2:21: the JSON object does not end");
  EXPECT_EQ(wrong(R"({"time":2,,"path":"/"})"), "FILE:2:11: no JSON from here on");
  EXPECT_EQ(wrong(R"({"path":"/", "time" : "soon"})"), "FILE:2:23: 'soon' is no time");
  EXPECT_EQ(wrong(R"({"time":null,"path":"/"})"), "FILE:2:9: the value is neither text nor a number");
  EXPECT_EQ(wrong(R"({"time":{"a":1},"path":"/"})"), "FILE:2:9: the value is neither text nor a number");
  EXPECT_EQ(wrong(R"({"time":2,"time":2,"path":"/"})"), "FILE:2:18: the key is there for the second time");
  EXPECT_EQ(wrong(R"({"path":"/"})"), "FILE:2:1: no key for the time");
  EXPECT_EQ(wrong(R"({"time":2})"), "FILE:2:1: no path");
  EXPECT_EQ(wrong(R"({"time":2,"path":"/","method":"GET"})"), "FILE:2:1: a method where the first entry has none");
  EXPECT_EQ(wrong("5"), "FILE:2:1: no JSON object");
}

TEST(Recording, NamesEarlierInTheListWin) {
  const Recording recording = good(R"({"ts":50,"time":1.5,"uri":"/no","path":"/yes"})"
                                   "\n"
                                   R"({"time":2.5,"path":"/yes"})");
  EXPECT_THAT(recording.starts, ElementsAre(0s, 1s));
  EXPECT_THAT(recording.requests, ElementsAre(Request{"", "/yes"}));
}

TEST(Recording, ArrivalsOfOneWholeSecondAreSpreadOverIt) {
  const Recording recording = good("time,path\n100,/a\n100,/b\n100,/a\n100,/c\n102,/d\n102,/a\n");
  EXPECT_TRUE(recording.spread);
  EXPECT_THAT(recording.starts, ElementsAre(0ms, 250ms, 500ms, 750ms, 2000ms, 2500ms));
  EXPECT_THAT(recording.turns, ElementsAre(0u, 1u, 0u, 2u, 3u, 0u));
  EXPECT_EQ(recording.length, Duration(3s)) << "up to the end of the last second";
}

TEST(Recording, TwoCenturiesBetweenTwoArrivalsOverflowNothing) {
  const Recording recording = good("time,path\n1970-01-01T00:00:00.5Z,/\n2261-01-01T00:00:00Z,/\n");
  EXPECT_EQ(recording.length, Duration::max()) << "the mean gap beyond the last arrival would be more than there is";
}

TEST(Recording, ABurstThatWasRecordedStaysOne) {
  const Recording recording = good("time\n100.000\n100.000\n101.000\n");
  EXPECT_FALSE(recording.spread);
  EXPECT_THAT(recording.starts, ElementsAre(0s, 0s, 1s));
}

TEST(Recording, LinesOutOfOrderAreSortedAndEqualOnesKeepTheirOrder) {
  const Recording recording = good("time,path\n2.0,/c\n1.0,/a\n3.0,/e\n1.0,/b\n2.5,/d\n");
  EXPECT_EQ(recording.moved, 3u);
  std::vector<std::string> paths;
  for (const std::uint32_t turn : recording.turns)
    paths.push_back(recording.requests[turn].target);
  EXPECT_THAT(paths, ElementsAre("/a", "/b", "/c", "/d", "/e"));
  EXPECT_THAT(recording.starts, ElementsAre(0ms, 0ms, 1000ms, 1500ms, 2000ms));
}

TEST(Recording, WhatTheSenderRefusesIsABadLine) {
  const Settings settings{.accepts = [](const Request& request) -> Status {
    if (request.target == "/%") return fail(kUsage, "that is no URL", "mend it");
    return {};
  }};
  EXPECT_EQ(second_of("time,path\n1,/\n2,/%\n", settings), "FILE:3:3: that is no URL");
}

TEST(Recording, OfNothingGoodIsRefused) {
  EXPECT_THAT(refusal("time,path\nnow,/\nthen,/\n"), HasSubstr("FILE:2:1: 'now' is no time (and no line is good)"));
  EXPECT_THAT(refusal(""), HasSubstr("FILE is empty"));
  EXPECT_THAT(refusal("\n \n"), HasSubstr("FILE is empty"));
}

TEST(Recording, OfNoKnownFormatSaysWhatToDo) {
  EXPECT_THAT(refusal("hello\n"), testing::AllOf(HasSubstr("FILE:1:1: neither CSV"), HasSubstr("--replay-format")));
  EXPECT_THAT(refusal("\x1f\x8b\x08"), HasSubstr("zcat"));
  EXPECT_THAT(refusal("\xff\xfet"), HasSubstr("iconv"));
  EXPECT_THAT(refusal("[{\"time\":1}]"), HasSubstr("jq"));
  EXPECT_FALSE(parse_format("xml"));
}

TEST(Recording, TextThatATerminalWouldObeyIsShownAsText) {
  EXPECT_EQ(second_of("time\n1\n\x1b[2J\n"), "FILE:3:1: '\\x1b[2J' is no time");
}

TEST(Recording, ALineThatIsTooLongIsBadAndTheNextIsRead) {
  const std::string text = "time\n1\n" + std::string(3 * kLongestLine, 'x') + "\n2\n";
  const Recording recording = good(text);
  EXPECT_THAT(recording.starts, ElementsAre(0s, 1s));
  EXPECT_EQ(recording.first_bad.message, "FILE:3:1: a line longer than 1 MiB");
}

TEST(Recording, MoreDifferentRequestsThanCanBePreparedAreRefused) {
  std::string text = "time,path\n";
  for (std::size_t i = 0; i <= kMostRequests; ++i)
    text += "1,/" + std::to_string(i) + "\n";
  auto recording = read(source_of(text, 1 << 16), {.name = "FILE"});
  ASSERT_FALSE(recording);
  EXPECT_THAT(recording.error().message, HasSubstr("more than 100000 different requests"));
}

// However the bytes come in, the same comes out: more text than the buffer first holds, in pieces of odd sizes.
TEST(Recording, DoesNotDependOnHowTheBytesComeIn) {
  std::string text = "time,path,agent\n";
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(1000 + i) + ".5,/" + std::to_string(i % 7) + ",\"a\nb\"\n";
  for (const std::size_t piece : {std::size_t{13}, std::size_t{4'099}, text.size()}) {
    auto recording = read(source_of(text, piece), {.name = "FILE"});
    ASSERT_TRUE(recording) << recording.error().text();
    EXPECT_EQ(recording->starts.size(), 20'000u);
    EXPECT_EQ(recording->bad, 0u);
    EXPECT_EQ(recording->starts.back(), Duration(19'999s));
    EXPECT_EQ(recording->requests.size(), 7u);
  }
}

}  // namespace
}  // namespace vajrapulse::recording
