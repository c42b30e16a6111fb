#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::engine {

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::prepare: return "prepare";
    case Phase::warmup: return "warm-up";
    case Phase::measure: return "measure";
    case Phase::cooldown: return "cool-down";
    case Phase::drain: return "drain";
    case Phase::teardown: return "teardown";
    case Phase::done: return "done";
  }
  return "";
}

std::string_view name(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::valid: return "VALID";
    case VerdictStatus::degraded: return "DEGRADED";
    case VerdictStatus::invalid: return "INVALID";
  }
  return "";
}

}  // namespace vajrapulse::engine
