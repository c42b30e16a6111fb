#include "starts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vajrapulse::simulation {
namespace {

class Watched final : public Task {
 public:
  Watched(std::unique_ptr<Task> inner, Starts& starts) : inner_(std::move(inner)), starts_(starts) {}

  Co<Status> init(TaskContext& context) override { return inner_->init(context); }
  Co<Result> execute(Iteration& iteration) override {
    starts_.note(iteration);
    return inner_->execute(iteration);
  }
  Co<void> teardown() override { return inner_->teardown(); }

 private:
  std::unique_ptr<Task> inner_;
  Starts& starts_;
};

std::vector<Starts::Start> in_order(std::vector<Starts::Start> starts) {
  std::ranges::sort(starts, [](const auto& a, const auto& b) {
    return std::pair(a.intended, a.index) < std::pair(b.intended, b.index);
  });
  return starts;
}

}  // namespace

NamedTask Starts::watch(NamedTask task) {
  MakeTask make = [this, inner = std::move(task.make)] { return std::make_unique<Watched>(inner(), *this); };
  return {std::move(task.name), std::move(make)};
}

void Starts::note(const Iteration& iteration) {
  all_.push_back({iteration.index(), iteration.user(), iteration.intended_start(), iteration.reactor().now()});
}

std::vector<Starts::Start> Starts::between(TimePoint begin, TimePoint end) const {
  std::vector<Start> some;
  std::ranges::copy_if(all_, std::back_inserter(some),
                       [&](const Start& each) { return each.intended >= begin && each.intended < end; });
  return in_order(std::move(some));
}

}  // namespace vajrapulse::simulation
