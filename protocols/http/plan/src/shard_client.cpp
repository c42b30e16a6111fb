#include "shard_client.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::http_plan {

std::unique_ptr<Workspace> ShardClient::take() {
  if (spare_.empty()) return std::make_unique<Workspace>();
  auto workspace = std::move(spare_.back());
  spare_.pop_back();
  return workspace;
}

void ShardClient::give_back(std::unique_ptr<Workspace> workspace) {
  if (workspace->text.capacity() > kKeptBytes) workspace->text = std::string();
  if (workspace->kept.body.capacity() > kKeptBytes) workspace->kept.body = std::string();
  spare_.push_back(std::move(workspace));
}

http::CookieJar& ShardClient::jar_of(std::string_view scenario, std::uint64_t user) {
  auto found = jars_.find(scenario);
  if (found == jars_.end()) found = jars_.try_emplace(std::string(scenario)).first;
  auto& jar = found->second[user];
  if (!jar) jar = std::make_unique<http::CookieJar>();
  return *jar;
}

Expected<std::shared_ptr<ShardClient>> ShardClients::of(TaskContext& context, const http::ClientSettings& settings) {
  const std::lock_guard lock(mutex_);
  auto& known = clients_[context.shard()];
  if (auto client = known.lock()) return client;
  http::ClientSettings own = settings;
  // A limit is the whole run's; each shard needs one connection at least to take part.
  if (own.connections > 0) own.connections = std::max<std::size_t>(1, context.share_of(own.connections));
  auto made = http::Client::create(context, std::move(own));
  if (!made) return std::unexpected(std::move(made.error()));
  auto client = std::make_shared<ShardClient>(std::move(*made));
  known = client;
  return client;
}

}  // namespace vajrapulse::http_plan
