#include "shard_group.hpp"

#include <algorithm>
#include <mutex>

namespace vajrapulse::engine {
namespace {

using Reply = std::move_only_function<void(Status)>;

runtime::Co<void> prepare_shard(ShardRun& shard, HostProbe* host, Reply reply) {
  runtime::Co<Status> work = shard.prepare(host);
  Status status = co_await work;
  reply(std::move(status));
}

runtime::Co<void> teardown_shard(ShardRun& shard, Reply reply) {
  runtime::Co<void> work = shard.teardown();
  co_await work;
  reply(Status{});
}

/// Iterations that never ended refer to their shard, and may wake as long as the process lives.
void keep_for_ever(std::unique_ptr<ShardRun> shard) {
  static std::mutex mutex;
  static auto& kept = *new std::vector<std::unique_ptr<ShardRun>>;
  const std::lock_guard lock(mutex);
  kept.push_back(std::move(shard));
}

}  // namespace

ShardGroup::ShardGroup(const std::shared_ptr<const Scenario>& scenario, std::uint64_t seed, runtime::Reactor& control,
                       std::vector<runtime::Reactor*> reactors, std::function<void()> on_all_finished)
    : control_(control), reactors_(std::move(reactors)), on_all_finished_(std::move(on_all_finished)) {
  for (std::size_t i = 0; i < reactors_.size(); ++i) {
    auto finished = [this] {
      control_.post([this] {
        if (++finished_ == size()) on_all_finished_();
      });
    };
    const ShardShare share{.index = i, .count = reactors_.size()};
    shards_.push_back(std::make_unique<ShardRun>(scenario, seed, *reactors_[i], share, std::move(finished)));
  }
}

ShardGroup::~ShardGroup() {
  for (auto& shard : shards_)
    if (shard->abandoned()) keep_for_ever(std::move(shard));
}

bool ShardGroup::any_abandoned() const noexcept {
  return std::ranges::any_of(shards_, [](const auto& shard) { return shard->abandoned(); });
}

template <class Work>
void ShardGroup::tell(Work work) {
  for (std::size_t i = 0; i < size(); ++i) {
    ShardRun* shard = shards_[i].get();
    reactors_[i]->post([shard, work] { work(*shard); });
  }
}

/// Runs `work` on every shard's thread and resumes here when all have answered.
template <class Answer, class Work>
runtime::Co<std::vector<Answer>> ShardGroup::ask(Work work) {
  std::vector<Answer> answers(size());
  Gate gate(size());
  for (std::size_t i = 0; i < size(); ++i) {
    ShardRun* shard = shards_[i].get();
    Answer* place = &answers[i];
    Gate* all = &gate;
    runtime::Reactor* control = &control_;
    reactors_[i]->post([shard, work, place, all, control] {
      control->post([place, all, answer = work(*shard)]() mutable {
        *place = std::move(answer);
        all->arrive();
      });
    });
  }
  co_await gate;
  co_return std::move(answers);
}

runtime::Co<Status> ShardGroup::prepare(HostProbe* host) {
  Status first;
  Gate gate(size());
  for (std::size_t i = 0; i < size(); ++i) {
    ShardRun* shard = shards_[i].get();
    Reply reply = [this, &first, &gate](Status status) {
      control_.post([&first, &gate, status = std::move(status)]() mutable {
        if (!status && first) first = std::move(status);
        gate.arrive();
      });
    };
    reactors_[i]->post([shard, host, reply = std::move(reply)]() mutable {
      runtime::spawn(prepare_shard(*shard, host, std::move(reply)));
    });
  }
  co_await gate;
  co_return std::move(first);
}

runtime::Co<void> ShardGroup::teardown() {
  Gate gate(size());
  for (std::size_t i = 0; i < size(); ++i) {
    ShardRun* shard = shards_[i].get();
    Reply reply = [this, &gate](Status /*status*/) { control_.post([&gate] { gate.arrive(); }); };
    reactors_[i]->post(
        [shard, reply = std::move(reply)]() mutable { runtime::spawn(teardown_shard(*shard, std::move(reply))); });
  }
  co_await gate;
}

runtime::Co<std::vector<ShardReport>> ShardGroup::collect() {
  return ask<ShardReport>([](ShardRun& shard) { return shard.collect(); });
}

runtime::Co<Opening> ShardGroup::opening() {
  auto asked = ask<Opening>([](ShardRun& shard) { return shard.opening(); });
  const std::vector<Opening> openings = co_await asked;
  Opening all;
  for (const Opening& opening : openings)
    all.merge(opening);
  co_return all;
}

void ShardGroup::reuse(std::vector<ShardReport> reports) {
  for (std::size_t i = 0; i < size(); ++i) {
    ShardRun* shard = shards_[i].get();
    reactors_[i]->post(
        [shard, report = std::move(reports[i])]() mutable { shard->reuse(std::move(report.intervals)); });
  }
}

void ShardGroup::begin(const Schedule& schedule) {
  tell([schedule](ShardRun& shard) { shard.begin(schedule); });
}
void ShardGroup::steer(const Course& course) {
  tell([course](ShardRun& shard) { shard.steer(course); });
}
void ShardGroup::stop() {
  tell([](ShardRun& shard) { shard.stop(); });
}
void ShardGroup::cut(Duration force_timeout) {
  tell([force_timeout](ShardRun& shard) { shard.cut(force_timeout); });
}
void ShardGroup::drain_from(TimePoint moment) {
  tell([moment](ShardRun& shard) { shard.drain_from(moment); });
}
void ShardGroup::cancel_prepare() {
  tell([](ShardRun& shard) { shard.cancel_prepare(); });
}

}  // namespace vajrapulse::engine
