#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vajrapulse/http/request_parser.hpp"

// A request must mean the same however the network cuts it, and every view must lie inside the input.
namespace {

using namespace vajrapulse::http;
using Kind = RequestOutcome::Kind;

void require(bool holds) {
  if (!holds) std::abort();
}

bool inside(std::string_view whole, std::string_view part) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

std::string decode(const RequestHead& head, std::string_view input, std::size_t cut) {
  BodyDecoder decoder(head);
  std::string body;
  for (std::string_view given;;) {
    std::string_view piece;
    const BodyDecoder::Step step = decoder.next(given, piece);
    if (step == BodyDecoder::Step::bad) return "<bad>";
    if (step == BodyDecoder::Step::done) return body;
    if (step == BodyDecoder::Step::piece) body += piece;
    if (step != BodyDecoder::Step::more) continue;
    if (input.empty()) return body + "<more>";
    given = input.substr(0, cut);
    input.remove_prefix(given.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  RequestParser whole({});
  RequestHead head;
  const RequestOutcome outcome = whole.parse(input, head);
  RequestParser growing({});
  RequestHead grown;
  RequestOutcome last;
  for (std::size_t n = 1; n <= size && last.kind == Kind::incomplete; ++n)
    last = growing.parse(input.substr(0, n), grown);
  require(outcome.kind != Kind::complete || last.kind != Kind::incomplete);
  if (outcome.kind != Kind::complete) return 0;
  if (last.kind == Kind::complete) {
    require(last.head_bytes == outcome.head_bytes && grown.target == head.target);
    require(grown.framing == head.framing && grown.content_length == head.content_length);
  }
  require(outcome.head_bytes <= size);
  require(inside(input, head.method) && inside(input, head.target) && inside(input, head.query));
  for (const Field& field : head.fields)
    require(inside(input, field.name) && inside(input, field.value));
  const std::string copy(input.substr(0, outcome.head_bytes));
  head.rebase(input.data(), copy.data());
  require(inside(copy, head.target) && head.field("host").size() <= copy.size());
  const std::string_view body = input.substr(outcome.head_bytes);
  require(decode(head, body, 1) == decode(head, body, size));
  return 0;
}
