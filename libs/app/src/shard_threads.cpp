#include "shard_threads.hpp"

#include <pthread.h>

#include <future>
#include <system_error>

namespace vajrapulse::app {
namespace {

struct Standing {
  runtime::Reactor* reactor = nullptr;
  std::string why_not_io_uring;
};

void turn_shard(std::size_t index, runtime::IoKind kind, std::promise<Expected<Standing>> standing) {
  pthread_setname_np(pthread_self(), ("shard " + std::to_string(index)).c_str());
  auto made = runtime::make_reactor(kind);
  if (!made) {
    standing.set_value(std::unexpected(made.error()));
    return;
  }
  const std::unique_ptr<runtime::Reactor> reactor = std::move(made->reactor);
  standing.set_value(Standing{reactor.get(), made->why_not_io_uring});
  reactor->run();
}

}  // namespace

Expected<std::unique_ptr<ShardThreads>> ShardThreads::start(std::size_t count, runtime::IoKind kind) {
  std::unique_ptr<ShardThreads> all(new ShardThreads);
  std::vector<std::future<Expected<Standing>>> standing;
  Status status;
  for (std::size_t i = 0; i < count; ++i) {
    std::promise<Expected<Standing>> promise;
    auto future = promise.get_future();
    try {
      all->shards_.push_back({nullptr, std::thread(turn_shard, i, kind, std::move(promise))});
    } catch (const std::system_error& error) {
      status = fail(ErrorKind{"resources"}, "shard " + std::to_string(i) + " gets no thread: " + error.code().message(),
                    "give fewer --shards, or raise the limit on processes");
      break;
    }
    standing.push_back(std::move(future));
  }
  for (std::size_t i = 0; i < standing.size(); ++i) {
    Expected<Standing> made = standing[i].get();
    if (!made) {
      status = std::unexpected(made.error());
      continue;
    }
    all->shards_[i].reactor = made->reactor;
    all->why_not_io_uring_ = made->why_not_io_uring;
  }
  if (!status) return std::unexpected(status.error());
  return all;
}

ShardThreads::~ShardThreads() {
  for (Shard& shard : shards_)
    if (shard.reactor) shard.reactor->stop();
  for (Shard& shard : shards_)
    shard.thread.join();
}

std::vector<runtime::Reactor*> ShardThreads::reactors() const {
  std::vector<runtime::Reactor*> reactors;
  for (const Shard& shard : shards_)
    reactors.push_back(shard.reactor);
  return reactors;
}

}  // namespace vajrapulse::app
