#pragma once

#include <memory>

#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::engine {

/// What Linux says in /proc about this process, its shards' threads, and the processors the hypervisor took
/// away. Where a file is missing (hidepid, an old kernel) its figures stay 0.
std::unique_ptr<HostProbe> make_host_probe();

}  // namespace vajrapulse::engine
