#include "vajrapulse/http/http_task.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::http {

HttpTask::HttpTask(ClientSettings settings, std::vector<Request> requests, Turns turns)
    : settings_(std::move(settings)), requests_(std::move(requests)), turns_(std::move(turns)) {}

Task::Co<Status> HttpTask::init(TaskContext& context) {
  ClientSettings settings = settings_;
  // A limit is the whole run's; each shard needs one connection at least to take part.
  if (settings.connections > 0) settings.connections = std::max<std::size_t>(1, context.share_of(settings.connections));
  auto client = Client::create(context, std::move(settings));
  if (!client) co_return std::unexpected(std::move(client.error()));
  client_ = std::move(*client);
  prepared_.clear();
  for (const Request& request : requests_) {
    auto prepared = client_.prepare(request);
    if (!prepared) co_return std::unexpected(std::move(prepared.error()));
    prepared_.push_back(std::move(*prepared));
  }
  if (prepared_.empty()) co_return fail(kUsage, "there is no URL to send to", "name at least one");
  co_return Status{};
}

const Prepared& HttpTask::request_of(std::uint64_t k) const noexcept {
  return prepared_[turns_ ? (*turns_)[k % turns_->size()] : k % prepared_.size()];
}

Task::Co<Result> HttpTask::execute(Iteration& iteration) {
  const Prepared& request = request_of(iteration.index());
  auto sending = client_.send(iteration, request);
  const Response response = co_await sending;
  co_return response.result();
}

Task::Co<void> HttpTask::teardown() {
  client_.close_idle();
  co_return;
}

}  // namespace vajrapulse::http
