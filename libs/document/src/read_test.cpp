#include "vajrapulse/document/read.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace vajrapulse::document {
namespace {

std::optional<Node> node_of(std::string text, std::string name = "plan.yml") {
  Diagnostics diagnostics;
  auto node = read(std::make_shared<Source>(std::move(name), std::move(text)), diagnostics);
  EXPECT_EQ(diagnostics.written(Format::text), "");
  return node;
}

std::string refused(std::string text, std::string name = "plan.yml") {
  Diagnostics diagnostics;
  EXPECT_FALSE(read(std::make_shared<Source>(std::move(name), std::move(text)), diagnostics));
  return diagnostics.written(Format::text);
}

TEST(Read, KeepsThePlacesOfKeysAndValues) {
  const auto node = node_of("name: checkout\nscenarios:\n  - tps: 100\n    load: \"ramp\"\n");
  const Node& first = node->find("scenarios")->items.at(0);
  EXPECT_EQ(node->entries[1].place.text(), "plan.yml:2:1");
  EXPECT_EQ(node->entries[1].place.length, 9U);
  EXPECT_EQ(first.place.text(), "plan.yml:3:5");
  EXPECT_EQ(first.find("tps")->place.text(), "plan.yml:3:10");
  EXPECT_EQ(first.find("load")->place.text(), "plan.yml:4:12");
  EXPECT_EQ(first.find("load")->place.length, 4U);
}

TEST(Read, TellsQuotedFromPlain) {
  const auto node = node_of("a: 10\nb: \"10\"\nc: |\n  x = 1\n  y\nd: !!str 10\ne: ~\n");
  EXPECT_TRUE(node->find("a")->is_plain());
  EXPECT_EQ(node->find("b")->style, Style::quoted);
  EXPECT_EQ(node->find("c")->style, Style::block);
  EXPECT_EQ(node->find("c")->text, "x = 1\ny\n");
  EXPECT_EQ(node->find("c")->place.text(), "plan.yml:4:3");
  EXPECT_EQ(node->find("d")->style, Style::quoted);
  EXPECT_EQ(node->find("e")->kind, Node::Kind::null);
}

TEST(Read, CountsColumnsInCharacters) {
  const auto node = node_of("größe: { ключ: \"日本\", x: 1 }\n");
  EXPECT_EQ(node->find("größe")->find("x")->place.column, 25U);
}

TEST(Read, MergesMapsAndListsOfMaps) {
  const auto node = node_of("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 1, x: 9}]}\nd: {\"<<\": 1}\n");
  EXPECT_EQ(node->find("b")->find("x")->text, "1");
  EXPECT_EQ(node->find("b")->find("y")->text, "3");
  EXPECT_EQ(node->find("c")->find("x")->text, "1");
  EXPECT_EQ(node->find("c")->find("z")->text, "1");
  EXPECT_EQ(node->find("d")->find("<<")->text, "1");
}

TEST(Read, AnEmptyFileIsNothing) {
  EXPECT_EQ(node_of("")->kind, Node::Kind::null);
  EXPECT_EQ(node_of("# a comment\n")->kind, Node::Kind::null);
  EXPECT_EQ(node_of("", "plan.json")->kind, Node::Kind::null);
}

TEST(Read, JsonKeepsPlacesToo) {
  const auto node = node_of("{\n\t\"a\": [1, \"\\ud83d\\ude00\"]\n}", "plan.json");
  EXPECT_EQ(node->find("a")->items[1].text, "\xf0\x9f\x98\x80");
  EXPECT_EQ(node->find("a")->items[1].place.text(), "plan.json:2:12");
}

TEST(Read, RefusesAKeyGivenTwice) {
  EXPECT_EQ(refused("tps: 1\nname: x\ntps: 2\n"),
            "plan.yml:3:1: 'tps' is given twice in this map\n"
            "  3 | tps: 2\n"
            "    | ^^^\n"
            "  the first stands in line 1; keep one of them\n");
}

TEST(Read, RefusesAliasBombs) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'k'; ++c)
    bomb += std::string(1, c) + ": &" + c + " [*" + char(c - 1) + ",*" + char(c - 1) + ",*" + char(c - 1) + ",*" +
            char(c - 1) + ",*" + char(c - 1) + ",*" + char(c - 1) + ",*" + char(c - 1) + ",*" + char(c - 1) + "]\n";
  EXPECT_NE(refused(bomb).find("more than 500000 values once its aliases are expanded"), std::string::npos);
}

TEST(Read, RefusesDeepNesting) {
  EXPECT_NE(refused("{\"a\":" + std::string(100'000, '['), "p.json").find("nested more than 64 deep"),
            std::string::npos);
}

TEST(Read, RefusesLargeFiles) {
  EXPECT_EQ(refused(std::string(std::size_t{100} << 20, 'x')).substr(0, 60),
            "plan.yml:1:1: this file has 100 MiB, more than the 8 MiB a p");
}

}  // namespace
}  // namespace vajrapulse::document
