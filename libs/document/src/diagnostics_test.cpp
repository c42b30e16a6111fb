#include "vajrapulse/document/diagnostics.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace vajrapulse::document {
namespace {

std::shared_ptr<const Source> source_of(std::string text, std::string name = "a.yml") {
  return std::make_shared<Source>(std::move(name), std::move(text));
}

TEST(Source, LinesAreAsAnEditorHasThem) {
  const Source source("a.yml", "\xef\xbb\xbfone\r\ntwo\n\nfour");
  EXPECT_EQ(source.line(1), "one");
  EXPECT_EQ(source.line(2), "two");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "four");
  EXPECT_EQ(source.line(5), "");
  EXPECT_EQ(source.line(0), "");
}

TEST(Place, APartIsInTheSameLine) {
  const Place place{source_of("x: p99 < 5"), 1, 4, 7};
  EXPECT_EQ(place.part(6, 1).text(), "a.yml:1:10");
  EXPECT_EQ(place.part(6, 0).length, 1U);
}

TEST(Diagnostics, AreInTheOrderOfTheTextAndSaidOnce) {
  Diagnostics diagnostics;
  const auto a = source_of("1\n2\n3\n");
  diagnostics.error({a, 3, 1, 1}, "third", "c");
  diagnostics.warning({a, 1, 1, 1}, "first");
  diagnostics.error({a, 3, 1, 1}, "third", "c");
  EXPECT_EQ(diagnostics.errors(), 2U);
  EXPECT_EQ(diagnostics.written(Format::text),
            "a.yml:1:1: warning: first\n"
            "  1 | 1\n"
            "    | ^\n"
            "\n"
            "a.yml:3:1: third\n"
            "  3 | 3\n"
            "    | ^\n"
            "  c\n");
}

TEST(Diagnostics, KeepsAHundredAndCountsTheRest) {
  Diagnostics diagnostics;
  const auto a = source_of(std::string(200, '\n'));
  for (std::size_t line = 1; line <= 130; ++line)
    diagnostics.error({a, line, 1, 1}, "wrong");
  EXPECT_EQ(diagnostics.errors(), 130U);
  EXPECT_EQ(diagnostics.all().size(), 100U);
  EXPECT_TRUE(diagnostics.written(Format::text).ends_with("\n… and 30 more\n"));
}

TEST(Diagnostics, CaretsStandUnderWideCharactersAndTabs) {
  Diagnostics diagnostics;
  diagnostics.error({source_of("日本:\te\xcc\x81 x"), 1, 5, 2}, "wrong");
  EXPECT_EQ(diagnostics.written(Format::text),
            "a.yml:1:5: wrong\n"
            "  1 | 日本:    e\xcc\x81 x\n"
            "    |          ^\n");
}

TEST(Diagnostics, LongLinesAreCutAroundTheCaret) {
  Diagnostics diagnostics;
  diagnostics.error({source_of(std::string(500, 'a') + "bbb" + std::string(500, 'c')), 1, 501, 3}, "wrong");
  EXPECT_EQ(diagnostics.written(Format::text),
            "a.yml:1:501: wrong\n"
            "  1 | …" +
                std::string(40, 'a') + "bbb" + std::string(57, 'c') +
                "…\n"
                "    |  " +
                std::string(40, ' ') + "^^^\n");
}

TEST(Diagnostics, ForPrograms) {
  Diagnostics diagnostics;
  const auto base = std::make_shared<const Place>(Place{source_of("extends: b.yml", "plan.yml"), 1, 10, 5});
  diagnostics.error({std::make_shared<Source>("b.yml", "x: \"1\"", base), 1, 5, 1}, "say \"no\"", "or\nyes");
  EXPECT_EQ(diagnostics.written(Format::json),
            "[\n"
            "  {\n"
            "    \"file\": \"b.yml\",\n"
            "    \"line\": 1,\n"
            "    \"column\": 5,\n"
            "    \"length\": 1,\n"
            "    \"severity\": \"error\",\n"
            "    \"message\": \"say \\\"no\\\"\",\n"
            "    \"cure\": \"or\\nyes\",\n"
            "    \"via\": [\n"
            "      {\n"
            "        \"file\": \"plan.yml\",\n"
            "        \"line\": 1,\n"
            "        \"column\": 10,\n"
            "        \"length\": 5\n"
            "      }\n"
            "    ]\n"
            "  }\n"
            "]\n");
  EXPECT_EQ(Diagnostics{}.written(Format::json), "[]\n");
}

TEST(Diagnostics, AsWorkflowCommands) {
  Diagnostics diagnostics;
  diagnostics.error({source_of("x", "a,b:c.yml"), 12, 7, 3}, "50% of: it, no", "cure");
  diagnostics.warning({source_of("x", "z.yml"), 1, 1, 1}, "hm");
  EXPECT_EQ(diagnostics.written(Format::github),
            "::error file=a%2Cb%3Ac.yml,line=12,endLine=12,col=7,endColumn=10::50%25 of: it, no%0Acure\n"
            "::warning file=z.yml,line=1,endLine=1,col=1,endColumn=2::hm\n");
}

TEST(Diagnostics, NoTerminalObeysAFile) {
  Diagnostics diagnostics;
  diagnostics.error({source_of("a\x1b[31m\xe2\x80\xae"), 1, 1, 1}, "what is \x1b[0m");
  EXPECT_EQ(diagnostics.written(Format::text).find('\x1b'), std::string::npos);
  EXPECT_EQ(diagnostics.written(Format::text).find("\xe2\x80\xae"), std::string::npos);
}

}  // namespace
}  // namespace vajrapulse::document
