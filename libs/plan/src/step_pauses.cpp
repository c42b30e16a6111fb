#include <optional>
#include <string>
#include <utility>

#include "step_kinds.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {
namespace {

using document::Node;

/// `think`: a pause, the same each time or evenly spread between two times.
class Think final : public Step {
 public:
  Think(Duration least, Duration most) : least_(least), spread_(std::uint64_t((most - least).count()) + 1) {}
  [[nodiscard]] bool waits() const noexcept override { return least_ > Duration::zero() || spread_ > 1; }
  runtime::Co<Flow> run(Moment& moment) override {
    const Iteration& iteration = moment.iteration();
    const Duration extra(spread_ == 1 ? 0 : std::int64_t(iteration.random().below(spread_)));
    auto pause = iteration.sleep(least_ + extra);
    co_await pause;
    co_return Flow::next;
  }

 private:
  Duration least_;
  std::uint64_t spread_;  ///< how many times there are to choose from, in nanoseconds
};

/// `pace`: the iteration is this old before it goes on.
class Pace final : public Step {
 public:
  explicit Pace(Duration age) : age_(age) {}
  runtime::Co<Flow> run(Moment& moment) override {
    const Iteration& iteration = moment.iteration();
    const Duration left = moment.began() + age_ - iteration.reactor().now();
    if (left > Duration::zero()) {
      auto pause = iteration.sleep(left);
      co_await pause;
    }
    co_return Flow::next;
  }

 private:
  Duration age_;
};

std::optional<std::pair<Duration, Duration>> think_times(const Node& value, Compiler& compiler) {
  const auto written = compiler.known(value, "a think time");
  if (!written) return std::nullopt;
  const std::size_t dots = written->find("..");
  const auto least = parse_duration(written->substr(0, dots));
  const auto most = dots == std::string::npos ? least : parse_duration(written->substr(dots + 2));
  for (const auto* time : {&least, &most}) {
    if (*time) continue;
    compiler.error(value.place, time->error().message, time->error().cure);
    return std::nullopt;
  }
  if (*least <= *most) return std::pair(*least, *most);
  compiler.error(value.place,
                 "a think time from " + format_exact(*least) + " to " + format_exact(*most) + " holds none",
                 "write the shorter time first: " + format_exact(*most) + ".." + format_exact(*least));
  return std::nullopt;
}

std::unique_ptr<Step> compile_think(const Node& step, Compiler& compiler) {
  compiler.only(step, "a think step", {"think"});
  const auto times = think_times(*step.find("think"), compiler);
  return times ? std::make_unique<Think>(times->first, times->second) : nullptr;
}

std::unique_ptr<Step> compile_pace(const Node& step, Compiler& compiler) {
  compiler.only(step, "a pace step", {"pace"});
  const auto age = compiler.duration(*step.find("pace"), "the pace");
  return age ? std::make_unique<Pace>(*age) : nullptr;
}

}  // namespace

StepKind think_kind() {
  return {.key = "think",
          .about = "Pauses, as a user who reads does: a time, or two between which it lies evenly spread.",
          .compile = compile_think};
}

StepKind pace_kind() {
  return {.key = "pace",
          .about = "Waits until the iteration has lasted this long since it began; not at all when it has already.",
          .compile = compile_pace};
}

}  // namespace vajrapulse::plan
