#include "vajrapulse/http/head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace vajrapulse::http {
namespace {

std::size_t control_in(const std::string& text) {
  return static_cast<std::size_t>(find_control(text.data(), text.data() + text.size()) - text.data());
}

TEST(Head, FindsTheFirstControlCharacterWhereverItStands) {
  for (std::size_t size = 0; size < 70; ++size) {
    std::string text(size, 'x');
    EXPECT_EQ(control_in(text), size);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'\0', '\x01', '\n', '\r', '\x1f', '\x7f'}) {
        text[at] = c;
        EXPECT_EQ(control_in(text), at);
      }
      text[at] = 'x';
    }
  }
}

TEST(Head, TabsSpacesAndBytesAboveAsciiAreNoControlCharacters) {
  std::string text(40, '\t');
  for (int byte = 0x80; byte <= 0xff; ++byte)
    text += static_cast<char>(byte);
  text += " ~!";
  EXPECT_EQ(control_in(text), text.size());
}

TEST(Head, SplitsFields) {
  Field field;
  ASSERT_TRUE(split_field("Content-Type: \t text/html \t", field));
  EXPECT_EQ(field.name, "Content-Type");
  EXPECT_EQ(field.value, "text/html");
  ASSERT_TRUE(split_field("X:", field));
  EXPECT_EQ(field.value, "");
  for (const char* bad : {"", "no colon", ": empty", "space : x", " folded: x", "\tfolded", "na\"me: x", "näme: x"}) {
    EXPECT_FALSE(split_field(bad, field)) << bad;
  }
}

// Each byte at each place of names shorter and longer than a step of 16, against the table of RFC 9110.
TEST(Head, ANameEndsAtItsFirstByteThatIsNoToken) {
  for (const std::size_t size : {1U, 9U, 15U, 16U, 17U, 33U}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string name(size, 'x');
        name[at] = static_cast<char>(byte);
        Field field;
        const bool token = is_token_char(static_cast<char>(byte));
        const bool ends_name = byte == ':' && at > 0;
        const std::string line = name + ": a value of some length";
        ASSERT_EQ(split_field(line, field), token || ends_name) << byte << " at " << at;
        if (token || ends_name) {
          ASSERT_EQ(field.name, token ? name : name.substr(0, at));
        }
      }
    }
  }
}

TEST(Head, WordsAreKnownInAnyCaseAndNothingElseIs) {
  EXPECT_TRUE(kContentLength.is("content-length"));
  EXPECT_TRUE(kContentLength.is("CONTENT-Length"));
  EXPECT_TRUE(kClose.is("cLOSE"));
  EXPECT_TRUE(k100Continue.is("100-CONTINUE"));
  EXPECT_FALSE(kHost.is("hos"));
  EXPECT_FALSE(kHost.is("hosts"));
  const std::pair<const Word*, std::string> words[] = {{&kHost, "host"},
                                                       {&kClose, "close"},
                                                       {&kChunked, "chunked"},
                                                       {&kLocation, "location"},
                                                       {&kContentLength, "content-length"},
                                                       {&kTransferEncoding, "transfer-encoding"}};
  for (const auto& [word, text] : words) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string other = text;
        other[at] = static_cast<char>(byte);
        ASSERT_EQ(word->is(other), same_text(other, text)) << text << ": " << byte << " at " << at;
      }
    }
  }
}

TEST(Head, FindsFieldsInAnyCase) {
  const std::string head = "HTTP/1.1 200 OK\r\nServer: a\r\nX-One: 1\r\nx-one: 2\r\n\r\nX-Two: body";
  EXPECT_EQ(find_field(head, "x-ONE"), "1");
  EXPECT_EQ(find_field(head, "server"), "a");
  EXPECT_EQ(find_field(head, "x-two"), "");
}

TEST(Head, ListsFallIntoTrimmedElements) {
  std::string_view list = " keep-alive ,,Upgrade\t";
  EXPECT_EQ(take_element(list), "keep-alive");
  EXPECT_EQ(take_element(list), "");
  EXPECT_EQ(take_element(list), "Upgrade");
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace vajrapulse::http
