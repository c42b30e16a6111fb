#include "vajrapulse/plan/answer_shapes.hpp"

#include "described.hpp"

namespace vajrapulse::plan {
namespace {

using schema::DescriptionPtr;

/// What a value has to be.
DescriptionPtr demand() {
  static const DescriptionPtr kMap =
      Described("condition on a value", "What a value of an answer has to be. Several keys: all of them hold.")
          .field("equals", any("value with `{{…}}`"), "It is this; a text alone means the same.", "paid")
          .field("not", any("value with `{{…}}`"), "It is anything else.", "failed")
          .field("contains", any("text with `{{…}}`"), "This is a part of it.", "Welcome")
          .field("not-contains", any("text with `{{…}}`"), "This is no part of it.", "Traceback")
          .field("matches", any("regular expression"), "It matches, anywhere in it (RE2).", "'^[0-9]+$'")
          .field("exists", flag(), "Whether it is there at all.", "true")
          .field("empty", flag(), "Whether nothing is in it.", "false")
          .field("count", any("number or comparison"), "How many a path or selector finds.", "\"> 0\"")
          .made();
  return either({any("value or comparison with `{{…}}`"), kMap});
}

}  // namespace

DescriptionPtr expect_description() {
  static const DescriptionPtr kExpect =
      Described("expect",
                "What an answer has to be. A value is a text, which it equals; a comparison such as \"< 10\", "
                "\">= 10\" or \"10..20\"; a map; or null, which is not there.")
          .field("status", any("status or list of statuses"), "One of them: 200, 2xx or 200..299.", "[200, 404]")
          .field("header", map_of(demand(), "header"), "Of each of these headers.",
                 "{ location: /cart, x-debug: null }")
          .field("headers", map_of(demand(), "header"), "The same.")
          .field("cookie", map_of(demand(), "cookie"), "Of cookies that this answer sets.", "{ sid: { exists: true } }")
          .field("cookies", map_of(demand(), "cookie"), "The same.")
          .field("body", demand(), "Of the body as a text; a text alone is a part of it.", "{ contains: Welcome }")
          .field("json", map_of(demand(), "JSONPath"), "Of what JSONPaths find (RFC 9535).",
                 "{ $.status: paid, $.total: \"> 10\" }")
          .field("xpath", map_of(demand(), "XPath"), "Of what XPaths find in XML.", "{ \"//order/@id\": \"17\" }")
          .field("css", map_of(demand(), "selector"), "Of what CSS selectors find in HTML.", "{ h1: Welcome }")
          .field("size", any("comparison"), "Of the body's size.", "\"< 10KB\"")
          .field("time", any("comparison"), "Of how long the answer took.", "\"< 200ms\"")
          .sample("{ status: 200, json: { $.status: paid } }")
          .made();
  return kExpect;
}

DescriptionPtr capture_description() {
  static const DescriptionPtr kSource =
      Described("capture", "Where in an answer a value comes from.")
          .field("jsonpath", any("JSONPath"), "The first value that it finds in JSON (RFC 9535).", "$.items[0].id")
          .field("regex", any("regular expression"), "Its first group, or all that matches (RE2).", "'id=([0-9]+)'")
          .field("group", any("whole number"), "Another group of `regex`; 0 is all that matches.", "2")
          .field("xpath", any("XPath"), "The first node that it finds in XML.", "//order/total")
          .field("css", any("selector"), "The text of the first element in HTML; `a@href`: an attribute of it.",
                 "\"input[name=csrf]@value\"")
          .field("attribute", any("attribute"), "That attribute of what `css` finds.", "href")
          .field("header", any("header"), "A header.", "location")
          .field("cookie", any("cookie"), "A cookie that this answer sets.", "sid")
          .field("status", flag(), "The status.", "true")
          .field("body", flag(), "The whole body.", "true")
          .field("size", flag(), "Bytes of the body.", "true")
          .field("time", flag(), "How long the answer took.", "true")
          .field("all", flag(), "All that is found, as a list for foreach, instead of the first.")
          .fallback("false")
          .field("default", any("value with `{{…}}`"), "Taken when nothing is found, instead of a failure.", "none")
          .exactly_one({"jsonpath", "regex", "xpath", "css", "header", "cookie", "status", "body", "size", "time"})
          .sample("{ jsonpath: \"$.items[*].id\", all: true }")
          .made();
  static const DescriptionPtr kCapture = map_of(either({any("JSONPath"), kSource}), "name");
  return kCapture;
}

}  // namespace vajrapulse::plan
