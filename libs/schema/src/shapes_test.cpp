#include "vajrapulse/schema/shapes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_yaml.hpp"
#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::schema {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The message and cure of the only finding, without its place.
template <class T>
std::string mistake(const Shape<T>& shape, const std::string& text) {
  const auto found = read_yaml(shape, text).found;
  if (found.size() != 1) return fmt::format("{} findings: {}", found.size(), fmt::join(found, " | "));
  return found[0].substr(found[0].find(' ') + 1);
}

TEST(Texts, AreAnyScalar) {
  EXPECT_EQ(read_yaml(text(), "hello").value, "hello");
  EXPECT_EQ(read_yaml(text(), "1.50").value, "1.50");
  EXPECT_EQ(read_yaml(text(), "true").value, "true");
  EXPECT_EQ(read_yaml(text(), "\"\"").value, "");
}

TEST(Texts, HaveALengthAndAPattern) {
  EXPECT_EQ(mistake(text({.name = "tag", .least = 1, .examples = {"blue"}}), "\"\""),
            "a tag must not be empty; write for example blue");
  EXPECT_EQ(mistake(text({.name = "tag", .least = 3}), "é1"),
            "'é1' is too short for a tag: at least 3 characters are needed; ");
  EXPECT_EQ(mistake(text({.name = "tag", .most = 2}), "abc"), "3 characters are too many for a tag; write at most 2");
  const auto code = text({.name = "code", .pattern = "[A-Z]{2}", .pattern_words = "two large letters"});
  EXPECT_EQ(read_yaml(code, "DE").value, "DE");
  EXPECT_EQ(mistake(code, "de"), "'de' is no code: it must be two large letters; ");
  EXPECT_EQ(mistake(code, std::string(5000, 'A')), "5000 characters are too many for a code; write at most 1000");
}

TEST(Texts, AreNoListsAndNotNothing) {
  EXPECT_EQ(mistake(text({.examples = {"hello"}}), "[a]"),
            "the value must be a text, and this is a list; write for example hello");
  EXPECT_EQ(mistake(text({.name = "greeting", .examples = {"hello"}}), "~"),
            "the value has no value; write for example hello");
}

TEST(Texts, PlaceholdersAreKeptInTemplatesOnly) {
  EXPECT_EQ(read_yaml(template_text(), "\"a {{b}}\"").value, "a {{b}}");
  EXPECT_EQ(mistake(text(), "\"a {{b}}\""),
            "'a {{b}}' has to be known before the run, and no variables are known here; write the value itself");
}

TEST(Constants, StandForPlaceholders) {
  EXPECT_EQ((read_yaml<std::int64_t, KnowsRate>(rate(), "\"{{rate}}\"").value), 500'000'000);
  EXPECT_EQ((read_yaml<std::int64_t, KnowsRate>(integer(), "\"{{rate}}\"").value), 500);
}

TEST(Constants, AMistakeInOneIsShownAtAllOfIt) {
  EXPECT_THAT((read_yaml<Duration, KnowsRate>(duration(), "\"{{rate}}\"").found),
              ElementsAre("1:2+8 '500' is no time: the unit is missing; write 500s, 500m or 500ms"));
}

TEST(Truths, AreTwoWords) {
  EXPECT_TRUE(read_yaml(boolean(), "true").value);
  EXPECT_TRUE(read_yaml(boolean(), "\"true\"").value);
  EXPECT_EQ(mistake(boolean(), "off"), "'off' is neither true nor false; write false");
  EXPECT_EQ(mistake(boolean(), "True"), "'True' is neither true nor false; write true");
  EXPECT_EQ(mistake(boolean(), "maybe"), "'maybe' is neither true nor false; write true or false");
  EXPECT_EQ(mistake(boolean(), "{}"), "the value must be true or false, and this is a map; write for example true");
}

TEST(Numbers, AreWholeAndInRange) {
  EXPECT_EQ(read_yaml(integer<std::uint16_t>(1), "65535").value, 65535);
  EXPECT_EQ(mistake(integer<std::uint16_t>(1), "65536"), "'65536' is too large; write 65535 or less");
  EXPECT_EQ(mistake(integer<std::uint16_t>(1), "0"), "'0' is too small; write 1 or more");
  EXPECT_EQ(mistake(integer(), "99999999999999999999"), "'99999999999999999999' is too large; write for example 10");
  EXPECT_EQ(mistake(integer(), "ten"), "'ten' is no whole number; write for example 10");
  EXPECT_EQ(mistake(integer(), "10s"), "'10s' is no whole number; write 10 without a unit");
  EXPECT_EQ(mistake(integer(), "1,000"), "'1,000' is no whole number; write 1000");
  EXPECT_EQ(mistake(integer(20, 30), "\"\""), "'' is no whole number; write for example 20");
}

TEST(Numbers, MayHaveAPoint) {
  EXPECT_DOUBLE_EQ(read_yaml(number(), "-1.5e3").value, -1500);
  EXPECT_EQ(mistake(number(0, 1), "1.5"), "'1.5' is too large; write 1 or less");
  EXPECT_EQ(mistake(number(2), "inf"), "'inf' is no number; write for example 2");
}

TEST(Times, HaveAUnit) {
  EXPECT_EQ(read_yaml(duration(), "1h30m").value, 90min);
  EXPECT_EQ(read_yaml(duration(), "0").value, 0ns);
  EXPECT_EQ(mistake(duration(), "10"), "'10' is no time: the unit is missing; write 10s, 10m or 10ms");
  EXPECT_EQ(mistake(duration(), "10 seconds"),
            "'10 seconds' is no time: 'seconds' is no unit (ns, us, ms, s, m, h, d); write 10s");
  EXPECT_EQ(mistake(duration(), "5min"), "'5min' is no time: 'min' is no unit (ns, us, ms, s, m, h, d); write 5m");
  EXPECT_EQ(mistake(duration(), "1 fortnight"),
            "'1 fortnight' is no time: 'fortnight' is no unit (ns, us, ms, s, m, h, d); write a number and a unit, for "
            "example 500ms, 30s or 1h30m");
  EXPECT_EQ(mistake(duration(), "[10s]"), "the value must be a time, and this is a list; write for example 10s");
}

TEST(Rates, AreBySecondUnlessTheySay) {
  EXPECT_EQ(read_yaml(rate(), "90/m").value, 1'500'000);
  EXPECT_EQ(mistake(rate(), "1000 tps"), "'1000 tps' is no rate: 'tps' is not understood (/s, /m, /h); write 1000/s");
  EXPECT_EQ(mistake(rate(), "1,000"), "'1,000' is no rate: ',000' is not understood (/s, /m, /h); write 1000");
  EXPECT_EQ(mistake(rate(), "1,000 rps"),
            "'1,000 rps' is no rate: ',000 rps' is not understood (/s, /m, /h); write 1000/s");
}

TEST(Sizes, HaveKnownUnits) {
  EXPECT_EQ(read_yaml(bytes(), "4KiB").value, 4096U);
  EXPECT_EQ(mistake(bytes(), "4kb"), "'4kb' is no size: 'kb' is no unit (B, KB, KiB, MB, MiB, GB, GiB); write 4KB");
  EXPECT_EQ(mistake(bytes(), "4k"), "'4k' is no size: 'k' is no unit (B, KB, KiB, MB, MiB, GB, GiB); write 4KiB");
}

TEST(Shares, ArePartsOfAll) {
  EXPECT_DOUBLE_EQ(read_yaml(share(), "5%").value, 0.05);
  EXPECT_DOUBLE_EQ(read_yaml(share(), "0.05").value, 0.05);
  EXPECT_EQ(mistake(share(), "50"), "'50' is no share: it is more than all; write 50%");
  EXPECT_EQ(mistake(share(), "150%"), "'150%' is no share: it is more than all; write at most 100%");
  EXPECT_EQ(mistake(share(), "half"), "'half' is no share; write a part of all, for example 5% or 0.05");
}

TEST(Written, IsCheckedAndKept) {
  EXPECT_EQ(read_yaml(as_written(rate()), "0.50/s").value, "0.50/s");
  EXPECT_EQ((read_yaml<std::string, KnowsRate>(as_written(rate()), "\"{{rate}}\"").value), "500");
  EXPECT_EQ(mistake(as_written(rate()), "1000 tps"),
            "'1000 tps' is no rate: 'tps' is not understood (/s, /m, /h); write 1000/s");
}

TEST(Choices, AreNearOrListed) {
  const auto kind = word("kind of arrivals", {{"even", {}}, {"poisson", {}}, {"as-recorded", {}}});
  EXPECT_EQ(read_yaml(kind, "poisson").value, "poisson");
  EXPECT_EQ(mistake(kind, "poison"), "'poison' is no kind of arrivals; did you mean 'poisson'?");
  EXPECT_EQ(mistake(kind, "AS_RECORDED"), "'AS_RECORDED' is no kind of arrivals; did you mean 'as-recorded'?");
  EXPECT_EQ(mistake(kind, "random"), "'random' is no kind of arrivals; write even, poisson or as-recorded");
}

std::expected<int, Mistake> adds_up(std::string_view text) {
  const std::size_t bad = text.find('x');
  if (bad == std::string_view::npos) return int(text.size());
  return std::unexpected(Mistake{.column = bad + 1, .length = 1, .message = "no x here", .cure = "remove it"});
}

TEST(Languages, PointIntoTheScalar) {
  const auto sum = custom<int>({.name = "sum"}, adds_up);
  EXPECT_EQ(read_yaml(sum, "1 + 2").value, 5);
  EXPECT_THAT(read_yaml(sum, "1 + x").found, ElementsAre("1:5+1 no x here; remove it"));
  EXPECT_THAT(read_yaml(sum, "\"1 + x\"").found, ElementsAre("1:6+1 no x here; remove it"));
  EXPECT_THAT(read_yaml(sum, "'1 + x'").found, ElementsAre("1:6+1 no x here; remove it"));
}

TEST(Languages, ShowAllOfAScalarThatTheFileWritesOtherwise) {
  const auto sum = custom<int>({.name = "sum"}, adds_up);
  EXPECT_THAT(read_yaml(sum, "\"1\\t+ x\"").found, ElementsAre("1:2+6 no x here; remove it"));
  EXPECT_THAT(read_yaml(list_of(sum), "- |\n  1 +\n  x\n").found,
              ElementsAre(testing::EndsWith("no x here; remove it")));
}

TEST(Languages, MayReportSeveralMistakes) {
  const auto letters = custom<int>({.name = "sum"}, [](std::string_view) -> std::expected<int, std::vector<Mistake>> {
    return std::unexpected(std::vector<Mistake>{{1, 1, "first", {}}, {3, 2, "second", {}}});
  });
  EXPECT_THAT(read_yaml(letters, "a bc").found, ElementsAre("1:1+1 first; ", "1:3+2 second; "));
}

TEST(Lists, ReadAllItemsWhateverIsWrongWithOne) {
  EXPECT_THAT(
      read_yaml(list_of(duration()), "[ 1s, 2, 3s, x ]").found,
      ElementsAre("1:7+1 '2' is no time: the unit is missing; write 2s, 2m or 2ms", testing::StartsWith("1:14")));
  EXPECT_THAT(read_yaml(list_of(integer()), "[ 1, [ 2 ] ]").found,
              ElementsAre("1:6+1 an item must be a whole number, and this is a list; write for example - 10"));
}

TEST(Lists, AreWrittenAsLists) {
  EXPECT_EQ(mistake(list_of(duration()), "1s"),
            "the value must be a list of times, and this is a text; write for example [ 10s ]");
  EXPECT_EQ(read_yaml(one_or_list(duration()), "1s").value.size(), 1U);
  EXPECT_EQ(read_yaml(one_or_list(duration()), "[1s, 2s]").value.size(), 2U);
  EXPECT_EQ(mistake(list_of(duration(), {.least = 1}), "[]"), "the value must not be empty; write for example [ 10s ]");
}

TEST(Maps, KeepTheOrderAndPlacesOfTheirKeys) {
  const auto read = read_yaml(map_of(text()), "b: 1\na: 2\n");
  ASSERT_EQ(read.value.size(), 2U);
  EXPECT_EQ(read.value[0].key.value, "b");
  EXPECT_EQ(read.value[1].key.place.line, 2U);
}

TEST(Maps, CheckTheirKeys) {
  const auto tasks = map_of(text(), {.key = "task name", .names = Names::kebab});
  EXPECT_THAT(read_yaml(tasks, "buyNow: a\n9lives: b\n").found,
              ElementsAre("1:1+6 'buyNow' is no task name: it must be lower-case words joined by '-'; write buy-now",
                          "2:1+6 '9lives' is no task name: it must be lower-case words joined by '-'; write for "
                          "example steady-state"));
  const auto headers = map_of(text(), {.key = "header", .ignore_case = true});
  EXPECT_THAT(read_yaml(headers, "Accept: a\naccept: b\n").found,
              ElementsAre("2:1+6 'Accept' and 'accept' are the same header; remove one; the first is at plan.yml:1:1"));
}

struct Item {
  std::string name;
};
TEST(Lists, ItemsHaveNamesOfTheirOwn) {
  const auto items =
      list_of(object<Item>("item", "").field("name", &Item::name, text(), "").shape(), {.unique = "name"});
  EXPECT_THAT(read_yaml(items, "- name: a\n- name: b\n- name: a\n").found,
              ElementsAre("3:9+1 two items have the name 'a'; write another name here; the first is at plan.yml:1:9"));
}

TEST(Anything, IsGivenAsItIs) {
  document::Diagnostics found;
  Reading reading(found);
  document::Node node{.kind = document::Node::Kind::list};
  const document::Node* into = nullptr;
  EXPECT_TRUE(anything("extra", "")->read(node, into, reading));
  EXPECT_EQ(into, &node);
  EXPECT_TRUE(accepts(text(), document::Node{.kind = document::Node::Kind::scalar, .text = "a"}));
  EXPECT_FALSE(accepts(text(), node));
}

}  // namespace
}  // namespace vajrapulse::schema
