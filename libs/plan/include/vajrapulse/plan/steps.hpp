#pragma once

#include <vector>

#include "vajrapulse/plan/compiler.hpp"

namespace vajrapulse::plan {

/// The steps that need no protocol:
///
///   think: 500ms..2s                                  waits, without holding anything
///   pace: 5s                                          waits until the iteration is this old
///   if: token != null          then: […] else: […]    a condition without a value is not met
///   repeat: 3                  steps: […]             or {times: 3, as: i}; i counts from 1
///   while: status == 'busy'    steps: […]             at-most: 100 turns (10,000 unless said), as: i
///   foreach: {in: ids, as: id} steps: […]             over a captured list, or a list written here
///   weighted: [{weight: 80, steps: […]}, …]           or {browse: 80, buy: 20}, of tasks
///   parallel: [[…], […]]                              branches at the same time; goes on when all have ended
///   task: login                                       a task of the plan, or one written in C++
///   script: "…"                sets: [total]          Lua 5.4; what it assigns by vars.total = …
///   set: {url: "{{base}}/cart"}                       or {n: {value: n + 1}}, an expression
///   publish: {orders: "{{order}}"}                    leaves a value under a name of `shared`
///   take: {order: orders}      or: stop-iteration     or: fail, when there is none; unless said, no value
///   log: "cart {{id}}"
///   fail: "no stock left"
///   stop-iteration             or with a condition: stop-iteration: done == true
std::vector<StepKind> step_kinds();

}  // namespace vajrapulse::plan
