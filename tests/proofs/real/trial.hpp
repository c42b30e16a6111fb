#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "host_watch.hpp"

namespace vajrapulse::proofs {

/// What one attempt at a measurement found to be wrong, and what the host did meanwhile.
class Trial {
 public:
  /// `needed`: what the host must have taken away at least for this to be its doing.
  void expect(bool so, const std::string& otherwise, Duration needed);
  /// |seen - expected| <= bound, in nanoseconds. For a figure of `parts` equal parts, each of which the host would
  /// have had to disturb.
  void expect_near(double seen_ns, double expected_ns, double bound_ns, const std::string& what, int parts = 1);
  /// What the accounts or the program itself say: no host can be the reason.
  void require(bool so, const std::string& otherwise);
  /// A figure that was measured, for whoever reads the test's output.
  void note(const std::string& figure) { figures_ += "  " + figure + "\n"; }
  void close(HostWatch::Seen host) { host_ = std::move(host); }

  [[nodiscard]] bool passed() const noexcept { return findings_.empty(); }
  /// Whether the host took enough away for everything that was found.
  [[nodiscard]] bool excused() const noexcept { return needed_ <= host_.taken(); }
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const std::string& figures() const noexcept { return figures_; }

 private:
  std::vector<std::string> findings_;
  std::string figures_;
  Duration needed_{};
  HostWatch::Seen host_;
};

/// Measures until an attempt finds nothing wrong, five times at most. Fails when three attempts were wrong for which
/// the host is no excuse (one may be bad luck: witnesses see much, not all); skips, with the evidence, when it is.
void prove(const std::function<Trial()>& attempt);

}  // namespace vajrapulse::proofs
