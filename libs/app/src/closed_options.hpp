#pragma once

#include "vajrapulse/app/run_options.hpp"

namespace vajrapulse::app {

/// The users that the options describe. A ramp whose time nobody says takes `duration`, the load's; zero when the load
/// ends by iterations. What has to be said goes to `notes`. Errors name the flag, the value and a valid example.
Expected<engine::ClosedModel> make_closed(const ClosedOptions& options, Duration duration,
                                          std::vector<std::string>& notes);

/// The first of these options that is given, as typed; null when none is.
const char* given_flag(const ClosedOptions& options);

}  // namespace vajrapulse::app
