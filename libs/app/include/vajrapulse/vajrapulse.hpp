#pragma once

/// All a load test in C++ needs, except the protocol's client: include <vajrapulse/http/client.hpp> for that.

#include "vajrapulse/api/result.hpp"
#include "vajrapulse/api/task.hpp"
#include "vajrapulse/app/main.hpp"
#include "vajrapulse/runtime/co.hpp"
