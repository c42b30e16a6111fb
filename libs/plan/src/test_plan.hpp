#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test_moment.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/read.hpp"
#include "vajrapulse/plan/log.hpp"
#include "vajrapulse/plan/plan_task.hpp"
#include "vajrapulse/plan/shared_place.hpp"

namespace vajrapulse::plan::test {

/// Tasks written as in a plan, compiled and run in a simulated world. Beside the steps of plans there is `note: text`,
/// which writes down when and what: "0.5 text" (seconds since the iteration began).
struct Play : Stage {
  explicit Play(std::string_view yaml, std::uint64_t seed = 1, std::uint64_t index = 17)
      : Stage(seed, index), source_text(yaml) {
    kinds = step_kinds();
    kinds.push_back({.key = "note", .about = {}, .compile = [this](const document::Node& step, Compiler& with) {
                       return note(step, with);
                     }});
    auto sink = [this](std::string line) { logged.push_back(std::move(line)); };
    log = std::make_shared<Log>(std::move(sink));
  }

  /// The tasks under `tasks:`; what is wrong with them is in `diagnostics`.
  Program compile(std::string_view root = "main") {
    auto source = std::make_shared<const document::Source>("plan.yml", source_text);
    document = document::read(source, diagnostics);
    Surroundings surroundings;
    if (document)
      for (const document::Entry& entry : document->entries)
        surroundings.tasks.emplace(entry.key, &entry.value);
    surroundings.native = &native;
    surroundings.shared = &shared;
    surroundings.log = log;
    Program program;
    program.vocabulary = std::make_unique<Vocabulary>(std::move(vocabulary));
    compiler.emplace(kinds, *program.vocabulary, diagnostics, std::move(surroundings));
    program.routine = compiler->routine(root, {});
    program.log = log;
    program.stop = [this](Flow why) { stopped = why; };
    return program;
  }

  /// What is wrong, each "line:column+length: message; cure".
  std::string mistakes() {
    (void)compile();
    std::string out;
    for (const auto& found : diagnostics.all())
      out += (out.empty() ? "" : "\n") + std::to_string(found.place.line) + ":" + std::to_string(found.place.column) +
             "+" + std::to_string(found.place.length) + ": " + found.message +
             (found.cure.empty() ? "" : "; " + found.cure);
    return out;
  }

  /// One iteration of `main`: the notes, and then how it ended if not well: "[no-value: …]".
  std::string run() {
    if (!task) {
      Program program = compile();
      if (!diagnostics.ok() || !program.routine) return diagnostics.written(document::Format::text);
      task = std::make_unique<PlanTask>(std::move(program));
      TaskContext context(scope, {"steady", "buy", 2, 4});
      spawn_init(context);
    }
    notes.clear();
    bool ended = false;
    reactor.post([&] {
      began = reactor.now();
      runtime::spawn(iterate(ended));
    });
    world.run_until([&] { return ended; });
    std::string out;
    for (const std::string& line : notes)
      out += (out.empty() ? "" : ", ") + line;
    return out;
  }

  void spawn_init(TaskContext& context) {
    runtime::spawn(initialise(context));
    world.run(reactor.now() + std::chrono::seconds(1));
  }
  runtime::Co<void> initialise(TaskContext& context) {
    auto beginning = task->init(context);
    const Status status = co_await beginning;
    if (!status) notes.push_back("init: " + status.error().text());
  }
  runtime::Co<void> iterate(bool& ended) {
    auto working = task->execute(iteration);
    const Result result = co_await working;
    if (!result.ok()) notes.push_back("[" + std::string(result.kind().name()) + ": " + result.message() + "]");
    ended = true;
  }

  class Note final : public Step {
   public:
    Note(Play& play, Template text) : play_(play), text_(std::move(text)) {}
    [[nodiscard]] bool waits() const noexcept override { return false; }
    Flow now(Moment& moment) override {
      std::string text;
      const Status status = text_.render(moment, text);
      if (!status) moment.fail(Result::failure(status.error().kind, status.error().message));
      const double seconds = std::round(play_.seconds() * 1e4) / 1e4;  // timers are due within a microsecond
      std::string stamp = std::to_string(seconds);
      stamp.erase(stamp.find_last_not_of('0') + 1);
      if (stamp.ends_with('.')) stamp.pop_back();
      if (status) play_.notes.push_back((seconds > 0 ? stamp + " " : "") + text);
      return Flow::next;
    }

   private:
    Play& play_;
    Template text_;
  };
  std::unique_ptr<Step> note(const document::Node& step, Compiler& with) {
    return std::make_unique<Note>(*this, with.text(*step.find("note")));
  }

  std::string source_text;
  std::vector<StepKind> kinds;
  std::vector<NamedTask> native;
  SharedPlaces shared;
  std::shared_ptr<Log> log;
  document::Diagnostics diagnostics;
  std::optional<document::Node> document;
  std::optional<Compiler> compiler;
  std::unique_ptr<PlanTask> task;
  std::vector<std::string> notes;
  std::vector<std::string> logged;
  Flow stopped = Flow::next;
};

}  // namespace vajrapulse::plan::test
