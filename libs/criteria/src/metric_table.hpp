#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::criteria {

/// A metric that VajraPulse itself records.
struct KnownMetric {
  std::string_view name;
  metrics::Type form;
  Type unit;                   ///< of its values; counters count in it
  bool by_status = false;      ///< tagged success, failure, interrupted
  bool of_iterations = false;  ///< at most one an iteration
};

/// Null: none of ours; a task may record metrics of its own.
const KnownMetric* known_metric(std::string_view name) noexcept;

/// Why no metric can have that name: it is nearly one of ours.
std::optional<Error> misspelled(std::string_view name);

/// "status=failure" as a tag; an Error says what is wrong with it for this metric.
Expected<std::pair<std::string, std::string>> parse_tag(std::string_view text, const KnownMetric* metric);

}  // namespace vajrapulse::criteria
