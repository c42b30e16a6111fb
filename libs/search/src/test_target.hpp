#pragma once

#include <functional>
#include <vector>

#include "vajrapulse/search/search.hpp"

namespace vajrapulse::search::test {

/// What a made-up target answers at a rate.
struct Answer {
  Duration latency{};  ///< of every response; batches differ by ± `spread` of it
  double spread = 0;
  double error_share = 0;
  double undone_share = 0;  ///< of the rate: what the backlog grows by
  Generator generator = Generator::sound;
};

/// An observation of `step` in 16 batches, as a run against such a target would show it.
Observation observe(const Step& step, const Answer& answer);

/// Runs a search to its end against a target; notes every step.
struct Trial {
  Objectives objectives;
  Search search;
  std::vector<Step> steps;

  Trial(std::vector<std::string> slos, const Settings& settings);
  void run(const std::function<Answer(double rate, int step)>& target);
};

}  // namespace vajrapulse::search::test
