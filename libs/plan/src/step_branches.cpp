#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "step_kinds.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

/// Steps of which one sequence is chosen: what an `if` and a `weighted` have in common.
class Choice : public Step {
 public:
  [[nodiscard]] bool waits() const noexcept override { return waits_; }
  runtime::Co<Status> init(TaskContext& context) override {
    for (Steps& steps : sequences_) {
      auto beginning = init_all(steps, context);
      Status status = co_await beginning;
      if (!status) co_return status;
    }
    co_return Status{};
  }
  Flow now(Moment& moment) override { return run_all_now(sequences_[choose(moment)], moment); }
  runtime::Co<Flow> run(Moment& moment) override { return run_all(sequences_[choose(moment)], moment); }
  runtime::Co<void> teardown() override {
    for (Steps& steps : sequences_) {
      auto ending = teardown_all(steps);
      co_await ending;
    }
  }

 protected:
  void add(Steps steps) {
    waits_ = waits_ || any_waits(steps);
    sequences_.push_back(std::move(steps));
  }
  /// Which of the sequences, in the order in which they were added.
  virtual std::size_t choose(Moment& moment) = 0;

 private:
  std::vector<Steps> sequences_;
  bool waits_ = false;
};

class If final : public Choice {
 public:
  If(criteria::Expression condition, Steps then, Steps otherwise) : condition_(std::move(condition)) {
    add(std::move(otherwise));
    add(std::move(then));
  }

 private:
  std::size_t choose(Moment& moment) override { return condition_.holds(moment.variables()).value_or(false) ? 1 : 0; }
  criteria::Expression condition_;
};

class Weighted final : public Choice {
 public:
  void add_branch(double weight, Steps steps) {
    total_ += weight;
    up_to_.push_back(total_);
    add(std::move(steps));
  }
  [[nodiscard]] double total() const noexcept { return total_; }

 private:
  std::size_t choose(Moment& moment) override {
    const double at = moment.iteration().random().uniform() * total_;
    std::size_t branch = 0;
    while (branch + 1 < up_to_.size() && at >= up_to_[branch])
      ++branch;
    return branch;
  }
  std::vector<double> up_to_;
  double total_ = 0;
};

std::unique_ptr<Step> compile_if(const Node& step, Compiler& compiler) {
  compiler.only(step, "an if step", {"if", "then", "else"});
  auto condition = compiler.expression(*step.find("if"));
  const Node* then = step.find("then");
  const Node* otherwise = step.find("else");
  if (!then)
    compiler.error(key_place(step, "if"), "an if step has no 'then'", "write the steps it decides about under then:");
  Steps yes = then ? compiler.steps(*then) : Steps{};
  Steps no = otherwise ? compiler.steps(*otherwise) : Steps{};
  if (!condition || !then) return nullptr;
  return std::make_unique<If>(std::move(*condition), std::move(yes), std::move(no));
}

std::optional<double> weight_of(const Node& node, Compiler& compiler) {
  const auto written = compiler.known(node, "a weight");
  if (!written) return std::nullopt;
  double weight = 0;
  const char* end = written->data() + written->size();
  const auto [stop, failure] = std::from_chars(written->data(), end, weight);
  if (failure == std::errc() && stop == end && weight >= 0 && weight <= 1e15) return weight;
  compiler.error(node.place, "a weight is a number of 0 or more, not '" + *written + "'", "write for example 80");
  return std::nullopt;
}

/// An item of the list: { weight: 80, steps: […] }, or { weight: 80, http: GET / }.
void add_item(const Node& item, Weighted& weighted, Compiler& compiler) {
  const Node* weight = item.find("weight");
  if (!weight) {
    if (item.kind == Node::Kind::map)
      compiler.error(item.place, "this branch has no weight", "write for example weight: 80 beside its steps");
    else
      compiler.wrong_kind(item, "a branch of weighted", "a map", "write for example { weight: 80, steps: […] }");
    return;
  }
  const auto share = weight_of(*weight, compiler);
  Steps steps;
  if (item.find("steps")) {
    compiler.only(item, "a branch of weighted", {"weight", "steps"});
    steps = compiler.steps(*item.find("steps"));
  } else {
    Node alone = item;
    std::erase_if(alone.entries, [](const document::Entry& entry) { return entry.key == "weight"; });
    if (alone.entries.empty())
      return compiler.error(item.place, "a branch of weighted has no steps", "write them under steps:");
    steps = compiler.steps(alone);
  }
  if (share) weighted.add_branch(*share, std::move(steps));
}

/// An entry of the map: a task's name and its weight.
void add_entry(const document::Entry& entry, Weighted& weighted, Compiler& compiler) {
  const auto share = weight_of(entry.value, compiler);
  Node call;
  call.kind = Node::Kind::map;
  call.place = entry.place;
  call.entries.push_back({"task", entry.place, Node{}});
  call.entries[0].value.kind = Node::Kind::scalar;
  call.entries[0].value.text = entry.key;
  call.entries[0].value.place = entry.place;
  Steps steps = compiler.steps(call);
  if (share) weighted.add_branch(*share, std::move(steps));
}

std::unique_ptr<Step> compile_weighted(const Node& step, Compiler& compiler) {
  compiler.only(step, "a weighted step", {"weighted"});
  const Node& value = *step.find("weighted");
  const std::size_t before = compiler.diagnostics().errors();
  auto weighted = std::make_unique<Weighted>();
  for (const Node& item : value.items)
    add_item(item, *weighted, compiler);
  for (const document::Entry& entry : value.entries)
    add_entry(entry, *weighted, compiler);
  if (value.kind != Node::Kind::list && value.kind != Node::Kind::map)
    compiler.wrong_kind(value, "weighted", "a list of branches, or a map of tasks",
                        "write for example [ { weight: 80, steps: […] }, { weight: 20, steps: […] } ]");
  else if (value.items.empty() && value.entries.empty())
    compiler.error(value.place, "weighted has nothing to choose from", "write branches with a weight each");
  if (compiler.diagnostics().errors() != before) return nullptr;
  if (weighted->total() > 0) return weighted;
  compiler.error(value.place, "all weights are 0, so that no branch can be chosen",
                 "give one of them a weight above 0");
  return nullptr;
}

}  // namespace

StepKind if_kind() {
  return {.key = "if",
          .about =
              "Runs the steps of `then` when a condition holds, else those of `else`; without a value it does not "
              "hold.",
          .compile = compile_if};
}

StepKind weighted_kind() {
  return {.key = "weighted",
          .about = "Runs one of several branches, each as often as its weight says.",
          .compile = compile_weighted};
}

}  // namespace vajrapulse::plan
