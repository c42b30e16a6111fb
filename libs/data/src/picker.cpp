#include "vajrapulse/data/picker.hpp"

#include <cassert>
#include <cmath>
#include <vector>

#include "mix.hpp"
#include "permutation.hpp"
#include "words.hpp"

namespace vajrapulse::data {
namespace {

constexpr Words<Pick, 7> kPicks{{{"round-robin", Pick::round_robin},
                                 {"random", Pick::random},
                                 {"weighted", Pick::weighted},
                                 {"unique", Pick::unique},
                                 {"per-user", Pick::per_user},
                                 {"shuffle", Pick::shuffle},
                                 {"shuffle-in-windows", Pick::shuffle_in_windows}}};
constexpr Words<OnEnd, 4> kOnEnds{{{"wrap", OnEnd::wrap},
                                   {"stop-scenario", OnEnd::stop_scenario},
                                   {"stop-run", OnEnd::stop_run},
                                   {"fail", OnEnd::fail}}};
constexpr std::uint64_t kLargestWindow = std::uint64_t{1} << 20;

bool is_endless(Pick mode) { return mode == Pick::random || mode == Pick::weighted || mode == Pick::per_user; }

Status check_weights(std::span<const double> weights, std::uint64_t rows) {
  if (weights.size() != rows) return fail(kUsage, "there are not as many weights as rows");
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0) || !std::isfinite(weight))
      return fail(kUsage, "a weight is below 0 or no number", "give each row a weight of 0 or more");
    sum += weight;
  }
  if (sum > 0 && std::isfinite(sum)) return {};
  return fail(kUsage, sum > 0 ? "the weights are too large to be added" : "all weights are 0",
              "give at least one row a weight above 0, for example 1");
}

}  // namespace

Expected<Pick> parse_pick(std::string_view word) { return parse_word("way to pick rows", word, kPicks); }
std::string_view word_of(Pick pick) { return word_for(pick, kPicks); }
Expected<OnEnd> parse_on_end(std::string_view word) { return parse_word("on-end", word, kOnEnds); }
std::string_view word_of(OnEnd on_end) { return word_for(on_end, kOnEnds); }

Status check(const PickSettings& settings) {
  const std::string mode(word_of(settings.mode));
  if (settings.on_end && is_endless(settings.mode))
    return fail(kUsage, "pick: " + mode + " never comes to an end", "leave on-end out");
  if (settings.mode == Pick::unique && settings.on_end == OnEnd::wrap)
    return fail(kUsage, "pick: unique gives each row once, and on-end: wrap would give them again",
                "write pick: round-robin, or another on-end such as stop-scenario");
  if (settings.mode == Pick::weighted && settings.weights.empty())
    return fail(kUsage, "pick: weighted needs a column of weights", "name it, for example weights: share");
  if (settings.mode != Pick::weighted && !settings.weights.empty())
    return fail(kUsage, "pick: " + mode + " does not go by weights", "write pick: weighted, or leave weights out");
  if (settings.mode == Pick::shuffle_in_windows && (settings.window < 2 || settings.window > kLargestWindow))
    return fail(kUsage, "a window of " + std::to_string(settings.window) + " rows cannot be shuffled",
                "write a window of 2 to " + std::to_string(kLargestWindow));
  return {};
}

std::optional<OnEnd> on_end_of(const PickSettings& settings) {
  if (is_endless(settings.mode)) return std::nullopt;
  if (settings.on_end) return settings.on_end;
  return settings.mode == Pick::unique ? OnEnd::stop_scenario : OnEnd::wrap;
}

/// Walker's alias table: a column of equal width for each row, part of it the row's own, the rest another's.
struct Picker::Aliases {
  struct Column {
    std::uint32_t own;    ///< of 2^32, how much is the row's
    std::uint32_t other;  ///< whose the rest is
  };
  std::vector<Column> columns;

  explicit Aliases(std::span<const double> weights) {
    const std::uint64_t count = weights.size();
    double sum = 0;
    std::uint64_t heaviest = 0;
    for (std::uint64_t row = 0; row < count; ++row) {
      sum += weights[row];
      if (weights[row] > weights[heaviest]) heaviest = row;
    }
    std::vector<double> height(count);
    std::vector<std::uint64_t> low;
    std::vector<std::uint64_t> high;
    for (std::uint64_t row = 0; row < count; ++row) {
      height[row] = weights[row] / sum * double(count);
      (height[row] < 1 ? low : high).push_back(row);
    }
    // What rounding leaves over is a whole column, but never of a row that weighs nothing.
    columns.resize(count);
    for (std::uint64_t row = 0; row < count; ++row)
      columns[row] =
          weights[row] > 0 ? Column{~std::uint32_t{0}, std::uint32_t(row)} : Column{0, std::uint32_t(heaviest)};
    while (!low.empty() && !high.empty()) {
      const std::uint64_t row = low.back();
      const std::uint64_t giver = high.back();
      low.pop_back();
      columns[row] = {std::uint32_t(height[row] * 0x1p32), std::uint32_t(giver)};
      height[giver] -= 1 - height[row];
      if (height[giver] >= 1) continue;
      high.pop_back();
      low.push_back(giver);
    }
  }

  [[nodiscard]] std::uint64_t row_for(std::uint64_t hash) const {
    const Wide product = Wide(hash) * columns.size();
    const auto row = std::uint64_t(product >> 64);
    return std::uint32_t(std::uint64_t(product) >> 32) < columns[row].own ? row : columns[row].other;
  }

  void expect(std::uint64_t hash) const {
    __builtin_prefetch(&columns[std::uint64_t(Wide(hash) * columns.size() >> 64)]);
  }
};

Picker::Picker(const PickSettings& settings, std::uint64_t rows)
    : mode_(settings.mode),
      seed_(settings.seed),
      offset_(settings.offset),
      window_(settings.window),
      rows_(rows),
      on_end_(on_end_of(settings)) {}

Expected<Picker> Picker::make(const PickSettings& settings, std::uint64_t rows, std::span<const double> weights) {
  assert(rows > 0);
  if (auto sound = check(settings); !sound) return std::unexpected(std::move(sound.error()));
  Picker picker(settings, rows);
  if (settings.mode != Pick::weighted) return picker;
  if (rows > 0xffff'ffff) return fail(kUsage, "there are too many rows to be weighted");
  if (auto sound = check_weights(weights, rows); !sound) return std::unexpected(std::move(sound.error()));
  picker.aliases_ = std::make_shared<const Aliases>(weights);
  return picker;
}

std::uint64_t Picker::shuffled(std::uint64_t k) const {
  return permuted(k % rows_, rows_, split_mix_at(seed_, k / rows_));
}

std::uint64_t Picker::shuffled_in_window(std::uint64_t k) const {
  const std::uint64_t place = k % rows_;
  const std::uint64_t window = place / window_;
  const std::uint64_t first = window * window_;
  return first + permuted_in_window(place - first, std::min(window_, rows_ - first), seed_, k / rows_, window);
}

void Picker::expect(std::uint64_t k) const {
  if (mode_ == Pick::weighted) aliases_->expect(split_mix_at(seed_, k + offset_));
}

std::optional<std::uint64_t> Picker::pick(std::uint64_t k, std::uint64_t user) const {
  k += offset_;
  if (k >= rows_ && on_end_ && on_end_ != OnEnd::wrap) return std::nullopt;
  switch (mode_) {
    case Pick::random: return std::uint64_t(Wide(split_mix_at(seed_, k)) * rows_ >> 64);
    case Pick::weighted: return aliases_->row_for(split_mix_at(seed_, k));
    case Pick::per_user: return user % rows_;
    case Pick::shuffle: return shuffled(k);
    case Pick::shuffle_in_windows: return shuffled_in_window(k);
    case Pick::unique: return k;
    case Pick::round_robin: break;
  }
  return k < rows_ ? k : k % rows_;
}

}  // namespace vajrapulse::data
