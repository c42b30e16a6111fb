#include <CLI/CLI.hpp>

#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/find_max.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::app {
namespace {

constexpr const char* kDefaultObjective = "errors < 1%";
constexpr double kMostRate = 1e9;

/// A flag's time as seconds, within bounds that `range` says.
Expected<double> seconds_of(const char* flag, const std::string& text, Duration least, const char* range,
                            const char* example) {
  auto value = parse_duration(text);
  const std::string given = std::string(flag) + " " + text;
  if (!value) return fail(kUsage, given + ": " + value.error().message, value.error().cure);
  if (*value < least || *value > kLongest)
    return fail(kUsage, given + " is out of range",
                std::string("give ") + range + ", for example " + flag + " " + example);
  return std::chrono::duration<double>(*value).count();
}

Expected<double> rate_of(const char* flag, const std::string& text) {
  auto rate = parse_rate(text);
  const std::string given = std::string(flag) + " " + text;
  if (!rate) return fail(kUsage, given + ": " + rate.error().message, rate.error().cure);
  if (*rate <= 0 || double(*rate) > kMostRate * 1e6)
    return fail(kUsage, given + " is out of range",
                std::string("give a rate above 0 and up to 1000000000, for example ") + flag + " 1000");
  return double(*rate) * 1e-6;
}

/// No figure has a name where a plain share is asked for.
class NoNames : public criteria::Names {
 public:
  Expected<criteria::Binding> bind(const criteria::Reference& reference) override {
    return fail(kUsage, "'" + std::string(reference.name) + "' is no share", "give for example 2%");
  }
};
class NoValues : public criteria::Values {
 public:
  [[nodiscard]] criteria::Value at(std::uint32_t /*slot*/) const override { return criteria::Value::null(); }
};

Expected<double> precision_of(const std::string& text) {
  NoNames names;
  const auto share = criteria::Expression::compile(text, names);
  if (!share) return fail(kUsage, "--precision " + text + ": " + share.error().message, share.error().cure);
  const criteria::Value value = share->evaluate(NoValues{});
  const bool fits = (value.type == criteria::Type::share || value.type == criteria::Type::number) &&
                    value.number >= 0.001 && value.number <= 0.5;
  if (!fits)
    return fail(kUsage, "--precision " + text + " is out of range", "give 0.1% to 50%, for example --precision 2%");
  return value.number;
}

Status take_rates(const FindMaxOptions& options, search::Settings& settings) {
  if (!options.start_rate.empty()) {
    auto rate = rate_of("--start-rate", options.start_rate);
    if (!rate) return std::unexpected(rate.error());
    settings.start_rate = *rate;
  }
  if (!options.max_rate.empty()) {
    auto rate = rate_of("--max-rate", options.max_rate);
    if (!rate) return std::unexpected(rate.error());
    settings.max_rate = *rate;
    if (*rate < settings.start_rate && !options.start_rate.empty())
      return fail(kUsage, "--max-rate " + options.max_rate + " is below --start-rate " + options.start_rate,
                  "give a lower --start-rate, or leave it out");
  }
  if (!options.precision.empty()) {
    auto precision = precision_of(options.precision);
    if (!precision) return std::unexpected(precision.error());
    settings.precision = *precision;
  }
  if (options.confirmations) {
    if (*options.confirmations < 0 || *options.confirmations > 100)
      return fail(kUsage, "--confirmations " + std::to_string(*options.confirmations) + " is out of range",
                  "give 0 to 100, for example --confirmations 2");
    settings.confirmations = *options.confirmations;
  }
  return {};
}

Status take_times(const FindMaxOptions& options, FindMaxPlan& plan) {
  using namespace std::chrono_literals;
  if (!options.step.empty()) {
    auto step = seconds_of("--step-duration", options.step, 500ms, "500ms to 366 days", "5s");
    if (!step) return std::unexpected(step.error());
    plan.settings.step_s = *step;
  }
  const std::string settle = options.settle.empty() ? "1s" : options.settle;
  auto settled = seconds_of("--settle", settle, 0ns, "0s to 366 days", "1s");
  if (!settled) return std::unexpected(settled.error());
  plan.settle = *parse_duration(settle);
  auto most =
      seconds_of("--max-time", options.most_time.empty() ? "15m" : options.most_time, 1s, "1s to 366 days", "10m");
  if (!most) return std::unexpected(most.error());
  plan.settings.most_s = *most;
  return {};
}

}  // namespace

void add_find_max_options(CLI::App& command, FindMaxOptions& options) {
  const auto option = [&command](const char* name, auto& value, const char* what, const char* text) {
    return command.add_option(name, value, what)->option_text(text)->group("Search");
  };
  option("--slo", options.slos, "What has to hold: 'p99<50ms', 'errors<0.1%'; may be repeated (default 'errors<1%')",
         "CONDITION")
      ->allow_extra_args(false);
  option("--start-rate", options.start_rate, "Where the search begins (default 10/s); it doubles from there", "RATE");
  option("--max-rate", options.max_rate, "Never send more than this", "RATE");
  option("--precision", options.precision, "How near the answer is to a rate that fails (default 2%)", "SHARE");
  option("--step-duration", options.step, "Measure each rate this long, up to 8 times where it is close (default 5s)",
         "TIME");
  option("--settle", options.settle, "Send at each new rate this long before measuring (default 1s)", "TIME");
  option("--confirmations", options.confirmations, "Further runs at the answer (default 2)", "N");
  option("--max-time", options.most_time, "End the search after this long (default 15m)", "TIME");
  option("--arrivals", options.arrivals, "Spacing of starts: even, or poisson (random, from the seed)", "even|poisson");
  option("--max-in-flight", options.max_in_flight, "Most iterations at once; others wait (default 10000)", "N");
  add_generator_options(command, options.run);
}

Expected<FindMaxPlan> make_find_max(const FindMaxOptions& options) {
  FindMaxPlan plan;
  std::vector<std::string> slos = options.slos;
  if (slos.empty()) {
    slos.emplace_back(kDefaultObjective);
    plan.notes.push_back(std::string("no --slo given: a rate holds while ") + kDefaultObjective +
                         " and the target keeps up with it");
  }
  auto objectives = search::Objectives::compile(slos);
  if (!objectives) return fail(kUsage, "--slo " + objectives.error().message, objectives.error().cure);
  plan.objectives = std::move(*objectives);
  if (auto status = take_rates(options, plan.settings); !status) return std::unexpected(status.error());
  if (auto status = take_times(options, plan); !status) return std::unexpected(status.error());
  if (options.max_in_flight == 0)
    return fail(kUsage, "--max-in-flight 0 lets nothing start",
                "give a number from 1, for example --max-in-flight 1000");
  plan.max_in_flight = options.max_in_flight.value_or(plan.max_in_flight);
  if (!options.arrivals.empty() && options.arrivals != "even" && options.arrivals != "poisson")
    return fail(kUsage, "--arrivals " + options.arrivals + " is unknown", "give even or poisson");
  if (options.arrivals == "poisson") plan.arrivals = engine::ArrivalKind::poisson;
  return plan;
}

}  // namespace vajrapulse::app
