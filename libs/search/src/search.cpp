#include "vajrapulse/search/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vajrapulse::search {
namespace {

constexpr double kGrowth = 2;
constexpr double kLeastArrivals = 10;  // of a step: fewer say nothing
constexpr double kGoodArrivals = 200;  // a slower rate gets longer steps, up to
constexpr double kLongestStretch = 4;  // times the usual

/// Four significant digits, as a person types it again; exact in the millionths that rates have.
double rounded(double rate) {
  const double unit = std::pow(10, std::floor(std::log10(rate)) - 3);
  return std::round(std::round(rate / unit) * unit * 1e6) / 1e6;
}

bool confirmed(const Level& level, int times) { return level.runs() > times; }

}  // namespace

std::string_view name(Purpose purpose) {
  constexpr std::array<std::string_view, 6> kNames{"grow", "shrink", "bisect", "decide", "confirm", "repeat"};
  return kNames[std::size_t(purpose)];
}

std::string_view name(End end) {
  constexpr std::array<std::string_view, 6> kNames{"found",         "max-rate",    "generator",
                                                   "nothing-holds", "out-of-time", "interrupted"};
  return kNames[std::size_t(end)];
}

Search::Search(const Objectives& objectives, const Settings& settings) : objectives_(objectives), settings_(settings) {
  if (settings_.max_rate) settings_.start_rate = std::min(settings_.start_rate, *settings_.max_rate);
}

double Search::lowest_rate() const noexcept {
  return std::min(settings_.start_rate, rounded(kLeastArrivals / (settings_.step_s * kLongestStretch)));
}

double Search::step_s(double rate) const {
  return std::clamp(kGoodArrivals / rate, settings_.step_s, settings_.step_s * kLongestStretch);
}

Level& Search::level_at(double rate) {
  const auto at = std::ranges::lower_bound(levels_, rate, {}, [](const auto& level) { return level->rate(); });
  if (at != levels_.end() && (*at)->rate() == rate) return **at;
  return **levels_.insert(at, std::make_unique<Level>(rate, objectives_));
}

void Search::add(const Observation& observation) {
  ++steps_;
  spent_s_ += observation.spent_s;
  overhead_s_ = std::max(observation.spent_s - observation.seconds, 0.0);
  if (observation.generator == Generator::sound) {
    repeats_ = 0;
    level_at(observation.rate).add(observation);
    return;
  }
  const bool again = observation.generator == Generator::disturbed && repeats_ < kMostRepeats;
  if (again && asked_) {
    ++repeats_;
    repeat_ = Step{asked_->rate, asked_->seconds, Purpose::repeat};
    return;
  }
  repeats_ = 0;
  if (ceiling_ && *ceiling_ <= observation.rate) return;
  ceiling_ = observation.rate;
  ceiling_why_ = observation.why;
}

const Level* Search::failing() const {
  for (const auto& level : levels_)
    if (!level->finding().holds) return level.get();
  return nullptr;
}

const Level* Search::answer() const {
  const Level* best = nullptr;
  for (const auto& level : levels_) {
    if (!level->finding().holds) break;
    best = level.get();
  }
  return best;
}

double Search::confidence() const {
  const Level* held = answer();
  if (!held) return 0;
  const Level* failed = failing();
  const double holds = held->finding().confidence;
  return failed && end_ != End::generator ? std::min(holds, failed->finding().confidence) : holds;
}

std::optional<Step> Search::finish(End end) {
  end_ = end;
  return std::nullopt;
}

std::optional<Step> Search::next() {
  if (end_) return std::nullopt;
  asked_ = repeat_ ? std::exchange(repeat_, std::nullopt) : choose();
  const bool too_long = asked_ && settings_.most_s && spent_s_ + asked_->seconds + overhead_s_ > *settings_.most_s;
  if (too_long && steps_ > 0) {
    asked_.reset();
    return finish(End::out_of_time);
  }
  return asked_;
}

std::optional<Step> Search::choose() {
  const Level* held = answer();
  const Level* failed = failing();
  for (const Level* level : {held, failed})
    if (level)
      if (auto more = undecided(*level)) return more;
  const bool by_generator = ceiling_ && (!failed || *ceiling_ < failed->rate());
  if (!held && !failed && !ceiling_) return fresh(settings_.start_rate, Purpose::grow);
  if (!held) return below(by_generator ? *ceiling_ : failed->rate());
  if (!failed && !ceiling_) {
    if (settings_.max_rate && held->rate() >= *settings_.max_rate) return settled(held, nullptr, End::most_rate);
    return above(held->rate());
  }
  const double upper = by_generator ? *ceiling_ : failed->rate();
  if (upper <= held->rate()) return finish(End::generator);  // what held before is out of the generator's reach now
  const double precision = by_generator ? std::max(kGeneratorPrecision, settings_.precision) : settings_.precision;
  if (upper > held->rate() * (1 + precision))
    if (auto middle = between(held->rate(), upper)) return middle;
  if (by_generator) return settled(held, nullptr, End::generator);
  return settled(held, failed, End::found);
}

/// As long again as it has been measured, until it is decided or has had its looks.
std::optional<Step> Search::undecided(const Level& level) const {
  const double most = kMostLooks * step_s(level.rate());
  if (ceiling_ && *ceiling_ <= level.rate()) return std::nullopt;
  if (level.finding().decided || level.seconds() >= 0.99 * most) return std::nullopt;
  return Step{level.rate(), std::min(std::max(level.seconds(), step_s(level.rate())), most - level.seconds()),
              Purpose::decide};
}

std::optional<Step> Search::below(double failed) {
  const double rate = rounded(failed / kGrowth);
  if (failed <= lowest_rate()) return finish(ceiling_ && *ceiling_ <= failed ? End::generator : End::nothing_holds);
  return fresh(std::max(rate, lowest_rate()), Purpose::shrink);
}

std::optional<Step> Search::above(double held) {
  const double rate = rounded(held * kGrowth);
  return fresh(settings_.max_rate ? std::min(rate, *settings_.max_rate) : rate, Purpose::grow);
}

std::optional<Step> Search::between(double held, double failed) {
  const double rate = rounded(std::sqrt(held * failed));
  if (rate <= held || rate >= failed) return std::nullopt;  // nothing lies between them at four digits
  return fresh(rate, Purpose::bisect);
}

std::optional<Step> Search::settled(const Level* held, const Level* failed, End how) {
  if (!confirmed(*held, settings_.confirmations)) return fresh(held->rate(), Purpose::confirm);
  const bool reachable = failed && (!ceiling_ || failed->rate() < *ceiling_);
  if (reachable && !confirmed(*failed, std::min(settings_.confirmations, 1)))
    return fresh(failed->rate(), Purpose::confirm);
  return finish(how);
}

}  // namespace vajrapulse::search
