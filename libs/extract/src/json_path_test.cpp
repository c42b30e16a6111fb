#include "vajrapulse/extract/json_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vajrapulse::extract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

JsonPath path(std::string_view text) {
  auto compiled = JsonPath::compile(text);
  EXPECT_TRUE(compiled) << text << ": " << (compiled ? "" : compiled.error().text());
  return compiled ? *compiled : *JsonPath::compile("$.nothing");
}

/// What a path selects from a body: texts as they are, everything else as its JSON.
std::vector<std::string> selected(std::string_view text, std::string_view body) {
  Reader reader;
  reader.read(body);
  std::vector<Value> values;
  const auto count = path(text).all(reader, values);
  EXPECT_TRUE(count) << text << ": " << (count ? "" : count.error().message);
  std::vector<std::string> texts;
  for (const Value& value : values)
    texts.emplace_back(value.text);
  return texts;
}

/// As `Found`, with the texts kept.
struct Answer {
  bool found = false;
  Type type = Type::null;
  std::string text;
  double number = 0;
  Reason reason = Reason::missing;
};

Answer first(std::string_view text, std::string_view body) {
  Reader reader;
  reader.read(body);
  const Found found = path(text).first(reader);
  if (!found) return {.text = found.error().message, .reason = found.error().reason};
  return {.found = true, .type = found->type, .text = std::string(found->text), .number = found->number};
}

Mistake mistake(std::string_view text) {
  const auto compiled = JsonPath::compile(text);
  EXPECT_FALSE(compiled) << text;
  return compiled ? Mistake{} : compiled.error();
}

// The values of RFC 9535, figure 1 (section 1.5).
constexpr std::string_view kStore = R"({ "store": {
    "book": [
      { "category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95 },
      { "category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99 },
      { "category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99 },
      { "category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99 }
    ],
    "bicycle": { "color": "red", "price": 399 } } })";

TEST(JsonPath, SelectsFromTheBookstoreWhatTheRfcSays) {
  const auto authors = ElementsAre("Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien");
  EXPECT_THAT(selected("$.store.book[*].author", kStore), authors);
  EXPECT_THAT(selected("$..author", kStore), authors);
  EXPECT_EQ(selected("$.store.*", kStore).size(), 2u);
  EXPECT_THAT(selected("$.store..price", kStore), ElementsAre("8.95", "12.99", "8.99", "22.99", "399"));
  EXPECT_THAT(selected("$..book[2].author", kStore), ElementsAre("Herman Melville"));
  EXPECT_THAT(selected("$..book[2].publisher", kStore), IsEmpty());
  EXPECT_THAT(selected("$..book[-1].title", kStore), ElementsAre("The Lord of the Rings"));
  EXPECT_THAT(selected("$..book[0,1].title", kStore), ElementsAre("Sayings of the Century", "Sword of Honour"));
  EXPECT_THAT(selected("$..book[:2].title", kStore), ElementsAre("Sayings of the Century", "Sword of Honour"));
  // All members and elements: 1 store, 2 in it, 4 books, 2 of the bicycle, 4 + 4 + 5 + 5 of the books.
  EXPECT_EQ(selected("$..*", kStore).size(), 27u);
}

// Section 2.3.1.3, table 5.
TEST(JsonPath, SelectsByName) {
  constexpr std::string_view kBody = R"({ "o": {"j j": {"k.k": 3}}, "'": {"@": 2} })";
  EXPECT_THAT(selected("$.o['j j']", kBody), ElementsAre(R"({"k.k": 3})"));
  EXPECT_THAT(selected("$.o['j j']['k.k']", kBody), ElementsAre("3"));
  EXPECT_THAT(selected(R"($.o["j j"]["k.k"])", kBody), ElementsAre("3"));
  EXPECT_THAT(selected(R"($["'"]["@"])", kBody), ElementsAre("2"));
}

// Section 2.3.2.3, table 6.
TEST(JsonPath, SelectsEveryChild) {
  constexpr std::string_view kBody = R"({ "o": {"j": 1, "k": 2}, "a": [5, 3] })";
  EXPECT_THAT(selected("$[*]", kBody), ElementsAre(R"({"j": 1, "k": 2})", "[5, 3]"));
  EXPECT_THAT(selected("$.o[*]", kBody), ElementsAre("1", "2"));
  EXPECT_THAT(selected("$.o[*, *]", kBody), ElementsAre("1", "2", "1", "2"));
  EXPECT_THAT(selected("$.a[*]", kBody), ElementsAre("5", "3"));
}

// Section 2.3.3.3, table 7.
TEST(JsonPath, SelectsByIndex) {
  EXPECT_THAT(selected("$[1]", R"(["a","b"])"), ElementsAre("b"));
  EXPECT_THAT(selected("$[-2]", R"(["a","b"])"), ElementsAre("a"));
  EXPECT_THAT(selected("$[-3]", R"(["a","b"])"), IsEmpty());
  EXPECT_THAT(selected("$[2]", R"(["a","b"])"), IsEmpty());
}

// Section 2.3.4.3, table 9; the bounds as Python's slices give them.
TEST(JsonPath, SelectsSlices) {
  constexpr std::string_view kBody = R"(["a", "b", "c", "d", "e", "f", "g"])";
  EXPECT_THAT(selected("$[1:3]", kBody), ElementsAre("b", "c"));
  EXPECT_THAT(selected("$[5:]", kBody), ElementsAre("f", "g"));
  EXPECT_THAT(selected("$[1:5:2]", kBody), ElementsAre("b", "d"));
  EXPECT_THAT(selected("$[5:1:-2]", kBody), ElementsAre("f", "d"));
  EXPECT_THAT(selected("$[::-1]", kBody), ElementsAre("g", "f", "e", "d", "c", "b", "a"));
  EXPECT_THAT(selected("$[-2:]", kBody), ElementsAre("f", "g"));
  EXPECT_THAT(selected("$[:-5]", kBody), ElementsAre("a", "b"));
  EXPECT_THAT(selected("$[-100:100:3]", kBody), ElementsAre("a", "d", "g"));
  EXPECT_THAT(selected("$[100:-100:-3]", kBody), ElementsAre("g", "d", "a"));
  EXPECT_THAT(selected("$[1:6:0]", kBody), IsEmpty());
  EXPECT_THAT(selected("$[ 1 : 3 : 1 ]", kBody), ElementsAre("b", "c"));
}

// Sections 2.5.1.3 and 2.5.2.3, tables 15 and 16.
TEST(JsonPath, SelectsAtAnyDepth) {
  EXPECT_THAT(selected("$[0, 3]", R"(["a", "b", "c", "d", "e", "f", "g"])"), ElementsAre("a", "d"));
  EXPECT_THAT(selected("$[0:2, 5]", R"(["a", "b", "c", "d", "e", "f", "g"])"), ElementsAre("a", "b", "f"));
  EXPECT_THAT(selected("$[0, 0]", R"(["a", "b"])"), ElementsAre("a", "a"));
  constexpr std::string_view kBody = R"({ "o": {"j": 1, "k": 2}, "a": [5, 3, [{"j": 4}, {"k": 6}]] })";
  EXPECT_THAT(selected("$..j", kBody), ElementsAre("1", "4"));
  EXPECT_THAT(selected("$..[0]", kBody), ElementsAre("5", R"({"j": 4})"));
  EXPECT_EQ(selected("$..*", kBody).size(), 11u);
  EXPECT_THAT(selected("$..o", kBody), ElementsAre(R"({"j": 1, "k": 2})"));
  EXPECT_THAT(selected("$.o..[*, *]", kBody), ElementsAre("1", "2", "1", "2"));
  EXPECT_THAT(selected("$.a..[0, 1]", kBody), ElementsAre("5", "3", R"({"j": 4})", R"({"k": 6})"));
}

// Section 2.6.1, table 17.
TEST(JsonPath, GivesNullAsAValue) {
  constexpr std::string_view kBody = R"({"a": null, "b": [null], "c": [{}], "null": 1})";
  EXPECT_EQ(first("$.a", kBody).type, Type::null);
  EXPECT_TRUE(first("$.a", kBody).found);
  EXPECT_EQ(first("$.a[0]", kBody).reason, Reason::wrong_type);
  EXPECT_EQ(first("$.a.d", kBody).reason, Reason::wrong_type);
  EXPECT_EQ(first("$.b[0]", kBody).type, Type::null);
  EXPECT_THAT(selected("$.b[*]", kBody), ElementsAre("null"));
  EXPECT_EQ(first("$.null", kBody).text, "1");
}

TEST(JsonPath, KeepsTheTypeAndTheTextOfAValue) {
  constexpr std::string_view kBody =
      R"({"t":"a\"\u00fc\ud83d\ude00\n","plain":"x","n":1.50,"big":12345678901234567890123,"yes":true,"no":false,
          "o": {"a" : [1, 2] } ,"l": [ 1, {} ] })";
  EXPECT_EQ(first("$.t", kBody).text, "a\"\xc3\xbc\xf0\x9f\x98\x80\n");
  EXPECT_EQ(first("$.plain", kBody).type, Type::text);
  EXPECT_EQ(first("$.n", kBody).type, Type::number);
  EXPECT_EQ(first("$.n", kBody).text, "1.50");
  EXPECT_EQ(first("$.n", kBody).number, 1.5);
  EXPECT_EQ(first("$.big", kBody).text, "12345678901234567890123");
  EXPECT_EQ(first("$.yes", kBody).type, Type::boolean);
  EXPECT_EQ(first("$.yes", kBody).number, 1);
  EXPECT_EQ(first("$.no", kBody).text, "false");
  EXPECT_EQ(first("$.o", kBody).text, R"({"a" : [1, 2] })");
  EXPECT_EQ(first("$.l", kBody).text, "[ 1, {} ]");
  EXPECT_EQ(first("$.l", kBody).type, Type::array);
}

TEST(JsonPath, GivesTheSameWayByEitherRoad) {
  // A union of a name with itself is not definite, and so goes by the tree.
  constexpr std::string_view kBody =
      R"({"t":"a\"\u00fc","n":1.50,"yes":true,"none":null,"o": {"a" : [1, 2] } ,"l": [ 1 ] })";
  for (const std::string name : {"t", "n", "yes", "none", "o", "l"}) {
    const Answer straight = first("$['" + name + "']", kBody);
    const Answer by_tree = first("$['" + name + "','" + name + "']", kBody);
    EXPECT_EQ(straight.text, by_tree.text) << name;
    EXPECT_EQ(straight.type, by_tree.type) << name;
    EXPECT_EQ(straight.number, by_tree.number) << name;
  }
}

TEST(JsonPath, DecodesEscapedNames) {
  constexpr std::string_view kBody = R"({"to\u006ben": 1, "a\"b": 2, "a": 3, "\\": 4})";
  EXPECT_EQ(first("$.token", kBody).text, "1");
  EXPECT_EQ(first(R"($['a"b'])", kBody).text, "2");
  EXPECT_EQ(first(R"($["a\"b"])", kBody).text, "2");
  EXPECT_EQ(first(R"($['\u0061'])", kBody).text, "3");
  EXPECT_EQ(first(R"($['\\'])", kBody).text, "4");
  EXPECT_THAT(selected("$..token", kBody), ElementsAre("1"));
  EXPECT_EQ(first(R"($['\ud83d\ude00'])", "{\"\xf0\x9f\x98\x80\": 5}").text, "5");
}

TEST(JsonPath, TakesTheRootWhateverItIs) {
  EXPECT_EQ(first("$", " [1] ").text, "[1]");
  EXPECT_EQ(first("$", "\"x\"").text, "x");
  EXPECT_EQ(first("$", "12 ").text, "12");
  EXPECT_EQ(first("$", "null").type, Type::null);
  EXPECT_EQ(first("$", "true").number, 1);
  EXPECT_EQ(first("$.a", "\xef\xbb\xbf{\"a\":1}").text, "1");
}

TEST(JsonPath, SaysWhyNothingWasFound) {
  constexpr std::string_view kBody = R"({"user": {"name": "anna", "tags": ["x"]}})";
  EXPECT_EQ(first("$.user.id", kBody).reason, Reason::missing);
  EXPECT_EQ(first("$.user.id", kBody).text, "the body has no $.user.id");
  EXPECT_EQ(first("$.users.id", kBody).text, "the body has no $.users");
  EXPECT_EQ(first("$.user.tags[1]", kBody).text, "the body has no $.user.tags[1]");
  EXPECT_EQ(first("$.user.name.first", kBody).reason, Reason::wrong_type);
  EXPECT_EQ(first("$.user.name.first", kBody).text,
            "$.user.name is a text, not an object, so there is no $.user.name.first");
  EXPECT_EQ(first("$.user[0]", kBody).text, "$.user is an object, not an array, so there is no $.user[0]");
  EXPECT_EQ(first("$[0]", kBody).text, "$ is an object, not an array, so there is no $[0]");
  EXPECT_EQ(first("$..nope", kBody).text, "the body has no $..nope");
  EXPECT_EQ(first("$.a", "7").reason, Reason::wrong_type);
}

TEST(JsonPath, TellsWhatIsNoJson) {
  for (const std::string_view text : {"$.a", "$..a"}) {
    EXPECT_EQ(first(text, "").text, "the body is no JSON: it is empty");
    EXPECT_EQ(first(text, "  \n").reason, Reason::unreadable);
    EXPECT_EQ(first(text, "<html></html>").text, "the body is no JSON: it looks like HTML or XML");
    EXPECT_EQ(first(text, R"({"b": 1, "a")").reason, Reason::unreadable);
    EXPECT_EQ(first(text, R"({"b": 1, "a": "x)").text, "the body is no JSON: a string does not end");
    EXPECT_EQ(first(text, "{\"a\": \"\xff\"}").text, "the body is no JSON: it is not UTF-8");
    EXPECT_EQ(first(text, R"({"a": tru})").reason, Reason::unreadable);
    EXPECT_EQ(first(text, R"({"a": 01})").reason, Reason::unreadable);
    EXPECT_EQ(first(text, R"({"a": "\q"})").reason, Reason::unreadable);
    EXPECT_EQ(first(text, R"({"b" 1, "a": 2})").reason, Reason::unreadable);
    EXPECT_EQ(first(text, "nope").reason, Reason::unreadable);
  }
  EXPECT_EQ(first("$..a", "{} {}").reason, Reason::unreadable);
  EXPECT_EQ(first("$", "1 2").reason, Reason::unreadable);
}

TEST(JsonPath, ReadsSeveralPathsOfOneBodyWithoutDisturbingWhatWasFound) {
  Reader reader;
  reader.read(R"({"a":"x\ny","b":"p\tq","c":[1,2]})");
  const Found a = path("$.a").first(reader);
  const Found b = path("$.b").first(reader);
  const Found c = path("$..c[1]").first(reader);
  const Found missing = path("$.d").first(reader);
  const Found again = path("$.a").first(reader);
  EXPECT_EQ(a->text, "x\ny");
  EXPECT_EQ(b->text, "p\tq");
  EXPECT_EQ(c->text, "2");
  EXPECT_FALSE(missing);
  EXPECT_EQ(again->text, "x\ny");
}

TEST(JsonPath, ReadsInTheBodysOwnBufferWhenItHasRoom) {
  std::string body = R"({"a":"here"})";
  Reader reader;
  body.reserve(200);
  reader.read(body);
  const Found inside = path("$.a").first(reader);
  EXPECT_EQ(inside->text.data(), body.data() + 6);
  const std::string tight = R"({"a":"here, and longer than a small string"})";
  reader.read(std::string_view(tight));
  const Found copied = path("$.a").first(reader);
  EXPECT_EQ(copied->text, "here, and longer than a small string");
  EXPECT_NE(copied->text.data(), tight.data() + 6);
}

TEST(JsonPath, GoesOnAfterABodyThatWasBroken) {
  Reader reader;
  reader.read("{\"a\": [1, }");
  EXPECT_FALSE(path("$.a[1]").first(reader));
  EXPECT_FALSE(path("$.b").first(reader));
  EXPECT_FALSE(path("$..b").first(reader));
  reader.read(R"({"b": 1})");
  EXPECT_EQ(path("$.b").first(reader)->text, "1");
}

TEST(JsonPath, CountsAndBounds) {
  Reader reader;
  reader.read(R"({"a": [1,2,3,4]})");
  EXPECT_EQ(path("$.a[*]").count(reader), 4u);
  EXPECT_EQ(path("$.a").count(reader), 1u);
  EXPECT_EQ(path("$.b").count(reader), 0u);
  std::vector<Value> values;
  EXPECT_EQ(path("$.a[*]").all(reader, values, 2), 2u);
  EXPECT_EQ(values.size(), 2u);
}

TEST(JsonPath, RefusesDepthAndWorkBeyondItsLimits) {
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  EXPECT_EQ(first("$..a", deep).reason, Reason::too_much);
  std::string nest = "1";
  for (int i = 0; i < 120; ++i)
    nest = "{\"a\":" + nest + "}";
  EXPECT_EQ(first("$..*..*..*..*..b", nest).reason, Reason::too_much);
  // 100,000 levels stop nobody who does not go there.
  const std::string hole = "{\"b\":" + std::string(100'000, '[') + std::string(100'000, ']') + ",\"a\":1}";
  EXPECT_EQ(first("$.a", hole).text, "1");
  std::string many = "[";
  for (int i = 0; i < 1'000'001; ++i)
    many += "1,";
  EXPECT_EQ(first("$[-1]", many + "1]").reason, Reason::too_much);
  EXPECT_EQ(first("$[1000000]", many + "7]").text, "1");
}

TEST(JsonPath, TellsWhatIsWrongWithAPath) {
  const Mistake bare = mistake("token");
  EXPECT_EQ(bare.text(), "column 1: a JSONPath begins with $; write $.token");
  EXPECT_EQ(mistake("$token").cure, "write $.token");
  EXPECT_EQ(mistake("").message, "a JSONPath is missing");
  const Mistake hyphen = mistake("$.user-id");
  EXPECT_EQ(hyphen.column, 7u);
  EXPECT_EQ(hyphen.cure, "put a name with - in brackets: ['user-id']");
  EXPECT_EQ(mistake("$.items[?@.price < 10]").message, "filters ([?…]) are not supported");
  EXPECT_EQ(mistake("$.items[?@.price < 10]").column, 9u);
  EXPECT_EQ(mistake("$.items.length()").message, "functions are not supported");
  EXPECT_EQ(mistake("$.items.0").cure, "write an index in brackets: [0]");
  EXPECT_EQ(mistake("$[abc]").cure, "write ['abc']");
  EXPECT_EQ(mistake("$[").message, "this [ is not closed");
  EXPECT_EQ(mistake("$.a[0").column, 4u);
  EXPECT_EQ(mistake("$['a").message, "this name does not end");
  EXPECT_EQ(mistake("$['\\q']").message, "this is no escape");
  EXPECT_EQ(mistake("$.ü[x]").column, 5u);
  EXPECT_EQ(mistake("$.").message, "a name is missing behind the .");
}

// Not well formed by the grammar of RFC 9535.
TEST(JsonPath, RefusesWhatTheGrammarRefuses) {
  for (const std::string_view text :
       {"$ ",         " $",         "$[]",    "$[01]", "$[-0]", "$[-]",      "$[1.0]",       "$[9007199254740992]",
        "$[1:2:3:4]", "$...a",      "$.a.",   "$[a]",  "$['a'", "$['a''b']", "$['\\uD800']", "$['\\uDC00']",
        "$[\"\\'\"]", "$['\\x41']", "$[,]",   "$[1,]", "$.1a",  "$a",        "@.a",          "$['\\u12']",
        "$.[0]",      "$**",        "$[1 2]", "$.a$",  "$..",   "$['\t']"})
    EXPECT_FALSE(JsonPath::compile(text)) << text;
}

TEST(JsonPath, TakesWhatTheGrammarTakes) {
  for (const std::string_view text : {"$",
                                      "$.a",
                                      "$ .a",
                                      "$ ['a']",
                                      "$[ 'a' ]",
                                      "$['a' , \"b\", 0, -1, *, ::]",
                                      "$._a1",
                                      "$.\xc3\xbc",
                                      "$[0]",
                                      "$[9007199254740991]",
                                      "$[-9007199254740991]",
                                      "$..*",
                                      "$..[*]",
                                      "$..['a']",
                                      "$[:]",
                                      "$[::]",
                                      "$['']",
                                      "$['\\u00e4\\n\\/\\\\\\'']",
                                      "$.a\n.b",
                                      "$['\\ud834\\udd1e']"})
    EXPECT_TRUE(JsonPath::compile(text)) << text;
}

}  // namespace
}  // namespace vajrapulse::extract
