// A whole run of a plan that uses secrets wherever it can, in simulated time, against a server that sends back all it
// gets: every text that comes out of it is searched for them.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "junit_report.hpp"
#include "reading.hpp"
#include "scripted_server.hpp"
#include "vajrapulse/app/plan_job.hpp"
#include "vajrapulse/console/progress.hpp"
#include "vajrapulse/console/summary.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/report/result_file.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::plans {
namespace {

constexpr const char* kFolder = VP_PLANS_FOLDER "/secrets";
constexpr const char* kPlan = "1-everywhere.yml";
constexpr console::Style kPlain{.colour = console::Colour::off, .width = 100};

/// What people could read, also as URLs, JSON, basic authentication (RFC 4648) and forms write it.
const std::vector<std::string> kForbidden{"tiger-lily-47",          "peacock blue & 9",
                                          "peacock%20blue",         "peacock+blue",
                                          "peacock blue \\u0026 9", "YW5uOnBlYWNvY2sgYmx1ZSAmIDk",
                                          "dGlnZXItbGlseS00Nw",     "peacock blue"};

void expect_no_secret(const std::string& what, const std::string& text) {
  for (const std::string& secret : kForbidden) {
    const std::size_t at = text.find(secret);
    EXPECT_EQ(at, std::string::npos) << what << ": …" << text.substr(at < 150 ? 0 : at - 150, 300);
  }
}

/// Everything the run says while it runs.
struct Ear final : engine::RunObserver {
  std::string heard;
  void on_progress(const engine::Progress& /*progress*/) override {}
  void on_message(const std::string& line) override { heard += line + "\n"; }
};

/// Sends back what it got: the URL in a header, everything in the body.
http::Reply echo(std::size_t /*connection*/, std::size_t /*request*/, const std::string& bytes) {
  const std::string line = bytes.substr(0, bytes.find(" HTTP/1.1"));
  const std::size_t body = bytes.find("\r\n\r\n") + 4;
  const bool stalls = line.find("/wrong") != std::string::npos;
  const std::string text = body < bytes.size() ? bytes.substr(body) : bytes;
  return {.bytes = "HTTP/1.1 " + std::string(line.starts_with("GET") ? "500 " + line.substr(4) : "200 OK") +
                   "\r\nx-echo: " + line + "\r\ncontent-length: " + std::to_string(text.size()) + "\r\n\r\n" + text,
          .then = stalls ? http::Reply::Then::stall : http::Reply::Then::keep};
}

runtime::Co<void> follow(engine::Run& run, std::optional<Expected<engine::RunSummary>>& into) {
  auto work = run.execute();
  into.emplace(co_await work);
}

class Secrets : public testing::Test {
 protected:
  void SetUp() override {
    document::Diagnostics found;
    app::RunOptions options;
    const auto request = request_for(kFolder, kPlan);
    auto job = app::plan_job(request, options, found);
    ASSERT_TRUE(job) << found.written(document::Format::text);
    run(*job);
  }

  void run(app::PlanJob& job) {
    runtime::simulated::World world(1);
    http::ScriptedServer server(world.reactor("server"), *runtime::Address::ip("127.0.0.1", 8080), echo);
    console::PlainProgress progress([this](std::string_view text) { screen_ += text; });
    engine::RunSettings settings{.name = job.job.name};
    settings.fail_fast = false;
    settings.observers = job.job.observers;
    settings.observers.push_back(&ear_);
    settings.observers.push_back(&progress);
    std::vector<runtime::Reactor*> shards{&world.reactor("shard")};
    runtime::Reactor& control = world.reactor("control");
    engine::Run run(std::move(settings), job.job.scenarios, control, shards);
    std::optional<Expected<engine::RunSummary>> outcome;
    control.post([&] { runtime::spawn(follow(run, outcome)); });
    ASSERT_TRUE(world.run_until([&] { return outcome.has_value(); }));
    ASSERT_TRUE(*outcome) << outcome->error().text();
    summary_ = std::move(**outcome);
    if (job.job.judge) job.job.judge(summary_);
    requests_ = std::move(server.requests);
    server.stop();
    world.run();
  }

  Ear ear_;
  std::string screen_;
  engine::RunSummary summary_;
  std::vector<std::string> requests_;
};

TEST_F(Secrets, ReachTheServerAndNoOutput) {
  std::string sent;
  for (const std::string& request : requests_)
    sent += request;
  EXPECT_NE(sent.find("tiger-lily-47"), std::string::npos);
  EXPECT_NE(sent.find("\"pin\":\"peacock blue & 9\""), std::string::npos) << sent;

  EXPECT_NE(ear_.heard.find("key ***, pin ***"), std::string::npos) << ear_.heard;
  expect_no_secret("log lines", ear_.heard);
  expect_no_secret("progress", screen_);
  expect_no_secret("summary", console::render_summary(summary_, kPlain));
  expect_no_secret("result file", report::to_json(summary_));
  expect_no_secret("JUnit", app::junit_text(summary_));
  ASSERT_FALSE(summary_.metrics.errors().empty());
  for (const auto& group : summary_.metrics.errors())
    expect_no_secret("error sample", group.sample);
}

TEST(SecretsOfAPlan, AreNotInWhatIsSaidOfItsMistakes) {
  const document::Diagnostics found = validated(kFolder, "2-with-mistakes.yml");
  EXPECT_FALSE(found.ok());
  for (const auto format : {document::Format::text, document::Format::json, document::Format::github})
    expect_no_secret("mistakes", found.written(format));
}

TEST(SecretsOfAPlan, AreNotInWhatItComesTo) {
  const auto request = request_for(kFolder, kPlan);
  document::Diagnostics found;
  const auto config = document::load(request.config, *request.access, found);
  ASSERT_TRUE(config);
  expect_no_secret("config show", document::show(config->plan));
}

}  // namespace
}  // namespace vajrapulse::plans
