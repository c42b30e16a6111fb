#pragma once

#include <deque>
#include <functional>
#include <string>

#include "vajrapulse/console/style.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::console {

/// What a terminal shows while the load runs: a few lines, redrawn in place once a second.
class LiveView : public engine::RunObserver {
 public:
  /// `style` is asked before each frame, so that a resized window is noticed. `keys` names the keys that work, where
  /// some do.
  LiveView(std::string title, Output output, std::function<Style()> style, std::string keys = "");
  ~LiveView() override;

  void on_progress(const engine::Progress& progress) override;
  void on_message(const std::string& line) override;
  void on_summary(const engine::RunSummary& summary) override;

  /// The frame alone, without cursor movements: what the golden files hold.
  [[nodiscard]] std::string frame(const engine::Progress& progress, const Style& style) const;

 private:
  void remember(const engine::Progress& progress);
  void erase();
  std::string title_;
  Output output_;
  std::function<Style()> style_;
  std::string keys_;
  std::deque<double> rates_;  ///< completed per second, for the sparkline
  std::deque<double> p99s_ns_;
  int lines_shown_ = 0;
};

/// What a log gets: a line a second for the first ten, then every ten seconds, then every minute.
class PlainProgress : public engine::RunObserver {
 public:
  explicit PlainProgress(Output output);

  void on_progress(const engine::Progress& progress) override;
  void on_message(const std::string& line) override;

 private:
  Output output_;
  engine::Phase phase_ = engine::Phase::prepare;
  std::int64_t next_s_ = 0;
};

}  // namespace vajrapulse::console
