#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "vajrapulse/document/read.hpp"

// What is said of each mistake, in full: message, line and column, caret, cure.

namespace vajrapulse::document {
namespace {

using namespace std::string_view_literals;

struct Mistake {
  std::string_view name;
  std::string_view file;
  std::string_view text;
  std::string_view said;
};

void PrintTo(const Mistake& mistake, std::ostream* to) { *to << mistake.name; }

constexpr Mistake kMistakes[] = {
    {"TabAsIndent", "plan.yml", "http:\n\ttimeout: 5s\n"sv,
     R"(plan.yml:2:1: a tab indents this line
  2 |     timeout: 5s
    | ^^^^
  YAML is indented by blanks: write two blanks for each tab
)"},
    {"TabInTheLineAbove", "plan.yml", "http:\n\ttimeout:\n    x: 1\n  y: 2\n"sv,
     R"(plan.yml:2:1: a tab indents this line
  2 |     timeout:
    | ^^^^
  YAML is indented by blanks: write two blanks for each tab
)"},
    {"DeeperThanItsNeighbour", "plan.yml", R"(tps: 100
  duration: 10m
)"sv,
     R"(plan.yml:2:3: this line is indented deeper than 'tps: 100' above, which has its value already
  2 |   duration: 10m
    |   ^^^^^^^^^^^^^
  indent both alike, or give the line above no value of its own
)"},
    {"IndentThatFitsNothing", "plan.yml", R"(http:
  timeout: 5s
 retries: 2
)"sv,
     R"(plan.yml:3:2: this line is indented by 1, which fits no line above
  3 |  retries: 2
    |  ^^^^^^^^^^
  indent it by 0 or 2, like the lines it belongs to
)"},
    {"StepWithAWrongIndent", "plan.yml", R"(tasks:
  buy:
    - http: GET /
     think: 1s
)"sv,
     R"(plan.yml:4:6: this line is indented by 5, which fits no line above
  4 |      think: 1s
    |      ^^^^^^^^^
  indent it by 4 or 6, like the lines it belongs to
)"},
    {"ItemWithAWrongIndent", "plan.yml", R"(scenarios:
- name: warmup
  tps: 1
 - name: steady
)"sv,
     R"(plan.yml:4:2: this line is indented by 1, which fits no line above
  4 |  - name: steady
    |  ^^^^^^^^^^^^^^
  indent it by 0 or 2, like the lines it belongs to
)"},
    {"ItemWhereAKeyIsExpected", "plan.yml", R"(name: checkout
- http: GET /
)"sv,
     R"(plan.yml:2:1: a list item stands where a key is expected
  2 | - http: GET /
    | ^^^^^^^^^^^^^
  indent it like the items above, or write the key that it belongs to
)"},
    {"QuoteNeverClosed", "plan.yml", R"(name: "checkout
seed: 7
)"sv,
     R"(plan.yml:1:7: the quote " is not closed
  1 | name: "checkout
    |       ^
  write " at the end of the text
)"},
    {"QuoteClosedByTheNextOne", "plan.yml", R"(name: "checkout
base: "x"
)"sv,
     R"(plan.yml:1:7: the quote " is not closed in its line
  1 | name: "checkout
    |       ^
  write " at the end of the text, or indent the lines that continue it
)"},
    {"SingleQuoteNeverClosed", "plan.yml", R"(a: 1
name: 'checkout
)"sv,
     R"(plan.yml:2:7: the quote ' is not closed
  2 | name: 'checkout
    |       ^
  write ' at the end of the text
)"},
    {"ApostropheInSingleQuotes", "plan.yml", R"(name: 'it's slow'
)"sv,
     R"(plan.yml:1:11: text stands behind the quote that closes
  1 | name: 'it's slow'
    |           ^^^^^^^
  write '' for a ' in a text in single quotes
)"},
    {"TextBehindAQuote", "plan.yml", R"(name: "a" b
)"sv,
     R"(plan.yml:1:11: text stands behind the quote that closes
  1 | name: "a" b
    |           ^
  write \" for a " in a text in double quotes
)"},
    {"ListNeverClosed", "plan.yml", R"(outputs: [console, json
name: x
)"sv,
     R"(plan.yml:1:10: this '[' is not closed
  1 | outputs: [console, json
    |          ^
  write ']' at the end
)"},
    {"MapNeverClosed", "plan.yml", R"(tasks:
  buy:
    - json: { a: 1, b: 2
    - think: {}
)"sv,
     R"(plan.yml:3:13: this '{' is not closed
  3 |     - json: { a: 1, b: 2
    |             ^
  write '}' at the end
)"},
    {"WrongBracketCloses", "plan.yml", R"(outputs: [console, json}
)"sv,
     R"(plan.yml:1:24: this '}' cannot close the '[' of line 1
  1 | outputs: [console, json}
    |                        ^
  write ']' here
)"},
    {"BracketThatClosesNothing", "plan.yml", R"(path: ]
)"sv,
     R"(plan.yml:1:7: this ']' closes nothing
  1 | path: ]
    |       ^
  remove it, or put quotes around the text
)"},
    {"CommaMissing", "plan.yml", R"(a: [b: c: d]
)"sv,
     R"(plan.yml:1:9: a ',' or ']' has to stand before this
  1 | a: [b: c: d]
    |         ^
  write a ',' between two values; put quotes around a text that has ':', ',' or brackets
)"},
    {"ColonWithoutBlank", "plan.yml", R"(tps: 100
timeout:5s
name: x
)"sv,
     R"(plan.yml:2:1: no blank stands behind the ':' of 'timeout:5s'
  2 | timeout:5s
    | ^^^^^^^^^^
  write 'timeout: 5s'
)"},
    {"ColonWithoutBlankAtTheEnd", "plan.yml", R"(tps: 100
timeout:5s
)"sv,
     R"(plan.yml:2:1: no blank stands behind the ':' of 'timeout:5s'
  2 | timeout:5s
    | ^^^^^^^^^^
  write 'timeout: 5s'
)"},
    {"ColonWithoutBlankInBraces", "plan.yml", R"(http: {timeout:5s}
)"sv,
     R"(plan.yml:1:8: no blank stands behind the ':' of 'timeout:5s'
  1 | http: {timeout:5s}
    |        ^^^^^^^^^^
  write 'timeout: 5s'
)"},
    {"KeyWithoutColon", "plan.yml", R"(tps: 100
measure
name: x
)"sv,
     R"(plan.yml:2:1: 'measure' is no key: no ':' stands behind it
  2 | measure
    | ^^^^^^^
  write 'measure:' and its value, or indent the line if it continues the text above
)"},
    {"KeyWithoutValueInBraces", "plan.yml", R"(http: { timeout }
)"sv,
     R"(plan.yml:1:9: 'timeout' has no value, which every key in { } has
  1 | http: { timeout }
    |         ^^^^^^^
  write { timeout: value }, or [ timeout ] for a list
)"},
    {"DashWithoutBlank", "plan.yml", R"(outputs:
- console
-json
)"sv,
     R"(plan.yml:3:1: no blank stands behind the '-' of '-json'
  3 | -json
    | ^^^^^
  write '- json'
)"},
    {"TemplateWithoutQuotes", "plan.yml", R"(http:
  base-url: {{host}}
)"sv,
     R"(plan.yml:2:13: '{{' without quotes begins a map, not a text
  2 |   base-url: {{host}}
    |             ^^^^^^^^
  put quotes around it: "{{host}}"
)"},
    {"TemplateWithoutQuotesAndMore", "plan.yml", R"(http:
  base-url: {{host}}/api # here
)"sv,
     R"(plan.yml:2:13: '{{' without quotes begins a map, not a text
  2 |   base-url: {{host}}/api # here
    |             ^^^^^^^^^^^^
  put quotes around it: "{{host}}/api"
)"},
    {"TemplateWithoutQuotesInBraces", "plan.yml", R"(http: { base-url: {{host}}/{{path}}, timeout: 5s }
)"sv,
     R"(plan.yml:1:19: '{{' without quotes begins a map, not a text
  1 | http: { base-url: {{host}}/{{path}}, timeout: 5s }
    |                   ^^^^^^^^^^^^^^^^^
  put quotes around it: "{{host}}/{{path}}"
)"},
    {"TemplateWithoutQuotesBehindAWord", "plan.yml", R"(json: { note: order-{{id}}, by: me }
)"sv,
     R"(plan.yml:1:15: '{{' without quotes begins a map, not a text
  1 | json: { note: order-{{id}}, by: me }
    |               ^^^^^^^^^^^^
  put quotes around it: "order-{{id}}"
)"},
    {"TemplateWithoutQuotesInAList", "plan.yml", R"(urls:
  - {{host}}
)"sv,
     R"(plan.yml:2:5: '{{' without quotes begins a map, not a text
  2 |   - {{host}}
    |     ^^^^^^^^
  put quotes around it: "{{host}}"
)"},
    {"VariableInBraces", "plan.yml", R"(http: { base-url: ${HOST} }
)"sv,
     R"(plan.yml:1:19: within [ ] and { }, '${' has to be in quotes
  1 | http: { base-url: ${HOST} }
    |                   ^^^^^^^
  put quotes around the text: "${HOST}"
)"},
    {"AtSign", "plan.yml", R"(user: @alice
)"sv,
     R"(plan.yml:1:7: a text cannot begin with '@' unless it is in quotes
  1 | user: @alice
    |       ^^^^^^
  put quotes around it: "@alice"
)"},
    {"Backtick", "plan.yml", R"(user: `id` # me
)"sv,
     R"(plan.yml:1:7: a text cannot begin with '`' unless it is in quotes
  1 | user: `id` # me
    |       ^^^^
  put quotes around it: "`id`"
)"},
    {"PercentSign", "plan.yml", R"(share: %5
)"sv,
     R"(plan.yml:1:8: a text cannot begin with '%' unless it is in quotes
  1 | share: %5
    |        ^^
  put quotes around it: "%5"
)"},
    {"PercentAtTheBeginning", "plan.yml", R"(%share: 5
)"sv,
     R"(plan.yml:1:1: a line cannot begin with '%' unless it is in quotes
  1 | %share: 5
    | ^
  put quotes around the text
)"},
    {"Star", "plan.yml", R"(path: *.js
)"sv,
     R"(plan.yml:1:7: no '&.js' stands above this '*.js'
  1 | path: *.js
    |       ^^^^
  write '&.js' before the value it repeats, or put quotes around a text that begins with '*'
)"},
    {"AnchorThatIsNotThere", "plan.yml", R"(a: &timeouts {x: 1}
http: *timeout
)"sv,
     R"(plan.yml:2:7: no '&timeout' stands above this '*timeout'
  2 | http: *timeout
    |       ^^^^^^^^
  write '&timeout' before the value it repeats, or put quotes around a text that begins with '*'
)"},
    {"AnchorWithinItself", "plan.yml", R"(a: &a [*a]
)"sv,
     R"(plan.yml:1:8: this alias stands within the value that it repeats
  1 | a: &a [*a]
    |        ^^
  repeat only what is complete above
)"},
    {"SecondDocument", "plan.yml", R"(name: a
---
name: b
)"sv,
     R"(plan.yml:2:1: a second document begins here
  2 | ---
    | ^^^
  keep one plan in a file; remove the '---'
)"},
    {"MapBelowAList", "plan.yml", R"(- http: GET /
name: x
)"sv,
     R"(plan.yml:2:1: this line does not belong to what stands above it
  2 | name: x
    | ^^^^^^^
  a file is one map or one list: give the line the form of the lines above
)"},
    {"TwoColons", "plan.yml", R"(name: checkout: fast
)"sv,
     R"(plan.yml:1:7: a text with ': ' in it has to be in quotes
  1 | name: checkout: fast
    |       ^^^^^^^^^^^^^^
  put quotes around it: "checkout: fast"
)"},
    {"ListInTheLineOfItsKey", "plan.yml", R"(outputs: - console
)"sv,
     R"(plan.yml:1:10: a list cannot begin in the line of its key
  1 | outputs: - console
    |          ^^^^^^^^^
  write the '-' in a line of its own, or [console]
)"},
    {"QuestionMark", "plan.yml", R"(name: ? x
)"sv,
     R"(plan.yml:1:7: a text cannot begin with '? ' unless it is in quotes
  1 | name: ? x
    |       ^^^
  put quotes around it: "? x"
)"},
    {"TextBesideABlock", "plan.yml", R"(script: |x = 1
  y = 2
)"sv,
     R"(plan.yml:1:10: text stands in the line of a '|' or '>'
  1 | script: |x = 1
    |          ^^^^^
  begin the text in the next line, indented
)"},
    {"UnknownEscape", "plan.yml", R"(path: "C:\dir"
)"sv,
     R"(plan.yml:1:10: '\d' means nothing in a text in double quotes
  1 | path: "C:\dir"
    |          ^^
  write \\ for a backslash, or put the text in single quotes
)"},
    {"UnknownTag", "plan.yml", R"(users: !include users.yml
)"sv,
     R"(plan.yml:1:8: the tag '!include' is not known
  1 | users: !include users.yml
    |        ^^^^^^^^
  leave it out; put quotes around a text that begins with '!'
)"},
    {"KeyMissing", "plan.yml", R"(a: 1
: x
)"sv,
     R"(plan.yml:2:1: a key is missing before this ':'
  2 | : x
    | ^
  write a name before it
)"},
    {"ListAsAKey", "plan.yml", R"(? [a]
: b
)"sv,
     R"(plan.yml:1:3: a list cannot be a key
  1 | ? [a]
    |   ^
  put quotes around a key that begins with '{' or '['
)"},
    {"MergeOfANumber", "plan.yml", R"(a: {<<: 3}
)"sv,
     R"(plan.yml:1:9: '<<' takes a map or a list of maps
  1 | a: {<<: 3}
    |         ^
  write '<<: *name', where '&name' stands before a map
)"},
    {"KeyTwice", "plan.yml", R"(name: a
tps: 1
name: b
)"sv,
     R"(plan.yml:3:1: 'name' is given twice in this map
  3 | name: b
    | ^^^^
  the first stands in line 1; keep one of them
)"},
    {"KeyTwiceInQuotes", "plan.yml", R"(http: { timeout: 1s, "timeout": 2s }
)"sv,
     R"(plan.yml:1:23: 'timeout' is given twice in this map
  1 | http: { timeout: 1s, "timeout": 2s }
    |                       ^^^^^^^
  the first stands in line 1; keep one of them
)"},
    {"TwoAnchors", "plan.yml", R"(a: &x &y 1
)"sv,
     R"(plan.yml:1:7: this cannot be read as YAML: cannot assign multiple anchors to the same node
  1 | a: &x &y 1
    |       ^
  look at the quotes, brackets and indent of this line and the one above it
)"},
    {"NoUtf8", "plan.yml",
     "name: caf\xe9"
     "\n"sv,
     R"(plan.yml:1:10: the byte 0xe9 is no UTF-8
  1 | name: caf�
    |          ^
  save the file as UTF-8
)"},
    {"Nul", "plan.yml",
     "name: a\0"
     "b\n"sv,
     R"(plan.yml:1:8: a NUL byte: this is no text
  1 | name: a�b
    |        ^
  remove it; in double quotes it is written as an escape, \x1b for instance
)"},
    {"Escape", "plan.yml",
     "name: a\x1b"
     "[31mb\n"sv,
     R"(plan.yml:1:8: the control character 0x1b
  1 | name: a�[31mb
    |        ^
  remove it; in double quotes it is written as an escape, \x1b for instance
)"},
    {"MacLineEnds", "plan.yml", "name: a\rb: c\n"sv,
     R"(plan.yml:1:8: a carriage return without a line feed
  1 | name: a�b: c
    |        ^
  save the file with LF or CRLF as its line ends
)"},
    {"Utf16", "plan.yml",
     "\xff"
     "\xfe"
     "n\0"
     "a\0"
     ""sv,
     R"(plan.yml:1:1: this file is UTF-16
  1 | ��n�a�
    | ^
  save it as UTF-8
)"},
    {"WideCharacters", "plan.yml", R"(名前: "日本" 語
)"sv,
     R"(plan.yml:1:10: text stands behind the quote that closes
  1 | 名前: "日本" 語
    |              ^^
  write \" for a " in a text in double quotes
)"},
    {"Combining", "plan.yml", R"(éa: @x
)"sv,
     R"(plan.yml:1:6: a text cannot begin with '@' unless it is in quotes
  1 | éa: @x
    |     ^^
  put quotes around it: "@x"
)"},
    {"JsonComma", "plan.json", R"({
  "name": "x",
}
)"sv,
     R"(plan.json:2:14: this ',' has nothing behind it
  2 |   "name": "x",
    |              ^
  JSON has no ',' after the last value: remove it
)"},
    {"JsonNoComma", "plan.json", R"({ "a": 1
  "b": 2 }
)"sv,
     R"(plan.json:2:3: a ',' or '}' has to stand here
  2 |   "b": 2 }
    |   ^
  write a ',' between two values
)"},
    {"JsonSingleQuotes", "plan.json", R"({ 'a': 1 }
)"sv,
     R"(plan.json:1:3: a key in double quotes has to stand here
  1 | { 'a': 1 }
    |   ^
  JSON has its keys in double quotes
)"},
    {"JsonBareWord", "plan.json", R"({ "a": yes }
)"sv,
     R"(plan.json:1:8: 'yes' is no value of JSON
  1 | { "a": yes }
    |        ^^^
  texts are in double quotes; other values are numbers, true, false and null
)"},
    {"JsonComment", "plan.json", R"({ "a": 1 } // plan
)"sv,
     R"(plan.json:1:12: something stands behind the end of the document
  1 | { "a": 1 } // plan
    |            ^
  a file is one value
)"},
    {"JsonNotClosed", "plan.json", R"({ "a": [1, 2)"sv,
     R"(plan.json:1:8: this '[' is not closed
  1 | { "a": [1, 2
    |        ^
  write ']' at the end
)"},
    {"JsonKeyTwice", "plan.json", R"({ "a": 1,
  "a": 2 }
)"sv,
     R"(plan.json:2:4: 'a' is given twice in this map
  2 |   "a": 2 }
    |    ^
  the first stands in line 1; keep one of them
)"},
    {"JsonQuoteNotClosed", "plan.json", R"({ "a": "b
}
)"sv,
     R"(plan.json:1:8: the quote " is not closed in its line
  1 | { "a": "b
    |        ^
  write " at the end of the text, and \n for a line end in it
)"},
    {"JsonEscape", "plan.json", R"({ "a": "\q" }
)"sv,
     R"(plan.json:1:9: '\q' means nothing in JSON
  1 | { "a": "\q" }
    |         ^^
  write \\ for a backslash
)"},
    {"JsonLoneSurrogate", "plan.json", R"({ "a": "\ud83d!" }
)"sv,
     R"(plan.json:1:9: this \u is no character
  1 | { "a": "\ud83d!" }
    |         ^^
  write four hexadecimal digits, or the character itself
)"},
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreSaidWithPlaceAndCure) {
  const auto& [name, file, text, said] = GetParam();
  Diagnostics diagnostics;
  EXPECT_FALSE(read(std::make_shared<Source>(std::string(file), std::string(text)), diagnostics));
  EXPECT_EQ(diagnostics.written(Format::text), said);
}

INSTANTIATE_TEST_SUITE_P(Read, Mistakes, testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

}  // namespace
}  // namespace vajrapulse::document
