#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "step_kinds.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/moment.hpp"
#include "vajrapulse/plan/shared_place.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using document::Node;

class Publish final : public Step {
 public:
  struct Item {
    std::shared_ptr<SharedPlace> place;
    Template text;
  };
  explicit Publish(std::vector<Item> items) : items_(std::move(items)) {}
  [[nodiscard]] bool waits() const noexcept override { return false; }

  Flow now(Moment& moment) override {
    for (const Item& item : items_)
      publish(item, moment);
    return Flow::next;
  }

 private:
  static void publish(const Item& item, Moment& moment) {
    const Value value = item.text.value(moment);
    if (value.is_null()) {
      const Status status = item.text.render(moment, moment.scratch());
      if (!status) moment.fail(Result::failure(status.error().kind, status.error().text()));
      return;
    }
    const SharedPlace::Left left = item.place->leave(value);
    if (left == SharedPlace::Left::full) moment.fail(Result::failure(kNoRoom, "'" + item.place->name() + "' is full"));
    if (left == SharedPlace::Left::too_long)
      moment.fail(Result::failure(kBadValue, "a text for '" + item.place->name() + "' is longer than 64 KiB"));
  }

  std::vector<Item> items_;
};

class Take final : public Step {
 public:
  struct Item {
    Slot slot = 0;
    std::shared_ptr<SharedPlace> place;
  };
  enum class Or : std::uint8_t { no_value, stop_iteration, fail };
  Take(std::vector<Item> items, Or otherwise) : items_(std::move(items)), or_(otherwise) {}
  [[nodiscard]] bool waits() const noexcept override { return false; }

  Flow now(Moment& moment) override {
    for (const Item& item : items_) {
      const Value value = item.place->take(moment.iteration().random(), moment.scratch());
      moment.variables().set(item.slot, value);
      if (!value.is_null()) continue;
      if (or_ == Or::stop_iteration) return Flow::stop_iteration;
      if (or_ == Or::fail) moment.fail(Result::failure(kNoData, "'" + item.place->name() + "' is empty"));
    }
    return Flow::next;
  }

 private:
  std::vector<Item> items_;
  Or or_;
};

/// Null when there is none, which has been reported.
std::shared_ptr<SharedPlace> place_named(const std::string& name, const document::Place& at, Compiler& compiler) {
  const Surroundings& around = compiler.surroundings();
  if (around.shared)
    if (const auto found = around.shared->find(name); found != around.shared->end()) return found->second;
  if (around.shared_in_doubt) return nullptr;
  std::vector<std::string> names;
  if (around.shared)
    for (const auto& [each, place] : *around.shared)
      names.push_back(each);
  const auto near = nearest(name, names);
  compiler.error(
      at, "nothing shared is called '" + name + "'",
      near ? "did you mean '" + *near + "'?" : "add it to the plan's shared:, for example as { kind: value }");
  return nullptr;
}

bool is_map(const Node& value, std::string_view what, std::string example, Compiler& compiler) {
  if (value.kind == Node::Kind::map && !value.entries.empty()) return true;
  example.insert(0, "write for example ");
  if (value.kind == Node::Kind::map)
    compiler.error(value.place, std::string(what) + " names nothing", std::move(example));
  else
    compiler.wrong_kind(value, what, "a map of names", std::move(example));
  return false;
}

std::unique_ptr<Step> compile_publish(const Node& step, Compiler& compiler) {
  compiler.only(step, "a publish step", {"publish"});
  const Node& value = *step.find("publish");
  if (!is_map(value, "what is published", "publish: { token: \"{{token}}\" }", compiler)) return nullptr;
  std::vector<Publish::Item> items;
  for (const document::Entry& entry : value.entries) {
    auto place = place_named(entry.key, entry.place, compiler);
    Template text = compiler.text(entry.value);
    if (place) items.push_back({std::move(place), std::move(text)});
  }
  return std::make_unique<Publish>(std::move(items));
}

Take::Or read_or(const Node& step, Compiler& compiler) {
  const Node* word = step.find("or");
  if (!word) return Take::Or::no_value;
  const std::string text = word->kind == Node::Kind::scalar ? word->text : "";
  if (text == "stop-iteration") return Take::Or::stop_iteration;
  if (text == "fail") return Take::Or::fail;
  const auto near = nearest(text, {"stop-iteration", "fail"});
  compiler.error(word->place, "'" + text + "' is nothing that a take step can do when there is no value",
                 near ? "did you mean '" + *near + "'?" : "write or: stop-iteration, or: fail, or leave it out");
  return Take::Or::no_value;
}

std::unique_ptr<Step> compile_take(const Node& step, Compiler& compiler) {
  compiler.only(step, "a take step", {"take", "or"});
  const Node& value = *step.find("take");
  const Take::Or otherwise = read_or(step, compiler);
  if (!is_map(value, "what is taken", "take: { order: orders }", compiler)) return nullptr;
  std::vector<Take::Item> items;
  for (const document::Entry& entry : value.entries) {
    const Slot slot = compiler.declare(entry.key, entry.place);
    if (entry.value.kind != Node::Kind::scalar) {
      compiler.wrong_kind(entry.value, "what '" + entry.key + "' is taken from",
                          "a name under shared:", "write for example " + entry.key + ": orders");
    } else if (auto place = place_named(entry.value.text, entry.value.place, compiler)) {
      items.push_back({slot, std::move(place)});
    }
  }
  return std::make_unique<Take>(std::move(items), otherwise);
}

}  // namespace

StepKind publish_kind() {
  return {.key = "publish",
          .about = "Leaves values under names of `shared`, for other iterations and scenarios.",
          .compile = compile_publish};
}

StepKind take_kind() {
  return {
      .key = "take",
      .about = "Takes values that other iterations left under names of `shared`; without one, the name has no value.",
      .compile = compile_take};
}

}  // namespace vajrapulse::plan
