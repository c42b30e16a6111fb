#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captured.hpp"
#include "step_kinds.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/extract/json_path.hpp"
#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using document::Node;

constexpr std::uint64_t kMostTurns = 1'000'000;
constexpr std::uint64_t kTurnsUnlessSaid = 10'000;
/// After so many turns a loop lets the rest of the shard have its turn, as its steps may not wait at all.
constexpr std::uint64_t kTurnsAtOnce = 1'000;

/// Steps that run more than once; a counter of the turns, from 1.
class Loop : public Step {
 public:
  Loop(Steps steps, std::optional<Slot> counter)
      : steps_(std::move(steps)), waits_(any_waits(steps_)), counter_(counter) {}
  runtime::Co<Status> init(TaskContext& context) override { return init_all(steps_, context); }
  runtime::Co<void> teardown() override { return teardown_all(steps_); }

 protected:
  /// One turn, `number` from 1.
  runtime::Co<Flow> turn(Moment& moment, std::uint64_t number) {
    if (!moment.spend()) {
      moment.overspent();
      co_return Flow::stop_iteration;
    }
    if (number % kTurnsAtOnce == 0) {
      auto breath = moment.iteration().sleep(Duration::zero());
      co_await breath;
    }
    if (moment.iteration().cancellation().requested()) co_return Flow::stop_iteration;
    if (counter_) moment.variables().set(*counter_, Value::of(double(number)));
    if (!waits_) co_return run_all_now(steps_, moment);
    auto running = run_all(steps_, moment);
    co_return co_await running;
  }

 private:
  Steps steps_;
  bool waits_;
  std::optional<Slot> counter_;
};

class Repeat final : public Loop {
 public:
  Repeat(Template times, Steps steps, std::optional<Slot> counter)
      : Loop(std::move(steps), counter), times_(std::move(times)) {}

  runtime::Co<Flow> run(Moment& moment) override {
    const auto times = count(moment);
    if (!times) {
      moment.fail(Result::failure(times.error().kind, times.error().text()));
      co_return Flow::next;
    }
    for (std::uint64_t number = 1; number <= *times; ++number) {
      auto running = turn(moment, number);
      const Flow flow = co_await running;
      if (flow != Flow::next) co_return flow;
    }
    co_return Flow::next;
  }

 private:
  [[nodiscard]] Expected<std::uint64_t> count(Moment& moment) const {
    const Value value = times_.value(moment);
    const auto number = as_number(value);
    if (number && *number >= 0 && *number <= double(kMostTurns) && *number == std::floor(*number))
      return std::uint64_t(*number);
    if (value.is_null())
      return fail(kNoValue, "repeat cannot tell how often: '" + times_.text() + "' has no value here");
    return fail(kBadValue, "repeat takes a whole number from 0 to 1,000,000, not " + criteria::format(value));
  }
  Template times_;
};

class While final : public Loop {
 public:
  While(criteria::Expression condition, std::uint64_t most, Steps steps, std::optional<Slot> counter)
      : Loop(std::move(steps), counter), condition_(std::move(condition)), most_(most) {}

  runtime::Co<Flow> run(Moment& moment) override {
    for (std::uint64_t number = 1; condition_.holds(moment.variables()).value_or(false); ++number) {
      if (number > most_) {
        moment.fail(Result::failure(kTooManyTurns, "while " + condition_.text() + ": still so after " +
                                                       format_count(most_) + (most_ == 1 ? " turn" : " turns")));
        break;
      }
      auto running = turn(moment, number);
      const Flow flow = co_await running;
      if (flow != Flow::next) co_return flow;
    }
    co_return Flow::next;
  }

 private:
  criteria::Expression condition_;
  std::uint64_t most_;
};

/// An item of a list that was captured: copied, as the list's variable may change meanwhile.
struct Item {
  Value value;
  std::string text;
};

class ForEach final : public Loop {
 public:
  ForEach(Slot list, std::string name, Slot item, Steps steps)
      : Loop(std::move(steps), std::nullopt), list_(list), name_(std::move(name)), item_(item) {}
  ForEach(std::vector<Template> written, Slot item, Steps steps)
      : Loop(std::move(steps), std::nullopt), written_(std::move(written)), item_(item) {}

  runtime::Co<Flow> run(Moment& moment) override {
    return written_.empty() ? run_captured(moment) : run_written(moment);
  }

 private:
  runtime::Co<Flow> run_written(Moment& moment) {
    std::uint64_t number = 0;
    for (const Template& item : written_) {
      const Value value = item.value(moment);
      if (value.is_null()) {
        moment.fail(Result::failure(kNoValue, "foreach: '" + item.text() + "' has no value here"));
        break;
      }
      moment.variables().set(item_, value);
      auto running = turn(moment, ++number);
      const Flow flow = co_await running;
      if (flow != Flow::next) co_return flow;
    }
    co_return Flow::next;
  }

  runtime::Co<Flow> run_captured(Moment& moment) {
    const std::vector<Item> items = items_of(moment);
    std::uint64_t number = 0;
    for (const Item& item : items) {
      const bool text = item.value.type == criteria::Type::text;
      moment.variables().set(item_, text ? Value::of(std::string_view(item.text)) : item.value);
      auto running = turn(moment, ++number);
      const Flow flow = co_await running;
      if (flow != Flow::next) co_return flow;
    }
    co_return Flow::next;
  }

  /// Without coroutine: the reader is not shared while it is in use.
  std::vector<Item> items_of(Moment& moment) {
    std::vector<Item> items;
    const Value list = moment.variables().at(list_);
    if (list.is_null()) {
      moment.fail(Result::failure(kNoValue, "foreach: '" + name_ + "' has no value here"));
      return items;
    }
    found_.clear();
    reader_.read(list.text);
    const bool array = list.type == criteria::Type::text && list.text.starts_with('[');
    const auto count = array ? elements_.all(reader_, found_) : std::unexpected(extract::Miss{});
    if (!count) {
      moment.fail(Result::failure(kBadValue, "foreach: '" + name_ + "' holds no list; capture it with all: true"));
      return items;
    }
    items.reserve(found_.size());
    for (const extract::Value& each : found_) {
      const Value value = value_of(each);
      items.push_back({value, std::string(value.text)});
    }
    return items;
  }

  Slot list_ = 0;
  std::string name_;
  std::vector<Template> written_;
  Slot item_;
  extract::JsonPath elements_ = *extract::JsonPath::compile("$[*]");
  extract::Reader reader_;
  std::vector<extract::Value> found_;
};

std::optional<Slot> counter_of(const Node* as, Compiler& compiler) {
  if (!as) return std::nullopt;
  if (as->kind == Node::Kind::scalar) return compiler.declare(as->text, as->place, criteria::Type::number);
  compiler.wrong_kind(*as, "as", "a name", "write for example as: i");
  return std::nullopt;
}

std::optional<Template> times_of(const Node& node, Compiler& compiler) {
  const std::size_t before = compiler.diagnostics().errors();
  if (node.kind != Node::Kind::scalar) {
    compiler.wrong_kind(node, "how often repeat does something", "a number", "write for example repeat: 3");
    return std::nullopt;
  }
  Template times = compiler.text(node);
  if (compiler.diagnostics().errors() != before) return std::nullopt;
  if (times.constant() && !compiler.count(node, "how often repeat does something", 0, kMostTurns)) return std::nullopt;
  return times;
}

std::unique_ptr<Step> compile_repeat(const Node& step, Compiler& compiler) {
  compiler.only(step, "a repeat step", {"repeat", "steps", "as"});
  const Node& value = *step.find("repeat");
  const bool map = value.kind == Node::Kind::map;
  if (map) compiler.only(value, "repeat", {"times", "as", "steps"});
  const Node* times = map ? value.find("times") : &value;
  if (!times) compiler.error(value.place, "repeat does not say how often", "write for example times: 3");
  const auto count = times ? times_of(*times, compiler) : std::nullopt;
  const Node* as = map && value.find("as") ? value.find("as") : step.find("as");
  const auto counter = counter_of(as, compiler);
  Steps steps = body(step, "repeat", compiler);
  if (!count) return nullptr;
  return std::make_unique<Repeat>(*count, std::move(steps), counter);
}

std::unique_ptr<Step> compile_while(const Node& step, Compiler& compiler) {
  compiler.only(step, "a while step", {"while", "steps", "at-most", "as"});
  const Node* at_most = step.find("at-most");
  const auto most = at_most ? compiler.count(*at_most, "at-most", 1, kMostTurns) : std::optional(kTurnsUnlessSaid);
  const auto counter = counter_of(step.find("as"), compiler);
  auto condition = compiler.expression(*step.find("while"));
  Steps steps = body(step, "while", compiler);
  if (!condition || !most) return nullptr;
  return std::make_unique<While>(std::move(*condition), *most, std::move(steps), counter);
}

/// The name of a captured list: `ids`, or "{{ids}}".
std::optional<std::string> list_name(const Node& in, Compiler& compiler) {
  std::string name = in.text;
  if (name.starts_with("{{") && name.ends_with("}}")) {
    name = name.substr(2, name.size() - 4);
    const std::size_t begin = std::min(name.find_first_not_of(' '), name.size());
    name = name.substr(begin, name.find_last_not_of(' ') + 1 - begin);
  }
  const auto meaning = compiler.vocabulary().meaning(name);
  if (!meaning) {
    compiler.error(in.place, meaning.error().message, meaning.error().cure);
    return std::nullopt;
  }
  if (meaning->kind == Vocabulary::Meaning::Kind::slot) return name;
  compiler.error(in.place, "'" + name + "' is no list",
                 "name a list that was captured with all: true, or write one here");
  return std::nullopt;
}

std::unique_ptr<Step> compile_foreach(const Node& step, Compiler& compiler) {
  compiler.only(step, "a foreach step", {"foreach", "steps"});
  const Node& value = *step.find("foreach");
  if (value.kind != Node::Kind::map) {
    compiler.wrong_kind(value, "foreach", "a map", "write for example foreach: { in: ids, as: id }");
    return nullptr;
  }
  compiler.only(value, "foreach", {"in", "as", "steps"});
  const Node* in = value.find("in");
  const Node* as = value.find("as");
  if (!in) compiler.error(value.place, "foreach does not say over which list", "write for example in: ids");
  std::vector<Template> written;
  std::optional<std::string> name;
  if (in && in->kind == Node::Kind::list) {
    for (const Node& item : in->items)
      written.push_back(compiler.text(item));
    if (written.empty()) compiler.error(in->place, "this list is empty", "write what the steps are to be done for");
  } else if (in && in->kind == Node::Kind::scalar) {
    name = list_name(*in, compiler);
  } else if (in) {
    compiler.wrong_kind(*in, "in", "a list or the name of one", "write for example in: ids, or in: [a, b]");
  }
  const Slot item = as && as->kind == Node::Kind::scalar ? compiler.declare(as->text, as->place)
                                                         : compiler.declare("item", value.place);
  Steps steps = body(step, "foreach", compiler);
  if (!written.empty()) return std::make_unique<ForEach>(std::move(written), item, std::move(steps));
  if (!name) return nullptr;
  const Slot list = compiler.vocabulary().find(*name)->slot;
  return std::make_unique<ForEach>(list, *name, item, std::move(steps));
}

}  // namespace

StepKind repeat_kind() {
  return {.key = "repeat", .about = "Runs its steps so many times.", .compile = compile_repeat};
}

StepKind while_kind() {
  return {
      .key = "while",
      .about = "Runs its steps as long as a condition holds; one that still holds after `at-most` turns is a failure.",
      .compile = compile_while};
}

StepKind foreach_kind() {
  return {.key = "foreach",
          .about = "Runs its steps once for each item of a list that was captured, or that stands here.",
          .compile = compile_foreach};
}

}  // namespace vajrapulse::plan
