#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/script/interpreter.hpp"

// Any text ends within small limits, and the interpreter goes on afterwards.
namespace {

using namespace vajrapulse::script;

class Nothing : public Surroundings {
 public:
  std::optional<Value> get(std::string_view name) override {
    if (name == "token") return Value::of("abc");
    if (name == "users.name") return Value::of(7);
    return std::nullopt;
  }
  bool has_fields(std::string_view name) override { return name == "users"; }
  vajrapulse::Status set(std::string_view, const Value&) override { return {}; }
  void log(std::string_view) override {}
  vajrapulse::Random& random() override { return random_; }
  std::uint64_t iteration() override { return 1; }
  std::uint64_t user() override { return 2; }

 private:
  vajrapulse::Random random_{1};
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  Interpreter interpreter({.memory_bytes = 1 << 20, .total_bytes = 4 << 20, .instructions = 50'000});
  Nothing around;
  Environment environment;
  const auto chunk = interpreter.compile(source);
  if (chunk) {
    const auto ran = interpreter.run(*chunk, environment, around);
    require(ran || !ran.error().kind.name().empty());
  } else {
    require(chunk.error().line > 0 && !chunk.error().message.empty());
  }
  const auto after = interpreter.compile("assert(string.rep('x', 3) == 'xxx' and token == 'abc')");
  Environment next;
  require(after && interpreter.run(*after, next, around));
  return 0;
}
