#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scripted_server.hpp"
#include "vajrapulse/document/read.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"
#include "vajrapulse/metrics/snapshot.hpp"
#include "vajrapulse/plan/plan_task.hpp"
#include "vajrapulse/plan/steps.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::http_plan::test {

inline std::string ok(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

/// `http:` and `tasks:` of a plan, a shard, and servers, in a simulated world.
class Stage : public testing::Test {
 protected:
  ~Stage() override {
    task_ = nullptr;
    for (auto& each : servers_)
      each->stop();
    world_.run();
  }

  http::ScriptedServer& serve(http::ScriptedServer::Script script, const char* ip = "127.0.0.1",
                              std::uint16_t port = 80) {
    return *servers_.emplace_back(
        std::make_unique<http::ScriptedServer>(host_, *runtime::Address::ip(ip, port), std::move(script)));
  }
  http::ScriptedServer& serve(const std::string& bytes, const char* ip = "127.0.0.1", std::uint16_t port = 80) {
    return serve([bytes](std::size_t, std::size_t, const std::string&) { return http::Reply{.bytes = bytes}; }, ip,
                 port);
  }

  /// What is wrong with it, each "line:column: message; cure"; empty: it can be run.
  std::string read(std::string_view yaml) {
    document::Diagnostics found;
    task_ = nullptr;
    begun_ = false;
    document_ = document::read(std::make_shared<const document::Source>("plan.yml", std::string(yaml)), found);
    if (document_) {
      schema::Reading reading(found);
      http_.configure(document_->find("http"), reading);
      compile(found);
    }
    std::string out;
    for (const auto& each : found.all())
      out += (out.empty() ? "" : "\n") + std::to_string(each.place.line) + ":" + std::to_string(each.place.column) +
             ": " + each.message + (each.cure.empty() ? "" : "; " + each.cure);
    return out;
  }

  /// One iteration of `main`: "" or what failed, "kind: message".
  std::string run(std::uint64_t user = 0) {
    if (!task_) return "it was not read";
    if (!begun_) init();
    const Iteration::Identity identity{"s", "main", index_++, shard_.now(), user};
    Iteration iteration(scope_, identity);
    std::optional<Result> result;
    runtime::spawn(execute(iteration, result));
    EXPECT_TRUE(world_.run_until([&] { return result.has_value(); }));
    if (result->ok()) return "";
    return std::string(result->kind().name()) + (result->message().empty() ? "" : ": " + result->message());
  }
  std::string read_and_run(std::string_view yaml) {
    const std::string wrong = read(yaml);
    return wrong.empty() ? run() : wrong;
  }

  metrics::Snapshot snapshot() {
    metrics::Snapshot result;
    auto interval = recorder_.swap(world_.clock().now(), nullptr);
    result.add(*interval);
    return result;
  }

  runtime::simulated::World world_{1};
  runtime::Reactor& shard_ = world_.reactor("shard");
  runtime::Reactor& host_ = world_.reactor("server");
  metrics::Registry registry_;
  metrics::Recorder recorder_{registry_, world_.clock().now()};
  runtime::Cancellation cancellation_;
  Random random_{1};
  Scope scope_{shard_, recorder_, cancellation_, random_};
  std::map<std::string, std::string, std::less<>> files_;
  std::vector<std::pair<std::string, std::string>> variables_, secrets_;
  HttpPlan http_{{.read = [this](std::string_view path) { return file(path); }, .locate = {}}};
  std::vector<std::unique_ptr<http::ScriptedServer>> servers_;

 private:
  Expected<std::string> file(std::string_view path) const {
    const auto found = files_.find(path);
    if (found == files_.end())
      return fail(kUsage, "there is no file '" + std::string(path) + "'", "files are looked for beside the plan");
    return found->second;
  }

  void compile(document::Diagnostics& found) {
    kinds_ = plan::step_kinds();
    for (plan::StepKind& kind : http_.protocol().steps)
      kinds_.push_back(std::move(kind));
    plan::Program program;
    program.vocabulary = std::make_unique<plan::Vocabulary>();
    for (const auto& [name, value] : variables_)
      program.vocabulary->constant(name, value);
    for (const auto& [name, value] : secrets_)
      program.vocabulary->secret(name, value);
    plan::Surroundings surroundings;
    if (const document::Node* tasks = document_->find("tasks")) {
      for (const document::Entry& entry : tasks->entries)
        surroundings.tasks.emplace(entry.key, &entry.value);
    }
    compiler_.emplace(kinds_, *program.vocabulary, found, std::move(surroundings));
    program.routine = compiler_->routine("main", {});
    if (found.ok()) task_ = std::make_unique<plan::PlanTask>(std::move(program));
  }

  void init() {
    begun_ = true;
    TaskContext context(scope_, {"s", "main", 0, 1});
    std::optional<Status> status;
    runtime::spawn(initialise(context, status));
    EXPECT_TRUE(world_.run_until([&] { return status.has_value(); }));
    if (!*status) ADD_FAILURE() << status->error().text();
  }
  runtime::Co<void> initialise(TaskContext& context, std::optional<Status>& status) {
    auto beginning = task_->init(context);
    status.emplace(co_await beginning);
  }
  runtime::Co<void> execute(Iteration& iteration, std::optional<Result>& result) {
    auto working = task_->execute(iteration);
    result.emplace(co_await working);
  }

  std::optional<document::Node> document_;
  std::vector<plan::StepKind> kinds_;
  std::optional<plan::Compiler> compiler_;
  std::unique_ptr<plan::PlanTask> task_;
  bool begun_ = false;
  std::uint64_t index_ = 0;
};

}  // namespace vajrapulse::http_plan::test
