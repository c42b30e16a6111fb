#include "vajrapulse/plan/assertions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "assertion_clause.hpp"
#include "assertion_seconds.hpp"
#include "vajrapulse/engine/load_pattern.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::plan {
namespace {

namespace names = metrics::names;
using engine::AssertionResult;
using engine::Phase;

/// An assertion or a group of some.
struct Branch {
  enum class Kind { clause, all, any };
  Kind kind = Kind::clause;
  std::unique_ptr<Clause> clause;
  std::vector<Branch> parts;
  std::string text;
  bool abort = false;
  bool aborted = false;
};

/// What a group says holds for what is in it, unless that says otherwise.
AssertionTerms within(const AssertionTerms& around, AssertionTerms own) {
  if (!own.window) own.window = around.window;
  if (!own.after) own.after = around.after;
  if (!own.scenario) own.scenario = around.scenario;
  if (!own.task) own.task = around.task;
  return own;
}

class Compiler {
 public:
  Compiler(const std::vector<AssertedScenario>& scenarios, document::Diagnostics& diagnostics)
      : scenarios_(scenarios), diagnostics_(diagnostics) {}

  std::optional<Branch> compile(const AssertionSpec& spec, const AssertionTerms& around, bool in_group) {
    const AssertionTerms terms = within(around, spec.terms);
    if (in_group && spec.terms.abort) {
      diagnostics_.error(spec.terms.abort->place, "only a whole group can end the run",
                         "write abort beside all or any");
      return std::nullopt;
    }
    Branch branch;
    branch.abort = spec.terms.abort && spec.terms.abort->value;
    const bool group = !spec.all.empty() || !spec.any.empty();
    if (!group) {
      branch.clause = Clause::compile(spec, terms, scenarios_, diagnostics_);
      if (!branch.clause) return std::nullopt;
      return branch;
    }
    branch.kind = spec.all.empty() ? Branch::Kind::any : Branch::Kind::all;
    branch.text = spec.terms.title;
    bool good = true;
    for (const AssertionSpec& each : spec.all.empty() ? spec.any : spec.all) {
      auto part = compile(each, terms, true);
      good = good && part;
      if (part) branch.parts.push_back(std::move(*part));
    }
    return good ? std::optional(std::move(branch)) : std::nullopt;
  }

 private:
  const std::vector<AssertedScenario>& scenarios_;
  document::Diagnostics& diagnostics_;
};

template <class Visit>
void each_clause(Branch& branch, const Visit& visit) {
  if (branch.clause) visit(*branch.clause);
  for (Branch& part : branch.parts)
    each_clause(part, visit);
}

bool lost(const Branch& branch, const Outlook& outlook) {
  const auto part_lost = [&](const Branch& part) { return lost(part, outlook); };
  switch (branch.kind) {
    case Branch::Kind::clause: return branch.clause->lost(outlook);
    case Branch::Kind::all: return std::ranges::any_of(branch.parts, part_lost);
    case Branch::Kind::any: return std::ranges::all_of(branch.parts, part_lost);
  }
  return false;
}

std::string now(const Branch& branch, const Outlook& outlook) {
  if (branch.clause) return branch.clause->now();
  std::string text;
  for (const Branch& part : branch.parts)
    if (lost(part, outlook)) text += (text.empty() ? "" : "; ") + now(part, outlook);
  return text;
}

/// As a report calls it.
std::string text_of(const Branch& branch) {
  if (!branch.text.empty()) return branch.text;
  if (branch.clause) return branch.clause->text();
  std::string text = branch.kind == Branch::Kind::all ? "all of: " : "one of: ";
  for (const Branch& part : branch.parts)
    text += (&part == &branch.parts.front() ? "" : "; ") + text_of(part);
  return text;
}

AssertionResult judge(Branch& branch, const engine::RunSummary& summary);

/// What its parts came to, in one.
AssertionResult judge_group(Branch& branch, const engine::RunSummary& summary) {
  const bool all = branch.kind == Branch::Kind::all;
  AssertionResult result;
  result.passed = all;
  bool first = true;
  for (Branch& part : branch.parts) {
    AssertionResult one = judge(part, summary);
    result.passed = all ? result.passed && one.passed : result.passed || one.passed;
    result.scenario = first || result.scenario == one.scenario ? one.scenario : "";
    first = false;
    result.observed += (result.observed.empty() ? "" : "; ") + one.text + ": " + one.observed +
                       (one.by.empty() ? "" : " (" + one.by + ")");
    if (!one.reason.empty()) result.reason += (result.reason.empty() ? "" : "; ") + one.reason;
    if (one.broke_at && !result.broke_at) result.broke_at = one.broke_at;
    if (one.broke_at)
      result.broke_at = all ? std::min(*result.broke_at, *one.broke_at) : std::max(*result.broke_at, *one.broke_at);
  }
  if (result.passed) {
    result.broke_at.reset();
    result.reason.clear();
  }
  result.expected = fmt::format("{} of {}", all ? "all" : "one", branch.parts.size());
  result.text = text_of(branch);
  return result;
}

AssertionResult judge(Branch& branch, const engine::RunSummary& summary) {
  return branch.clause ? branch.clause->judge(summary) : judge_group(branch, summary);
}

/// How long an interval is: as long as what is in flight was known. One second where nobody says.
double span_s(const metrics::Snapshot& interval) {
  const double seconds =
      1e-9 * double(std::max(interval.gauge(names::kInFlight).weight_ns, interval.gauge(names::kActualTps).weight_ns));
  return seconds > 0 ? seconds : 1;
}

}  // namespace

struct Assertions::Impl {
  explicit Impl(std::vector<AssertedScenario> scenarios)
      : outlook(std::move(scenarios)), seconds(outlook.scenarios().size()) {}

  [[nodiscard]] std::string scenario_of(const metrics::Snapshot& interval) const;
  [[nodiscard]] bool over() const;
  void take_seconds();
  void end_what_is_lost(double t);

  Outlook outlook;
  Seconds seconds;
  std::vector<Branch> branches;
  bool follows = false;  ///< one of them is looked at while the run goes on
  bool windows = false;
  std::set<std::string> drained;  ///< scenarios whose load is over
  std::map<const Branch*, double> ended_at;
  bool aborted = false;
  std::function<void(const std::string&)> abort;
};

AssertedScenario asserted(const engine::PlannedScenario& planned) {
  const engine::Scenario& scenario = planned.scenario;
  AssertedScenario out{.name = scenario.name, .measured = planned.measured, .planned = scenario.iterations};
  if (scenario.duration > Duration::zero()) out.duration = scenario.duration;
  const auto* open = std::get_if<engine::OpenModel>(&scenario.load);
  out.open_model = open != nullptr;
  if (!open) return out;
  if (const auto own = open->pattern->length()) out.duration = std::min(out.duration.value_or(*own), *own);
  if (out.duration && open->arrivals == engine::ArrivalKind::even) {
    const std::uint64_t arrivals = open->pattern->arrivals_before(*out.duration);
    out.planned = std::min(out.planned.value_or(arrivals), arrivals);
  }
  if (scenario.iterations) out.duration.reset();  // it may end before
  return out;
}

std::vector<criteria::RunNames::Scenario> names_of(const std::vector<AssertedScenario>& scenarios) {
  using Model = criteria::RunNames::Model;
  std::vector<criteria::RunNames::Scenario> all;
  for (const AssertedScenario& each : scenarios)
    all.push_back(
        {.name = each.name,
         .model = each.open_model ? Model::open : Model::closed,
         .refusal = each.measured ? "" : "'" + each.name + "' is not measured, so that nothing is known of it"});
  return all;
}

Assertions::Assertions(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Assertions::~Assertions() = default;

std::unique_ptr<Assertions> Assertions::compile(const std::vector<AssertionSpec>& specs,
                                                std::vector<AssertedScenario> scenarios,
                                                document::Diagnostics& diagnostics) {
  auto impl = std::make_unique<Impl>(std::move(scenarios));
  Compiler compiler(impl->outlook.scenarios(), diagnostics);
  bool good = true;
  for (const AssertionSpec& spec : specs) {
    auto branch = compiler.compile(spec, {}, false);
    good = good && branch;
    if (branch) impl->branches.push_back(std::move(*branch));
  }
  if (!good) return nullptr;
  for (Branch& branch : impl->branches)
    each_clause(branch, [&](Clause& clause) {
      if (branch.abort) clause.follow_from_now_on();
      impl->windows = impl->windows || clause.has_window();
      impl->follows = impl->follows || clause.follows();
    });
  return std::unique_ptr<Assertions>(new Assertions(std::move(impl)));
}

void Assertions::on_abort(std::function<void(const std::string& reason)> abort) { impl_->abort = std::move(abort); }

bool Assertions::aborted() const noexcept { return impl_->aborted; }

void Assertions::on_progress(const engine::Progress& progress) {
  engine::ControlState plan;
  plan.stopped = progress.control.stopped;
  if (progress.control != plan) impl_->outlook.steered();
}

/// Each interval is of one scenario; a run of one need not say which.
std::string Assertions::Impl::scenario_of(const metrics::Snapshot& interval) const {
  const auto there = interval.counters_by(names::kExecutionTotal, "scenario");
  if (!there.empty()) return there.begin()->first;
  return outlook.scenarios().empty() ? "" : outlook.scenarios().front().name;
}

bool Assertions::Impl::over() const {
  return std::ranges::all_of(outlook.scenarios(), [this](const AssertedScenario& each) {
    return !each.measured || drained.contains(each.name);
  });
}

void Assertions::Impl::take_seconds() {
  while (const auto second = seconds.take())
    for (Branch& branch : branches)
      each_clause(branch, [&](Clause& clause) { clause.add(*second); });
}

void Assertions::Impl::end_what_is_lost(double t) {
  if (aborted || over()) return;
  for (Branch& branch : branches) {
    if (!branch.abort || !lost(branch, outlook)) continue;
    branch.aborted = aborted = true;
    ended_at[&branch] = t;
    const std::string why =
        fmt::format("assertion '{}' cannot pass any more: {}", text_of(branch), now(branch, outlook));
    if (abort) abort(why);
    return;
  }
}

void Assertions::on_interval(double t, Phase phase, const metrics::Snapshot& interval) {
  Impl& impl = *impl_;
  if (!impl.windows && !impl.follows) return;
  const std::string scenario = impl.scenario_of(interval);
  const AssertedScenario* known = impl.outlook.find(scenario);
  const bool counts = (!known || known->measured) && (phase == Phase::measure || phase == Phase::drain);
  const Span span{.begin = t, .end = t + span_s(interval), .scenario = scenario};
  if (phase > Phase::measure) impl.drained.insert(scenario);
  if (counts) {
    impl.outlook.ended(scenario, interval);
    for (Branch& branch : impl.branches)
      each_clause(branch, [&](Clause& clause) { clause.add(span, interval); });
  }
  if (impl.windows && counts && phase == Phase::measure)
    impl.seconds.add(span, interval);
  else
    impl.seconds.reach(t);
  if (impl.windows) impl.take_seconds();
  impl.end_what_is_lost(span.end);
}

std::vector<AssertionResult> Assertions::judge(const engine::RunSummary& summary) {
  impl_->seconds.finish();
  impl_->take_seconds();
  std::vector<AssertionResult> results;
  for (Branch& branch : impl_->branches) {
    AssertionResult result = plan::judge(branch, summary);
    if (branch.aborted) {
      result.aborted = true;
      result.passed = false;
      if (!result.broke_at) result.broke_at = impl_->ended_at[&branch];
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace vajrapulse::plan
