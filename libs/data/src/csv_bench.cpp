#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "mapping.hpp"
#include "vajrapulse/data/cursor.hpp"

namespace vajrapulse::data {
namespace {

/// A file of `rows` rows of five columns, some 60 bytes each; written once, gone at the end.
class GeneratedFile {
 public:
  explicit GeneratedFile(std::uint64_t rows)
      : path_(std::filesystem::temp_directory_path() /
              ("vajrapulse-bench-" + std::to_string(::getpid()) + "-" + std::to_string(rows) + ".csv")) {
    std::ofstream out(path_, std::ios::binary);
    std::string text = "id,username,password,age,city\n";
    for (std::uint64_t i = 0; i < rows; ++i) {
      const std::string id = std::to_string(i);
      text += id + ",user-" + id + ",\"secret, " + id + "\"," + std::to_string(18 + i % 80) + ",Somewhere upon Avon\n";
      if (text.size() < (1u << 20)) continue;
      out << text;
      text.clear();
    }
    out << text;
  }
  GeneratedFile(const GeneratedFile&) = delete;
  GeneratedFile& operator=(const GeneratedFile&) = delete;
  ~GeneratedFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

const GeneratedFile& million() {
  static const GeneratedFile file(1'000'000);
  return file;
}

std::shared_ptr<const Table> table_of(const Settings& settings) {
  auto table = open(settings);
  if (!table) throw std::runtime_error(table.error().summary().text());
  return *table;
}

const std::vector<std::string> kFour{"id", "username", "password", "age"};

/// The peer of `open_a_million_rows`: reading the same bytes and counting their lines.
void count_lines_of_a_million_rows(benchmark::State& state) {
  for (auto _ : state) {
    const auto mapping = Mapping::of_file(million().path());
    benchmark::DoNotOptimize(std::ranges::count(mapping->text(), '\n'));
  }
}
BENCHMARK(count_lines_of_a_million_rows)->Unit(benchmark::kMillisecond);

void open_a_million_rows(benchmark::State& state) {
  const Settings settings{.path = million().path()};
  for (auto _ : state)
    benchmark::DoNotOptimize(table_of(settings));
}
BENCHMARK(open_a_million_rows)->Unit(benchmark::kMillisecond);

void open_a_million_rows_with_rules(benchmark::State& state) {
  const Settings settings{.path = million().path(),
                          .columns = {{.name = "id", .type = ColumnType::integer, .min = 0, .unique = true},
                                      {.name = "username", .pattern = "user-[0-9]+", .required = true},
                                      {.name = "age", .type = ColumnType::integer, .min = 18, .max = 99}}};
  for (auto _ : state)
    benchmark::DoNotOptimize(table_of(settings));
}
BENCHMARK(open_a_million_rows_with_rules)->Unit(benchmark::kMillisecond);

void give_a_row(benchmark::State& state, Pick mode) {
  const auto table = table_of({.path = million().path()});
  const auto feed = Feed::make(table, {.mode = mode, .weights = mode == Pick::weighted ? "age" : ""}, kFour);
  const auto cursor = (*feed)->cursor();
  Row row;
  std::uint64_t k = 0;
  for (auto _ : state) {
    if (!cursor->row(k % 1'000'000, k, row)) state.SkipWithError("no row");
    benchmark::DoNotOptimize(row.field(3).data());
    ++k;
  }
}
BENCHMARK_CAPTURE(give_a_row, round_robin, Pick::round_robin);
BENCHMARK_CAPTURE(give_a_row, unique, Pick::unique);
BENCHMARK_CAPTURE(give_a_row, per_user, Pick::per_user);
BENCHMARK_CAPTURE(give_a_row, random, Pick::random);
BENCHMARK_CAPTURE(give_a_row, weighted, Pick::weighted);
BENCHMARK_CAPTURE(give_a_row, shuffle, Pick::shuffle);
BENCHMARK_CAPTURE(give_a_row, shuffle_in_windows, Pick::shuffle_in_windows);

double anonymous_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "RssAnon:") continue;
    double kib = 0;
    status >> kib;
    return kib / 1024;
  }
  return 0;
}

/// All rows of a large file once (10 GiB take minutes, and room in the temporary folder), by four cursors in turns as
/// four shards have them. The rows of a GiB are some 17 million; state.range(0) is in GiB.
void stream(benchmark::State& state, Pick mode) {
  const auto rows = std::uint64_t(state.range(0)) * 16'500'000;
  const GeneratedFile file(rows);
  double most = 0;
  for (auto _ : state) {
    const auto table = table_of({.path = file.path(), .columns = {{.name = "age", .type = ColumnType::integer}}});
    const auto feed = Feed::make(table, {.mode = mode, .on_end = OnEnd::stop_run}, kFour);
    std::vector<std::unique_ptr<Cursor>> shards(4);
    for (auto& shard : shards)
      shard = (*feed)->cursor();
    std::vector<Row> given(shards.size());
    std::uint64_t k = 0;
    while (true) {
      const auto got = shards[k % 4]->row(k, 0, given[k % 4]);
      if (!got) state.SkipWithError(got.error().message.c_str());
      if (!got || *got != Given::row) break;
      if (++k % 1'000'000 == 0) most = std::max(most, anonymous_mib());
    }
    if (k != rows) state.SkipWithError("not all rows were given");
  }
  state.counters["anonymous_MiB"] = most;
  state.counters["file_GiB"] = double(std::filesystem::file_size(file.path())) / double(1 << 30);
  state.counters["ns_a_row"] =
      benchmark::Counter(double(rows), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(stream, round_robin, Pick::round_robin)
    ->Arg(1)
    ->Arg(10)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(stream, shuffle_in_windows, Pick::shuffle_in_windows)
    ->Arg(1)
    ->Arg(10)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vajrapulse::data
