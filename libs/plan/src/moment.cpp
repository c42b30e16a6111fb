#include "vajrapulse/plan/moment.hpp"

#include <utility>

#include "vajrapulse/plan/errors.hpp"
#include "vajrapulse/plan/vocabulary.hpp"

namespace vajrapulse::plan {
namespace {

/// What an iteration may leave behind in the memory of those after it, per text.
constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;

void forget_long(std::string& text) {
  if (text.capacity() > kKeptBytes) std::string().swap(text);
}

criteria::Value value_of(const Vocabulary::Preset& preset, const Iteration& iteration, std::size_t shard) {
  using Kind = Vocabulary::Meaning::Kind;
  switch (preset.kind) {
    case Kind::iteration: return criteria::Value::of(double(iteration.index()));
    case Kind::user: return criteria::Value::of(double(iteration.user()));
    case Kind::shard: return criteria::Value::of(double(shard));
    case Kind::scenario: return criteria::Value::of(iteration.scenario());
    case Kind::task: return criteria::Value::of(iteration.task());
    default: return preset.value;
  }
}

}  // namespace

void Variables::set(Slot slot, const criteria::Value& value) {
  Kept& kept = kept_[slot];
  if (value.type != criteria::Type::text) {
    kept.value = value;
    return;
  }
  kept.text.assign(value.text);
  kept.value = criteria::Value::of(std::string_view(kept.text));
}

void Variables::clear(std::size_t slots) {
  if (kept_.size() < slots) kept_.resize(slots);
  for (Kept& kept : kept_) {
    kept.value = criteria::Value::null();
    forget_long(kept.text);
  }
}

void Moment::fail(Result failure) {
  if (failure.ok()) return;
  failing_ = true;
  if (shared_->result.ok()) shared_->result = std::move(failure);
}

void Moment::overspent() {
  fail(Result::failure(kTooManyTurns, "this iteration has run 10,000,000 steps; a loop in it does not end"));
}

Result Moment::take_result() {
  if (shared_->result.ok()) [[likely]]
    return Result::success();
  return std::exchange(shared_->result, Result::success());
}

Moment& Moment::branch(std::size_t index) {
  while (branches_.size() <= index)
    branches_.push_back(std::unique_ptr<Moment>(new Moment(*iteration_, *shared_)));
  Moment& branch = *branches_[index];
  branch.iteration_ = iteration_;
  branch.failing_ = false;
  return branch;
}

void Moment::rejoin(std::size_t branches) noexcept {
  for (std::size_t i = 0; i < branches && i < branches_.size(); ++i)
    failing_ = failing_ || branches_[i]->failing_;
}

void Moment::renew(Iteration& of, std::size_t slots) {
  iteration_ = &of;
  failing_ = false;
  if (!shared_->result.ok()) shared_->result = Result::success();
  shared_->steps = 0;
  shared_->began = of.reactor().event_time();
  shared_->variables.clear(slots);
  for (auto& local : shared_->locals)
    if (local) local->reset();
  forget_long(scratch_);
  forget_long(made_);
}

void Moment::renew(Iteration& of, const Vocabulary& vocabulary, std::size_t shard) {
  renew(of, vocabulary.slots());
  shared_->shard = shard;
  for (const Vocabulary::Preset& preset : vocabulary.presets())
    shared_->variables.refer(preset.slot, value_of(preset, of, shard));
}

}  // namespace vajrapulse::plan
