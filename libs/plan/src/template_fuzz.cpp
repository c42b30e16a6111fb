#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "test_moment.hpp"
#include "vajrapulse/plan/template.hpp"

// Whatever compiles must render, with values and without, in every encoding; whatever does not must point into the
// text. What is filled in must not end a header or a JSON string.
namespace {

using namespace vajrapulse::plan;
using vajrapulse::criteria::Value;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view kNasty = "a\"b\\c\r\n{{token}} %/?#&=\x01\xc3\xa9";

void check(test::Stage& stage, std::string_view text, Encoding encoding) {
  const auto compiled = Template::compile(text, stage.vocabulary, encoding);
  if (!compiled) {
    require(!compiled.error().empty());
    for (const auto& mistake : compiled.error())
      require(mistake.column > 0 && mistake.column <= text.size() + 1 && !mistake.message.empty());
    return;
  }
  std::string out;
  const bool rendered = compiled->render(stage.moment, out).has_value();
  if (compiled->constant()) require(rendered && out == compiled->text());
  if (rendered && encoding == Encoding::header)
    require(out.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  if (rendered && encoding == Encoding::query && compiled->single())
    require(out.find_first_of("\"\\\r\n%/?#&= {}") == std::string::npos || out.find('%') != std::string::npos);
  (void)compiled->value(stage.moment);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static test::Stage stage;
  static const Slot token = [] {
    stage.vocabulary.constant("base", "http://a/b c");
    stage.vocabulary.secret("KEY", "\"s\n");
    stage.vocabulary.declare("empty");
    stage.vocabulary.field("users", "name");
    return stage.vocabulary.declare("token");
  }();
  stage.renew();
  stage.moment.variables().set(token, Value::of(kNasty));
  for (const Encoding encoding : {Encoding::raw, Encoding::url, Encoding::query, Encoding::json, Encoding::header})
    check(stage, text, encoding);
  return 0;
}
