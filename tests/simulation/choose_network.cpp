#include <string>

#include "choices.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using faults::Fault;

/// TLS is left out: its bytes are not the seed's.
constexpr Fault kFaults[] = {
    Fault::none,           Fault::none,
    Fault::none,           Fault::refused,
    Fault::reset_in_head,  Fault::reset_in_body,
    Fault::never_answers,  Fault::closed_before_head,
    Fault::closed_in_head, Fault::garbage,
    Fault::truncated_body, Fault::one_byte_a_second,
    Fault::oversized_head, Fault::bad_chunk,
    Fault::unknown_name,   Fault::half_open,
    Fault::stops_in_body,  Fault::truncated_chunks,
    Fault::binary_garbage, Fault::reset_before_head,
};

/// Connects to it never end, until the partition mends (or for ever).
void choose_partition(Dice& dice, Trial& trial, const runtime::Address& at) {
  if (!dice.once_in(8)) return;
  const Duration from = dice.micros(0, 200'000);
  const Duration lasting = dice.micros(10'000, 400'000);
  dice.say("partition", from);
  trial.part_from(at, from, lasting);
}

}  // namespace

runtime::simulated::Weather choose_weather(Dice& dice) {
  runtime::simulated::Weather weather;
  weather.latency_min = dice.micros(20, 500);
  weather.latency_max = weather.latency_min + dice.micros(0, 3000);
  if (dice.once_in(3)) weather.loss = 0.02;
  weather.retransmit_after = dice.micros(5'000, 80'000);
  if (dice.once_in(4)) weather.reset_on_connect = 0.05;
  if (dice.once_in(4)) weather.reset_per_segment = 0.01;
  weather.partial = dice.once_in(2);
  if (dice.once_in(4)) weather.segment_max = dice.between(1, 200);
  if (dice.once_in(4)) weather.window_bytes = dice.between(1, 300);
  if (dice.once_in(4)) weather.turn_cost = dice.micros(1, 200);
  dice.say("latency", weather.latency_max);
  dice.say("loss", weather.loss > 0 ? 1 : 0);
  dice.say("resets", weather.reset_on_connect > 0 || weather.reset_per_segment > 0 ? 1 : 0);
  dice.say("segment", weather.segment_max);
  dice.say("window", weather.window_bytes);
  dice.say("turn", weather.turn_cost);
  return weather;
}

std::vector<http::Request> choose_servers(Dice& dice, Trial& trial) {
  std::vector<http::Request> requests;
  const std::uint64_t servers = dice.between(1, 3);
  for (std::uint64_t i = 0; i < servers; ++i) {
    const faults::FaultCase& what = fault_case(dice.one_of(kFaults));
    const auto address = *runtime::Address::ip("127.0.0.1", static_cast<std::uint16_t>(8000 + i));
    const std::uint64_t every = dice.between(1, 4);
    dice.say(what.name, every);
    if (what.needs_server()) trial.serve(address, {.fault = what.fault, .every = every, .pace = 20ms, .patience = 5ms});
    choose_partition(dice, trial, address);
    const std::string host = what.fault == Fault::unknown_name ? "nobody.test" : "127.0.0.1";
    requests.push_back({.url = "http://" + host + ":" + std::to_string(address.port()) + "/" + std::string(what.name)});
  }
  return requests;
}

http::ClientSettings choose_client(Dice& dice) {
  http::ClientSettings settings;
  settings.timeout = dice.micros(5'000, 200'000);
  settings.keep_alive = !dice.once_in(3);
  if (dice.once_in(3)) settings.connections = dice.between(1, 8);
  dice.say("timeout", settings.timeout);
  dice.say("connections", settings.connections);
  return settings;
}

}  // namespace vajrapulse::simulation
