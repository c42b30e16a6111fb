#include "assertion_metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Expression;
using schema::Placed;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string_view word_of(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::percentile: return "";
    case Aggregate::count: return "count";
    case Aggregate::rate: return "rate";
    case Aggregate::min: return "min";
    case Aggregate::mean: return "mean";
    case Aggregate::max: return "max";
    case Aggregate::stddev: return "stddev";
    case Aggregate::last: return "last";
    case Aggregate::error_rate: return "error-rate";
    case Aggregate::success_rate: return "success-rate";
    case Aggregate::throughput: return "throughput";
  }
  return "";
}

/// One limit: the figure that has to keep to it.
struct Demand {
  std::string figure;
  std::string_view sign;   ///< "<="
  std::string_view words;  ///< "at most"
  const Placed<AssertionLimit>& limit;
};

class Writer {
 public:
  Writer(const MetricAssertion& metric, criteria::RunNames& names, document::Diagnostics& diagnostics)
      : metric_(metric), names_(names), diagnostics_(diagnostics) {}

  std::optional<WrittenMetric> write() {
    if (!agrees() || !gather()) return std::nullopt;
    WrittenMetric out{.expression = "", .text = metric_.metric.value + tags_text()};
    std::string last;
    for (const Demand& demand : demands_) {
      if (!fits(demand)) return std::nullopt;
      const std::string& limit = demand.limit.value.text;
      out.expression +=
          fmt::format("{}{} {} {}", out.expression.empty() ? "" : " and ", call(demand.figure), demand.sign, limit);
      out.text += fmt::format("{} {} {}", demand.figure == last ? " and" : " " + demand.figure, demand.words, limit);
      last = demand.figure;
    }
    return out;
  }

 private:
  bool refuse(const document::Place& place, std::string message, std::string cure) {
    diagnostics_.error(place, std::move(message), std::move(cure));
    return false;
  }

  bool agrees() {
    if (metric_.aggregate && metric_.aggregate->value == Aggregate::percentile && !metric_.percentile)
      return refuse(metric_.aggregate->place, "which percentile is not said", "add percentile: 0.99");
    if (metric_.aggregate && metric_.percentile && metric_.aggregate->value != Aggregate::percentile)
      return refuse(metric_.aggregate->place, "'aggregate' and 'percentile' contradict each other",
                    "leave one of them out");
    if (metric_.between.size() > 2)
      return refuse(metric_.between[2].place, "'between' takes two limits", "write for example between: [10ms, 500ms]");
    if (!metric_.between.empty() && metric_.between[0].value.value.number > metric_.between[1].value.value.number)
      return refuse(metric_.between[1].place, "'between' ends below where it begins", "write the lesser limit first");
    return true;
  }

  /// What is asked of the metric when nothing is said: of values the greatest for max, of counters the count.
  std::optional<std::string> figure_for(const char* limit, const Placed<AssertionLimit>& placed) {
    if (metric_.percentile) return fmt::format("p{:.10g}", metric_.percentile->value);
    if (metric_.aggregate) return std::string(word_of(metric_.aggregate->value));
    const auto form = criteria::known_form(metric_.metric.value);
    if (form == metrics::Type::counter) return "count";
    const bool between = std::string_view(limit) == "between";
    if (!between && (form != metrics::Type::gauge || std::string_view(limit) == "max")) return limit;
    if (form) {
      refuse(placed.place, fmt::format("what of {} is meant is not said", metric_.metric.value),
             form == metrics::Type::gauge ? "add aggregate: mean, max or last"
                                          : "add percentile: 0.99 or aggregate: mean");
      return std::nullopt;
    }
    return "mean";
  }

  bool add(const char* key, std::string_view sign, std::string_view words, const Placed<AssertionLimit>& limit) {
    auto figure = figure_for(key, limit);
    if (!figure) return false;
    demands_.push_back({std::move(*figure), sign, words, limit});
    return true;
  }

  bool add_rate(const char* key, std::string_view sign, std::string_view words, const Placed<AssertionLimit>& limit) {
    if (metric_.percentile || metric_.aggregate)
      return refuse(limit.place, fmt::format("'{}' is a figure of its own", key),
                    "leave percentile and aggregate out, or write max or min");
    const criteria::Value& value = limit.value.value;
    const bool a_second = value.type == criteria::Type::rate;
    if (!a_second && (value.type > criteria::Type::share || value.number > 1 || value.number < 0))
      return refuse(limit.place, fmt::format("'{}' is neither a share of all nor so many a second", limit.value.text),
                    "write for example 1%, 0.01 or 10/s");
    demands_.push_back({a_second ? "rate" : "share", sign, words, limit});
    return true;
  }

  bool gather() {
    bool good = true;
    if (metric_.min) good = add("min", ">=", "at least", *metric_.min) && good;
    if (metric_.max) good = add("max", "<=", "at most", *metric_.max) && good;
    if (!metric_.between.empty())
      good = add("between", ">=", "at least", metric_.between[0]) &&
             add("between", "<=", "at most", metric_.between[1]) && good;
    if (metric_.min_rate) good = add_rate("min-rate", ">=", "at least", *metric_.min_rate) && good;
    if (metric_.max_rate) good = add_rate("max-rate", "<=", "at most", *metric_.max_rate) && good;
    return good;
  }

  [[nodiscard]] std::vector<std::string> tags() const {
    std::vector<std::string> all;
    if (metric_.tag) all.push_back(metric_.tag->value);
    for (const auto& tag : metric_.tags)
      all.push_back(tag.key.value + "=" + tag.value);
    if (metric_.name) all.push_back("name=" + *metric_.name);
    return all;
  }

  [[nodiscard]] std::string tags_text() const {
    const auto all = tags();
    return all.empty() ? "" : fmt::format(" {{{}}}", fmt::join(all, ", "));
  }

  enum class Tags { left_out, named };
  [[nodiscard]] std::string call(const std::string& figure, Tags named = Tags::named) const {
    std::string text = "metric." + figure + "(" + quoted(metric_.metric.value);
    for (const std::string& tag : named == Tags::named ? tags() : std::vector<std::string>())
      text += ", " + quoted(tag);
    return text + ")";
  }

  /// Of a metric that there is, it is the figure that does not fit.
  [[nodiscard]] const document::Place& place_of_figure() const {
    if (!criteria::known_form(metric_.metric.value)) return metric_.metric.place;
    if (metric_.percentile) return metric_.percentile->place;
    return metric_.aggregate ? metric_.aggregate->place : metric_.metric.place;
  }
  [[nodiscard]] const document::Place& place_of_tags() const {
    if (metric_.tag) return metric_.tag->place;
    return metric_.tags.empty() ? metric_.metric.place : metric_.tags.front().key.place;
  }

  /// What is wrong with the metric stands there, what is wrong with the limit at the limit.
  bool fits(const Demand& demand) {
    const bool has_tags = !tags().empty() && demand.figure != "share";
    if (has_tags)
      if (const auto bare = Expression::compile(call(demand.figure, Tags::left_out), names_); !bare)
        return refuse(place_of_figure(), bare.error().message, bare.error().cure);
    const std::string figure = call(demand.figure);
    if (const auto alone = Expression::compile(figure, names_); !alone) {
      const bool of_metric =
          !has_tags && (tags().empty() || alone.error().message.find("is no metric") != std::string::npos);
      return refuse(of_metric ? place_of_figure() : place_of_tags(), alone.error().message, alone.error().cure);
    }
    const auto compared = Expression::compile(fmt::format("{} {} {}", figure, demand.sign, demand.limit.value.text),
                                              names_, criteria::Wanted::condition);
    if (compared) return true;
    return refuse(demand.limit.place, compared.error().message, compared.error().cure);
  }

  const MetricAssertion& metric_;
  criteria::RunNames& names_;
  document::Diagnostics& diagnostics_;
  std::vector<Demand> demands_;
};

}  // namespace

std::optional<WrittenMetric> written(const MetricAssertion& metric, criteria::RunNames& names,
                                     document::Diagnostics& diagnostics) {
  return Writer(metric, names, diagnostics).write();
}

}  // namespace vajrapulse::plan
