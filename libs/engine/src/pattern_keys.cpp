#include "vajrapulse/engine/pattern_keys.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

constexpr Duration kLongestLoad = std::chrono::hours(24 * 366);
constexpr std::int64_t kHighestMillionths = 1'000'000'000'000'000;

/// A key as it was given.
struct Key {
  std::string name;
  const std::string* value;
  std::string example;
};

/// A pattern: the keys it must have, those it may have, and what a whole one looks like.
struct Pattern {
  std::string name;
  std::vector<std::string> needs;
  std::vector<std::string> may;
  std::vector<std::pair<std::string, std::string>> example;
};

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all{
      {"static", {"tps"}, {}, {{"tps", "1000"}, {"duration", "10m"}}},
      {"ramp", {}, {"tps", "to-tps", "from-tps", "ramp-duration"}, {{"tps", "1000"}, {"duration", "1m"}}},
      {"ramp-sustain",
       {"ramp-duration"},
       {"tps", "to-tps", "from-tps", "sustain-duration"},
       {{"tps", "1000"}, {"ramp-duration", "1m"}, {"sustain-duration", "5m"}}},
      {"ramp-down",
       {"from-tps"},
       {"to-tps", "ramp-duration"},
       {{"from-tps", "1000"}, {"to-tps", "0"}, {"duration", "1m"}}},
      {"step", {"steps"}, {}, {{"steps", "100:30s,200:1m,500:30s"}}},
      {"sine",
       {"mean", "amplitude", "period"},
       {},
       {{"mean", "1000"}, {"amplitude", "300"}, {"period", "1m"}, {"duration", "10m"}}},
      {"spike",
       {"base-rate", "spike-rate"},
       {"spike-interval", "spike-duration"},
       {{"base-rate", "1000"}, {"spike-rate", "5000"}, {"duration", "5m"}}}};
  return all;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool takes(const Pattern& pattern, const std::string& flag) {
  return has(pattern.needs, flag) || has(pattern.may, flag);
}

std::string owners_of(const std::string& flag) {
  std::vector<std::string> owners;
  for (const Pattern& pattern : patterns())
    if (takes(pattern, flag)) owners.push_back(pattern.name);
  std::string text;
  for (std::size_t i = 0; i < owners.size(); ++i)
    text += (i == 0 ? "" : i + 1 == owners.size() ? " or " : ", ") + owners[i];
  return text;
}

const Pattern& first_owner(const std::string& flag) {
  return *std::ranges::find_if(patterns(), [&](const Pattern& pattern) { return takes(pattern, flag); });
}

std::unexpected<Error> wrong(const std::string& what, const std::string& cure) { return fail(kUsage, what, cure); }

/// The flags of one command line, and what each pattern makes of them.
class Reader {
 public:
  Reader(const PatternKeys& options, const std::string& tps, const std::string& duration, KeySpelling spelling)
      : options_(options),
        spelling_(spelling),
        keys_{{"tps", &tps, "1000"},
              {"from-tps", &options.from_tps, "100"},
              {"to-tps", &options.to_tps, "0"},
              {"ramp-duration", &options.ramp_duration, "1m"},
              {"sustain-duration", &options.sustain_duration, "5m"},
              {"steps", &options.steps, "100:30s,200:1m"},
              {"mean", &options.mean, "1000"},
              {"amplitude", &options.amplitude, "300"},
              {"period", &options.period, "1m"},
              {"base-rate", &options.base_rate, "1000"},
              {"spike-rate", &options.spike_rate, "5000"},
              {"spike-interval", &options.spike_interval, "1m"},
              {"spike-duration", &options.spike_duration, "10s"},
              {"duration", &duration, "5m"}} {}

  Expected<std::string> read() {
    if (options_.pattern.empty()) return nothing_asked();
    if (Status status = choose(); !status) return std::unexpected(status.error());
    if (Status status = check_belonging(); !status) return std::unexpected(status.error());
    const std::string& name = pattern_->name;
    if (name == "static") return read_static();
    if (name == "ramp") return read_ramp();
    if (name == "ramp-sustain") return read_ramp_sustain();
    if (name == "ramp-down") return read_ramp_down();
    if (name == "step") return read_steps();
    return name == "sine" ? read_sine() : read_spike();
  }

 private:
  /// A rate and a duration mean something without a pattern too.
  Expected<std::string> nothing_asked() const {
    for (const Key& key : keys_) {
      if (key.value->empty() || key.name == "tps" || key.name == "duration") continue;
      return wrong(said(key.name) + " belongs to " + with("pattern", owners_of(key.name)) + ", and no " +
                       word("pattern") + " is given",
                   "for example: " + written(first_owner(key.name)));
    }
    return std::string();
  }

  Status choose() {
    std::vector<std::string> names;
    std::string listed;
    for (const Pattern& pattern : patterns()) {
      if (pattern.name == options_.pattern) pattern_ = &pattern;
      names.push_back(pattern.name);
      listed += (listed.empty() ? "" : ", ") + pattern.name;
    }
    if (pattern_ != nullptr) return {};
    const auto near = nearest(options_.pattern, names);
    return wrong(with("pattern", options_.pattern) + " is unknown",
                 (near ? "did you mean " + *near + "? " : "") + "there are: " + listed);
  }

  Status check_belonging() const {
    for (const Key& key : keys_)
      if (!key.value->empty() && key.name != "duration" && !takes(*pattern_, key.name))
        return wrong(said(key.name) + " means nothing to " + chosen() + ", only to " + owners_of(key.name), example());
    for (const std::string& name : pattern_->needs)
      if (!given(name)) return lacks(name);
    return {};
  }

  Expected<std::string> read_static() const {
    const auto rate = read_rate("tps");
    if (!rate) return std::unexpected(rate.error());
    if (*rate == 0) return out_of_range("tps", "a rate above 0");
    return "static " + rate_text(*rate);
  }

  Expected<std::string> read_ramp() const {
    const auto time = ramp_time();
    if (!time) return std::unexpected(time.error());
    const auto rates = rising();
    if (!rates) return std::unexpected(rates.error());
    return *rates + " " + format_exact(*time);
  }

  /// Without a sustain-duration it holds for what the ramp leaves of the duration.
  Expected<std::string> read_ramp_sustain() const {
    const auto rates = rising();
    if (!rates) return std::unexpected(rates.error());
    const auto ramp = read_time("ramp-duration");
    if (!ramp) return std::unexpected(ramp.error());
    if (given("sustain-duration")) {
      const auto sustain = read_time("sustain-duration");
      if (!sustain) return std::unexpected(sustain.error());
      return *rates + " " + format_exact(*ramp) + ", hold " + format_exact(*sustain);
    }
    if (!given("duration")) return lacks("sustain-duration");
    const auto whole = read_time("duration");
    if (!whole) return std::unexpected(whole.error());
    if (*whole <= *ramp)
      return wrong(said("duration") + " ends before there is anything to sustain: " + said("ramp-duration"), example());
    return *rates + " " + format_exact(*ramp) + ", hold " + format_exact(*whole - *ramp);
  }

  Expected<std::string> read_ramp_down() const {
    const auto time = ramp_time();
    if (!time) return std::unexpected(time.error());
    const auto from = read_rate("from-tps");
    if (!from) return std::unexpected(from.error());
    const auto to = given("to-tps") ? read_rate("to-tps") : Expected<std::int64_t>(0);
    if (!to) return std::unexpected(to.error());
    if (*to >= *from) return wrong(said("from-tps") + " does not fall to " + rate_text(*to), example());
    return ramp(*from, *to) + " " + format_exact(*time);
  }

  Expected<std::string> read_steps() const {
    std::string load = "step";
    Duration total{};
    std::int64_t highest = 0;
    std::string_view rest = options_.steps;
    for (int number = 1; number == 1 || rest.data() != nullptr; ++number) {
      const std::size_t comma = rest.find(',');
      const std::string_view step = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      const std::size_t colon = step.find(':');
      const auto rate = parse_rate(step.substr(0, colon));
      const auto time = colon == std::string_view::npos ? parse_duration("") : parse_duration(step.substr(colon + 1));
      const bool fits =
          rate && *rate <= kHighestMillionths && time && *time > Duration::zero() && *time <= kLongestLoad;
      if (!fits || *time > kLongestLoad - total)
        return wrong(with("steps", options_.steps) + ": step " + std::to_string(number) + ", '" + std::string(step) +
                         "', " +
                         (fits ? "makes the load longer than 366 days"
                               : "is not RATE:TIME with up to 1000000000 a second and up to 366 days"),
                     example());
      total += *time;
      highest = std::max(highest, *rate);
      load += " " + rate_text(*rate) + " " + format_exact(*time);
    }
    if (highest == 0) return wrong(said("steps") + " never starts anything", example());
    return load;
  }

  Expected<std::string> read_sine() const {
    const auto mean = read_rate("mean");
    if (!mean) return std::unexpected(mean.error());
    const auto amplitude = read_rate("amplitude");
    if (!amplitude) return std::unexpected(amplitude.error());
    const auto period = read_time("period");
    if (!period) return std::unexpected(period.error());
    if (*mean == 0) return out_of_range("mean", "a rate above 0");
    if (*amplitude > *mean)
      return wrong(said("amplitude") + " swings below nothing from " + said("mean"),
                   "give at most the mean, for example " + with("mean", "1000") + between() + with("amplitude", "300"));
    if (*mean + *amplitude > kHighestMillionths)
      return wrong(said("amplitude") + " swings above 1000000000/s from " + said("mean"), example());
    std::string swing = rate_text(*amplitude);
    return "sine " + rate_text(*mean) + " ± " + swing + " period " + format_exact(*period);
  }

  Expected<std::string> read_spike() const {
    const auto base = read_rate("base-rate");
    if (!base) return std::unexpected(base.error());
    const auto spike = read_rate("spike-rate");
    if (!spike) return std::unexpected(spike.error());
    if (*base == *spike) return wrong(said("spike-rate") + " is no spike: " + said("base-rate"), example());
    std::string load = "spike " + rate_text(*base) + " to " + rate_text(*spike);
    const bool repeats = given("spike-interval");
    if (!repeats && !given("duration"))
      return wrong(chosen() + " lacks its " + word("duration") + ", or a " + word("spike-interval"), example());
    const auto room = read_time(repeats ? "spike-interval" : "duration");
    if (!room) return std::unexpected(room.error());
    const std::string room_flag = repeats ? "spike-interval" : "duration";
    if (*room < Duration(10)) return out_of_range(room_flag, "at least 10ns");
    if (repeats) load += " every " + format_exact(*room);
    if (given("spike-duration")) {
      const auto lasts = read_time("spike-duration");
      if (!lasts) return std::unexpected(lasts.error());
      if (*lasts > *room)
        return wrong(said("spike-duration") + " does not fit into " + said(room_flag),
                     "for example " + with("spike-interval", "1m") + between() + with("spike-duration", "10s"));
      load += " for " + format_exact(*lasts) + (repeats ? "" : ",");
    }
    return repeats ? load : load + " " + format_exact(*room);
  }

  /// "ramp A..B" that rises; to-tps is another word for tps here.
  Expected<std::string> rising() const {
    if (given("tps") && given("to-tps"))
      return wrong(said("tps") + " and " + said("to-tps") + " both say where the ramp ends", example());
    if (!given("tps") && !given("to-tps")) return lacks("tps");
    const std::string end = given("tps") ? "tps" : "to-tps";
    const auto from = given("from-tps") ? read_rate("from-tps") : Expected<std::int64_t>(0);
    if (!from) return std::unexpected(from.error());
    const auto to = read_rate(end);
    if (!to) return std::unexpected(to.error());
    if (*from >= *to)
      return wrong(said(end) + " is not above where the ramp begins, " + rate_text(*from),
                   "a load that falls is " + with("pattern", "ramp-down") + "; " + example());
    return ramp(*from, *to);
  }

  static std::string ramp(std::int64_t from, std::int64_t to) {
    const std::string begin = rate_text(from);
    return "ramp " + begin.substr(0, begin.find('/')) + ".." + rate_text(to);
  }

  Expected<Duration> ramp_time() const {
    if (given("ramp-duration") && given("duration"))
      return wrong(said("ramp-duration") + " and " + said("duration") + " both say how long the ramp takes",
                   "give one of them; what ramps and then holds is " + with("pattern", "ramp-sustain"));
    if (!given("ramp-duration") && !given("duration")) return lacks("duration");
    return read_time(given("duration") ? "duration" : "ramp-duration");
  }

  Expected<std::int64_t> read_rate(const std::string& name) const {
    const auto rate = parse_rate(value(name));
    if (!rate) return wrong(said(name) + ": " + rate.error().message, rate.error().cure);
    if (*rate < 0 || *rate > kHighestMillionths) return out_of_range(name, "0 to 1000000000 a second");
    return *rate;
  }

  Expected<Duration> read_time(const std::string& name) const {
    const auto time = parse_duration(value(name));
    if (!time) return wrong(said(name) + ": " + time.error().message, time.error().cure);
    if (*time <= Duration::zero() || *time > kLongestLoad)
      return out_of_range(name, "a time above zero, up to 366 days");
    return *time;
  }

  std::unexpected<Error> out_of_range(const std::string& name, const std::string& range) const {
    return wrong(said(name) + " is out of range", "give " + range + ", for example " + with(name, key(name).example));
  }

  [[nodiscard]] const Key& key(const std::string& name) const { return *std::ranges::find(keys_, name, &Key::name); }
  [[nodiscard]] const std::string& value(const std::string& name) const { return *key(name).value; }
  [[nodiscard]] bool given(const std::string& name) const { return !value(name).empty(); }
  [[nodiscard]] std::string said(const std::string& name) const { return with(name, value(name)); }
  [[nodiscard]] std::string example() const { return "for example: " + written(*pattern_); }
  [[nodiscard]] std::string chosen() const { return with("pattern", pattern_->name); }
  [[nodiscard]] std::unexpected<Error> lacks(const std::string& name) const {
    return wrong(chosen() + " lacks its " + word(name), example());
  }

  [[nodiscard]] bool flags() const { return spelling_ == KeySpelling::flags; }
  [[nodiscard]] std::string word(const std::string& name) const { return flags() ? "--" + name : name; }
  [[nodiscard]] std::string with(const std::string& name, const std::string& value) const {
    return word(name) + (flags() ? " " : ": ") + value;
  }
  [[nodiscard]] const char* between() const { return flags() ? " " : ", "; }
  [[nodiscard]] std::string written(const Pattern& pattern) const {
    std::string text = with("pattern", pattern.name);
    for (const auto& [name, value] : pattern.example)
      text += between() + with(name, !flags() && value.find(',') != std::string::npos ? '"' + value + '"' : value);
    return flags() ? text : "{ " + text + " }";
  }

  const PatternKeys& options_;
  KeySpelling spelling_;
  std::vector<Key> keys_;
  const Pattern* pattern_ = nullptr;
};

}  // namespace

Expected<std::string> load_of(const PatternKeys& keys, const std::string& tps, const std::string& duration,
                              KeySpelling spelling) {
  return Reader(keys, tps, duration, spelling).read();
}

}  // namespace vajrapulse::engine
