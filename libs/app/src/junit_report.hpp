#pragma once

#include <string>

#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::app {

/// The run's assertions as JUnit XML.
std::string junit_text(const engine::RunSummary& summary);

}  // namespace vajrapulse::app
