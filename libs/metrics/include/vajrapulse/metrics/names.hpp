#pragma once

#include <string_view>

/// Every metric name users see, once.
namespace vajrapulse::metrics::names {

inline constexpr std::string_view kExecutionTotal = "vajrapulse.execution.total";  // status
inline constexpr std::string_view kExecutionDuration = "vajrapulse.execution.duration";
inline constexpr std::string_view kResponseTime = "vajrapulse.execution.response_time";
/// Response time less scheduler lag: compared with the former, it is the generator's share.
inline constexpr std::string_view kResponseTimeLessLag = "vajrapulse.execution.response_time_less_lag";
inline constexpr std::string_view kStartDelay = "vajrapulse.execution.start_delay";
inline constexpr std::string_view kSchedulerLag = "vajrapulse.execution.scheduler_lag";
inline constexpr std::string_view kQueueSize = "vajrapulse.execution.queue.size";
inline constexpr std::string_view kInFlight = "vajrapulse.execution.in_flight";
inline constexpr std::string_view kTargetTps = "vajrapulse.execution.target_tps";
inline constexpr std::string_view kActualTps = "vajrapulse.execution.actual_tps";
inline constexpr std::string_view kUsers = "vajrapulse.execution.users";  // closed models
inline constexpr std::string_view kQueueWait = "vajrapulse.execution.queue.wait_time";
inline constexpr std::string_view kDropped = "vajrapulse.execution.dropped";  // reason
inline constexpr std::string_view kMissed = "vajrapulse.execution.missed";

inline constexpr std::string_view kRequestDuration = "vajrapulse.request.duration";  // phase
inline constexpr std::string_view kRequestTotal = "vajrapulse.request.total";        // status, code
inline constexpr std::string_view kRequestBytes = "vajrapulse.request.bytes";        // direction

inline constexpr std::string_view kClientQueueSize = "vajrapulse.client.queue.size";       // queue
inline constexpr std::string_view kClientQueueWait = "vajrapulse.client.queue.wait_time";  // queue
inline constexpr std::string_view kPoolActive = "vajrapulse.client.connection.pool.active";
inline constexpr std::string_view kPoolIdle = "vajrapulse.client.connection.pool.idle";
inline constexpr std::string_view kConnections = "vajrapulse.client.connection.total";  // opened so far
inline constexpr std::string_view kRetries = "vajrapulse.client.retry.count";           // keep-alive races won again
inline constexpr std::string_view kTimeouts = "vajrapulse.client.timeout.count";
inline constexpr std::string_view kErrors = "vajrapulse.client.error.count";  // kind

inline constexpr std::string_view kGeneratorTurn = "vajrapulse.generator.turn";
inline constexpr std::string_view kGeneratorCpu = "vajrapulse.generator.cpu";
inline constexpr std::string_view kGeneratorHostWait = "vajrapulse.generator.host_wait";

}  // namespace vajrapulse::metrics::names
