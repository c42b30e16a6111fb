#include <charconv>
#include <utility>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/plan/assertion.hpp"
#include "vajrapulse/schema/object.hpp"

namespace vajrapulse::plan {
namespace {

using schema::Object;
using schema::Placed;
using schema::Shape;

/// No figure has a name where a limit is asked for.
class NoNames final : public criteria::Names {
 public:
  Expected<criteria::Binding> bind(const criteria::Reference& reference) override {
    return fail(kUsage, "'" + std::string(reference.name) + "' is no limit", "write a value, for example 500ms");
  }
};
class NoValues final : public criteria::Values {
 public:
  [[nodiscard]] criteria::Value at(std::uint32_t /*slot*/) const override { return criteria::Value::null(); }
};

std::expected<AssertionLimit, criteria::Mistake> read_limit(std::string_view text) {
  NoNames names;
  const auto written = criteria::Expression::compile(text, names);
  if (!written) return std::unexpected(written.error());
  const criteria::Value value = written->evaluate(NoValues{});
  if (value.is_number()) return AssertionLimit{std::string(text), value};
  return std::unexpected(criteria::Mistake{.column = 1,
                                           .length = text.size(),
                                           .message = "'" + std::string(text) + "' is no limit",
                                           .cure = "write a value with its unit, for example 500ms, 1% or 1000"});
}

Shape<AssertionLimit> limit() {
  return schema::custom<AssertionLimit>({.name = "limit", .examples = {"500ms"}}, read_limit);
}

/// "p99", "99%", "99" and "0.99" all mean the 99th.
std::expected<double, Error> read_percentile(std::string_view text) {
  std::string_view digits = text;
  const bool named = digits.starts_with('p') || digits.ends_with('%');
  if (digits.starts_with('p')) digits.remove_prefix(1);
  if (digits.ends_with('%')) digits.remove_suffix(1);
  double value = 0;
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = failure == std::errc() && stop == digits.data() + digits.size();
  if (whole && !named && value <= 1) value *= 100;
  if (whole && value > 0 && value <= 100) return value;
  return fail(kUsage, "'" + std::string(text) + "' is no percentile", "write for example 0.99, 99 or 99.9");
}

Shape<double> percentile() {
  return schema::custom<double>({.name = "percentile", .examples = {"0.99"}}, read_percentile);
}

Shape<Aggregate> aggregate() {
  return schema::choice<Aggregate>(
      "aggregate", {{"percentile", Aggregate::percentile, "Needs percentile beside it."},
                    {"count", Aggregate::count, "How many values there were."},
                    {"rate", Aggregate::rate, "How many a second."},
                    {"min", Aggregate::min, "The least value."},
                    {"mean", Aggregate::mean, "Of values; of what goes up and down, over time."},
                    {"max", Aggregate::max, "The greatest value."},
                    {"stddev", Aggregate::stddev, "The standard deviation."},
                    {"last", Aggregate::last, "Of what goes up and down: where it ended."},
                    {"error-rate", Aggregate::error_rate, "Failures, as a share of what completed."},
                    {"success-rate", Aggregate::success_rate, "Successes, as a share of what completed."},
                    {"throughput", Aggregate::throughput, "Completed a second."}});
}

Object<AssertionTerms> terms() {
  return schema::object<AssertionTerms>("terms", "When an assertion is looked at, and of what.")
      .field("title", &AssertionTerms::title, schema::text({.name = "title", .least = 1}), "What reports call it.")
      .example("checkout stays quick")
      .field("for", &AssertionTerms::window, schema::duration(),
             "It has to hold in every window of that length, a second apart. Whole seconds, at most an hour.")
      .example("10s")
      .field("after", &AssertionTerms::after, schema::duration(),
             "What comes before is left out, from the start of measuring (of the scenario, if it is about one).")
      .example("30s")
      .field("abort", &AssertionTerms::abort, schema::boolean(), "true: the run ends once it cannot pass any more.")
      .fallback("false")
      .field("scenario", &AssertionTerms::scenario, schema::text({.name = "scenario name", .least = 1}),
             "Only this scenario.")
      .field("task", &AssertionTerms::task, schema::text({.name = "task name", .least = 1}), "Only this task.");
}

Shape<std::string> condition() {
  // A request without a name goes by its template, "GET /items/{{id}}": nothing is filled in here.
  return schema::template_text({.name = "condition",
                                .about = "A condition in the expression language.",
                                .least = 1,
                                .examples = {"p99 < 500ms"}});
}

Object<MetricAssertion> metric_keys() {
  return schema::object<MetricAssertion>("metric assertion", "A metric and its limits.")
      .field("metric", &MetricAssertion::metric, schema::text({.name = "metric name", .least = 1}), "Which metric.")
      .required()
      .example("vajrapulse.execution.duration")
      .field("percentile", &MetricAssertion::percentile, percentile(), "At most 1 is a share: 0.99 is the 99th.")
      .example("0.99")
      .field("aggregate", &MetricAssertion::aggregate, aggregate(),
             "What of it; of durations max for max and min for min, of counters the count, of levels the maximum.")
      .field("tag", &MetricAssertion::tag, schema::text({.name = "tag", .least = 1}), "Only what carries it.")
      .example("\"status=failure\"")
      .field("tags", &MetricAssertion::tags, schema::map_of(schema::text({.name = "tag value"}), {.key = "tag"}),
             "Only what carries all of them.")
      .field("name", &MetricAssertion::name, schema::template_text({.name = "request name", .least = 1}),
             "Only this request.")
      .example("GET /cart")
      .field("max", &MetricAssertion::max, limit(), "At most.")
      .example("500ms")
      .field("min", &MetricAssertion::min, limit(), "At least.")
      .field("between", &MetricAssertion::between, schema::list_of(schema::placed(limit()), {.least = 2}),
             "From the first to the second, both included.")
      .example("[10ms, 500ms]")
      .field("max-rate", &MetricAssertion::max_rate, limit(),
             "At most this share of all (0.01, 1%) or a second (10/s).")
      .example("\"0.01\"")
      .field("min-rate", &MetricAssertion::min_rate, limit(), "At least this share of all, or a second.")
      .at_least_one({"max", "min", "between", "max-rate", "min-rate"})
      .at_most_one({"tag", "tags"});
}

/// The keys of a metric stand among the entry's own.
struct MetricEntry {
  document::Place place;
  MetricAssertion metric;
  AssertionTerms terms;
};

Shape<AssertionSpec> metric_form() {
  const Shape<MetricEntry> entry = schema::object<MetricEntry>("metric assertion", "A metric and its limits.")
                                       .placed(&MetricEntry::place)
                                       .part(&MetricEntry::metric, metric_keys())
                                       .part(&MetricEntry::terms, terms())
                                       .sample("{ metric: vajrapulse.client.queue.size, max: 1000 }")
                                       .shape();
  return schema::mapped<AssertionSpec>(entry, [](MetricEntry read) {
    AssertionSpec spec;
    spec.place = read.place;
    spec.metric = std::move(read.metric);
    spec.terms = std::move(read.terms);
    return spec;
  });
}

Shape<AssertionSpec> expression_form() {
  return schema::object<AssertionSpec>("assertion", "A condition, and when it is looked at.")
      .placed(&AssertionSpec::place)
      .field("assert", &AssertionSpec::expression, condition(), "The condition.")
      .required()
      .part(&AssertionSpec::terms, terms())
      .sample("{ assert: p99 < 500ms, for: 10s }")
      .shape();
}

Shape<std::vector<AssertionSpec>> entries() {
  return schema::list_of(schema::ref<AssertionSpec>("assertion", [] { return assertion_shape(); }), {.least = 2});
}

Shape<AssertionSpec> group_form(const char* key, std::vector<AssertionSpec> AssertionSpec::* entries_of,
                                const char* about) {
  return schema::object<AssertionSpec>("assertion group", about)
      .placed(&AssertionSpec::place)
      .field(key, entries_of, entries(), about)
      .required()
      .part(&AssertionSpec::terms, terms())
      .shape();
}

}  // namespace

Shape<AssertionSpec> assertion_shape() {
  static const Shape<AssertionSpec> shape = schema::by_form<AssertionSpec>(
      "assertion", {.scalar = schema::inside(&AssertionSpec::expression, condition()),
                    .map = schema::keyed<AssertionSpec>(
                        "assertion", "What has to hold at the end.",
                        {{"assert", expression_form()},
                         {"metric", metric_form()},
                         {"all", group_form("all", &AssertionSpec::all, "All of them have to hold.")},
                         {"any", group_form("any", &AssertionSpec::any, "One of them has to hold.")}})});
  return shape;
}

Shape<std::vector<AssertionSpec>> assertions_shape() {
  static const Shape<std::vector<AssertionSpec>> shape =
      schema::list_of(assertion_shape(), {.about = "What has to hold at the end: exit code 99 if it does not."});
  return shape;
}

}  // namespace vajrapulse::plan
