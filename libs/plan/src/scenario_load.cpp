#include "scenario_load.hpp"

#include <algorithm>
#include <string>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::plan {
namespace {

constexpr Duration kMostSlack = std::chrono::milliseconds(100);
constexpr std::int64_t kHighestMillionths = 1'000'000'000'000'000;

using engine::LoadPattern;

/// Reads one scenario's load; what is wrong is reported, and then there is none.
class LoadReader {
 public:
  LoadReader(const ScenarioPlan& scenario, const document::Node* written, document::Diagnostics& found)
      : scenario_(scenario), written_(written), found_(found) {}

  bool read(engine::Scenario& into) {
    if (scenario_.users.users) return read_closed(into) && read_times(into);
    if (!refuse_stray_users()) return false;
    const auto pattern = read_pattern();
    if (!pattern) return false;
    into.load = open_model(pattern);
    const bool fits = check_slack();
    return settle_duration(pattern->length(), into) && read_times(into) && fits;
  }

 private:
  bool wrong(const document::Place& place, std::string message, std::string cure) {
    found_.error(place, std::move(message), std::move(cure));
    return false;
  }

  /// Where the key stands, or else what it says.
  [[nodiscard]] document::Place key_place(std::string_view key) const {
    if (written_)
      for (const document::Entry& entry : written_->entries)
        if (entry.key == key) return entry.place;
    return scenario_.name.place;
  }
  [[nodiscard]] document::Place value_place(std::string_view key, const document::Place& otherwise) const {
    const document::Node* value = written_ ? written_->find(key) : nullptr;
    return value ? value->place : otherwise;
  }

  std::shared_ptr<const LoadPattern> read_pattern() {
    if (scenario_.load) return *engine::parse_load(scenario_.load->value);  // its shape has read it
    engine::PatternKeys keys = scenario_.keys;
    if (scenario_.pattern) keys.pattern = scenario_.pattern->value;
    const std::string tps = scenario_.tps ? scenario_.tps->value : "";
    const std::string duration = scenario_.duration ? scenario_.duration->value : "";
    if (keys.pattern.empty() && !tps.empty()) keys.pattern = "static";
    const document::Place& place = scenario_.pattern ? scenario_.pattern->place : scenario_.name.place;
    if (keys.pattern.empty()) {
      wrong(place, "scenario '" + scenario_.name.value + "' has no load",
            "add tps: 1000, a load: ramp 0..1000/s 1m, or users: 64");
      return nullptr;
    }
    const auto text = engine::load_of(keys, tps, duration, engine::KeySpelling::keys);
    if (!text) {  // "from-tps: 10 does not fall to 100/s"
      const std::string& message = text.error().message;
      wrong(value_place(message.substr(0, message.find(':')), place), message, text.error().cure);
      return nullptr;
    }
    auto pattern = engine::parse_load(*text);
    if (!pattern) wrong(place, pattern.error().message, pattern.error().cure);
    return pattern ? *pattern : nullptr;
  }

  engine::OpenModel open_model(const std::shared_ptr<const LoadPattern>& pattern) const {
    engine::OpenModel model{.pattern = pattern};
    if (scenario_.arrivals) model.arrivals = *scenario_.arrivals;
    if (scenario_.max_in_flight) model.max_in_flight = *scenario_.max_in_flight;
    if (scenario_.on_limit) model.on_limit = *scenario_.on_limit;
    if (scenario_.slack) model.slack = *scenario_.slack;
    return model;
  }

  bool check_slack() {
    if (!scenario_.slack || *scenario_.slack <= kMostSlack) return true;
    return wrong(value_place("slack", scenario_.name.place),
                 "slack: " + format_exact(*scenario_.slack) + " is out of range",
                 "write up to 100ms, for example slack: 500us");
  }

  /// What belongs to users alone, on a load that is a rate.
  bool refuse_stray_users() {
    const char* key = scenario_.users.ramp_users ? "ramp-users"
                      : scenario_.users.think    ? "think"
                      : scenario_.users.pacing   ? "pacing"
                                                 : nullptr;
    if (!key) return true;
    return wrong(key_place(key),
                 "'" + std::string(key) + "' is for users, and this load is a rate, whose arrivals wait for nobody",
                 "leave it out, or give users instead of the rate, for example users: 64");
  }

  bool refuse_stray_open() {
    const char* key = scenario_.max_in_flight ? "max-in-flight"
                      : scenario_.on_limit    ? "on-limit"
                      : scenario_.arrivals    ? "arrivals"
                      : scenario_.slack       ? "slack"
                                              : nullptr;
    if (!key) return true;
    return wrong(key_place(key), "'" + std::string(key) + "' is for a rate, and this load is of users",
                 "leave it out, or give a rate instead of users, for example tps: 1000");
  }

  bool read_closed(engine::Scenario& into) {
    if (!refuse_stray_open() || !settle_duration(std::nullopt, into)) return false;
    const UsersPlan& users = scenario_.users;
    engine::ClosedModel model{.users = users.users->value.to};
    if (users.think && users.pacing)
      return wrong(users.users->place, "think and pacing exclude each other",
                   "think: 1s waits after each answer, pacing: 1s begins once a second however long answers take");
    if (users.think) model.think = *users.think;
    if (users.pacing) model.pacing = *users.pacing;
    if (model.pacing > Duration::zero() &&
        double(std::max(users.users->value.to, users.users->value.from.value_or(0))) /
                std::chrono::duration<double>(model.pacing).count() >
            double(kHighestMillionths) / 1e6)
      return wrong(users.users->place, "so many users with that pacing come to more than 1000000000/s",
                   "give a longer pacing, for example pacing: 1s");
    if (users.users->value.from || users.ramp_users) {
      model.ramp = {.from = users.users->value.from.value_or(0), .length = users.ramp_users.value_or(into.duration)};
      if (model.ramp->length <= Duration::zero())
        return wrong(users.users->place, "nothing says how long the ramp of users takes",
                     "add ramp-users: 30s, or a duration");
    }
    into.load = model;
    return true;
  }

  /// As said, else as long as the pattern.
  bool settle_duration(std::optional<Duration> pattern_length, engine::Scenario& into) {
    into.iterations = scenario_.iterations;
    if (scenario_.duration) {
      const Duration said = *parse_duration(scenario_.duration->value);  // its shape has read it
      if (said <= Duration::zero())
        return wrong(scenario_.duration->place, "a duration of " + scenario_.duration->value + " measures nothing",
                     "write a time above zero, for example 30s");
      into.duration = pattern_length ? std::min(said, *pattern_length) : said;
      if (pattern_length && said > *pattern_length)
        found_.warning(scenario_.duration->place,
                       "the load ends after " + format_exact(*pattern_length) + ", before this duration is over",
                       "leave the duration out, or let the load go on");
    } else if (pattern_length) {
      into.duration = *pattern_length;
    } else if (!scenario_.iterations) {
      return wrong(scenario_.name.place, "nothing says when scenario '" + scenario_.name.value + "' ends",
                   "add duration: 10m, or iterations: 1000");
    }
    return true;
  }

  bool read_times(engine::Scenario& into) {
    if (scenario_.warmup) into.warmup = *scenario_.warmup;
    if (scenario_.cooldown) into.cooldown = *scenario_.cooldown;
    if (scenario_.drain_timeout) into.drain_timeout = *scenario_.drain_timeout;
    if (scenario_.force_timeout) into.force_timeout = *scenario_.force_timeout;
    if (scenario_.cooldown && scenario_.iterations)
      return wrong(scenario_.name.place,
                   "cooldown and iterations exclude each other: nobody knows when the last one ends",
                   "give duration instead of iterations");
    return true;
  }

  const ScenarioPlan& scenario_;
  const document::Node* written_;
  document::Diagnostics& found_;
};

}  // namespace

bool read_load(const ScenarioPlan& scenario, const document::Node* written, document::Diagnostics& found,
               engine::Scenario& into) {
  into.name = scenario.name.value;
  return LoadReader(scenario, written, found).read(into);
}

}  // namespace vajrapulse::plan
