#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "vajrapulse/app/run_options.hpp"

namespace vajrapulse::app {
namespace {

using namespace std::chrono_literals;

Load made(const LoadOptions& options) {
  auto load = make_load(options);
  EXPECT_TRUE(load) << load.error().text();
  return load ? std::move(*load) : Load{};
}

std::string refusal(const LoadOptions& options) {
  auto load = make_load(options);
  EXPECT_FALSE(load);
  return load ? "" : load.error().text();
}

TEST(Load, WhatOnlyAnOpenLoadKnowsIsRefusedForUsers) {
  EXPECT_NE(refusal({.closed = {.users = "2"}, .max_in_flight = 5}).find("--max-in-flight"), std::string::npos);
  EXPECT_NE(refusal({.closed = {.users = "2"}, .on_limit = "drop"}).find("--on-limit"), std::string::npos);
  EXPECT_NE(refusal({.closed = {.users = "2"}, .arrivals = "even"}).find("--arrivals"), std::string::npos);
  EXPECT_NE(refusal({.arrivals = "poisson"}).find("--tps"), std::string::npos);
}

TEST(Load, OpenOptionsReachTheModel) {
  const Load load = made({.tps = "100", .max_in_flight = 7, .on_limit = "drop", .arrivals = "poisson"});
  const auto& model = std::get<engine::OpenModel>(load.model);
  EXPECT_EQ(model.max_in_flight, 7u);
  EXPECT_EQ(model.on_limit, engine::OnLimit::drop);
  EXPECT_EQ(model.arrivals, engine::ArrivalKind::poisson);
}

TEST(Load, NothingSaidOfAnOpenLoadIsEvenQueuedAndBounded) {
  const Load load = made({.tps = "100"});
  const auto& model = std::get<engine::OpenModel>(load.model);
  EXPECT_EQ(model.max_in_flight, 10'000u);
  EXPECT_EQ(model.on_limit, engine::OnLimit::queue);
  EXPECT_EQ(model.arrivals, engine::ArrivalKind::even);
  EXPECT_EQ(load.duration, 10s);
  EXPECT_FALSE(load.drain_timeout);
}

TEST(Load, SlackIsAShortTimeOfOpenLoads) {
  EXPECT_EQ(std::get<engine::OpenModel>(made({.tps = "100"}).model).slack, Duration::zero());
  EXPECT_EQ(std::get<engine::OpenModel>(made({.tps = "100", .slack = "200us"}).model).slack, Duration(200us));
  EXPECT_NE(refusal({.tps = "100", .slack = "101ms"}).find("--slack 101ms is out of range"), std::string::npos);
  EXPECT_NE(refusal({.closed = {.users = "5"}, .slack = "1ms"}).find("--slack is for a rate"), std::string::npos);
}

TEST(Load, PhasesAreTimes) {
  const Load load =
      made({.tps = "100", .warmup = "1s", .cooldown = "2s", .drain_timeout = "3s", .force_timeout = "4s"});
  EXPECT_EQ(load.warmup, 1s);
  EXPECT_EQ(load.cooldown, 2s);
  EXPECT_EQ(load.drain_timeout, Duration(3s));
  EXPECT_EQ(load.force_timeout, Duration(4s));
  EXPECT_NE(refusal({.tps = "100", .force_timeout = "soon"}).find("--force-timeout"), std::string::npos);
  EXPECT_NE(refusal({.tps = "100", .iterations = 5, .cooldown = "1s"}).find("--cooldown"), std::string::npos);
}

TEST(Load, TheDrainIsATime) {
  EXPECT_EQ(made({.tps = "100", .drain_timeout = "0s"}).drain_timeout, Duration::zero());
  EXPECT_EQ(made({.closed = {.users = "3"}, .drain_timeout = "1m"}).drain_timeout, Duration(1min));
  EXPECT_NE(refusal({.tps = "100", .drain_timeout = "soon"}).find("--drain-timeout"), std::string::npos);
}

}  // namespace
}  // namespace vajrapulse::app
