#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/plan/plan.hpp"

namespace vajrapulse::plan {

/// Where iterations leave values for each other, whatever their scenario and shard: see SharedPlan.
///
/// The one thing that shards of a run wait for each other at: a mutex, held while one value is copied. Only plans that
/// say `shared` have one. It lies in this process: generators on other machines have their own. Which of two shards
/// comes first is up to them, so with several shards the same seed need not take the same values.
class SharedPlace {
 public:
  static constexpr std::size_t kLongest = std::size_t{64} * 1024;           ///< bytes of one text
  static constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;  ///< of all texts here; beyond, it is full

  SharedPlace(std::string name, const SharedPlan& plan)
      : name_(std::move(name)),
        kind_(plan.kind),
        on_full_(plan.on_full),
        size_(plan.kind == SharedKind::value ? 1 : plan.size) {}

  enum class Left : std::uint8_t {
    kept,
    dropped,   ///< it is full, and the newest value is the one to go
    full,      ///< it is full, and that is a failure
    too_long,  ///< a text of more than kLongest bytes
  };
  /// Leaves a copy of `value`: instead of the one there, or behind the others.
  Left leave(const criteria::Value& value);
  /// The latest value, the oldest of a queue, which is then gone, or one of a list at random. Its text is put into
  /// `text`. Null when nothing is here.
  criteria::Value take(Random& random, std::string& text);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// How many values went because it was full.
  [[nodiscard]] std::uint64_t dropped();

 private:
  struct Kept {
    criteria::Value value;  ///< without its text, which is the one beside it
    std::string text;
  };
  [[nodiscard]] bool full(std::size_t more) const noexcept;
  void drop_oldest();

  const std::string name_;
  const SharedKind kind_;
  const OnFull on_full_;
  const std::size_t size_;
  std::mutex mutex_;
  std::deque<Kept> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

/// By the names of the plan. The map does not change while the plan runs.
using SharedPlaces = std::map<std::string, std::shared_ptr<SharedPlace>, std::less<>>;
[[nodiscard]] SharedPlaces make_shared_places(const std::vector<Named<SharedPlan>>& plans);

}  // namespace vajrapulse::plan
