#include "vajrapulse/plan/log.hpp"

#include <chrono>
#include <utility>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::plan {

bool Log::admits(TimePoint now) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second != second_) {
    close();
    second_ = second;
    written_ = 0;
  }
  if (written_ < most_) return ++written_, true;
  ++left_out_;
  return false;
}

std::string log_line(const Iteration& iteration, std::string_view text) {
  constexpr std::size_t kLongest = 2'000;
  std::string line(iteration.scenario());
  line += " " + std::to_string(iteration.index()) + ": ";
  const std::size_t begin = line.size();
  line += text.substr(0, kLongest);
  if (text.size() > kLongest) line += "…";
  for (std::size_t at = begin; at < line.size(); ++at)
    if (static_cast<unsigned char>(line[at]) < 0x20 || line[at] == 0x7f) line[at] = ' ';
  return line;
}

void Log::close() {
  const std::uint64_t count = std::exchange(left_out_, 0);
  if (count == 0) return;
  sink_("… " + format_count(count) + (count == 1 ? " more line" : " more lines") + " of log steps in that second");
}

}  // namespace vajrapulse::plan
