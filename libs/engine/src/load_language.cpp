#include "vajrapulse/engine/load_language.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "load_words.hpp"
#include "sequence.hpp"
#include "sine.hpp"
#include "slope.hpp"
#include "spikes.hpp"
#include "sum.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {
namespace {

constexpr std::string_view kExample = "for example: ramp 0..1000/s 10s, hold 30s";
constexpr std::string_view kSineExample = "for example: sine 1000/s ± 300 period 1m for 10m";
constexpr std::string_view kSpikeExample = "for example: spike 1000/s to 5000/s every 1m for 10s, 5m";
constexpr Duration kLongest = std::chrono::hours(24 * 366 * 10);
constexpr Duration kLongestPeriod = std::chrono::hours(24 * 366);

std::unexpected<Error> wrong(std::size_t place, std::string_view what, std::string_view cure) {
  return fail(kUsage, fmt::format("at character {}: {}", place, what), std::string(cure));
}

std::unexpected<Error> wrong(const LoadWord& word, std::string_view what, std::string_view cure) {
  return wrong(word.place, fmt::format("'{}' {}", word.text, what), cure);
}

/// A load that begins with a digit is none: it is a time that belongs to the load before it.
bool is_number(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

std::uint64_t ns_of(Duration duration) { return std::uint64_t(duration.count()); }

/// Reads clause after clause of one part; what the one before ended at is where `hold` and `ramp TO` begin.
class Reader {
 public:
  explicit Reader(const LoadPart& part) : clauses_(part.clauses) {}

  Expected<std::vector<Stage>> read() {
    while (at_ < clauses_.size()) {
      next_ = 0;
      if (Status status = read_stages(); !status) return std::unexpected(status.error());
      if (const LoadWord* word = take())
        return wrong(*word, "is one word too many", "separate loads by a comma, as in: static 10/s 1m, hold 5m");
      ++at_;
      if (!stages_.back().length && at_ < clauses_.size())
        return wrong(clauses_[at_ - 1].end, "a time is missing",
                     "only the last load may go on for ever; say how long this one lasts, such as 30s");
    }
    return std::move(stages_);
  }

 private:
  /// Adding a load means adding its line here.
  struct Verb {
    std::string_view word;
    Status (Reader::*read)();
  };
  static constexpr std::size_t kVerbs = 6;
  static const Verb kTable[kVerbs];

  static std::string verbs() {
    std::string list;
    for (std::size_t i = 0; i < kVerbs; ++i)
      list += (i == 0 ? "" : i + 1 == kVerbs ? " or " : ", ") + std::string(kTable[i].word);
    return list;
  }

  Status read_stages() {
    const LoadWord* word = take();
    if (!word) return wrong(end(), "a load is missing here", fmt::format("write {}; {}", verbs(), kExample));
    for (const Verb& verb : kTable)
      if (verb.word == word->text) return (this->*verb.read)();
    if (is_number(word->text) && parse_duration(word->text))
      return wrong(*word, "stands alone", fmt::format("only a spike's length follows a comma; {}", kSpikeExample));
    return wrong(*word, "is not a load", fmt::format("write {}; {}", verbs(), kExample));
  }

  Status read_static() {
    const Expected<RateMillionths> rate = take_rate("static needs a rate", "for example: static 1000/s 10m");
    if (!rate) return std::unexpected(rate.error());
    return add_slope(Slope::Word::static_rate, *rate, *rate);
  }

  Status read_hold() {
    if (stages_.empty())
      return wrong(clause().words.front(), "has no rate before it to go on with",
                   "begin with static or ramp, for example: static 1000/s 5m");
    return add_slope(Slope::Word::hold, level_, level_);
  }

  Status read_ramp() {
    const LoadWord* word = take();
    if (!word) return wrong(end(), "ramp needs rates", "for example: ramp 0..1000/s 10s");
    const auto rates = read_ramp_rates(*word);
    if (!rates) return std::unexpected(rates.error());
    if (!peek())
      return wrong(end(), "ramp needs a time", fmt::format("say how long it takes: ramp {} 30s", word->text));
    return add_slope(Slope::Word::ramp, rates->first, rates->second);
  }

  Expected<std::pair<RateMillionths, RateMillionths>> read_ramp_rates(const LoadWord& word) {
    const std::size_t dots = word.text.find("..");
    if (dots == std::string_view::npos) {
      if (stages_.empty())
        return wrong(word, "says only where the ramp ends", fmt::format("say both ends: ramp 0..{} 30s", word.text));
      const Expected<RateMillionths> to = read_rate(word, word.text);
      if (!to) return std::unexpected(to.error());
      return std::pair(level_, *to);
    }
    const std::string_view high = word.text.substr(dots + 2);
    const Expected<RateMillionths> from = read_rate(word, with_unit_of(word.text.substr(0, dots), high));
    if (!from) return std::unexpected(from.error());
    const Expected<RateMillionths> to = read_rate(word, high);
    if (!to) return std::unexpected(to.error());
    return std::pair(*from, *to);
  }

  /// "0..1000/s", "1000/m ± 300": the unit stands once.
  static std::string with_unit_of(std::string_view rate, std::string_view other) {
    const std::size_t unit = other.find('/');
    if (rate.find('/') != std::string_view::npos || unit == std::string_view::npos) return std::string(rate);
    return std::string(rate) + std::string(other.substr(unit));
  }

  /// Rate and time in turn; only the last step may go on.
  Status read_step() {
    for (auto word = Slope::Word::step; word == Slope::Word::step || peek(); word = Slope::Word::next_step) {
      const Expected<RateMillionths> rate =
          take_rate("step needs rates and times", "for example: step 100/s 30s 200/s 1m 500/s 30s");
      if (!rate) return std::unexpected(rate.error());
      if (Status status = add_slope(word, *rate, *rate); !status) return status;
    }
    return {};
  }

  Status read_sine() {
    const LoadWord* mean_word = peek();
    const Expected<RateMillionths> mean = take_rate("sine needs a mean rate", kSineExample);
    if (!mean) return std::unexpected(mean.error());
    if (Status status = expect(kPlusMinus, "sine needs ± (or +-) and how far it swings", kSineExample); !status)
      return status;
    const LoadWord* swing_word = take();
    if (!swing_word) return wrong(end(), "sine needs how far it swings", kSineExample);
    const Expected<RateMillionths> amplitude = read_rate(*swing_word, with_unit_of(swing_word->text, mean_word->text));
    if (!amplitude) return std::unexpected(amplitude.error());
    if (*amplitude > *mean)
      return wrong(*swing_word, fmt::format("swings below nothing from a mean of {}/s", rate_number(*mean)),
                   fmt::format("swing by at most {}", rate_number(*mean)));
    if (*mean + *amplitude > kHighestRate)
      return wrong(*swing_word, "makes it too fast", "the highest rate is 1000000000/s");
    if (Status status = expect("period", "sine needs a period", kSineExample); !status) return status;
    const Expected<Duration> period = take_time("sine needs the time of a period", kSineExample, kLongestPeriod);
    if (!period) return std::unexpected(period.error());
    if (peek() && peek()->text == "for") {
      (void)take();
      if (!peek()) return wrong(end(), "sine needs a time after 'for'", kSineExample);
    } else if (const LoadWord* word = peek(); word && is_number(word->text)) {
      return wrong(*word, "lacks its 'for'", fmt::format("write: for {}", word->text));
    }
    return add(std::make_shared<const Sine>(Sine::Shape{*mean, *amplitude, ns_of(*period)}));
  }

  /// What follows the next comma is this spike's length when it is a time and nothing else.
  Status read_spike() {
    Spikes::Shape shape;
    const Expected<RateMillionths> base = take_rate("spike needs a rate", kSpikeExample);
    if (!base) return std::unexpected(base.error());
    if (Status status = expect("to", "spike needs 'to' and the rate of the spike", kSpikeExample); !status)
      return status;
    const Expected<RateMillionths> spike = take_rate("spike needs the rate of the spike", kSpikeExample);
    if (!spike) return std::unexpected(spike.error());
    shape.base = *base;
    shape.spike = *spike;
    return read_spike_times(shape);
  }

  Status read_spike_times(Spikes::Shape shape) {
    const std::size_t verb_place = clause().words.front().place;
    const Expected<std::optional<Duration>> interval = take_after("every");
    if (!interval) return std::unexpected(interval.error());
    const Expected<std::optional<Duration>> lasts = take_after("for");
    if (!lasts) return std::unexpected(lasts.error());
    const LoadWord& last_word = clause().words[next_ - 1];
    shape.repeats = interval->has_value();
    shape.says_how_long = lasts->has_value();
    if ((shape.repeats || shape.says_how_long) && !peek()) join_length();
    const Expected<std::optional<Duration>> length = take_length();
    if (!length) return std::unexpected(length.error());
    if (!shape.repeats && !*length)
      return wrong(end(), "a single spike needs to know how long the load is",
                   "say so, as in: spike 1000/s to 5000/s 5m; or repeat it: spike 1000/s to 5000/s every 1m for 10s");
    const Duration room = shape.repeats ? **interval : **length;
    shape.interval_ns = ns_of(room);
    shape.spike_ns = shape.says_how_long ? ns_of(**lasts) : shape.interval_ns / 10;
    if (shape.spike_ns > shape.interval_ns)
      return wrong(last_word, fmt::format("is longer than the {} it is to fit into", format_exact(room)),
                   kSpikeExample);
    if (shape.spike_ns == 0)
      return wrong(verb_place, "there is no room for a spike", "give it 10ns at least to be a tenth of");
    stages_.push_back({std::make_shared<const Spikes>(shape), *length});
    return account();
  }

  /// Goes on in the next clause if that is the length of this load.
  void join_length() {
    if (at_ + 1 >= clauses_.size()) return;
    const std::vector<LoadWord>& words = clauses_[at_ + 1].words;
    if (words.size() != 1 || !is_number(words.front().text)) return;
    ++at_;
    next_ = 0;
  }

  /// The time behind `word`, where that comes next.
  Expected<std::optional<Duration>> take_after(std::string_view word) {
    if (!peek() || peek()->text != word) return std::optional<Duration>{};
    (void)take();
    const Expected<Duration> time =
        take_time(fmt::format("a time is missing after '{}'", word), kSpikeExample, kLongestPeriod);
    if (!time) return std::unexpected(time.error());
    return std::optional(*time);
  }

  Status expect(std::string_view word, std::string_view what, std::string_view cure) {
    const LoadWord* next = take();
    if (!next) return wrong(end(), what, cure);
    if (next->text != word) return wrong(*next, fmt::format("stands where {}", what), cure);
    return {};
  }

  Expected<RateMillionths> take_rate(std::string_view what, std::string_view cure) {
    const LoadWord* word = take();
    if (!word) return wrong(end(), what, cure);
    return read_rate(*word, word->text);
  }

  Expected<RateMillionths> read_rate(const LoadWord& word, std::string_view text) {
    const auto rate = parse_rate(text);
    if (!rate || *rate < 0)
      return wrong(word, "is not a rate", "write a number per second, minute or hour: 1000/s, 90/m, 0.5/s");
    if (RateMillionths(*rate) > kHighestRate) return wrong(word, "is too fast", "the highest rate is 1000000000/s");
    return RateMillionths(*rate);
  }

  Expected<Duration> take_time(std::string_view what, std::string_view cure, Duration longest) {
    const LoadWord* word = take();
    if (!word) return wrong(end(), what, cure);
    const Expected<Duration> time = parse_duration(word->text);
    if (!time) return wrong(*word, "is not a time", "write a number and its unit: 500ms, 30s, 10m, 1h");
    if (*time <= Duration::zero()) return wrong(*word, "is no time at all", "give a time above zero, such as 30s");
    if (*time <= longest) return *time;
    if (longest == kLongestPeriod) return wrong(*word, "is too long", "stay within 366 days");
    return wrong(*word, "makes the load too long", "stay within ten years");
  }

  Status add_slope(Slope::Word word, RateMillionths from, RateMillionths to) {
    const Expected<std::optional<Duration>> length = take_length();
    if (!length) return std::unexpected(length.error());
    const std::uint64_t span = length->has_value() ? ns_of(**length) : 1;
    stages_.push_back({std::make_shared<const Slope>(word, from, to, span), *length});
    return account();
  }

  Status add(std::shared_ptr<const Curve> curve) {
    const Expected<std::optional<Duration>> length = take_length();
    if (!length) return std::unexpected(length.error());
    stages_.push_back({std::move(curve), *length});
    return account();
  }

  /// Nothing when there is no word left.
  Expected<std::optional<Duration>> take_length() {
    if (!peek()) return std::optional<Duration>{};
    const Expected<Duration> time = take_time("", "", kLongest - total_);
    if (!time) return std::unexpected(time.error());
    return std::optional(*time);
  }

  /// The stage that was added last counts towards the whole, and its last rate is where the next may begin.
  Status account() {
    const Stage& stage = stages_.back();
    if (!stage.length) return {};
    total_ += *stage.length;
    level_ = RateMillionths(std::llround(std::max(stage.curve->rate_at(ns_of(*stage.length)), 0.0)));
    return {};
  }

  [[nodiscard]] const LoadClause& clause() const { return clauses_[at_]; }
  [[nodiscard]] std::size_t end() const { return clause().end; }
  [[nodiscard]] const LoadWord* peek() const {
    return next_ < clause().words.size() ? &clause().words[next_] : nullptr;
  }
  const LoadWord* take() { return next_ < clause().words.size() ? &clause().words[next_++] : nullptr; }

  const std::vector<LoadClause>& clauses_;
  std::size_t at_ = 0;    ///< the clause that is being read,
  std::size_t next_ = 0;  ///< and its next word
  std::vector<Stage> stages_;
  RateMillionths level_ = 0;
  Duration total_{};
};

const Reader::Verb Reader::kTable[kVerbs] = {{"static", &Reader::read_static}, {"ramp", &Reader::read_ramp},
                                             {"hold", &Reader::read_hold},     {"step", &Reader::read_step},
                                             {"sine", &Reader::read_sine},     {"spike", &Reader::read_spike}};

}  // namespace

Expected<std::shared_ptr<const LoadPattern>> parse_load(std::string_view text) {
  const std::vector<LoadPart> split = split_load(text);
  std::vector<std::shared_ptr<const ExactPattern>> parts;
  double highest = 0;
  for (const LoadPart& part : split) {
    const Expected<std::vector<Stage>> stages = Reader(part).read();
    if (!stages) return std::unexpected(stages.error());
    parts.push_back(std::make_shared<const Sequence>(*stages));
    highest += parts.back()->highest_rate();
    if (highest > double(kHighestRate) / 1e6)
      return wrong(part.plus, "with this part the load is too fast", "the highest rate is 1000000000/s in all");
  }
  if (highest <= 0)
    return wrong(1, "this load never starts anything", "give a rate above zero, for example: static 1000/s 10m");
  if (parts.size() == 1) return parts.front();
  return std::make_shared<const Sum>(std::move(parts));
}

std::shared_ptr<const LoadPattern> static_pattern(std::int64_t rate_millionths, std::optional<Duration> length) {
  const auto rate = RateMillionths(rate_millionths);
  const std::uint64_t span = length ? ns_of(*length) : 1;
  const std::vector<Stage> stages{{std::make_shared<const Slope>(Slope::Word::static_rate, rate, rate, span), length}};
  return std::make_shared<const Sequence>(stages);
}

std::string rate_text(std::int64_t rate_millionths) { return rate_number(RateMillionths(rate_millionths)) + "/s"; }

}  // namespace vajrapulse::engine
