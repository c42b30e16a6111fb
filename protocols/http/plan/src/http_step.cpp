#include "http_step.hpp"

#include <algorithm>
#include <utility>

#include "http_answer.hpp"
#include "vajrapulse/http/cookie_jar.hpp"

namespace vajrapulse::http_plan {
namespace {

using plan::Flow;
using plan::Keeps;
using plan::Moment;

/// The jar of an iteration.
struct JarLocal final : plan::Local {
  http::CookieJar jar;
  void reset() override { jar.clear(); }
};

http::Keep keep_for(const HttpStep::Made& made) {
  const Keeps most = std::max(made.checks.keeps(), made.captures.keeps());
  return most == Keeps::body ? http::Keep::body : most == Keeps::head ? http::Keep::head : http::Keep::nothing;
}

/// An answer of which nothing is known but its status.
class StatusAlone final : public plan::Answer {
 public:
  explicit StatusAlone(int status) : status_(static_cast<std::uint32_t>(status)) {}
  [[nodiscard]] std::uint32_t status() const override { return status_; }
  [[nodiscard]] std::uint64_t size() const override { return 0; }
  [[nodiscard]] Duration time() const override { return {}; }
  [[nodiscard]] std::optional<std::string_view> header(std::string_view /*name*/, std::size_t /*nth*/) const override {
    return {};
  }
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view /*name*/) const override { return {}; }
  [[nodiscard]] std::string_view body() const override { return {}; }

 private:
  std::uint32_t status_;
};

/// What the step expects of the status, for the client to count requests by.
http::FailOn expected_statuses(const plan::Checks& statuses, const TaskContext& context) {
  Iteration nowhere(context, Iteration::Identity{.scenario = context.scenario(), .task = context.task()});
  Moment moment(nowhere);
  extract::Reader reader;
  std::vector<int> good;
  for (int status = 100; status < 1000; ++status) {
    if (statuses.verify(StatusAlone(status), moment, reader).ok()) good.push_back(status);
  }
  return http::FailOn::all_but(good);
}

/// With some room behind the body, JSON is read where it stands; a buffer that has it keeps it.
void look_at(std::string& body, extract::Reader& reader) {
  constexpr std::size_t kBehindJson = 64;
  if (body.capacity() < body.size() + kBehindJson) body.reserve(2 * body.size() + kBehindJson);
  reader.read(body);
}

/// What of a template's failure the iteration ends with.
Result failure(const Error& error) { return Result::failure(error.kind, error.text()); }

}  // namespace

HttpStep::HttpStep(std::shared_ptr<HttpPlan::Shared> shared, Made made)
    : shared_(std::move(shared)), made_(std::move(made)) {
  http::Request& request = made_.request.request;
  const http::Varies& varies = made_.request.varies;
  request.keep = keep_for(made_);
  plain_ = varies.url == http::Varies::Url::nothing && varies.headers.empty() && !varies.body &&
           request.keep == http::Keep::nothing && made_.checks.empty() && made_.captures.empty();
}

runtime::Co<Status> HttpStep::init(TaskContext& context) {
  if (made_.statuses) made_.request.request.fail_on = expected_statuses(*made_.statuses, context);
  auto shard = shared_->clients.of(context, shared_->section.client);
  if (!shard) co_return std::unexpected(std::move(shard.error()));
  auto prepared = (*shard)->client.prepare(made_.request.request, made_.request.varies);
  if (!prepared) co_return std::unexpected(std::move(prepared.error()));
  prepared_ = std::move(*prepared);
  shard_ = std::move(*shard);
  shard_->enter();
  co_return Status{};
}

runtime::Co<void> HttpStep::teardown() {
  if (shard_) shard_->leave();
  co_return;
}

http::CookieJar* HttpStep::jar(Moment& moment) {
  switch (made_.cookies) {
    case Cookies::none: return nullptr;
    case Cookies::user: return &shard_->jar_of(moment.iteration().scenario(), moment.iteration().user());
    case Cookies::iteration: break;
  }
  return &moment.local<JarLocal>(made_.jar_local, [] { return std::make_unique<JarLocal>(); }).jar;
}

runtime::Co<Flow> HttpStep::run(Moment& moment) {
  if (!plain_) return run_with_workspace(moment);
  return run_plain(moment);
}

runtime::Co<Flow> HttpStep::run_plain(Moment& moment) {
  http::CookieJar* const cookies = jar(moment);
  http::Client& client = shard_->client;
  auto sending =
      cookies ? client.send(moment.iteration(), prepared_, *cookies) : client.send(moment.iteration(), prepared_);
  const http::Response response = co_await sending;
  if (!response.ok()) moment.fail(response.result());
  co_return Flow::next;
}

runtime::Co<Flow> HttpStep::run_with_workspace(Moment& moment) {
  const ShardClient::Borrowed work(*shard_);
  http::Varying varying{.cookies = jar(moment), .kept = &work->kept};
  if (auto status = render(moment, *work, varying); !status) {
    moment.fail(failure(status.error()));
    co_return Flow::next;
  }
  auto sending = shard_->client.send(moment.iteration(), prepared_, varying);
  const http::Response response = co_await sending;
  if (response.ok())
    judge(response, *work, moment);
  else
    moment.fail(response.result());
  co_return Flow::next;
}

/// URL, header values and body, one behind the other in one text: where they are is known when all are there.
Status HttpStep::render(Moment& moment, Workspace& work, http::Varying& varying) const {
  const RequestText& request = made_.request;
  std::string& text = work.text;
  text.clear();
  work.ends.clear();
  if (request.varies.url != http::Varies::Url::nothing) {
    if (auto status = request.url.render(moment, text); !status) return status;
    if (!request.base.empty() && text.starts_with('/')) text.insert(0, request.base);
  }
  const std::size_t url_end = text.size();
  for (const HeaderText& header : request.headers) {
    if (auto status = header.render(moment, text); !status) return status;
    work.ends.push_back(text.size());
  }
  const std::size_t body_begin = text.size();
  if (request.varies.body) {
    if (auto status = request.body.render(moment, text); !status) return status;
  }
  const std::string_view all = text;
  varying.url = all.substr(0, url_end);
  varying.body = all.substr(body_begin);
  work.headers.clear();
  std::size_t begin = url_end;
  for (const std::size_t end : work.ends) {
    work.headers.push_back(all.substr(begin, end - begin));
    begin = end;
  }
  varying.headers = work.headers;
  return {};
}

void HttpStep::judge(const http::Response& response, Workspace& work, Moment& moment) const {
  if (made_.request.request.keep == http::Keep::body) look_at(work.kept.body, shard_->reader);
  const HttpAnswer answer(response);
  if (Result result = made_.checks.verify(answer, moment, shard_->reader); !result.ok()) {
    moment.fail(std::move(result));
    return;
  }
  if (made_.captures.empty()) return;
  if (Result result = made_.captures.take(answer, moment, shard_->reader); !result.ok()) moment.fail(std::move(result));
}

namespace {

/// The values that a step has to know before the run are made constant by the plan's variables.
class StepReading final : public schema::Reading {
 public:
  explicit StepReading(plan::Compiler& compiler) : Reading(compiler.diagnostics()), compiler_(compiler) {}
  std::optional<std::string> constant(const document::Node& scalar) override {
    return compiler_.known(scalar, position().subject.words.empty() ? "this" : position().subject.words);
  }

 private:
  plan::Compiler& compiler_;
};

/// A map with this one of its keys.
document::Node only(const document::Node& map, std::string_view key) {
  document::Node result = map;
  std::erase_if(result.entries, [&](const document::Entry& entry) { return entry.key != key; });
  return result;
}

/// "201", "200 or 429": a status or a list of them, as written.
std::string words_of(const document::Node& status) {
  if (status.kind == document::Node::Kind::scalar) return status.text;
  std::string words;
  for (const document::Node& item : status.items)
    words += (words.empty() ? "" : " or ") + item.text;
  return words;
}

/// What is expected of the status takes the place of fail-on, where the client counts requests: alone, it needs no
/// other look at the answer.
void expect_status(const document::Node& expect, HttpStep::Made& made, plan::Compiler& compiler) {
  const document::Node* const status = expect.find("status");
  if (!status) return;
  made.statuses = plan::Checks::compile(only(expect, "status"), compiler);
  made.request.request.wanted = words_of(*status);
  if (expect.entries.size() == 1) made.checks = plan::Checks();
}

std::unique_ptr<plan::Step> compile(const document::Node& node, plan::Compiler& compiler,
                                    const std::shared_ptr<HttpPlan::Shared>& shared) {
  const std::size_t before = compiler.diagnostics().errors();
  StepText text;
  StepReading reading(compiler);
  step_shape()->read(node, text, reading);
  HttpStep::Made made;
  made.cookies = shared->section.cookies;
  made.jar_local = compiler.local("http cookies");
  std::optional<RequestText> request;
  if (text.line) request = compile_request(text, shared->section, shared->files, compiler);
  if (text.expect) made.checks = plan::Checks::compile(*text.expect, compiler);
  if (text.expect && made.checks.judge_status()) expect_status(*text.expect, made, compiler);
  // Names are declared even where the request is wrong: what uses them is not wrong as well.
  if (text.capture) made.captures = plan::Captures::compile(*text.capture, compiler);
  if (!request || compiler.diagnostics().errors() != before) return nullptr;
  made.request = std::move(*request);
  return std::make_unique<HttpStep>(shared, std::move(made));
}

}  // namespace

plan::StepKind http_step(std::shared_ptr<HttpPlan::Shared> shared) {
  return {.key = "http",
          .about = "Sends a request and waits for its answer.",
          .compile = [shared = std::move(shared)](const document::Node& node,
                                                  plan::Compiler& compiler) { return compile(node, compiler, shared); },
          .description = &step_shape()->description()};
}

}  // namespace vajrapulse::http_plan
