#include "vajrapulse/plan/compiler.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mistakes.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;
using document::Place;

constexpr std::string_view kName = "name";
constexpr std::string_view kOnFailure = "on-failure";

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out = "'";
  out += text.substr(0, kLongest);
  if (text.size() > kLongest) out += "…";
  return out + "'";
}

bool is_name(std::string_view name) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && letter(name[0]) && name.back() != '-' && std::ranges::all_of(name, inner);
}

/// What steps are called elsewhere.
std::string_view meant_kind(std::string_view word) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kElsewhere[] = {
      {"sleep", "think"}, {"wait", "think"},      {"pause", "think"}, {"delay", "think"},        {"get", "http"},
      {"post", "http"},   {"put", "http"},        {"delete", "http"}, {"request", "http"},       {"url", "http"},
      {"loop", "repeat"}, {"times", "repeat"},    {"for", "foreach"}, {"print", "log"},          {"echo", "log"},
      {"lua", "script"},  {"random", "weighted"}, {"call", "task"},   {"stop", "stop-iteration"}};
  for (const auto& [elsewhere, here] : kElsewhere)
    if (word == elsewhere) return here;
  return {};
}

/// Whether a key stands with every step.
bool is_common(std::string_view key) noexcept { return key == kName || key == kOnFailure; }

}  // namespace

runtime::Co<Status> init(Routine& routine, TaskContext& context) {
  if (std::exchange(routine.begun, true)) co_return Status{};
  auto beginning = init_all(routine.steps, context);
  Status status = co_await beginning;
  co_return status;
}

runtime::Co<void> teardown(Routine& routine) {
  if (!std::exchange(routine.begun, false)) co_return;
  auto ending = teardown_all(routine.steps);
  co_await ending;
}

void Compiler::error(const Place& place, std::string message, std::string cure) {
  diagnostics_.error(place, std::move(message), std::move(cure));
}

void Compiler::wrong_kind(const Node& node, std::string_view what, std::string_view wanted, std::string cure) {
  std::string message(what);
  message.append(" is ").append(wanted).append(", not ").append(document::article_name(node));
  error(node.place, std::move(message), std::move(cure));
}

void Compiler::error(const Node& scalar, const criteria::Mistake& mistake) {
  error(place_of(scalar, mistake), mistake.message, mistake.cure);
}

std::string Compiler::kinds_text() const {
  std::string text;
  for (const StepKind& kind : kinds_)
    text += (text.empty() ? "" : ", ") + kind.key;
  return text;
}

const StepKind* Compiler::kind_named(std::string_view key) const noexcept {
  const auto found = std::ranges::find(kinds_, key, &StepKind::key);
  return found == kinds_.end() ? nullptr : &*found;
}

Steps Compiler::steps(const Node& list) {
  Steps steps;
  if (list.kind == Node::Kind::map || list.kind == Node::Kind::scalar) {
    if (auto only = step(list)) steps.push_back(std::move(only));
    return steps;
  }
  if (list.kind != Node::Kind::list) {
    wrong_kind(list, "what is to be done here", "a list of steps", "write for example [ { think: 1s } ]");
    return steps;
  }
  for (const Node& item : list.items)
    if (auto next = step(item)) steps.push_back(std::move(next));
  return steps;
}

std::unique_ptr<Step> Compiler::step(const Node& node) {
  if (node.kind == Node::Kind::scalar) {
    const StepKind* kind = kind_named(node.text);
    if (kind && kind->bare) {
      Node alone;
      alone.kind = Node::Kind::map;
      alone.place = node.place;
      alone.entries.push_back({kind->key, node.place, Node{}});
      alone.entries[0].value.place = node.place;
      return compiled(*kind, alone);
    }
    const std::string_view word = std::string_view(node.text).substr(0, node.text.find(' '));
    if (kind_named(word)) {
      error(node.place, quoted(node.text) + " lacks the colon behind " + quoted(word),
            "write " + std::string(word) + ": and then what it takes");
      return nullptr;
    }
  }
  if (node.kind != Node::Kind::map) {
    const bool request = node.kind == Node::Kind::scalar && kind_named("http") &&
                         (node.text.find("://") != std::string::npos || node.text.find(" /") != std::string::npos);
    wrong_kind(node, "a step", "a map", "write " + (request ? "http: " + node.text : "for example think: 1s"));
    return nullptr;
  }
  const StepKind* kind = kind_of(node);
  return kind ? compiled(*kind, node) : nullptr;
}

std::unique_ptr<Step> Compiler::compiled(const StepKind& kind, const Node& node) {
  const OnFailure what = on_failure(node);
  auto step = kind.compile(node, *this);
  if (step) step->on_failure(what);
  return step;
}

const StepKind* Compiler::kind_of(const Node& step) {
  const StepKind* found = nullptr;
  for (const document::Entry& entry : step.entries) {
    const StepKind* kind = kind_named(entry.key);
    if (!kind) continue;
    if (found) {
      error(entry.place, quoted(found->key) + " and " + quoted(kind->key) + " are two steps in one",
            "begin the second with a dash of its own");
      return nullptr;
    }
    found = kind;
  }
  if (!found) no_kind(step);
  return found;
}

void Compiler::no_kind(const Node& step) {
  std::vector<std::string> keys;
  for (const StepKind& kind : kinds_)
    keys.push_back(kind.key);
  for (const document::Entry& entry : step.entries)
    if (const std::string_view meant = meant_kind(entry.key); kind_named(meant))
      return error(entry.place, quoted(entry.key) + " is no step", "did you mean " + quoted(meant) + "?");
  for (const document::Entry& entry : step.entries)
    if (const auto near = nearest(entry.key, keys))
      return error(entry.place, quoted(entry.key) + " is no step", "did you mean " + quoted(*near) + "?");
  if (step.entries.empty()) return error(step.place, "this step is empty", "write one of " + kinds_text());
  const auto& first = *std::ranges::find_if(
      step.entries, [&](const auto& entry) { return !is_common(entry.key) || &entry == &step.entries.back(); });
  error(first.place, quoted(first.key) + " is no step", "write one of " + kinds_text());
}

OnFailure Compiler::on_failure(const Node& step) {
  const Node* name = step.find(kName);
  if (name && name->kind != Node::Kind::scalar)
    wrong_kind(*name, "the name of a step", "a text", "write for example name: add to cart");
  const Node* said = step.find(kOnFailure);
  if (!said) return OnFailure::unsaid;
  if (said->text == "continue") return OnFailure::carry_on;
  if (said->text == "stop-iteration") return OnFailure::stop_iteration;
  if (said->text == "stop-run") return OnFailure::stop_run;
  const auto near = nearest(said->text, {"continue", "stop-iteration", "stop-run"});
  error(said->place,
        said->kind == Node::Kind::scalar ? quoted(said->text) + " is nothing that on-failure knows"
                                         : "on-failure is a word, not " + std::string(document::article_name(*said)),
        near ? "did you mean " + quoted(*near) + "?" : "write continue, stop-iteration or stop-run");
  return OnFailure::unsaid;
}

void Compiler::unknown_task(std::string_view name, const Place& place) {
  std::vector<std::string> names;
  for (const auto& [known, node] : surroundings_.tasks)
    names.push_back(known);
  if (surroundings_.native)
    for (const NamedTask& task : *surroundings_.native)
      names.push_back(task.name);
  if (surroundings_.tasks_in_doubt) return;
  const auto near = nearest(std::string(name), names);
  error(place, "there is no task " + quoted(name),
        near ? "did you mean " + quoted(*near) + "?" : "define it under tasks:");
}

std::shared_ptr<Routine> Compiler::routine(std::string_view name, const Place& place) {
  if (const auto at = routines_.find(name); at != routines_.end()) {
    if (at->second) return at->second;
    std::string path;
    for (auto call = std::ranges::find(calling_, name); call != calling_.end(); ++call)
      path += *call + " → ";
    if (path.empty()) return nullptr;  // it was wrong before
    error(place, "tasks call each other in a circle: " + path + std::string(name),
          "take one of the calls out; to do something again use repeat or while");
    return nullptr;
  }
  const auto node = surroundings_.tasks.find(name);
  if (node == surroundings_.tasks.end()) return unknown_task(name, place), nullptr;
  if (calling_.size() == kDeepestCalls) {
    error(place, "tasks call each other more than 32 deep here", "call fewer from within others");
    return nullptr;
  }
  routines_.emplace(name, nullptr);
  calling_.emplace_back(name);
  auto routine = std::make_shared<Routine>();
  routine->name = name;
  routine->steps = steps(*node->second);
  routine->waits = any_waits(routine->steps);
  calling_.pop_back();
  return routines_.find(name)->second = std::move(routine);
}

Template Compiler::text(const Node& scalar, Encoding encoding) {
  if (scalar.kind != Node::Kind::scalar) {
    wrong_kind(scalar, "what stands here", "a text",
               scalar.kind == Node::Kind::map ? "put a text with {{…}} in quotes" : "write one value");
    return {};
  }
  auto compiled = Template::compile(scalar.text, vocabulary_, encoding);
  if (compiled) return std::move(*compiled);
  for (const criteria::Mistake& mistake : compiled.error())
    error(scalar, mistake);
  return {};
}

std::optional<criteria::Expression> Compiler::expression(const Node& scalar, criteria::Wanted wanted) {
  if (scalar.kind != Node::Kind::scalar) {
    wrong_kind(scalar, wanted == criteria::Wanted::condition ? "a condition" : "an expression", "a text",
               "write for example token != null");
    return std::nullopt;
  }
  if (const std::size_t braces = scalar.text.find("{{"); braces != std::string::npos) {
    error(scalar, mistake_at(scalar.text, braces, 2, "an expression has no placeholders",
                             "write a name as it is: token, not {{token}}"));
    return std::nullopt;
  }
  auto compiled = criteria::Expression::compile(scalar.text, vocabulary_, wanted);
  if (compiled) return std::move(*compiled);
  error(scalar, compiled.error());
  return std::nullopt;
}

std::optional<std::string> Compiler::known(const Node& scalar, std::string_view what) {
  if (scalar.kind != Node::Kind::scalar) {
    wrong_kind(scalar, what, "a text or a number", "write one value");
    return std::nullopt;
  }
  const std::size_t before = diagnostics_.errors();
  const Template compiled = text(scalar);
  if (diagnostics_.errors() != before) return std::nullopt;
  if (compiled.secret()) {
    error(scalar.place, "a secret cannot stand in " + std::string(what) + ": people read it",
          "write it without the secret");
    return std::nullopt;
  }
  if (compiled.constant()) return compiled.text();
  if (vocabulary_.doubts()) return std::nullopt;  // it may be one of those
  error(scalar.place, std::string(what) + " has to be known before the run, and " + quoted(scalar.text) + " is not",
        "write it as it is, or use a name that stands under variables:");
  return std::nullopt;
}

std::optional<Duration> Compiler::duration(const Node& scalar, std::string_view what) {
  const auto written = known(scalar, what);
  if (!written) return std::nullopt;
  const auto read = parse_duration(*written);
  if (read) return *read;
  error(scalar.place, read.error().message, read.error().cure);
  return std::nullopt;
}

std::optional<std::uint64_t> Compiler::count(const Node& scalar, std::string_view what, std::uint64_t least,
                                             std::uint64_t most) {
  const auto written = known(scalar, what);
  if (!written) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = written->data() + written->size();
  const auto [stop, failure] = std::from_chars(written->data(), end, number);
  if (failure == std::errc() && stop == end && number >= least && number <= most) return number;
  error(scalar.place,
        std::string(what) + " is a whole number from " + format_count(least) + " to " + format_count(most) + ", not " +
            quoted(*written),
        "write for example " + format_count(std::clamp<std::uint64_t>(10, least, most)));
  return std::nullopt;
}

Slot Compiler::declare(std::string_view name, const Place& place, criteria::Type type) {
  const Vocabulary::Meaning* meaning = vocabulary_.find(name);
  if (!is_name(name)) {
    error(place, quoted(name) + " cannot be a name", "use letters, digits, - and _, beginning with a letter");
  } else if (meaning && meaning->kind == Vocabulary::Meaning::Kind::constant) {
    error(place, quoted(name) + " is a variable of the plan and keeps its value", "take another name");
  } else if (meaning && meaning->kind != Vocabulary::Meaning::Kind::slot) {
    error(place, quoted(name) + " has a meaning of its own", "take another name");
  }
  return vocabulary_.declare(name, type);
}

void Compiler::only(const Node& map, std::string_view what, std::initializer_list<std::string_view> allowed) {
  for (const document::Entry& entry : map.entries) {
    if (is_common(entry.key) || std::ranges::find(allowed, entry.key) != allowed.end()) continue;
    std::vector<std::string> words(allowed.begin(), allowed.end());
    words.emplace_back(kName);
    words.emplace_back(kOnFailure);
    const auto near = nearest(entry.key, words);
    std::string list;
    for (const std::string& word : words)
      list += (list.empty() ? "" : ", ") + word;
    error(entry.place, quoted(entry.key) + " is no key of " + std::string(what),
          near ? "did you mean " + quoted(*near) + "?" : "its keys are " + list);
  }
}

std::size_t Compiler::local(std::string_view key) {
  const auto found = std::ranges::find(locals_, key);
  if (found != locals_.end()) return std::size_t(found - locals_.begin());
  locals_.emplace_back(key);
  return locals_.size() - 1;
}

}  // namespace vajrapulse::plan
