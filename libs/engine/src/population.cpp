#include "vajrapulse/engine/population.hpp"

#include <algorithm>

#include "wide.hpp"

namespace vajrapulse::engine {
namespace {

/// Of `users` that come or go evenly over `length`, number i does so after this.
Duration offset_of(std::uint64_t i, std::uint64_t users, Duration length) noexcept {
  return Duration(std::int64_t(Wide(length.count()) * i / users));
}

/// How many of them, counted from 0, have an offset of `since` or less.
std::uint64_t offsets_until(Duration since, std::uint64_t users, Duration length) noexcept {
  if (since >= length) return users;
  // ⌊length · i / users⌋ ≤ since means i < (since + 1) · users / length.
  const Wide count = ((Wide(since.count()) + 1) * users + Wide(length.count()) - 1) / Wide(length.count());
  return std::uint64_t(std::min(count, Wide(users)));
}

}  // namespace

Population Population::level(std::uint64_t users, Duration spread) { return ramp(users, users, {}, spread); }

Population Population::ramp(std::uint64_t from, std::uint64_t to, Duration length, Duration spread) {
  return Population({{.begin = {}, .before = 0, .from = from, .to = to, .length = length, .spread = spread}});
}

Population Population::with(Stage stage) const {
  Population changed = *this;
  std::erase_if(changed.stages_, [&](const Stage& each) { return each.begin >= stage.begin; });
  stage.before = changed.at(stage.begin);
  changed.stages_.push_back(stage);
  return changed;
}

Population Population::changed(Duration at, std::uint64_t users, Duration spread) const {
  return with({.begin = at, .before = 0, .from = users, .to = users, .length = {}, .spread = spread});
}

Population Population::returned(Duration at, const Population& plan, Duration spread) const {
  const Stage& last = plan.stages_.back();
  const Duration left = std::max(last.begin + last.length - at, Duration::zero());
  return with({.begin = at, .before = 0, .from = plan.at(at), .to = last.to, .length = left, .spread = spread});
}

std::uint64_t Population::at(Duration t) const noexcept {
  const auto next = std::ranges::find_if(stages_, [&](const Stage& stage) { return stage.begin > t; });
  if (next == stages_.begin()) return 0;
  const Stage& stage = *std::prev(next);
  const Duration since = t - stage.begin;
  if (since >= stage.length) return stage.to;
  if (stage.from <= stage.to) return stage.from + offsets_until(since, stage.to - stage.from, stage.length);
  return stage.from - (offsets_until(since, stage.from - stage.to, stage.length) - 1);
}

std::uint64_t Population::most() const noexcept {
  std::uint64_t most = 0;
  for (const Stage& stage : stages_)
    most = std::max({most, stage.from, stage.to});
  return most;
}

/// Within one stage, as if it never ended.
std::optional<Population::Stint> Population::stint(const Stage& stage, std::uint64_t user) noexcept {
  const auto [begin, before, from, to, length, spread] = stage;
  if (user >= std::max(from, to)) return std::nullopt;
  Stint stint{.joins = begin, .leaves = Duration::max()};
  if (user >= from) {
    stint.joins += offset_of(user - from, to - from, length);
  } else if (user >= before) {
    stint.joins += offset_of(user - before, from - before, spread);
  }
  if (user >= to) stint.leaves = begin + offset_of(from - user, from - to, length);
  return stint;
}

std::optional<Population::Stint> Population::stint(std::uint64_t user, Duration t) const noexcept {
  std::optional<Stint> found;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    auto part = stint(stages_[i], user);
    if (!part) continue;
    if (i + 1 < stages_.size()) part->leaves = std::min(part->leaves, stages_[i + 1].begin);
    if (part->joins >= part->leaves) continue;
    if (found && found->leaves == part->joins) {
      found->leaves = part->leaves;
      continue;
    }
    if (found && found->leaves > t) return found;
    found = part;
  }
  return found && found->leaves > t ? found : std::nullopt;
}

}  // namespace vajrapulse::engine
