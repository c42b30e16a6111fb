#include "step_shape.hpp"

#include "section.hpp"
#include "vajrapulse/plan/answer_shapes.hpp"
#include "vajrapulse/schema/object.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::http_plan {
namespace {

using schema::DescriptionPtr;
using schema::Shape;
using schema::template_text;
using schema::untouched;

DescriptionPtr line_description() {
  return described(template_text({.name = "request",
                                  .about = "A method, GET unless said, and a URL: with a host of its own, or what "
                                           "follows the plan's base-url.",
                                  .least = 1,
                                  .examples = {"GET /items/{{id}}", "/items", "POST https://example.org/login"}}));
}

/// Names with a value or several.
DescriptionPtr pairs_description(std::string key, std::string about) {
  return described(schema::map_of(schema::one_or_list(template_text({.name = "value"})),
                                  {.key = std::move(key), .about = std::move(about)}));
}

DescriptionPtr multipart_description() {
  struct Part {
    std::string value, file, filename, type;
  };
  auto part = schema::object<Part>("part", "A field or a file.");
  part.field("value", &Part::value, template_text({.name = "value"}), "The text of a field.")
      .field("file", &Part::file, schema::text({.name = "file", .least = 1}), "A file in the plan's folder.")
      .example("photo.jpg")
      .field("filename", &Part::filename, schema::text({.name = "file name"}), "What the server is told it is called.")
      .example("me.jpg")
      .field("content-type", &Part::type, schema::text({.name = "media type"}), "What the part is.")
      .example("image/jpeg")
      .exactly_one({"value", "file"});
  auto plain = schema::inside(&Part::value, template_text({.name = "value"}));
  auto one = schema::by_form<Part>("part", {.scalar = plain, .map = part.shape()});
  return described(schema::map_of(schema::one_or_list(one), {.key = "field", .about = "Fields and files (RFC 7578)."}));
}

Shape<StepText> make_shape() {
  auto step = schema::object<StepText>("http step", "Sends a request and waits for its answer.");
  step.field("http", &StepText::line, untouched(line_description()), "What is sent where.")
      .required()
      .field("name", &StepText::name, untouched(described(schema::text({.name = "name", .least = 1}))),
             "What it is called in results; method and path as written unless said.")
      .example("item")
      .field("query", &StepText::query, untouched(pairs_description("parameter", "What stands behind the ? of a URL.")),
             "Values that are added to the URL, encoded.")
      .example("{ q: \"{{word}}\", page: 1 }")
      .field("headers", &StepText::headers, untouched(headers_description()), "Beside those of the http section.")
      .example("{ accept: application/json }")
      .field("auth", &StepText::auth, untouched(auth_description()), "Instead of that of the http section.")
      .example("{ bearer: \"{{token}}\" }")
      .field("json", &StepText::json, untouched(described(schema::anything("JSON value", "Any value."))),
             "A body of JSON; a value that is one placeholder keeps its type.")
      .example("{ user: \"{{users.name}}\", items: [1, 2] }")
      .field("form", &StepText::form, untouched(pairs_description("field", "Fields of a form.")),
             "A body as a form sends it: application/x-www-form-urlencoded.")
      .example("{ user: ann, password: \"{{secret.PASSWORD}}\" }")
      .field("multipart", &StepText::multipart, untouched(multipart_description()),
             "A body of fields and files: multipart/form-data.")
      .example("{ title: Me, photo: { file: photo.jpg } }")
      .field("file", &StepText::file, untouched(described(schema::text({.name = "file", .least = 1}))),
             "A body that is a file in the plan's folder, as it is.")
      .example("order.xml")
      .field("body", &StepText::body, untouched(described(template_text({.name = "body"}))), "A body as it is written.")
      .example("\"id={{id}}\"")
      .field("timeout", &StepText::timeout, schema::duration(), "Instead of that of the http section.")
      .example("5s")
      .field("redirects", &StepText::redirects, schema::integer<int>(0, 100), "Instead of those of the http section.")
      .example("5")
      .field("expect", &StepText::expect, untouched(plan::expect_description()), "What the answer has to be.")
      .example("{ status: 200, time: < 500ms }")
      .field("capture", &StepText::capture, untouched(plan::capture_description()),
             "What is taken from the answer into variables.")
      .example("{ token: $.token }")
      .field("on-failure", &StepText::on_failure,
             untouched(described(
                 schema::word("thing to do", {{"continue", "the next step runs; the iteration has failed all the same"},
                                              {"stop-iteration", "the iteration ends"},
                                              {"stop-run", "the run ends"}}))),
             "What happens when this step fails.")
      .fallback("stop-iteration")
      .at_most_one({"json", "form", "multipart", "file", "body"});
  return step;
}

}  // namespace

const Shape<StepText>& step_shape() {
  static const Shape<StepText> kShape = make_shape();
  return kShape;
}

}  // namespace vajrapulse::http_plan
