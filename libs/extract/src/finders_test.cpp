#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vajrapulse/extract/contains.hpp"
#include "vajrapulse/extract/regex.hpp"

namespace vajrapulse::extract {
namespace {

using testing::ElementsAre;

std::unique_ptr<Finder> finder(Kind kind, std::string_view text, const Part& part = {}) {
  auto compiled = compile(kind, text, part);
  EXPECT_TRUE(compiled) << text << ": " << (compiled ? "" : compiled.error().text());
  return compiled ? std::move(*compiled) : nullptr;
}

std::string first(const Finder& finder, std::string_view body) {
  Reader reader;
  reader.read(body);
  const Found found = finder.first(reader);
  return found ? std::string(found->text) : "miss: " + found.error().message;
}

std::vector<std::string> all(const Finder& finder, std::string_view body) {
  Reader reader;
  reader.read(body);
  std::vector<Value> values;
  EXPECT_TRUE(finder.all(reader, values));
  std::vector<std::string> texts;
  for (const Value& value : values)
    texts.emplace_back(value.text);
  return texts;
}

Mistake mistake(Kind kind, std::string_view text, const Part& part = {}) {
  const auto compiled = compile(kind, text, part);
  EXPECT_FALSE(compiled) << text;
  return compiled ? Mistake{} : compiled.error();
}

TEST(Finders, AreAlikeWhateverTheirKind) {
  constexpr std::string_view kBody = "<p id='a'>x</p>";
  EXPECT_EQ(first(*finder(Kind::css, "#a"), kBody), "x");
  EXPECT_EQ(first(*finder(Kind::css, "p", {.attribute = "id"}), kBody), "a");
  EXPECT_EQ(first(*finder(Kind::xpath, "/p"), kBody), "x");
  EXPECT_EQ(first(*finder(Kind::regex, "id='(.)'"), kBody), "a");
  EXPECT_EQ(first(*finder(Kind::contains, "</p>"), kBody), "</p>");
  EXPECT_EQ(first(*finder(Kind::json_path, "$.a"), "{\"a\":1}"), "1");
}

TEST(Contains, FindsATextAsItIs) {
  EXPECT_EQ(first(*finder(Kind::contains, "a.c"), "xa.cx"), "a.c");
  EXPECT_EQ(first(*finder(Kind::contains, "a.c"), "abc"), "miss: the body does not contain 'a.c'");
  EXPECT_THAT(all(*finder(Kind::contains, "aa"), "aaaaa"), ElementsAre("aa", "aa"));
  EXPECT_EQ(mistake(Kind::contains, "").message, "every body contains an empty text");
}

TEST(Regex, GivesGroupOneOrTheWholeMatch) {
  EXPECT_EQ(first(*finder(Kind::regex, "token=(\\w+)"), "x token=abc;"), "abc");
  EXPECT_EQ(first(*finder(Kind::regex, "token=\\w+"), "x token=abc;"), "token=abc");
  EXPECT_EQ(first(*finder(Kind::regex, "(a)(b)", {.group = "2"}), "ab"), "b");
  EXPECT_EQ(first(*finder(Kind::regex, "(a)(b)", {.group = "0"}), "ab"), "ab");
  EXPECT_EQ(first(*finder(Kind::regex, "(?P<first>a)(?P<second>b)", {.group = "second"}), "ab"), "b");
  EXPECT_EQ(first(*finder(Kind::regex, "(x)"), "ab"), "miss: nothing in the body matches /(x)/");
  EXPECT_EQ(first(*finder(Kind::regex, "(x)?b"), "ab"), "miss: group 1 of /(x)?b/ took no part in the match");
  EXPECT_EQ(first(*finder(Kind::regex, "x*"), ""), "");
}

TEST(Regex, GivesAllMatches) {
  EXPECT_THAT(all(*finder(Kind::regex, "id=(\\d+)"), "id=1 id=22 id=x id=3"), ElementsAre("1", "22", "3"));
  EXPECT_THAT(all(*finder(Kind::regex, "a*"), "aab"), ElementsAre("aa", "", ""));
  EXPECT_THAT(all(*finder(Kind::regex, "^a"), "aaa"), ElementsAre("a"));
}

TEST(Regex, EndsSoonWhateverThePattern) {
  // What backtracking engines need 2^100,000 steps for.
  const std::string body(100'000, 'a');
  EXPECT_EQ(first(*finder(Kind::regex, "^(a+)+b$"), body), "miss: nothing in the body matches /^(a+)+b$/");
  EXPECT_EQ(mistake(Kind::regex, "((a{100}){100}){100}").message, "invalid repetition size in this pattern");
  EXPECT_EQ(mistake(Kind::regex, "(((a{30}){30}){30}){30}").cure.empty(), false);
}

TEST(Regex, TellsWhatIsWrongWithAPattern) {
  EXPECT_EQ(mistake(Kind::regex, "a(b").cure, "close the group with )");
  const Mistake escape = mistake(Kind::regex, "ü(a)\\1");
  EXPECT_EQ(escape.column, 5u);
  EXPECT_EQ(escape.length, 2u);
  EXPECT_EQ(mistake(Kind::regex, "(?=a)").cure,
            "look-around is not available; match what stands around it and capture a group");
  EXPECT_EQ(mistake(Kind::regex, "(a)", {.group = "2"}).message, "this pattern has no group '2'");
  EXPECT_EQ(mistake(Kind::regex, "(a)", {.group = "name"}).message, "this pattern has no group 'name'");
}

constexpr std::string_view kXml = R"(<?xml version="1.0"?>
<!DOCTYPE users [ <!ENTITY secret SYSTEM "file:///etc/passwd"> ]>
<users total="2">
  <user id="7"><name>Anna <b>B</b> <i>C</i></name><price>1.50</price></user>
  <user id="8"><name>Ben &amp; Jo</name></user>
  <x:user xmlns:x="urn:x" id="9"/>
</users>)";

TEST(XPath, FindsNodesNumbersTextsAndTruths) {
  EXPECT_EQ(first(*finder(Kind::xpath, "//user[@id='8']/name"), kXml), "Ben & Jo");
  EXPECT_EQ(first(*finder(Kind::xpath, "/users/@total"), kXml), "2");
  EXPECT_EQ(first(*finder(Kind::xpath, "count(//user)"), kXml), "2");
  EXPECT_EQ(first(*finder(Kind::xpath, "//user[1]/name"), kXml), "Anna B C");
  EXPECT_EQ(first(*finder(Kind::xpath, "//user[last()]/@id"), kXml), "8");
  EXPECT_EQ(first(*finder(Kind::xpath, "count(//user) > 1"), kXml), "true");
  EXPECT_EQ(first(*finder(Kind::xpath, "concat(//user[1]/@id, '-', //user[2]/@id)"), kXml), "7-8");
  EXPECT_EQ(first(*finder(Kind::xpath, "//x:user/@id"), kXml), "9");
  EXPECT_EQ(first(*finder(Kind::xpath, "//*[local-name()='user'][3]/@id"), kXml), "9");
  EXPECT_THAT(all(*finder(Kind::xpath, "//user/@id"), kXml), ElementsAre("7", "8"));
  EXPECT_EQ(first(*finder(Kind::xpath, "//nothing"), kXml), "miss: nothing in the body matches //nothing");
}

TEST(XPath, NeverExpandsEntitiesOfTheBody) {
  EXPECT_EQ(first(*finder(Kind::xpath, "/a"), "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"),
            "&e;");
  std::string laughs = "<!DOCTYPE a [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i)
    laughs += "<!ENTITY a" + std::to_string(i) + " '&a" + std::to_string(i - 1) + ";&a" + std::to_string(i - 1) + ";'>";
  EXPECT_EQ(first(*finder(Kind::xpath, "/a"), laughs + "]><a>&a29;</a>"), "&a29;");
}

TEST(XPath, RefusesWhatIsNoXmlOrTooLarge) {
  EXPECT_EQ(first(*finder(Kind::xpath, "/a"), ""), "miss: the body is no XML: it is empty");
  EXPECT_EQ(first(*finder(Kind::xpath, "/a"), "<a>\n<b></a>").substr(0, 25), "miss: the body is no XML:");
  EXPECT_EQ(first(*finder(Kind::xpath, "/a"), "{\"a\":1}").substr(0, 25), "miss: the body is no XML:");
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  for (int i = 0; i < 100'000; ++i)
    deep += "</a>";
  EXPECT_EQ(first(*finder(Kind::xpath, "//b"), deep), "miss: the body's XML is nested more than 256 deep");
}

TEST(XPath, TellsWhatIsWrong) {
  const Mistake open = mistake(Kind::xpath, "//a[");
  EXPECT_EQ(open.column, 5u);
  EXPECT_EQ(mistake(Kind::xpath, "//a[b[c[d[e[f]]]]]").message, "these brackets are too many within each other");
  EXPECT_EQ(mistake(Kind::xpath, "").message, "an XPath is missing");
  EXPECT_FALSE(mistake(Kind::xpath, "frob(1)").message.empty());
}

constexpr std::string_view kHtml = R"(<!doctype html><html><head><title>Shop</title></head><body>
<form action="/login" class="big login"><input type=hidden name=csrf value="a&amp;b"><input name=user></form>
<div id=main lang="en-GB"><h1> Hello <em>you</em>
</h1><ul><li class="item first">one<li class=item>two<li class="item last">three</ul>
<p>a</p><p>b</p><span>c</span><p>d</p><a href="/x/1.html">one</a> <a href="http://e.org/2">two</a><a>three</a></div>
<template><i>hidden</i></template><svg><linearGradient id=g></linearGradient></svg></body></html>)";

TEST(CssSelector, FindsByTypeIdClassAndAttribute) {
  EXPECT_EQ(first(*finder(Kind::css, "title"), kHtml), "Shop");
  EXPECT_EQ(first(*finder(Kind::css, "H1"), kHtml), "Hello you");
  EXPECT_EQ(first(*finder(Kind::css, "#main em"), kHtml), "you");
  EXPECT_EQ(first(*finder(Kind::css, ".login@action"), kHtml), "/login");
  EXPECT_EQ(first(*finder(Kind::css, "form.big.login[action]@class"), kHtml), "big login");
  EXPECT_EQ(first(*finder(Kind::css, "input[name=csrf]@value"), kHtml), "a&b");
  EXPECT_EQ(first(*finder(Kind::css, "input[ name = 'csrf' ] @value"), kHtml), "a&b");
  EXPECT_EQ(first(*finder(Kind::css, "a[href^='http']"), kHtml), "two");
  EXPECT_EQ(first(*finder(Kind::css, "a[href$='.html']@href"), kHtml), "/x/1.html");
  EXPECT_EQ(first(*finder(Kind::css, "a[href*='e.org']"), kHtml), "two");
  EXPECT_EQ(first(*finder(Kind::css, "li[class~=last]"), kHtml), "three");
  EXPECT_EQ(first(*finder(Kind::css, "[lang|=en]@id"), kHtml), "main");
  EXPECT_EQ(first(*finder(Kind::css, "lineargradient@id"), kHtml), "g");
  EXPECT_EQ(first(*finder(Kind::css, ".nope"), kHtml), "miss: nothing in the body matches .nope");
  EXPECT_THAT(all(*finder(Kind::css, "a[href^='']"), kHtml), ElementsAre());
}

TEST(CssSelector, JoinsElements) {
  EXPECT_THAT(all(*finder(Kind::css, "ul > li"), kHtml), ElementsAre("one", "two", "three"));
  EXPECT_THAT(all(*finder(Kind::css, "body>li"), kHtml), ElementsAre());
  EXPECT_THAT(all(*finder(Kind::css, "span + p"), kHtml), ElementsAre("d"));
  EXPECT_THAT(all(*finder(Kind::css, "p~p"), kHtml), ElementsAre("b", "d"));
  EXPECT_THAT(all(*finder(Kind::css, "ul ~ p"), kHtml), ElementsAre("a", "b", "d"));
  EXPECT_THAT(all(*finder(Kind::css, "span, title , li.first"), kHtml), ElementsAre("Shop", "one", "c"));
  EXPECT_THAT(all(*finder(Kind::css, "html body div ul li.last"), kHtml), ElementsAre("three"));
  EXPECT_THAT(all(*finder(Kind::css, "a@href"), kHtml), ElementsAre("/x/1.html", "http://e.org/2"));
  EXPECT_THAT(all(*finder(Kind::css, "i"), kHtml), ElementsAre());
}

TEST(CssSelector, CountsChildren) {
  EXPECT_THAT(all(*finder(Kind::css, "li:first-child"), kHtml), ElementsAre("one"));
  EXPECT_THAT(all(*finder(Kind::css, "li:last-child"), kHtml), ElementsAre("three"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child(2)"), kHtml), ElementsAre("two"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child(odd)"), kHtml), ElementsAre("one", "three"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child(even)"), kHtml), ElementsAre("two"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child( 2n + 1 )"), kHtml), ElementsAre("one", "three"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child(-n+2)"), kHtml), ElementsAre("one", "two"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-child(n)"), kHtml), ElementsAre("one", "two", "three"));
  EXPECT_THAT(all(*finder(Kind::css, "li:nth-last-child(1)"), kHtml), ElementsAre("three"));
  EXPECT_THAT(all(*finder(Kind::css, "em:only-child"), kHtml), ElementsAre("you"));
  // Children of #main: h1 ul p p span p a a a.
  EXPECT_THAT(all(*finder(Kind::css, "#main > :nth-child(3n)"), kHtml), ElementsAre("a", "d", "three"));
}

TEST(CssSelector, RepairsWhatABrowserRepairs) {
  EXPECT_EQ(first(*finder(Kind::css, "table > tbody > tr > td"), "<table><tr><td>x"), "x");
  EXPECT_THAT(all(*finder(Kind::css, "p"), "<p>a<p>b"), ElementsAre("a", "b"));
  EXPECT_EQ(first(*finder(Kind::css, "p"), ""), "miss: the body is no HTML: it is empty");
  EXPECT_EQ(first(*finder(Kind::css, "p"), std::string_view("\0<p>x\0y", 8)).substr(0, 1), "x");
}

TEST(CssSelector, RefusesPagesBeyondItsLimits) {
  std::string deep;
  for (int i = 0; i < 50'000; ++i)
    deep += "<div>";
  EXPECT_EQ(first(*finder(Kind::css, "p"), deep), "miss: the body's HTML is nested more than 512 deep");
  std::string wide;
  for (int i = 0; i < 70'000; ++i)
    wide += "<br>";
  EXPECT_EQ(first(*finder(Kind::css, "p"), wide), "miss: the body's HTML has more than 60,000 nodes");
  std::string rows = "<table>";
  for (int i = 0; i < 2'500; ++i)
    rows += "<tr><td>a<td><b>x</b><tr><td><p>y<ul><li>1<li>2</ul>";
  EXPECT_EQ(first(*finder(Kind::css, "td"), rows), "a");
  std::string same = "<div>";
  for (int i = 0; i < 400; ++i)
    same += "<p>a</p><i></i>";
  for (int i = 0; i < 400; ++i)
    same += "<div>";
  EXPECT_EQ(first(*finder(Kind::css, "div div div div div div div div u"), same),
            "miss: nothing in the body matches div div div div div div div div u");
  EXPECT_EQ(first(*finder(Kind::css, "u div div div div div div div div"), same).substr(0, 30),
            "miss: u div div div div div di");
}

TEST(CssSelector, ForgetsABodyThatWasTooLarge) {
  Reader reader;
  std::string wide;
  for (int i = 0; i < 70'000; ++i)
    wide += "<br>";
  const auto paragraph = finder(Kind::css, "p");
  reader.read(wide);
  EXPECT_FALSE(paragraph->first(reader));
  reader.read("<p>x");
  EXPECT_EQ(paragraph->first(reader)->text, "x");
}

TEST(CssSelector, TellsWhatIsWrong) {
  EXPECT_EQ(mistake(Kind::css, "").message, "a CSS selector is missing");
  EXPECT_EQ(mistake(Kind::css, "div >").message, "a selector is missing at the end");
  EXPECT_EQ(mistake(Kind::css, "a:hover").message, ":hover is not supported");
  EXPECT_EQ(mistake(Kind::css, "a:hover").column, 2u);
  EXPECT_EQ(mistake(Kind::css, "a[href").message, "this [ is not closed");
  EXPECT_EQ(mistake(Kind::css, "a[href!=x]").cure, "write one of = ^= $= *= ~= |=");
  EXPECT_EQ(mistake(Kind::css, "a::text").message, "a word like first-child is missing here");
  EXPECT_EQ(mistake(Kind::css, "#1a").cure, "use [id='…'] or [class~='…'] with quotes");
  EXPECT_EQ(mistake(Kind::css, "a@").message, "an attribute is missing behind the @");
  EXPECT_EQ(mistake(Kind::css, "a@href b").message, "'href b' is no attribute");
  EXPECT_EQ(mistake(Kind::css, "a@href", {.attribute = "id"}).message, "the attribute is given twice");
  EXPECT_EQ(mistake(Kind::css, "li:nth-child(x)").message, "'x' counts nothing");
  EXPECT_EQ(mistake(Kind::css, "a,,b").message, "a selector is missing before ','");
  EXPECT_EQ(mistake(Kind::css, "a ü > $").column, 7u);
}

}  // namespace
}  // namespace vajrapulse::extract
