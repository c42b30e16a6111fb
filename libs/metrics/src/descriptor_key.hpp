#pragma once

#include <string>

#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::metrics {

/// One text for name and tags, the same for equal descriptors and ordered by name, then tags.
inline std::string key_of(const std::string& name, const Tags& tags) {
  std::string key = name;
  for (const auto& [tag, value] : tags) {
    key += '\0';
    key += tag;
    key += '\1';
    key += value;
  }
  return key;
}

inline std::string key_of(const Descriptor& descriptor) { return key_of(descriptor.name, descriptor.tags); }

}  // namespace vajrapulse::metrics
