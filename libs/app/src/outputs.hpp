#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/app/run.hpp"
#include "vajrapulse/console/style.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::app {

/// Where a run's answer goes: live view or plain lines, the summary, result files.
class Outputs {
 public:
  /// Checks before anything is sent that every file can be written.
  static Expected<std::unique_ptr<Outputs>> make(const RunOptions& options, const Job& job);

  [[nodiscard]] std::vector<engine::RunObserver*> observers() const;
  /// Prints the summary and writes the files; the exit code is the run's, or 1 when a file could not be written.
  int finish(engine::RunSummary& summary);

 private:
  Outputs() = default;
  std::vector<std::string> json_files_;
  std::FILE* screen_ = nullptr;  ///< standard error when the result itself goes to standard output
  bool colour_ = false;
  std::unique_ptr<engine::RunObserver> progress_;
  [[nodiscard]] console::Style style() const;
};

}  // namespace vajrapulse::app
