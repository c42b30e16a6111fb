#include "vajrapulse/criteria/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace vajrapulse::criteria {
namespace {

/// Names and values of a test: what is put in is known.
class Table : public Names, public Values {
 public:
  Table& put(std::string name, Value value, Type type) {
    names_.push_back(std::move(name));
    values_.push_back(value);
    types_.push_back(type);
    return *this;
  }
  Expected<Binding> bind(const Reference& reference) override {
    for (std::uint32_t i = 0; i < names_.size(); ++i)
      if (names_[i] == reference.name) return Binding{i, types_[i]};
    return fail(kUsage, "'" + std::string(reference.name) + "' is no name here", "use another");
  }
  [[nodiscard]] Value at(std::uint32_t slot) const override { return values_[slot]; }

 private:
  std::vector<std::string> names_;
  std::vector<Value> values_;
  std::vector<Type> types_;
};

Table table() {
  Table t;
  t.put("p99", Value::of(12.5e6, Type::time), Type::time)
      .put("errors", Value::of(0.005, Type::share), Type::share)
      .put("tps", Value::of(950, Type::rate), Type::rate)
      .put("dropped", Value::of(0), Type::number)
      .put("size", Value::of(5000, Type::bytes), Type::bytes)
      .put("steady-state.p99.9", Value::of(2e9, Type::time), Type::time)
      .put("nothing", Value::null(), Type::time)
      .put("status", Value::of("200"), Type::any)
      .put("token", Value::null(), Type::any)
      .put("name", Value::of("anna"), Type::any)
      .put("yes", Value::boolean(true), Type::any);
  return t;
}

std::optional<bool> holds(std::string_view text) {
  Table t = table();
  auto expression = Expression::compile(text, t, Wanted::condition);
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().error().text());
  return expression ? expression->holds(t) : std::nullopt;
}

Value value(std::string_view text) {
  Table t = table();
  auto expression = Expression::compile(text, t);
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().error().text());
  return expression ? expression->evaluate(t) : Value::null();
}

Mistake mistake(std::string_view text) {
  Table t = table();
  auto expression = Expression::compile(text, t, Wanted::condition);
  EXPECT_FALSE(expression) << text;
  return expression ? Mistake{} : expression.error();
}

TEST(Expression, ComparesWithUnits) {
  for (const char* yes :
       {"p99 < 500ms", "p99 <= 12.5ms", "p99 > 12499us", "p99 < 1h30m", "errors < 1%", "errors < 0.01",
        "errors == 0.5%", "tps > 900/s", "tps > 900", "tps >= 57000/m", "dropped == 0", "size > 4KiB", "size < 5.1kB",
        "p99 > 0", "steady-state.p99.9 == 2s", "p99 != 500ms"})
    EXPECT_EQ(holds(yes), true) << yes;
  for (const char* no : {"p99 < 12ms", "errors > 1%", "tps < 900/s", "dropped != 0", "size < 4KiB", "p99 == 500ms"})
    EXPECT_EQ(holds(no), false) << no;
}

TEST(Expression, AndBindsCloserThanOr) {
  EXPECT_EQ(holds("true or false and false"), true);
  EXPECT_EQ(holds("(true or false) and false"), false);
  EXPECT_EQ(holds("not false and false"), false);
  EXPECT_EQ(holds("not (false and false)"), true);
  EXPECT_EQ(holds("not not true"), true);
}

TEST(Expression, ReckonsInTheUsualOrder) {
  EXPECT_DOUBLE_EQ(value("2 + 3 * 4").number, 14);
  EXPECT_DOUBLE_EQ(value("(2 + 3) * 4").number, 20);
  EXPECT_DOUBLE_EQ(value("20 - 5 - 3").number, 12);
  EXPECT_DOUBLE_EQ(value("17 % 5").number, 2);
  EXPECT_DOUBLE_EQ(value("-3 + 5").number, 2);
  EXPECT_DOUBLE_EQ(value("1e3 / 4").number, 250);
}

TEST(Expression, KeepsUnitsThroughArithmetic) {
  const Value time = value("p99 * 2 + 1ms");
  EXPECT_EQ(time.type, Type::time);
  EXPECT_DOUBLE_EQ(time.number, 26e6);
  const Value rate = value("0.9 * 1000/s");
  EXPECT_EQ(rate.type, Type::rate);
  EXPECT_DOUBLE_EQ(rate.number, 900);
  const Value count = value("1000/s * 2s");
  EXPECT_EQ(count.type, Type::number);
  EXPECT_DOUBLE_EQ(count.number, 2000);
  const Value per_second = value("300 / 2s");
  EXPECT_EQ(per_second.type, Type::rate);
  EXPECT_DOUBLE_EQ(per_second.number, 150);
  EXPECT_EQ(value("1s / 500ms").type, Type::number);
  EXPECT_DOUBLE_EQ(value("1s / 500ms").number, 2);
}

TEST(Expression, TakesHyphensIntoNamesAndBlanksForMinus) {
  EXPECT_EQ(mistake("steady-state < 1s").message, "'steady-state' is no name here");
  EXPECT_DOUBLE_EQ(value("dropped - 1").number, -1);
}

TEST(Expression, WhatHasNoValueDecidesNothing) {
  EXPECT_EQ(holds("nothing < 1s"), std::nullopt);
  EXPECT_EQ(holds("not (nothing < 1s)"), std::nullopt);
  EXPECT_EQ(holds("nothing + 1s < 1s"), std::nullopt);
  EXPECT_EQ(holds("nothing < 1s or true"), true);
  EXPECT_EQ(holds("nothing < 1s and false"), false);
  EXPECT_EQ(holds("nothing < 1s and true"), std::nullopt);
  EXPECT_EQ(holds("1 / 0 > 1"), std::nullopt);
  EXPECT_EQ(holds("token == null"), true);
  EXPECT_EQ(holds("token != null"), false);
  EXPECT_EQ(holds("name != null"), true);
}

TEST(Expression, ReadsNumbersFromTextsWhereItCompares) {
  EXPECT_EQ(holds("status == 200"), true);
  EXPECT_EQ(holds("status < 300 and status >= 200"), true);
  EXPECT_EQ(holds("name == 'anna'"), true);
  EXPECT_EQ(holds("name == \"an\\\"na\""), false);
  EXPECT_EQ(holds("name == 5"), false);
  EXPECT_EQ(holds("name < 5"), std::nullopt);
  EXPECT_EQ(holds("yes"), true);
}

TEST(Expression, SaysWhereAndWhatIsWrong) {
  struct Case {
    const char* text;
    std::size_t column;
    const char* message;
    const char* cure;
  };
  const Case cases[] = {
      {"", 1, "the expression is empty", "write for example p99 < 500ms"},
      {"p99 <", 6, "something is missing at the end", "write for example p99 < 500ms"},
      {"p99", 1, "a time is no condition", "compare it with something, for example p99 < 500ms"},
      {"p99 < 500", 5, "a time and a number cannot be compared", "write its unit, for example 500ms"},
      {"p99 < 500 ms", 11, "'ms' stands alone", "write 500ms without a blank"},
      {"p99 < 500mss", 7, "'500mss' is no value", "did you mean 500ms?"},
      {"errors < 5", 8, "a share lies between 0 and 1",
       "write it as per cent, for example errors < 1%; failed counts them: failed < 5"},
      {"p99 = 5ms", 5, "'=' is not part of the language", "write == to compare"},
      {"p99 < 5ms && errors < 1%", 11, "'&&' is not part of the language", "write and"},
      {"1ms < p99 < 5ms", 11, "comparisons do not follow each other", "write a < b and b < c"},
      {"(p99 < 5ms", 1, "this bracket is not closed", "write ) where it ends"},
      {"p99 < 5ms)", 10, "')' is not expected here", "join conditions by and or or"},
      {"name == 'anna", 9, "a text begins here and does not end", "end it with '"},
      {"'é' == nom", 8, "'nom' is no name here", "use another"},
      {"p99 + errors < 1s", 5, "a time and a share cannot be combined here", "give both the same unit"},
      {"dropped and true", 9, "a number is no condition", "compare it with something"},
      {"p99 < tps", 5, "a time and a rate cannot be compared", "give both the same unit"},
      {"p99 < null", 5, "a time and null cannot be compared", "write its unit, for example 500ms"},
      {"p99(5) < 1s", 5, "a name in brackets takes a text", "write for example p99(\"GET /cart\")"},
      {"p99 < $", 7, "'$' is not part of the language", "write for example p99 < 500ms and errors < 1%"},
  };
  for (const Case& each : cases) {
    const Mistake found = mistake(each.text);
    EXPECT_EQ(found.column, each.column) << each.text;
    EXPECT_EQ(found.message, each.message) << each.text;
    EXPECT_EQ(found.cure, each.cure) << each.text;
  }
  EXPECT_EQ(mistake("p99 < 500").error().text(),
            "column 5: a time and a number cannot be compared; write its unit, for example 500ms");
}

TEST(Expression, RefusesWhatIsTooDeepOrTooLong) {
  EXPECT_EQ(mistake(std::string(100, '(') + "1" + std::string(100, ')')).message, "too many levels of brackets");
  EXPECT_EQ(mistake(std::string(5'000, ' ')).message, "this expression is too long");
  std::string many = "1";
  for (int i = 0; i < 1'000; ++i)
    many += "+1";
  EXPECT_EQ(mistake(many).message, "this expression is too long");
}

TEST(Expression, ListsTheNamesItUsesOnce) {
  Table t = table();
  const auto expression = Expression::compile("p99 < 1s and (errors < 1% or p99 < 2s)", t);
  ASSERT_TRUE(expression);
  std::vector<std::string> uses;
  for (const auto& use : expression->uses())
    uses.push_back(use.text);
  EXPECT_THAT(uses, testing::ElementsAre("p99", "errors"));
  EXPECT_EQ(expression->text(), "p99 < 1s and (errors < 1% or p99 < 2s)");
}

std::optional<double> margin(std::string_view text) {
  Table t = table();
  const auto expression = Expression::compile(text, t, Wanted::condition);
  EXPECT_TRUE(expression) << text;
  const auto found = expression->margin(t);
  // The sign never says otherwise than the truth.
  const auto truth = expression->holds(t);
  EXPECT_EQ(found.has_value(), truth.has_value()) << text;
  if (found && truth) {
    EXPECT_TRUE(*truth ? *found >= 0 : *found <= 0) << text << ": " << *found;
  }
  return found;
}

// p99 is 12.5 ms, errors 0.5 %, tps 950/s.
TEST(Expression, TellsHowFarAConditionIsFromTurningOver) {
  EXPECT_DOUBLE_EQ(*margin("p99 < 50ms"), 0.75);
  EXPECT_DOUBLE_EQ(*margin("50ms > p99"), 0.75);
  EXPECT_DOUBLE_EQ(*margin("p99 < 10ms"), -0.25);
  EXPECT_DOUBLE_EQ(*margin("not (p99 < 10ms)"), 0.25);
  EXPECT_DOUBLE_EQ(*margin("tps > 1000/s"), -0.05);
  EXPECT_DOUBLE_EQ(*margin("p99 < 50ms and errors < 1%"), 0.5);
  EXPECT_DOUBLE_EQ(*margin("p99 < 10ms or errors < 1%"), 0.5);
  EXPECT_DOUBLE_EQ(*margin("dropped == 0"), 1);
  EXPECT_DOUBLE_EQ(*margin("dropped < 0"), 0);
  EXPECT_DOUBLE_EQ(*margin("name == 'bert'"), -1);
  EXPECT_DOUBLE_EQ(*margin("yes"), 1);
}

TEST(Expression, AMarginNeedsAValueOnlyWhereItIsDecidedByIt) {
  EXPECT_FALSE(margin("nothing < 1s"));
  EXPECT_FALSE(margin("nothing < 1s and errors < 1%"));
  EXPECT_DOUBLE_EQ(*margin("nothing < 1s and errors < 0.25%"), -1);
  EXPECT_DOUBLE_EQ(*margin("nothing < 1s or errors < 1%"), 0.5);
}

TEST(Value, IsShownAsPeopleReadIt) {
  EXPECT_EQ(format(Value::of(12.5e6, Type::time)), "12.5 ms");
  EXPECT_EQ(format(Value::of(-12.5e6, Type::time)), "-12.5 ms");
  EXPECT_EQ(format(Value::of(0.0)), "0");
  EXPECT_EQ(format(Value::of(1234567)), "1,234,567");
  EXPECT_EQ(format(Value::of(2.5)), "2.5");
  EXPECT_EQ(format(Value::of(0.034, Type::share)), "3.40 %");
  EXPECT_EQ(format(Value::of("VALID")), "'VALID'");
  EXPECT_EQ(format(Value::null()), "no value");
}

}  // namespace
}  // namespace vajrapulse::criteria
