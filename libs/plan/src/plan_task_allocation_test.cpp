#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include "test_plan.hpp"
#include "vajrapulse/plan/captures.hpp"
#include "vajrapulse/plan/checks.hpp"

// Sanitizers bring an operator new of their own (and frames are not pooled under them): nothing to count there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VP_SANITIZED 1
#endif
#endif
#ifndef VP_SANITIZED

// Every allocation of this test program is counted; the test looks at those between two points.
namespace {
std::uint64_t allocations = 0;
}

void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vajrapulse::plan {
namespace {

struct Canned final : Answer {
  [[nodiscard]] std::uint32_t status() const override { return 200; }
  [[nodiscard]] std::uint64_t size() const override { return text.size(); }
  [[nodiscard]] Duration time() const override { return Duration(1000); }
  [[nodiscard]] std::optional<std::string_view> header(std::string_view, std::size_t) const override { return "/cart"; }
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view) const override { return "s1"; }
  [[nodiscard]] std::string_view body() const override { return text; }
  std::string text = R"({"token":"a token that is longer than fits a string itself","id":17})" + std::string(100, ' ');
};

/// Judges an answer that is always the same, as a protocol's step does.
class Ask final : public Step {
 public:
  Ask(Checks checks, Captures captures) : checks_(std::move(checks)), captures_(std::move(captures)) {}
  [[nodiscard]] bool waits() const noexcept override { return false; }
  Flow now(Moment& moment) override {
    reader_.read(answer_.text);
    moment.fail(checks_.verify(answer_, moment, reader_));
    moment.fail(captures_.take(answer_, moment, reader_));
    return Flow::next;
  }

 private:
  Checks checks_;
  Captures captures_;
  Canned answer_;
  extract::Reader reader_;
};

runtime::Co<void> loop(PlanTask& task, Iteration& iteration, int times, int& succeeded) {
  for (int i = 0; i < times; ++i) {
    auto working = task.execute(iteration);
    const Result result = co_await working;
    succeeded += result.ok() ? 1 : 0;
  }
}

TEST(PlanTaskAllocation, AnIterationInSteadyStateAllocatesNothing) {
  test::Play play(
      "main:\n"
      "- set: { who: 'user {{user}} of {{random_string(40)}} at {{now()}}', n: { value: iteration * 2 } }\n"
      "- ask: here\n"
      "  expect: { status: 200, header: { location: /cart }, json: { $.id: 17, $.token: { contains: token } } }\n"
      "  capture: { token: $.token, id: $.id, sid: { cookie: sid } }\n"
      "- if: id == 17 and token != null\n"
      "  then: [ { think: 0 }, { set: { bearer: 'Bearer {{token}} {{uuid()}}' } } ]\n"
      "- weighted: [ { weight: 1, steps: [ { set: { last: '{{bearer}}' } } ] } ]\n"
      "- task: other\n"
      "- repeat: { times: 3, as: i }\n"
      "  steps: [ { set: { page: '{{i}}' } } ]\n"
      "- parallel: [ [ { set: { left: 1 } } ], [ { set: { right: 1 } } ] ]\n"
      "other: [ { stop-iteration: id != 17 } ]\n");
  play.kinds.push_back({.key = "ask", .about = {}, .compile = [](const document::Node& step, Compiler& compiler) {
                          return std::make_unique<Ask>(Checks::compile(*step.find("expect"), compiler),
                                                       Captures::compile(*step.find("capture"), compiler));
                        }});
  Program program = play.compile();
  ASSERT_TRUE(play.diagnostics.ok()) << play.diagnostics.written(document::Format::text);
  PlanTask task(std::move(program));
  int succeeded = 0;
  runtime::spawn(loop(task, play.iteration, 100, succeeded));
  const std::uint64_t before = allocations;
  runtime::spawn(loop(task, play.iteration, 1000, succeeded));
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(succeeded, 1100);
  EXPECT_GT(before, 0u);  // or nothing is counted
}

}  // namespace
}  // namespace vajrapulse::plan

#endif  // VP_SANITIZED
