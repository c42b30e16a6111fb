#pragma once

#include <vector>

#include "dice.hpp"
#include "trial.hpp"
#include "vajrapulse/http/http_task.hpp"

// What a seed chooses. The order of the choices is the order of the draws: it decides what a seed is.
namespace vajrapulse::simulation {

runtime::simulated::Weather choose_weather(Dice& dice);
/// One to four servers, each with a fault of its own (or none), and a request for each.
std::vector<http::Request> choose_servers(Dice& dice, Trial& trial);
http::ClientSettings choose_client(Dice& dice);

/// Any open load (patterns alone, in sequence and in sum, recorded arrivals; even or Poisson) or users, with or
/// without pacing; a warm-up, a number of iterations, limits and time-outs.
engine::Scenario choose_scenario(Dice& dice, NamedTask work);

/// What happens to a run on its way.
struct Trouble {
  bool frozen = false;      ///< a shard was deaf for a time
  bool controlled = false;  ///< controls were given; not all of them need make sense
};
Trouble choose_trouble(Dice& dice, Trial& trial, bool open_model);

}  // namespace vajrapulse::simulation
