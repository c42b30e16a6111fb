#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::engine {

/// The parts of a run in which load is sent, one after another, each with accounts of its own.
enum class Part : std::uint8_t { warmup, measure, cooldown };
inline constexpr std::array kParts{Part::warmup, Part::measure, Part::cooldown};

template <class T>
struct PerPart {
  std::array<T, kParts.size()> each{};
  constexpr T& operator[](Part part) noexcept { return each[std::size_t(part)]; }
  constexpr const T& operator[](Part part) const noexcept { return each[std::size_t(part)]; }
};

constexpr Phase phase_of(Part part) noexcept {
  return part == Part::warmup ? Phase::warmup : part == Part::measure ? Phase::measure : Phase::cooldown;
}

/// Whose accounts a phase shows: before and after the load, those of the measured part.
constexpr Part part_of(Phase phase) noexcept {
  return phase == Phase::warmup ? Part::warmup : phase == Phase::cooldown ? Part::cooldown : Part::measure;
}

}  // namespace vajrapulse::engine
