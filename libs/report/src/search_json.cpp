#include <nlohmann/json.hpp>

#include "iso8601.hpp"
#include "vajrapulse/metrics/hdr_encoding.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/search_file.hpp"

namespace vajrapulse::report {
namespace {

using Json = nlohmann::ordered_json;
namespace names = metrics::names;
using search::Level;
using search::Search;

Json rate_json(const Level* level) { return level ? Json(level->rate()) : Json(nullptr); }

Json answer_json(const Search& search) {
  return {{"rate", rate_json(search.answer())},
          {"confidence", search.confidence()},
          {"fails_at", rate_json(search.failing())},
          {"end", search::name(search.end().value_or(search::End::interrupted))},
          {"generator_limit", search.ceiling() ? Json(*search.ceiling()) : Json(nullptr)},
          {"generator_limit_why", search.ceiling_why()}};
}

Json settings_json(const Search& search) {
  const search::Settings& settings = search.settings();
  return {{"start_rate", settings.start_rate},
          {"max_rate", settings.max_rate ? Json(*settings.max_rate) : Json(nullptr)},
          {"precision", settings.precision},
          {"step_s", settings.step_s},
          {"confirmations", settings.confirmations}};
}

Json level_json(const Level& level) {
  const search::Finding finding = level.finding();
  const auto count = [&](const char* status) {
    return level.whole().counter(names::kExecutionTotal, {{"status", status}});
  };
  Json json = {{"rate", level.rate()},
               {"holds", finding.holds},
               {"confidence", finding.confidence},
               {"falls_behind", finding.overloaded},
               {"why", finding.why},
               {"verdict", level.verdict()},
               {"runs", level.runs()},
               {"measured_s", level.seconds()},
               {"undone_share", level.undone()},
               {"succeeded", count("success")},
               {"failed", count("failure")},
               {"interrupted", count("interrupted")}};
  const metrics::Histogram response = level.whole().histogram(names::kResponseTime);
  static constexpr std::pair<const char*, double> kQuantiles[] = {{"p50", 50}, {"p75", 75}, {"p90", 90},
                                                                  {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}};
  Json times = {{"count", response.count()}, {"max", response.max()}};
  for (const auto& [name, percentile] : kQuantiles)
    times[name] = response.percentile(percentile);
  times["hdr"] = metrics::encode_hdr(response);
  json["response_time"] = std::move(times);
  return json;
}

}  // namespace

std::string to_json(const search::Search& search, const SearchRun& run) {
  Json json = {{"schema", "vajrapulse.find-max/1"}};
  json["run"] = {{"name", run.name},           {"started_at", iso8601(run.started_at)},
                 {"version", run.version},     {"io", run.io},
                 {"seed", run.seed},           {"steps", search.steps()},
                 {"spent_s", search.spent_s()}};
  json["slo"] = Json::array();
  for (std::size_t i = 0; i < search.objectives().size(); ++i)
    json["slo"].push_back(search.objectives().text(i));
  json["settings"] = settings_json(search);
  json["answer"] = answer_json(search);
  json["curve"] = Json::array();
  for (const auto& level : search.levels())
    json["curve"].push_back(level_json(*level));
  json["exit_code"] = run.exit_code;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace vajrapulse::report
