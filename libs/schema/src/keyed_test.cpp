#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_yaml.hpp"
#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Step {
  std::string http;
  std::string body;
  Duration think{};
  std::vector<Step> repeat;
  std::string parallel;
};

Shape<Step> step() {
  const auto http = object<Step>("http step", "A request.")
                        .field("http", &Step::http, template_text(), "Method and URL.")
                        .example("GET /")
                        .field("json", &Step::body, template_text(), "The body.")
                        .field("parallel", &Step::parallel, text(), "A number.");
  const auto think = object<Step>("think step", "A pause.").field("think", &Step::think, duration(), "How long.");
  const auto parallel = object<Step>("parallel step", "At once.").field("parallel", &Step::parallel, text(), "What.");
  return keyed<Step>("step", "What a user does.", {{"http", http}, {"think", think}, {"parallel", parallel}});
}

std::vector<std::string> found(const std::string& text) { return read_yaml(step(), text).found; }

TEST(Keyed, AKeyTellsTheKind) {
  EXPECT_EQ(read_yaml(step(), "{ http: GET /, json: x }").value.body, "x");
  EXPECT_EQ(read_yaml(step(), "think: 1s").value.think, std::chrono::seconds(1));
  EXPECT_EQ(read_yaml(step(), "parallel: a").value.parallel, "a");
}

TEST(Keyed, AFieldOfAnotherKindIsNoSecondKind) { EXPECT_THAT(found("{ parallel: a, http: GET / }"), IsEmpty()); }

TEST(Keyed, NoneOfTheKeys) {
  EXPECT_THAT(found("htpp: GET /"),
              ElementsAre("1:1+4 a step needs one of: http, think, parallel; did you mean 'http'?"));
  EXPECT_THAT(found("{ zzzzz: 1 }"),
              ElementsAre("1:1+1 a step needs one of: http, think, parallel; write for example { http: GET / }"));
  EXPECT_THAT(found("GET /"),
              ElementsAre("1:1+5 a step must be a map, and this is a text; write for example { http: GET / }"));
}

TEST(Keyed, TwoOfTheKeys) {
  EXPECT_THAT(found("{ think: 1s, http: GET / }"),
              ElementsAre("1:14+4 'think' and 'http' are two steps, and this is one; write each as a step of its own"));
}

TEST(Keyed, AKeyOfAnotherKindSaysWhose) {
  EXPECT_THAT(found("{ think: 1s, json: x }"),
              ElementsAre("1:14+4 'json' is a key of an http step, and this is a think step; remove it"));
  EXPECT_THAT(found("{ think: 1s, jsn: x }"), ElementsAre("1:14+3 'jsn' is no key of a think step; its key is think"));
}

}  // namespace
}  // namespace vajrapulse::schema
