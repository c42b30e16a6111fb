#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mistakes.hpp"
#include "step_kinds.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/log.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/script/interpreter.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;
using criteria::Value;
using document::Node;

/// The interpreter of one shard, shared by the scripts of its task.
struct Scripts final : SharedOfCompiler {
  script::Interpreter interpreter;
};

/// The globals of one iteration.
struct KeptEnvironment final : Local {
  void reset() override { environment.clear(); }
  script::Environment environment;
};

script::Value for_script(const Value& value) {
  switch (value.type) {
    case Type::null:
    case Type::any: return script::Value::null();
    case Type::boolean: return script::Value::boolean(value.number != 0);
    case Type::text: return script::Value::of(value.text);
    case Type::time: return script::Value::of(value.number / 1e9);  // seconds
    default: return script::Value::of(value.number);
  }
}

Value from_script(const script::Value& value) {
  switch (value.type) {
    case script::Type::null: return Value::null();
    case script::Type::boolean: return Value::boolean(value.number != 0);
    case script::Type::number: return Value::of(value.number);
    case script::Type::text: return Value::of(value.text);
  }
  return Value::null();
}

/// What a script of one iteration sees and may do.
class View final : public script::Surroundings {
 public:
  using Slots = std::map<std::string, Slot, std::less<>>;
  View(Moment& moment, const Vocabulary& vocabulary, const Slots& sets, Log* log)
      : moment_(moment), vocabulary_(vocabulary), sets_(sets), log_(log) {}

  std::optional<script::Value> get(std::string_view name) override {
    using Kind = Vocabulary::Meaning::Kind;
    const Vocabulary::Meaning* meaning = vocabulary_.find(name);
    if (!meaning) return std::nullopt;
    const Iteration& iteration = moment_.iteration();
    switch (meaning->kind) {
      case Kind::constant: return for_script(value_of(*meaning));
      case Kind::slot: return for_script(moment_.variables().at(meaning->slot));
      case Kind::iteration: return script::Value::of(double(iteration.index()));
      case Kind::user: return script::Value::of(double(iteration.user()));
      case Kind::shard: return script::Value::of(double(moment_.shard()));
      case Kind::scenario: return script::Value::of(iteration.scenario());
      case Kind::task: return script::Value::of(iteration.task());
    }
    return std::nullopt;
  }
  bool has_fields(std::string_view name) override { return vocabulary_.has_fields(name); }
  Status set(std::string_view name, const script::Value& value) override {
    const auto slot = sets_.find(name);
    if (slot == sets_.end())
      return fail(kUsage, "'" + std::string(name) + "' is set by this script and does not stand under sets:",
                  "write sets: [" + std::string(name) + "] beside script:");
    moment_.variables().set(slot->second, from_script(value));
    return {};
  }
  void log(std::string_view text) override {
    const Iteration& iteration = moment_.iteration();
    if (!log_ || !log_->admits(iteration.reactor().event_time())) return;
    log_->write(vocabulary_.masked(log_line(iteration, text)));
  }
  Random& random() override { return moment_.iteration().random(); }
  std::uint64_t iteration() override { return moment_.iteration().index(); }
  std::uint64_t user() override { return moment_.iteration().user(); }

 private:
  Moment& moment_;
  const Vocabulary& vocabulary_;
  const Slots& sets_;
  Log* log_;
};

class Script final : public Step {
 public:
  Script(std::shared_ptr<Scripts> scripts, script::Chunk chunk, std::string name, View::Slots sets, std::size_t local,
         Compiler& compiler)
      : scripts_(std::move(scripts)),
        chunk_(chunk),
        name_(std::move(name)),
        sets_(std::move(sets)),
        local_(local),
        vocabulary_(compiler.vocabulary()),
        log_(compiler.surroundings().log) {}

  [[nodiscard]] bool waits() const noexcept override { return false; }
  Flow now(Moment& moment) override {
    auto& kept = moment.local<KeptEnvironment>(local_, [] { return std::make_unique<KeptEnvironment>(); });
    View view(moment, vocabulary_, sets_, log_.get());
    const Status status = scripts_->interpreter.run(chunk_, kept.environment, view);
    if (status) return Flow::next;
    const Error& error = status.error();
    const bool by_plan = error.kind == script::kScriptFailed;
    moment.fail(Result::failure(by_plan ? kFailedByPlan : kScript, vocabulary_.masked(name_ + ": " + error.text())));
    return Flow::next;
  }

 private:
  std::shared_ptr<Scripts> scripts_;
  script::Chunk chunk_;
  std::string name_;
  View::Slots sets_;
  std::size_t local_;
  const Vocabulary& vocabulary_;
  std::shared_ptr<Log> log_;
};

/// A mistake of the script as one of the scalar that holds it.
criteria::Mistake in_scalar(const std::string& source, const script::Mistake& mistake) {
  std::size_t at = 0;
  for (std::size_t line = 1; line < mistake.line; ++line) {
    const std::size_t end = source.find('\n', at);
    if (end == std::string::npos) break;
    if (source.find_first_not_of(" \n", end) == std::string::npos) break;  // the last line that says something
    at = end + 1;
  }
  const std::size_t end = std::min(source.find('\n', at), source.size());
  const std::size_t blanks = std::min(source.find_first_not_of(' ', at), end) - at;
  criteria::Mistake found = mistake_at(source, at + blanks, end - at - blanks, mistake.message, mistake.cure);
  if (mistake.column > 0) {
    found.column = characters(std::string_view(source).substr(0, at)) + mistake.column;
    found.length = mistake.length;
  }
  return found;
}

View::Slots sets_of(const Node* sets, Compiler& compiler) {
  View::Slots slots;
  if (!sets) return slots;
  const bool list = sets->kind == Node::Kind::list;
  if (!list && sets->kind != Node::Kind::scalar) {
    compiler.wrong_kind(*sets, "sets", "a list of names", "write for example sets: [total]");
    return slots;
  }
  const auto add = [&](const Node& name) {
    if (name.kind == Node::Kind::scalar)
      slots.emplace(name.text, compiler.declare(name.text, name.place));
    else
      compiler.wrong_kind(name, "what a script sets", "a name", "write for example sets: [total]");
  };
  if (!list) add(*sets);
  for (const Node& name : sets->items)
    add(name);
  return slots;
}

/// A script names its variables while it runs: every column of a source that it speaks of has to be there.
void ask_for_fields(std::string_view source, const Vocabulary& vocabulary) {
  for (const Vocabulary::Field& field : vocabulary.fields())
    if (source.find(field.source) != std::string_view::npos) (void)vocabulary.find(field.source + "." + field.column);
}

std::unique_ptr<Step> compile_script(const Node& step, Compiler& compiler) {
  compiler.only(step, "a script step", {"script", "sets"});
  const Node& source = *step.find("script");
  View::Slots sets = sets_of(step.find("sets"), compiler);
  if (source.kind != Node::Kind::scalar) {
    compiler.wrong_kind(source, "script", "a text", "write script: | and Lua in the lines below it, indented");
    return nullptr;
  }
  auto scripts = compiler.shared<Scripts>("script");
  const auto chunk = scripts->interpreter.compile(source.text);
  if (!chunk) {
    compiler.error(source, in_scalar(source.text, chunk.error()));
    return nullptr;
  }
  ask_for_fields(source.text, compiler.vocabulary());
  const Node* name = step.find("name");
  std::string label = name && !name->text.empty() ? "script '" + name->text + "'" : "script";
  if (!name && source.place.source) {
    const document::Place place = key_place(step, "script");
    label += " of " + place.source->name() + ":" + std::to_string(place.line);
  }
  return std::make_unique<Script>(std::move(scripts), *chunk, std::move(label), std::move(sets),
                                  compiler.local("script"), compiler);
}

}  // namespace

StepKind script_kind() {
  return {.key = "script",
          .about = "Runs Lua 5.4 without access to anything outside; what it sets stands under `sets`.",
          .compile = compile_script};
}

}  // namespace vajrapulse::plan
