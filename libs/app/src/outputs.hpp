#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/app/run.hpp"
#include "vajrapulse/console/style.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::app {

/// Columns to fill; 100 where `screen` is no terminal.
int width_of(std::FILE* screen);
bool wants_colour(const RunOptions& options, std::FILE* screen);
/// Whether lines can be written over.
bool can_redraw(std::FILE* screen);
/// What --out KIND=FILE names; "-" is standard output.
struct OutTarget {
  std::string kind;  ///< "json" or "junit"
  std::string file;
};
Expected<OutTarget> out_target(const std::string& out);

/// Where a run's answer goes: live view or plain lines, the summary, result files.
class Outputs {
 public:
  /// Checks before anything is sent that every file can be written.
  static Expected<std::unique_ptr<Outputs>> make(const RunOptions& options, const Job& job);

  [[nodiscard]] std::vector<engine::RunObserver*> observers() const;
  /// Whether the live view names keys, and somebody can press them.
  [[nodiscard]] bool takes_keys() const noexcept { return takes_keys_; }
  /// Prints the summary and writes the files; the exit code is the run's, or 1 when a file could not be written.
  int finish(engine::RunSummary& summary);

 private:
  Outputs() = default;
  std::vector<OutTarget> targets_;
  std::FILE* screen_ = nullptr;  ///< standard error when the result itself goes to standard output
  bool colour_ = false;
  bool takes_keys_ = false;
  std::unique_ptr<engine::RunObserver> progress_;
  [[nodiscard]] console::Style style() const;
};

}  // namespace vajrapulse::app
