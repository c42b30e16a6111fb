#include "vajrapulse/engine/population.hpp"

#include <algorithm>

#include "wide.hpp"

namespace vajrapulse::engine {
namespace {

/// Of `users` that begin evenly over `length`, the first at once, number i does so after this.
Duration beginning_of(std::uint64_t i, std::uint64_t users, Duration length) noexcept {
  return Duration(std::int64_t(Wide(length.count()) * i / users));
}

/// Of `users` that come or go on a straight line over `length`, number i does so after this: where the line has passed
/// i and a half, so that their number is the line's, rounded.
Duration turn_of(std::uint64_t i, std::uint64_t users, Duration length) noexcept {
  return Duration(std::int64_t(Wide(length.count()) * (2 * Wide(i) + 1) / (2 * Wide(users))));
}

/// How many of them have turned by `since`.
std::uint64_t turned(Duration since, std::uint64_t users, Duration length) noexcept {
  if (since >= length) return users;
  // ⌊length · (2i + 1) / 2·users⌋ ≤ since means 2i < 2·users · (since + 1) / length − 1.
  const Wide line = 2 * Wide(users) * (Wide(since.count()) + 1);
  const Wide length_ns(length.count());
  if (line <= length_ns) return 0;
  return std::uint64_t(std::min((line - length_ns + 2 * length_ns - 1) / (2 * length_ns), Wide(users)));
}

/// How long those that have turned by `since` have done so together, in nanoseconds. Number i did at length · (2i + 1)
/// / 2·users, and the first k odd numbers add up to k².
double time_since_turned(Duration since, std::uint64_t users, Duration length) noexcept {
  if (users == 0) return 0;
  const double k = double(turned(since, users, length));
  return k * (double(since.count()) - double(length.count()) * k / (2 * double(users)));
}

/// Where in a rhythm of `length` a user begins: multiples of the golden ratio lie evenly however many they are.
Duration moment_of(std::uint64_t user, Duration length) noexcept {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;  // 2⁶⁴/φ
  return Duration(std::int64_t((Wide(user * kGolden) * Wide(length.count())) >> 64));
}

/// The first such moment at `t` or later.
Duration next_moment(std::uint64_t user, Duration t, Duration rhythm) noexcept {
  if (rhythm <= Duration::zero()) return t;
  const Duration since = (t - moment_of(user, rhythm)) % rhythm;
  return since == Duration::zero() ? t : t - since + (since > Duration::zero() ? rhythm : Duration::zero());
}

}  // namespace

Population Population::level(std::uint64_t users, Duration spread) { return ramp(users, users, {}, spread); }

Population Population::ramp(std::uint64_t from, std::uint64_t to, Duration length, Duration spread) {
  return Population(
      {{.begin = {}, .before = 0, .line_begin = {}, .from = from, .to = to, .length = length, .spread = spread}});
}

Population Population::with(Stage stage) const {
  Population changed = *this;
  std::erase_if(changed.stages_, [&](const Stage& each) { return each.begin >= stage.begin; });
  stage.before = changed.at(stage.begin);
  changed.stages_.push_back(stage);
  return changed;
}

Population Population::changed(Duration at, std::uint64_t users, Duration spread) const {
  return with({.begin = at, .before = 0, .line_begin = at, .from = users, .to = users, .length = {}, .spread = spread});
}

Population Population::returned(Duration at, const Population& plan, Duration spread) const {
  Stage stage = plan.stages_.back();
  stage.begin = at;
  stage.spread = spread;
  return with(stage);
}

std::uint64_t Population::at(const Stage& stage, Duration t) noexcept {
  const Duration since = t - stage.line_begin;
  if (since >= stage.length) return stage.to;
  if (stage.from <= stage.to) return stage.from + turned(since, stage.to - stage.from, stage.length);
  return stage.from - turned(since, stage.from - stage.to, stage.length);
}

std::uint64_t Population::at(Duration t) const noexcept {
  const auto next = std::ranges::find_if(stages_, [&](const Stage& stage) { return stage.begin > t; });
  return next == stages_.begin() ? 0 : at(*std::prev(next), t);
}

double Population::user_time(const Stage& stage, Duration begin, Duration end) noexcept {
  const bool rises = stage.from <= stage.to;
  const std::uint64_t users = rises ? stage.to - stage.from : stage.from - stage.to;
  const double turned = time_since_turned(end - stage.line_begin, users, stage.length) -
                        time_since_turned(begin - stage.line_begin, users, stage.length);
  return double(stage.from) * double((end - begin).count()) + (rises ? turned : -turned);
}

/// The stages within [begin, end), each with its part of that.
template <class Visit>
void Population::each_within(Duration begin, Duration end, Visit visit) const {
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Duration from = std::max(begin, stages_[i].begin);
    const Duration until = i + 1 < stages_.size() ? std::min(end, stages_[i + 1].begin) : end;
    if (from < until) visit(stages_[i], from, until);
  }
}

double Population::user_time(Duration begin, Duration end) const noexcept {
  double sum = 0;
  each_within(begin, end,
              [&](const Stage& stage, Duration from, Duration until) { sum += user_time(stage, from, until); });
  return sum;
}

std::uint64_t Population::most(Duration begin, Duration end) const noexcept {
  std::uint64_t most = 0;
  each_within(begin, end, [&](const Stage& stage, Duration from, Duration until) {
    most = std::max({most, at(stage, from), at(stage, until - Duration(1))});
  });
  return most;
}

std::uint64_t Population::most() const noexcept {
  std::uint64_t most = 0;
  for (const Stage& stage : stages_)
    most = std::max({most, at(stage, stage.begin), stage.to});
  return most;
}

/// Within one stage, as if it never ended.
std::optional<Population::Stint> Population::stint(const Stage& stage, std::uint64_t user) noexcept {
  const std::uint64_t at_once = at(stage, stage.begin);
  if (user >= std::max(at_once, stage.to)) return std::nullopt;
  Stint stint{.joins = stage.begin, .leaves = Duration::max()};
  if (user >= at_once) {
    const Duration turn = turn_of(user - stage.from, stage.to - stage.from, stage.length);
    stint.joins = next_moment(user, stage.line_begin + turn, stage.spread);
  } else if (user >= stage.before) {
    stint.joins += beginning_of(user - stage.before, at_once - stage.before, stage.spread);
  }
  if (user >= stage.to)
    stint.leaves = stage.line_begin + turn_of(stage.from - 1 - user, stage.from - stage.to, stage.length);
  return stint;
}

std::optional<Population::Stint> Population::stint(std::uint64_t user, Duration t) const noexcept {
  std::optional<Stint> found;
  Duration begins{};  // of who was to begin in an earlier stage and had not yet
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    auto part = stint(stages_[i], user);
    if (!part) {
      begins = {};
      continue;
    }
    if (user < stages_[i].before) part->joins = std::max(part->joins, begins);
    begins = part->joins;
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
