#include "vajrapulse/plan/template.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <string_view>

#include "test_moment.hpp"
#include "vajrapulse/plan/errors.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;
using test::Stage;

/// What `text` becomes; "column 3: message; cure" of all its mistakes, or the Error of the rendering.
std::string rendered(Stage& stage, std::string_view text, Encoding encoding = Encoding::raw) {
  const auto compiled = Template::compile(text, stage.vocabulary, encoding);
  std::string out;
  if (!compiled) {
    for (const criteria::Mistake& mistake : compiled.error())
      out += (out.empty() ? "" : "\n") + std::to_string(mistake.column) + "+" + std::to_string(mistake.length) + ": " +
             mistake.message + "; " + mistake.cure;
    return out;
  }
  const Status status = compiled->render(stage.moment, out);
  return status ? out : status.error().text();
}

struct Filled : Stage {
  explicit Filled(std::uint64_t seed = 1) : Stage(seed) {
    vocabulary.constant("base-url", "http://127.0.0.1:8080");
    vocabulary.constant("count", "5", Type::number);
    vocabulary.secret("API_KEY", "s3cr3t/+");
    token = vocabulary.declare("token");
    number = vocabulary.declare("number");
    name = vocabulary.field("users", "username");
    vocabulary.field("users", "password");
    renew();
  }
  Slot token = 0, number = 0, name = 0;
};

TEST(Template, FillsInNames) {
  Filled stage;
  stage.moment.variables().set(stage.token, Value::of("abc"));
  stage.moment.variables().set(stage.name, Value::of("anna"));
  EXPECT_EQ(rendered(stage, "Bearer {{token}}!"), "Bearer abc!");
  EXPECT_EQ(rendered(stage, "{{ users.username }}/{{token}}"), "anna/abc");
  EXPECT_EQ(rendered(stage, "{{base-url}}/cart"), "http://127.0.0.1:8080/cart");
  EXPECT_EQ(rendered(stage, "{{iteration}} {{user}} {{shard}} {{scenario}} {{task}}"), "17 3 2 steady buy");
  EXPECT_EQ(rendered(stage, "{{secret.API_KEY}}"), "s3cr3t/+");
  EXPECT_EQ(rendered(stage, ""), "");
}

TEST(Template, BracesThatAreNone) {
  Filled stage;
  stage.moment.variables().set(stage.token, Value::of("abc"));
  EXPECT_EQ(rendered(stage, "{{{{token}}"), "{{token}}");
  EXPECT_EQ(rendered(stage, "{{{{{{token}}"), "{{abc");
  EXPECT_EQ(rendered(stage, R"({"a":{{{token}}}})"), R"({"a":{abc}})");
  EXPECT_EQ(rendered(stage, R"({"a":{"b":1}})"), R"({"a":{"b":1}})");
  EXPECT_EQ(rendered(stage, "{"), "{");
}

TEST(Template, WritesNumbersAsShortAsTheyReadBack) {
  Filled stage;
  const auto written = [&](const Value& value) {
    stage.moment.variables().set(stage.number, value);
    return rendered(stage, "{{number}}");
  };
  EXPECT_EQ(written(Value::of(1.0)), "1");
  EXPECT_EQ(written(Value::of(1.5)), "1.5");
  EXPECT_EQ(written(Value::of(0.1)), "0.1");
  EXPECT_EQ(written(Value::of(-100000.0)), "-100000");
  EXPECT_EQ(written(Value::of(123456789012.0)), "123456789012");
  EXPECT_EQ(written(Value::of(1e300)), "1e+300");
  EXPECT_EQ(written(Value::boolean(true)), "true");
  EXPECT_EQ(written(Value::of(5e8, Type::time)), "500ms");
}

TEST(Template, WhatIsFilledInNeverBecomesStructure) {
  Filled stage;
  const auto written = [&](std::string_view value, Encoding encoding) {
    stage.moment.variables().set(stage.token, Value::of(value));
    return rendered(stage, "{{token}}", encoding);
  };
  // RFC 3986 section 2.1: percent-encoding of UTF-8.
  EXPECT_EQ(written("a b&c=d/é", Encoding::query), "a%20b%26c%3Dd%2F%C3%A9");
  EXPECT_EQ(written("/a b?c=d&e#f\"", Encoding::url), "/a%20b?c=d&e%23f%22");
  EXPECT_EQ(written("/a%20b 100%", Encoding::url), "/a%20b%20100%25");
  EXPECT_EQ(written("a%20b", Encoding::query), "a%2520b");
  // RFC 8259 section 7.
  EXPECT_EQ(written("a\"b\\c\n\x01/é", Encoding::json), "a\\\"b\\\\c\\n\\u0001/é");
  EXPECT_EQ(written("a\"b\n", Encoding::raw), "a\"b\n");
  EXPECT_EQ(written("a\r\nset-cookie: x=1", Encoding::header),
            "'token' holds a line end, which no header can; take the line end out of it, or send it in the body");
  EXPECT_EQ(written("{{secret.API_KEY}}", Encoding::raw), "{{secret.API_KEY}}");
}

TEST(Template, ConstantsAreEncodedWhenItIsCompiled) {
  Filled stage;
  const auto compiled = Template::compile("{{secret.API_KEY}}", stage.vocabulary, Encoding::query);
  ASSERT_TRUE(compiled);
  EXPECT_TRUE(compiled->constant());
  EXPECT_TRUE(compiled->secret());
  EXPECT_EQ(compiled->text(), "s3cr3t%2F%2B");
}

TEST(Template, KnowsWhatItIs) {
  Filled stage;
  const auto of = [&](std::string_view text) { return *Template::compile(text, stage.vocabulary); };
  EXPECT_TRUE(of("plain").constant());
  EXPECT_FALSE(of("plain").single());
  EXPECT_FALSE(of("{{token}}").constant());
  EXPECT_TRUE(of("{{token}}").single());
  EXPECT_FALSE(of("{{token}} ").single());
  EXPECT_FALSE(of("{{token}}{{token}}").single());
  EXPECT_TRUE(of("{{count}}").single());
  EXPECT_FALSE(of("{{token}}").secret());
  EXPECT_EQ(of("a {{token}}").text(), "a {{token}}");
  EXPECT_TRUE(Template().constant());
  EXPECT_EQ(Template().text(), "");
}

TEST(Template, ASinglePlaceholderKeepsItsType) {
  Filled stage;
  const auto value = [&](std::string_view text) {
    return Template::compile(text, stage.vocabulary)->value(stage.moment);
  };
  stage.moment.variables().set(stage.number, Value::of(2.5));
  EXPECT_EQ(value("{{number}}").type, Type::number);
  EXPECT_EQ(value("{{number}}").number, 2.5);
  EXPECT_EQ(value("{{number}}0").type, Type::text);
  EXPECT_EQ(value("{{number}}0").text, "2.50");
  EXPECT_EQ(value("{{count}}").number, 5);
  EXPECT_EQ(value("{{count}}").type, Type::number);
  EXPECT_EQ(value("{{iteration}}").number, 17);
  EXPECT_TRUE(value("{{token}}").is_null());
  EXPECT_TRUE(value("x{{token}}").is_null());
}

TEST(Template, ANameWithoutValueIsAnError) {
  Filled stage;
  const auto compiled = Template::compile("Bearer {{token}}", stage.vocabulary);
  std::string out;
  const Status status = compiled->render(stage.moment, out);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, kNoValue);
  EXPECT_EQ(status.error().text(),
            "'token' has no value here; capture it in a step that comes before, or give its capture a default");
}

TEST(Template, UuidsAreRandomOnesOfVersionFour) {
  Filled stage;
  const std::string one = rendered(stage, "{{uuid()}}");
  EXPECT_TRUE(std::regex_match(one, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
      << one;
  EXPECT_NE(one, rendered(stage, "{{uuid()}}"));
}

TEST(Template, TheSameSeedGivesTheSamePicks) {
  const std::string_view text = "{{uuid()}} {{random_int(1,1000000)}} {{random_string(20)}}";
  Filled one(7), same(7), other(8);
  EXPECT_EQ(rendered(one, text), rendered(same, text));
  EXPECT_NE(rendered(one, text), rendered(other, text));
}

TEST(Template, RandomIntegersHoldBothEnds) {
  Filled stage;
  int seen[3] = {};
  for (int i = 0; i < 300; ++i)
    ++seen[std::stoi(rendered(stage, "{{random_int(-1, 1)}}")) + 1];
  for (const int times : seen)
    EXPECT_GT(times, 60);
  EXPECT_EQ(rendered(stage, "{{random_int(4,4)}}"), "4");
  stage.moment.variables().set(stage.number, Value::of("7"));
  EXPECT_EQ(rendered(stage, "{{random_int(7,number)}}"), "7");
  EXPECT_EQ(rendered(stage, "{{random_int(5,count)}}"), "5");
  EXPECT_EQ(rendered(stage, "{{random_int(17,iteration)}}"), "17");
  EXPECT_EQ(rendered(stage, "{{random_int(9,number)}}"), "random_int from 9 to 7 holds no number");
  stage.moment.variables().set(stage.number, Value::of("many"));
  EXPECT_EQ(rendered(stage, "{{random_int(9,number)}}"), "'number' is no whole number here");
}

TEST(Template, RandomStringsAreLettersAndDigits) {
  Filled stage;
  EXPECT_TRUE(std::regex_match(rendered(stage, "{{random_string(40)}}"), std::regex("[0-9A-Za-z]{40}")));
  EXPECT_EQ(rendered(stage, "{{random_string(0)}}"), "");
  stage.moment.variables().set(stage.number, Value::of(1e9));
  EXPECT_EQ(rendered(stage, "{{random_string(number)}}"), "random_string makes 0 to 65,536 characters, not 1000000000");
}

TEST(Template, NowIsTheCalendarInUtc) {
  Filled stage;  // whose calendar begins at 2026-01-01T00:00:00Z, a Thursday
  EXPECT_EQ(rendered(stage, "{{now()}}"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(rendered(stage, "{{now('%FT%T')}}"), "2026-01-01T00:00:00");
  stage.world.step_calendar(std::chrono::hours(24 * 58) + std::chrono::hours(15) + std::chrono::milliseconds(61'007));
  // date -u -d '2026-02-28T15:01:01Z' +'%a %A %b %B %e %j %y %C %I %p %u %w %s %D %R'
  EXPECT_EQ(rendered(stage, "{{now('%a %A %b %B %e %j %y %C %I %p %u %w %s %D %R %L %%')}}"),
            "Sat Saturday Feb February 28 059 26 20 03 PM 6 6 1772290861 02/28/26 15:01 007 %");
  EXPECT_EQ(rendered(stage, "{{now('%T')}}", Encoding::query), "15%3A01%3A01");
}

TEST(TemplateMistakes, Braces) {
  Filled stage;
  EXPECT_EQ(rendered(stage, "é {{token"),
            "3+2: '{{' begins here and does not end; end it with }}; for two braces as they are write {{{{");
  EXPECT_EQ(rendered(stage, "{{token and {{token}}"),
            "13+2: '{{' begins again before '}}'; end the one before it with }}; placeholders cannot stand in each "
            "other");
  EXPECT_EQ(rendered(stage, "a{{ }}"),
            "2+5: nothing stands between '{{' and '}}'; write a name, for example {{token}}; for two braces as they "
            "are write {{{{");
}

TEST(TemplateMistakes, Names) {
  Filled stage;
  EXPECT_EQ(rendered(stage, "x {{tokn}} {{users.usernam}}"),
            "5+4: 'tokn' is no name here; did you mean 'token'?\n"
            "14+13: 'usernam' is no column of users; did you mean 'users.username'?");
  EXPECT_EQ(rendered(stage, "{{colour}}"),
            "3+6: 'colour' is no name here; define it under variables:, or capture it in an earlier step");
  EXPECT_EQ(rendered(stage, "{{users.mail}}"),
            "3+10: 'mail' is no column of users; its columns are password, username");
  EXPECT_EQ(rendered(stage, "{{secret.API_KEZ}}"),
            "3+14: 'API_KEZ' is no secret of this plan; did you mean 'secret.API_KEY'?");
  EXPECT_EQ(rendered(stage, "{{9lives}}"),
            "3+1: '9' cannot begin a placeholder; write a name, {{token}}, or a function, {{uuid()}}");
  EXPECT_EQ(rendered(stage, "{{token | upper}}"),
            "9+1: '|' cannot stand in a placeholder; a placeholder is one name, {{token}}, or one function, "
            "{{uuid()}}");
  EXPECT_EQ(rendered(stage, "{{users username}}"),
            "9+8: 'username' cannot stand in a placeholder; a placeholder is one name, {{token}}, or one function, "
            "{{uuid()}}");
}

TEST(TemplateMistakes, Functions) {
  Filled stage;
  EXPECT_EQ(rendered(stage, "{{uuid}}"), "3+4: 'uuid' is a function; write {{uuid()}}");
  EXPECT_EQ(rendered(stage, "{{token()}}"), "3+5: 'token' is no function; write {{token}}");
  EXPECT_EQ(rendered(stage, "{{uid()}}"), "3+3: 'uid' is no function; did you mean uuid()?");
  EXPECT_EQ(rendered(stage, "{{upper('a')}}"),
            "3+5: 'upper' is no function; the functions are uuid(), random_int(1,100), random_string(12) and "
            "now('%FT%T')");
  EXPECT_EQ(rendered(stage, "{{random_int(1)}}"),
            "3+13: 'random_int' takes two whole numbers; write for example {{random_int(1,100)}}");
  EXPECT_EQ(rendered(stage, "{{uuid(4)}}"), "3+7: 'uuid' takes nothing; write for example {{uuid()}}");
  EXPECT_EQ(rendered(stage, "{{random_int(1, 'b')}}"),
            "17+3: random_int takes whole numbers, and ''b'' is none; write for example random_int(1,100)");
  EXPECT_EQ(rendered(stage, "{{random_int(1.5,2)}}"),
            "14+3: random_int takes whole numbers, and '1.5' is none; write for example random_int(1,100)");
  EXPECT_EQ(rendered(stage, "{{random_int(1,base-url)}}"),
            "16+8: random_int takes whole numbers, and 'base-url' is none; write for example random_int(1,100)");
  EXPECT_EQ(rendered(stage, "{{random_int(1,maximum)}}"),
            "16+7: 'maximum' is no name here; define it under variables:, or capture it in an earlier step");
  EXPECT_EQ(rendered(stage, "{{random_int(10,1)}}"),
            "3+16: random_int from 10 to 1 holds no number; write the smaller number first");
  EXPECT_EQ(rendered(stage, "{{random_string(100000)}}"),
            "17+6: random_string makes 0 to 65,536 characters; write for example random_string(12)");
  EXPECT_EQ(rendered(stage, "{{random_int(1,2}}"), "13+4: '(' begins here and does not end; end it with )");
  EXPECT_EQ(rendered(stage, "{{random_int(1 2)}}"),
            "16+1: '2' cannot stand here; write , or ) behind what a function takes");
  EXPECT_EQ(rendered(stage, "{{random_int(1,)}}"),
            "16+1: something is missing before ')'; write a number, a text in quotes or a name");
  EXPECT_EQ(rendered(stage, "{{uuid() x}}"),
            "10+1: 'x' cannot stand behind a function; a placeholder is one name, {{token}}, or one function, "
            "{{uuid()}}");
  EXPECT_EQ(rendered(stage, "{{now(%F)}}"),
            "7+1: something is missing before '%'; write a number, a text in quotes or a name");
  EXPECT_EQ(rendered(stage, "{{now(5)}}"), "7+1: the format of now stands in quotes; write for example now('%FT%T')");
  EXPECT_EQ(rendered(stage, "{{now('%F %q')}}"),
            "11+2: '%q' is no part of a format; write for example now('%Y-%m-%d %H:%M:%S'); %s gives seconds since "
            "1970, %L milliseconds, %% a per cent sign");
}

TEST(TemplateMistakes, HeadersHoldNoLineEnds) {
  Filled stage;
  stage.vocabulary.constant("two-lines", "a\nb");
  EXPECT_EQ(rendered(stage, "a\nb", Encoding::header),
            "2+1: a header's value cannot hold a line end; write it in one line");
  EXPECT_EQ(rendered(stage, "{{two-lines}}", Encoding::header),
            "3+9: 'two-lines' holds a line end, which no header can; take the line end out of it");
  EXPECT_EQ(rendered(stage, "{{now('%T%n')}}", Encoding::header),
            "7+6: a header's value cannot hold a line end; write it in one line");
  EXPECT_EQ(rendered(stage, "{{two-lines}}"), "a\nb");
}

TEST(TemplateMistakes, AreBounded) {
  Filled stage;
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "{{nobody}}";
  EXPECT_EQ(Template::compile(text, stage.vocabulary).error().size(), 20u);
}

}  // namespace
}  // namespace vajrapulse::plan
