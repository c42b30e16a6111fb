#include <benchmark/benchmark.h>

#include <string>

#include "vajrapulse/extract/css_selector.hpp"
#include "vajrapulse/extract/json_path.hpp"
#include "vajrapulse/extract/regex.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::string_view kToken = "\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl\"";

/// An answer to a login of about `bytes`, the token at its end.
std::string login(std::size_t bytes) {
  std::string body = R"({"user":{"id":7,"name":"Anna","roles":["buyer","seller"],"active":true},"items":[)";
  for (int i = 0; body.size() + kToken.size() + 30 < bytes; ++i)
    body += (i == 0 ? "" : ",") + std::string(R"({"id":1,"price":8.95})");
  body += "]," + std::string(kToken) + "}";
  body.reserve(body.size() + 64);
  return body;
}

/// What a search for the bytes alone costs: the peer that the next ones are measured against.
void token_by_find(benchmark::State& state) {
  const std::string body = login(std::size_t(state.range(0)));
  for (auto _ : state) {
    const std::size_t begin = body.find("\"token\":\"") + 9;
    benchmark::DoNotOptimize(std::string_view(body).substr(begin, body.find('"', begin) - begin));
  }
}
BENCHMARK(token_by_find)->Arg(300)->Arg(10'000);

void token_by(benchmark::State& state, const Finder& finder) {
  const std::string body = login(std::size_t(state.range(0)));
  Reader reader;
  for (auto _ : state) {
    reader.read(body);
    benchmark::DoNotOptimize(finder.first(reader));
  }
}

void token_by_definite_path(benchmark::State& state) { token_by(state, *JsonPath::compile("$.token")); }
BENCHMARK(token_by_definite_path)->Arg(300)->Arg(10'000);

void token_by_any_path(benchmark::State& state) { token_by(state, *JsonPath::compile("$..token")); }
BENCHMARK(token_by_any_path)->Arg(300)->Arg(10'000);

void token_by_regex(benchmark::State& state) { token_by(state, *Regex::compile("\"token\":\"([^\"]+)")); }
BENCHMARK(token_by_regex)->Arg(300)->Arg(10'000);

void three_paths_of_one_body(benchmark::State& state) {
  const std::string body = login(std::size_t(state.range(0)));
  const JsonPath paths[] = {*JsonPath::compile("$.token"), *JsonPath::compile("$.user.id"),
                            *JsonPath::compile("$.user.roles[1]")};
  Reader reader;
  for (auto _ : state) {
    reader.read(body);
    for (const JsonPath& path : paths)
      benchmark::DoNotOptimize(path.first(reader));
  }
}
BENCHMARK(three_paths_of_one_body)->Arg(300)->Arg(10'000);

void csrf_by_selector(benchmark::State& state) {
  std::string page = "<html><body><form><input type=hidden name=csrf value=abc></form><table>";
  while (page.size() < std::size_t(state.range(0)))
    page += "<tr><td>cell</td><td><a href='/x'>link</a></td></tr>";
  const auto selector = CssSelector::compile("input[name=csrf]@value");
  Reader reader;
  for (auto _ : state) {
    reader.read(page);
    benchmark::DoNotOptimize(selector->first(reader));
  }
}
BENCHMARK(csrf_by_selector)->Arg(300)->Arg(10'000);

}  // namespace
}  // namespace vajrapulse::extract
