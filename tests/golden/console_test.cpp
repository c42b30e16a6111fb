#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "golden_file.hpp"
#include "sample_runs.hpp"
#include "vajrapulse/app/load_sketch.hpp"
#include "vajrapulse/console/load_drawing.hpp"
#include "vajrapulse/console/progress.hpp"
#include "vajrapulse/console/summary.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::golden {
namespace {

using console::Colour;
using console::render_summary;
using console::Style;

constexpr Style kPlain{.colour = Colour::off, .width = 100};
constexpr Style kColoured{.colour = Colour::on, .width = 100};

std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033')
      while (i < text.size() && (std::isalpha(static_cast<unsigned char>(text[i])) == 0))
        ++i;
    else
      plain += text[i];
  }
  return plain;
}

long columns_of(const std::string& line) {
  return std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

void expect_fits(const std::string& text, int width) {
  std::istringstream lines(without_escapes(text));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), width) << line;
}

TEST(ConsoleSummary, OpenModel) { expect_golden("summary_open.txt", render_summary(open_run(), kPlain)); }
TEST(ConsoleSummary, ClosedModel) { expect_golden("summary_closed.txt", render_summary(closed_run(), kPlain)); }
TEST(ConsoleSummary, Invalid) { expect_golden("summary_invalid.txt", render_summary(invalid_run(), kPlain)); }
TEST(ConsoleSummary, Errors) { expect_golden("summary_errors.txt", render_summary(failing_run(), kPlain)); }
TEST(ConsoleSummary, InColour) { expect_golden("summary_colour.txt", render_summary(failing_run(), kColoured)); }

engine::RunSummary steered_run() {
  engine::RunSummary run = open_run();
  run.controls = {{.t = 1.05, .at = {}, .action = "pause", .reason = ""},
                  {.t = 4.05, .at = {}, .action = "resume", .reason = ""},
                  {.t = 6, .at = {}, .action = "rate 500/s", .reason = "errors 3 % over 1 %"},
                  {.t = 8, .at = {}, .action = "rate auto", .reason = ""}};
  run.paused_s = 3;
  return run;
}

TEST(ConsoleSummary, Steered) { expect_golden("summary_steered.txt", render_summary(steered_run(), kPlain)); }

TEST(ConsoleSummary, OfAPlan) { expect_golden("summary_plan.txt", render_summary(plan_run(), kPlain)); }

TEST(ConsoleSummary, ColourChangesNothingButColour) {
  for (const auto& run : {open_run(), closed_run(), invalid_run(), failing_run(), plan_run()})
    EXPECT_EQ(without_escapes(render_summary(run, kColoured)), render_summary(run, kPlain));
}

void expect_summaries_fit(int width) {
  for (const auto& run : {open_run(), closed_run(), invalid_run(), failing_run(), plan_run()})
    expect_fits(render_summary(run, {.colour = Colour::off, .width = width}), width);
}

TEST(ConsoleSummary, LosesNoWordOnANarrowScreen) {
  const auto squeezed = [](std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
  };
  const auto run = failing_run();
  const std::string shown = squeezed(render_summary(run, {.colour = Colour::off, .width = 40}));
  for (const auto& group : run.metrics.errors())
    EXPECT_NE(shown.find(squeezed(group.sample)), std::string::npos) << group.sample;
}

TEST(ConsoleSummary, FitsTheScreen) {
  for (const int width : {100, 120})
    expect_summaries_fit(width);
}

TEST(ConsoleSummary, FitsANarrowScreen) { expect_summaries_fit(80); }

TEST(ConsoleSummary, NothingRecordedIsNoCrash) { EXPECT_FALSE(render_summary(engine::RunSummary{}, kPlain).empty()); }

/// What a terminal has received.
struct Screen {
  std::string text;
  console::Output output() {
    return [this](std::string_view more) { text += more; };
  }
};

console::LiveView live_view(Screen& screen, int width) {
  return {"static 1000/s for 10m  →  GET http://127.0.0.1:8080/", screen.output(),
          [width] { return Style{.colour = Colour::off, .width = width}; }};
}

TEST(LiveView, Frame) {
  Screen screen;
  console::LiveView view = live_view(screen, 100);
  for (int second = 1; second < 48; ++second)
    view.on_progress(progress_at(second));
  expect_golden("live_frame.txt", view.frame(progress_at(48), kPlain));
}

engine::Progress paused_progress() {
  engine::Progress progress = progress_at(48);
  progress.control = {.paused = true, .scale = 1.5, .held = {}};
  return progress;
}

TEST(LiveView, SaysWhatTheRunWasToldAndWhichKeysThereAre) {
  Screen screen;
  const console::LiveView view(
      "static 1000/s for 10m  →  GET http://127.0.0.1:8080/", screen.output(), [] { return kPlain; },
      "p pause/resume · + - rate · 0 as planned · q stop");
  expect_golden("live_frame_paused.txt", view.frame(paused_progress(), kPlain));
  expect_fits(view.frame(paused_progress(), {.colour = Colour::off, .width = 60}), 60);
}

engine::Progress second_of_four(int second) {
  engine::Progress progress = progress_at(second);
  progress.scenario = "steady-state";
  progress.scenarios_begun = 2;
  progress.scenarios = 4;
  return progress;
}

TEST(LiveView, SaysWhichOfSeveralScenariosRuns) {
  Screen screen;
  const console::LiveView view = live_view(screen, 100);
  expect_golden("live_frame_scenarios.txt", view.frame(second_of_four(48), kPlain));
  expect_fits(view.frame(second_of_four(48), {.colour = Colour::off, .width = 60}), 60);
}

TEST(PlainProgress, SaysWhichOfSeveralScenariosRuns) {
  Screen screen;
  console::PlainProgress progress(screen.output());
  progress.on_progress(second_of_four(3));
  EXPECT_NE(screen.text.find("measure   steady-state 2/4 target 1,000/s"), std::string::npos) << screen.text;
}

TEST(LiveView, AFrameShownAgainForAControlAddsNothingToTheCourse) {
  Screen screen;
  console::LiveView view = live_view(screen, 100);
  view.on_progress(progress_at(1));
  const std::string before = view.frame(progress_at(2), kPlain);
  engine::Progress again = progress_at(1);
  again.repeated = true;
  view.on_progress(again);
  EXPECT_EQ(view.frame(progress_at(2), kPlain), before);
}

void expect_frames_fit(int width) {
  Screen screen;
  console::LiveView view = live_view(screen, width);
  for (int second = -2; second < 80; ++second) {
    view.on_progress(progress_at(second));
    expect_fits(view.frame(progress_at(second), {.colour = Colour::off, .width = width}), width);
  }
}

TEST(LiveView, FramesFitTheScreen) {
  for (const int width : {100, 120})
    expect_frames_fit(width);
}

TEST(LiveView, FramesFitANarrowScreen) {
  for (const int width : {60, 80})
    expect_frames_fit(width);
}

TEST(LiveView, RedrawsInPlaceAndLeavesNothingBehind) {
  Screen screen;
  console::LiveView view = live_view(screen, 100);
  view.on_progress(progress_at(1));
  const auto lines = std::ranges::count(screen.text, '\n');
  screen.text.clear();
  view.on_progress(progress_at(2));
  const std::string up = "\033[" + std::to_string(lines) + "A\033[J";
  EXPECT_TRUE(screen.text.starts_with(up));
  screen.text.clear();
  view.on_summary(open_run());
  EXPECT_EQ(screen.text, up);
}

TEST(PlainProgress, IsRareLater) {
  Screen screen;
  console::PlainProgress progress(screen.output());
  for (int second = -2; second <= 300; ++second)
    progress.on_progress(progress_at(second));
  expect_golden("plain_progress.txt", screen.text);
}

console::LoadSketch sketch(const std::string& load) {
  const auto pattern = engine::parse_load(load);
  EXPECT_TRUE(pattern) << load;
  return {.title = load,
          .level_at = [pattern = *pattern](Duration t) { return pattern->rate_at(t); },
          .length = *(*pattern)->length(),
          .unit = "/s",
          .facts = {{"iterations", "345,000"}, {"length", "6m30s"}},
          .notes = {"a note"}};
}

const std::vector<std::string> kDrawnLoads{"static 0.25/s 100s",
                                           "ramp 0..1000/s 1m, hold 5m, ramp 0 30s",
                                           "step 100/s 30s 200/s 1m 500/s 30s",
                                           "sine 1000/s ± 1000 period 1m for 3m",
                                           "sine 1000/s ± 300 period 1s for 1h",
                                           "spike 1000/s to 5000/s every 1m for 10s, 5m",
                                           "spike 1000/s to 0/s 500ms",
                                           "static 50000/s 1h + sine 200000/s ± 150000 period 20m for 2h"};

TEST(LoadDrawing, OfEveryPattern) {
  std::string drawings;
  for (const std::string& load : kDrawnLoads)
    drawings += render_load(sketch(load), {.colour = Colour::off, .width = 80}) + "\n";
  expect_golden("load_drawings.txt", drawings);
}

TEST(LoadDrawing, OfAnAdaptiveLoad) {
  const auto load = app::make_load({.duration = "30s",
                                    .warmup = "5s",
                                    .cooldown = "2s",
                                    .drain_timeout = "3s",
                                    .force_timeout = "1s",
                                    .adaptive = {.on = true}});
  ASSERT_TRUE(load) << load.error().text();
  expect_golden("load_drawing_adaptive.txt",
                render_load(app::sketch_of(*load, {}), {.colour = Colour::off, .width = 80}));
}

TEST(LoadDrawing, InColour) {
  const auto ramp = sketch(kDrawnLoads[1]);
  expect_golden("load_drawing_colour.txt", render_load(ramp, {.colour = Colour::on, .width = 60}));
  EXPECT_EQ(without_escapes(render_load(ramp, kColoured)), render_load(ramp, kPlain));
}

TEST(LoadDrawing, FitsTheScreen) {
  for (const std::string& load : kDrawnLoads)
    for (const int width : {24, 40, 80, 120})
      expect_fits(render_load(sketch(load), {.colour = Colour::off, .width = width}), width);
}

}  // namespace
}  // namespace vajrapulse::golden
