#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <unordered_map>

#include "entry.hpp"
#include "time_stamp.hpp"

namespace vajrapulse::recording {

/// What the good entries of a file add up to, before they are brought in order.
class ArrivalsFound {
 public:
  explicit ArrivalsFound(const Settings& settings) : settings_(settings) {}

  /// What is wrong with the entry, when it does not enter. Fails when the file is larger than what can be replayed.
  Expected<std::expected<void, Fault>> add(const Entry& entry);

  [[nodiscard]] bool empty() const { return found_.starts.empty(); }
  /// Sorts, spreads and measures. At least one arrival was added.
  Recording finish() &&;

 private:
  std::expected<void, Fault> check_parts(const Entry& entry);
  Expected<std::expected<std::uint32_t, Fault>> place_of(const Entry& entry);
  void sort();
  void spread();
  void measure();

  const Settings& settings_;
  TimeReader times_;
  Recording found_;                                        ///< its starts since 1970
  std::unordered_map<std::string, std::uint32_t> places_;  ///< "GET /path": where it is in `found_.requests`
  std::string key_;
  bool has_method_ = false;  ///< as the first entry has it
  bool has_target_ = false;
  bool whole_seconds_ = true;
  Duration latest_ = Duration::min();
};

}  // namespace vajrapulse::recording
