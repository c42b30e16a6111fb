#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "golden_file.hpp"
#include "sample_runs.hpp"
#include "vajrapulse/console/progress.hpp"
#include "vajrapulse/console/summary.hpp"

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

TEST(ConsoleSummary, ColourChangesNothingButColour) {
  for (const auto& run : {open_run(), closed_run(), invalid_run(), failing_run()})
    EXPECT_EQ(without_escapes(render_summary(run, kColoured)), render_summary(run, kPlain));
}

void expect_summaries_fit(int width) {
  for (const auto& run : {open_run(), closed_run(), invalid_run(), failing_run()})
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

}  // namespace
}  // namespace vajrapulse::golden
