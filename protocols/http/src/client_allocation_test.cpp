#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "canned_reactor.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/cookie_jar.hpp"

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

namespace vajrapulse::http {
namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 21:30:13 GMT\r\nContent-Type: text/html\r\n"
    "Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello";

constexpr std::string_view kCookie =
    "HTTP/1.1 200 OK\r\nSet-Cookie: sid=0123456789abcdef0123456789abcdef; Path=/\r\n"
    "Content-Length: 5\r\n\r\nhello";

/// As an iteration of a plan: parts that vary, a jar of its own, the body kept.
runtime::Co<void> varying_loop(Client& client, const Scope& scope, const Prepared& request, int times, int& succeeded) {
  CookieJar jar;
  Kept kept;
  for (int i = 0; i < times; ++i) {
    if (i % 2 == 0) jar.clear();
    const std::string_view user[] = {i % 3 == 0 ? "ann" : "barbara"};
    const Varying varying{.url = i % 2 == 0 ? "/items/1" : "/items/2?all",
                          .headers = user,
                          .body = "1234",
                          .cookies = &jar,
                          .kept = &kept};
    auto sending = client.send(scope, request, varying);
    const Response response = co_await sending;
    succeeded += response.ok() && response.body() == "hello" && !jar.empty() ? 1 : 0;
  }
}

runtime::Co<void> loop(Client& client, const Scope& scope, const Prepared& request, int times, int& succeeded) {
  for (int i = 0; i < times; ++i) {
    auto sending = client.send(scope, request);
    const Response response = co_await sending;
    succeeded += response.ok() ? 1 : 0;
  }
}

TEST(ClientAllocation, ARequestInSteadyStateAllocatesNothing) {
  CannedReactor reactor(kAnswer);
  metrics::Registry registry;
  metrics::Recorder recorder(registry, reactor.now());
  runtime::Cancellation cancellation;
  Random random(1);
  const Scope scope(reactor, recorder, cancellation, random);
  auto client = Client::create(scope);
  ASSERT_TRUE(client);
  const auto request = client->prepare({.url = "http://127.0.0.1/"});
  ASSERT_TRUE(request);
  int succeeded = 0;
  const auto run = [&](int times) {
    runtime::spawn(loop(*client, scope, *request, times, succeeded));
    while (reactor.turn()) {
    }
  };
  run(1000);
  const std::uint64_t before = allocations;
  run(1000);
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(succeeded, 2000);
  EXPECT_GT(before, 0u);  // or nothing is counted
}

TEST(ClientAllocation, NorDoesOneWhosePartsVary) {
  CannedReactor reactor(kCookie);
  metrics::Registry registry;
  metrics::Recorder recorder(registry, reactor.now());
  runtime::Cancellation cancellation;
  Random random(1);
  const Scope scope(reactor, recorder, cancellation, random);
  auto client = Client::create(scope);
  ASSERT_TRUE(client);
  const auto request = client->prepare({.method = "POST", .url = "http://127.0.0.1/", .name = "n", .keep = Keep::body},
                                       {.url = Varies::Url::target, .headers = {"x-user"}, .body = true});
  ASSERT_TRUE(request) << request.error().text();
  int succeeded = 0;
  const auto run = [&](int times) {
    runtime::spawn(varying_loop(*client, scope, *request, times, succeeded));
    while (reactor.turn()) {
    }
  };
  run(1000);
  const std::uint64_t before = allocations;
  run(1000);
  const std::uint64_t first = allocations - before;  // a jar and memory to keep in, made anew
  run(5000);
  EXPECT_EQ(allocations - before - first, first);
  EXPECT_LT(first, 20u);
  EXPECT_EQ(succeeded, 7000);
}

}  // namespace
}  // namespace vajrapulse::http

#endif  // VP_SANITIZED
