#include <CLI/CLI.hpp>

#include "flags.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/find_max.hpp"

namespace vajrapulse::app {
namespace {

constexpr const char* kDefaultObjective = "errors < 1%";
Expected<double> precision_of(const std::string& text) {
  auto share = share_flag("--precision", text);
  if (share && (*share < 0.001 || *share > 0.5))
    return fail(kUsage, "--precision " + text + " is out of range", "give 0.1% to 50%, for example --precision 2%");
  return share;
}

Status take_rates(const FindMaxOptions& options, search::Settings& settings) {
  if (!options.start_rate.empty()) {
    auto rate = rate_flag("--start-rate", options.start_rate);
    if (!rate) return std::unexpected(rate.error());
    settings.start_rate = *rate;
  }
  if (!options.max_rate.empty()) {
    auto rate = rate_flag("--max-rate", options.max_rate);
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
  const auto seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
  if (!options.step.empty()) {
    auto step = time_flag("--step-duration", options.step, 500ms, "5s");
    if (!step) return std::unexpected(step.error());
    plan.settings.step_s = seconds(*step);
  }
  auto settle = time_flag("--settle", options.settle.empty() ? "1s" : options.settle, 0ns, "1s");
  if (!settle) return std::unexpected(settle.error());
  plan.settle = *settle;
  auto most = time_flag("--max-time", options.most_time.empty() ? "15m" : options.most_time, 1s, "10m");
  if (!most) return std::unexpected(most.error());
  plan.settings.most_s = seconds(*most);
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
