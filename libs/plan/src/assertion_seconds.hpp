#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::plan {

/// A stretch of measured time, in seconds from the start of measuring.
struct Span {
  double begin = 0;
  double end = 0;
  std::string scenario;
};
/// How long it was that at least one of them lasted.
double covered(std::vector<Span> spans);

/// One second of a run: all that was measured in it, of all scenarios.
struct Second {
  std::int64_t number = 0;
  std::vector<Span> spans;
  metrics::Snapshot snapshot;
};

/// Gathers the intervals of scenarios that run side by side into seconds. A second is complete when all the scenarios
/// that were there in the one before have given theirs, or when anything of a later one has come.
class Seconds {
 public:
  explicit Seconds(std::size_t scenarios) : scenarios_(scenarios) {}

  void add(const Span& span, const metrics::Snapshot& interval);
  /// The run has got there, whether or not anything was measured.
  void reach(double t);
  /// Nothing more comes.
  void finish() { finished_ = true; }
  /// The next complete one.
  std::optional<Second> take();

 private:
  [[nodiscard]] bool complete(const Second& second) const;

  std::size_t scenarios_;
  std::map<std::int64_t, Second> open_;
  std::int64_t next_ = INT64_MIN;     ///< none before it is taken any more
  std::int64_t reached_ = INT64_MIN;  ///< the latest second of which anything is known
  std::set<std::string> before_;      ///< scenarios of the second before
  bool finished_ = false;
};

}  // namespace vajrapulse::plan
