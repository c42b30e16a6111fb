#include "vajrapulse/engine/load_language.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "piecewise.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {
namespace {

constexpr std::string_view kExample = "for example: ramp 0..1000/s 10s, hold 30s";
constexpr Duration kLongest = std::chrono::hours(24 * 366 * 10);

/// A word of the load and the character, from 1, at which it begins.
struct Word {
  std::string_view text;
  std::size_t place = 0;
};

/// One stage's words, and where the next word would have stood.
struct Clause {
  std::vector<Word> words;
  std::size_t end = 0;
};

std::vector<Clause> split(std::string_view text) {
  std::vector<Clause> clauses(1);
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ',') {
      clauses.back().end = at++ + 1;
      clauses.emplace_back();
    } else if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
    } else {
      const std::size_t begin = at;
      while (at < text.size() && text[at] != ',' && std::isspace(static_cast<unsigned char>(text[at])) == 0)
        ++at;
      clauses.back().words.push_back({text.substr(begin, at - begin), begin + 1});
    }
  }
  clauses.back().end = text.size() + 1;
  return clauses;
}

std::unexpected<Error> wrong(std::size_t place, std::string_view what, std::string_view cure) {
  return fail(kUsage, fmt::format("at character {}: {}", place, what), std::string(cure));
}

std::unexpected<Error> wrong(const Word& word, std::string_view what, std::string_view cure) {
  return wrong(word.place, fmt::format("'{}' {}", word.text, what), cure);
}

/// Reads clause after clause; what the one before ended at is where `hold` and `ramp TO` begin.
class Reader {
 public:
  explicit Reader(std::string_view text) : clauses_(split(text)) {}

  Expected<std::vector<Stage>> read() {
    for (std::size_t i = 0; i < clauses_.size(); ++i) {
      clause_ = &clauses_[i];
      next_ = 0;
      const bool last = i + 1 == clauses_.size();
      Expected<Stage> stage = read_stage();
      if (!stage) return std::unexpected(stage.error());
      if (Status status = check(*stage, last ? Position::last : Position::followed); !status)
        return std::unexpected(status.error());
      level_ = stage->to;
      stages_.push_back(*stage);
    }
    if (highest_ == 0)
      return wrong(1, "this load never starts anything", "give a rate above zero, for example: static 1000/s 10m");
    return std::move(stages_);
  }

 private:
  enum class Position { followed, last };

  Expected<Stage> read_stage() {
    if (clause_->words.empty())
      return wrong(clause_->end, "a load is missing here", fmt::format("write static, ramp or hold; {}", kExample));
    const Word& verb = clause_->words[next_++];
    if (verb.text == "static") return read_static();
    if (verb.text == "ramp") return read_ramp();
    if (verb.text == "hold") return read_hold(verb);
    return wrong(verb, "is not a load", fmt::format("write static, ramp or hold; {}", kExample));
  }

  Expected<Stage> read_static() {
    const Word* word = take();
    if (!word) return wrong(clause_->end, "static needs a rate", "for example: static 1000/s 10m");
    const Expected<RateMillionths> rate = read_rate(*word, word->text);
    if (!rate) return std::unexpected(rate.error());
    return with_length({.word = Stage::Word::static_rate, .from = *rate, .to = *rate, .length = {}});
  }

  Expected<Stage> read_hold(const Word& verb) {
    if (stages_.empty())
      return wrong(verb, "has no rate before it to go on with",
                   "begin with static or ramp, for example: static 1000/s 5m");
    return with_length({.word = Stage::Word::hold, .from = level_, .to = level_, .length = {}});
  }

  Expected<Stage> read_ramp() {
    const Word* word = take();
    if (!word) return wrong(clause_->end, "ramp needs rates", "for example: ramp 0..1000/s 10s");
    Expected<Stage> stage = read_ramp_rates(*word);
    if (!stage) return stage;
    stage = with_length(*stage);
    if (stage && !stage->length)
      return wrong(clause_->end, "ramp needs a time", fmt::format("say how long it takes: ramp {} 30s", word->text));
    return stage;
  }

  Expected<Stage> read_ramp_rates(const Word& word) {
    const std::size_t dots = word.text.find("..");
    if (dots == std::string_view::npos) {
      if (stages_.empty())
        return wrong(word, "says only where the ramp ends", fmt::format("say both ends: ramp 0..{} 30s", word.text));
      const Expected<RateMillionths> to = read_rate(word, word.text);
      if (!to) return std::unexpected(to.error());
      return Stage{.word = Stage::Word::ramp, .from = level_, .to = *to, .length = {}};
    }
    // "0..1000/s": the unit stands once, at the end.
    const std::string_view high = word.text.substr(dots + 2);
    std::string low(word.text.substr(0, dots));
    const std::size_t unit = high.find('/');
    if (low.find('/') == std::string::npos && unit != std::string_view::npos) low += high.substr(unit);
    const Expected<RateMillionths> from = read_rate(word, low);
    if (!from) return std::unexpected(from.error());
    const Expected<RateMillionths> to = read_rate(word, high);
    if (!to) return std::unexpected(to.error());
    return Stage{.word = Stage::Word::ramp, .from = *from, .to = *to, .length = {}};
  }

  Expected<Stage> with_length(Stage stage) {
    const Word* word = take();
    if (!word) return stage;
    const Expected<Duration> length = parse_duration(word->text);
    if (!length) return wrong(*word, "is not a time", "write a number and its unit: 500ms, 30s, 10m, 1h");
    if (*length <= Duration::zero()) return wrong(*word, "is no time at all", "give a time above zero, such as 30s");
    if (*length > kLongest - total_) return wrong(*word, "makes the load too long", "stay within ten years");
    stage.length = *length;
    return stage;
  }

  Expected<RateMillionths> read_rate(const Word& word, std::string_view text) {
    const auto rate = parse_rate(text);
    if (!rate || *rate < 0)
      return wrong(word, "is not a rate", "write a number per second, minute or hour: 1000/s, 90/m, 0.5/s");
    if (RateMillionths(*rate) > kHighestRate) return wrong(word, "is too fast", "the highest rate is 1000000000/s");
    return RateMillionths(*rate);
  }

  /// What holds for every stage, whatever its words.
  Status check(const Stage& stage, Position position) {
    if (const Word* word = take())
      return wrong(*word, "is one word too many", "separate loads by a comma, as in: static 10/s 1m, hold 5m");
    if (!stage.length && position == Position::followed)
      return wrong(clause_->end, "a time is missing",
                   "only the last load may go on for ever; say how long this one lasts, such as 30s");
    highest_ = std::max({highest_, stage.from, stage.to});
    total_ += stage.length.value_or(Duration::zero());
    return {};
  }

  const Word* take() { return next_ < clause_->words.size() ? &clause_->words[next_++] : nullptr; }

  std::vector<Clause> clauses_;
  const Clause* clause_ = nullptr;
  std::size_t next_ = 0;
  std::vector<Stage> stages_;
  RateMillionths level_ = 0;
  RateMillionths highest_ = 0;
  Duration total_{};
};

}  // namespace

Expected<std::shared_ptr<const LoadPattern>> parse_load(std::string_view text) {
  Reader reader(text);
  const Expected<std::vector<Stage>> stages = reader.read();
  if (!stages) return std::unexpected(stages.error());
  return std::make_shared<const Piecewise>(*stages);
}

std::shared_ptr<const LoadPattern> static_pattern(std::int64_t rate_millionths, std::optional<Duration> length) {
  const auto rate = RateMillionths(rate_millionths);
  const std::vector<Stage> stages{{.word = Stage::Word::static_rate, .from = rate, .to = rate, .length = length}};
  return std::make_shared<const Piecewise>(stages);
}

}  // namespace vajrapulse::engine
