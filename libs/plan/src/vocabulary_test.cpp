#include "vajrapulse/plan/vocabulary.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "test_moment.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Expression;
using criteria::Type;
using criteria::Value;
using test::Stage;

std::string judged(Stage& stage, std::string_view text) {
  const auto expression = Expression::compile(text, stage.vocabulary);
  if (!expression) return expression.error().error().text();
  stage.renew();
  return criteria::format(expression->evaluate(stage.moment.variables()));
}

TEST(Vocabulary, ExpressionsUseItsNames) {
  Stage stage;
  stage.vocabulary.constant("port", "8080");
  stage.vocabulary.constant("debug", "true", Type::boolean);
  stage.vocabulary.constant("limit", "2.5", Type::number);
  stage.vocabulary.declare("token");
  EXPECT_EQ(judged(stage, "port == 8080 and port == '8080'"), "true");
  EXPECT_EQ(judged(stage, "debug"), "true");
  EXPECT_EQ(judged(stage, "limit * 2"), "5");
  EXPECT_EQ(judged(stage, "iteration + user"), "20");
  EXPECT_EQ(judged(stage, "scenario == 'steady' and task == 'buy' and shard == 2"), "true");
  EXPECT_EQ(judged(stage, "token == null"), "true");
}

TEST(Vocabulary, ANameIsOneSlot) {
  Vocabulary vocabulary;
  const Slot one = vocabulary.declare("id");
  EXPECT_EQ(vocabulary.declare("id"), one);
  EXPECT_NE(vocabulary.declare("token"), one);
  EXPECT_EQ(vocabulary.field("users", "id"), vocabulary.field("users", "id"));
  ASSERT_EQ(vocabulary.fields().size(), 1u);
  EXPECT_EQ(vocabulary.fields()[0].source, "users");
  EXPECT_EQ(vocabulary.fields()[0].column, "id");
}

TEST(Vocabulary, MistakesNameTheNearestName) {
  Stage stage;
  stage.vocabulary.declare("token");
  stage.vocabulary.field("users", "age");
  EXPECT_EQ(judged(stage, "tokn != null"), "column 1: 'tokn' is no name here; did you mean 'token'?");
  EXPECT_EQ(judged(stage, "users.agee > 3"), "column 1: 'agee' is no column of users; did you mean 'users.age'?");
  EXPECT_EQ(judged(stage, "secret.KEY == 1"),
            "column 1: 'KEY' is no secret of this plan; name it under secrets:, and where its value comes from");
  EXPECT_EQ(judged(stage, "token(\"a\") == 1"),
            "column 1: 'token' takes nothing in brackets here; write the name alone");
}

TEST(Vocabulary, MasksSecretsAsTheyMayBeWritten) {
  Vocabulary vocabulary;
  vocabulary.secret("KEY", "a/b \"c\"");
  vocabulary.secret("SHORT", "a/b");
  EXPECT_EQ(vocabulary.masked("x=a/b \"c\"; y"), "x=***; y");
  EXPECT_EQ(vocabulary.masked("?k=a%2Fb%20%22c%22&j={\"k\":\"a/b \\\"c\\\"\"}"), "?k=***&j={\"k\":\"***\"}");
  EXPECT_EQ(vocabulary.masked("a/ba/b"), "******");
  EXPECT_EQ(vocabulary.masked("nothing"), "nothing");
}

TEST(Variables, CopyTexts) {
  Stage stage;
  const Slot one = stage.vocabulary.declare("one");
  const Slot two = stage.vocabulary.declare("two");
  stage.renew();
  Variables& variables = stage.moment.variables();
  std::string text = "short";
  variables.set(one, Value::of(std::string_view(text)));
  text = "other";
  EXPECT_EQ(variables.at(one).text, "short");
  variables.set(two, variables.at(one));
  variables.set(one, variables.at(one));
  EXPECT_EQ(variables.at(one).text, "short");
  stage.renew();
  EXPECT_TRUE(variables.at(one).is_null());
  EXPECT_TRUE(variables.at(99).is_null());
}

TEST(Moment, TheFirstFailureIsTheResult) {
  Stage stage;
  EXPECT_TRUE(stage.moment.take_result().ok());
  stage.moment.fail(Result::failure(ErrorKind("one"), "first"));
  stage.moment.branch(1).fail(Result::failure(ErrorKind("two"), "second"));
  EXPECT_TRUE(stage.moment.branch(1).iteration().index() == 17);
  EXPECT_EQ(stage.moment.take_result().message(), "first");
  EXPECT_TRUE(stage.moment.take_result().ok());
}

}  // namespace
}  // namespace vajrapulse::plan
