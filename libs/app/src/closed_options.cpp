#include "closed_options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "flags.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::app {
namespace {

constexpr std::string_view kTo = "..";

struct Users {
  std::optional<std::uint64_t> from;
  std::uint64_t to = 1;
};

std::optional<std::uint64_t> count_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc() ? number : engine::kMostUsers + 1;
}

/// "64" or "10..64".
Expected<Users> read_users(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return fail(kUsage, "--users " + text + " " + what,
                "give 1 to 10000000, for example --users 64, or --users 10..64 for a ramp");
  };
  const std::size_t dots = text.find(kTo);
  const auto to = count_of(dots == std::string::npos ? text : std::string_view(text).substr(dots + kTo.size()));
  const auto from = dots == std::string::npos ? to : count_of(std::string_view(text).substr(0, dots));
  if (!to || !from) return wrong("is no number of users");
  if (std::max(*from, *to) == 0 || std::max(*from, *to) > engine::kMostUsers) return wrong("is out of range");
  if (dots == std::string::npos) return Users{{}, *to};
  if (*from == *to) return wrong("is no ramp");
  return Users{from, *to};
}

/// "500ms" or "500ms..2s".
Expected<engine::ClosedModel::Think> read_think(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return fail(kUsage, "--think " + text + ": " + what,
                "give a time or two, for example --think 1s or --think 500ms..2s");
  };
  const std::size_t dots = text.find(kTo);
  const std::string first = text.substr(0, dots);
  const std::string second = dots == std::string::npos ? first : text.substr(dots + kTo.size());
  if (first.empty() || second.empty()) return wrong("one of the two times is missing");
  const auto least = parse_duration(first);
  if (!least) return wrong(least.error().message);
  const auto most = parse_duration(second);
  if (!most) return wrong(most.error().message);
  if (*least < Duration::zero() || std::max(*least, *most) > kLongest) return wrong("is out of range (0s to 366 days)");
  if (*most < *least) return wrong("the shorter time comes first");
  return engine::ClosedModel::Think{*least, *most};
}

Expected<engine::ClosedModel::Ramp> make_ramp(const ClosedOptions& options, const Users& users, Duration duration,
                                              std::vector<std::string>& notes) {
  engine::ClosedModel::Ramp ramp{.from = users.from.value_or(0), .length = duration};
  if (!options.ramp_users.empty()) {
    const auto length = time_flag("--ramp-users", options.ramp_users, Duration(1), "30s");
    if (!length) return std::unexpected(length.error());
    ramp.length = *length;
    if (duration > Duration::zero() && *length > duration)
      notes.push_back("the load ends after " + format_exact(duration) + ", before --ramp-users " + options.ramp_users +
                      " is over");
  } else if (duration <= Duration::zero()) {
    return fail(kUsage, "--users " + options.users + " lacks the time that its ramp takes",
                "give --ramp-users with it, for example --ramp-users 30s");
  }
  if (users.to == 0 && duration <= Duration::zero())
    return fail(kUsage, "--users " + options.users + " leaves nobody to do the --iterations",
                "give --duration with it, or leave one user: --users " + std::to_string(*users.from) + "..1");
  return ramp;
}

}  // namespace

const char* given_flag(const ClosedOptions& options) {
  return !options.users.empty()        ? "--users"
         : !options.ramp_users.empty() ? "--ramp-users"
         : !options.think.empty()      ? "--think"
         : !options.pacing.empty()     ? "--pacing"
                                       : nullptr;
}

Expected<engine::ClosedModel> make_closed(const ClosedOptions& options, Duration duration,
                                          std::vector<std::string>& notes) {
  engine::ClosedModel model;
  if (options.users.empty() && !options.ramp_users.empty())
    return fail(kUsage, "--ramp-users " + options.ramp_users + " lacks the users that come",
                "give --users with it, for example --users 64 --ramp-users 30s");
  if (!options.think.empty() && !options.pacing.empty())
    return fail(kUsage, "--think and --pacing exclude each other",
                "--think 1s waits after each answer, --pacing 1s begins once a second however long answers take");
  if (!options.think.empty()) {
    const auto think = read_think(options.think);
    if (!think) return std::unexpected(think.error());
    model.think = *think;
  }
  if (!options.pacing.empty()) {
    const auto pacing = time_flag("--pacing", options.pacing, Duration(1), "1s");
    if (!pacing) return std::unexpected(pacing.error());
    model.pacing = *pacing;
  }
  if (duration > Duration::zero() && model.pacing > duration)
    notes.push_back("--pacing " + options.pacing + " is longer than the load: most users never begin");
  if (duration > Duration::zero() && model.think.least > duration)
    notes.push_back("--think " + options.think + " is longer than the load: each user begins once");
  if (options.users.empty()) {
    const bool waits = !options.think.empty() || !options.pacing.empty();
    notes.push_back(std::string("neither --tps nor --users given: one user") +
                    (waits ? "" : ", the next request when the last one ended"));
    return model;
  }
  const auto users = read_users(options.users);
  if (!users) return std::unexpected(users.error());
  model.users = users->to;
  const double seconds = std::chrono::duration<double>(model.pacing).count();
  if (seconds > 0 && double(std::max(users->to, users->from.value_or(0))) / seconds > kMostRate)
    return fail(kUsage,
                "--users " + options.users + " with --pacing " + options.pacing + " comes to more than 1000000000/s",
                "give a longer pacing, for example --pacing 1s");
  if (users->from || !options.ramp_users.empty()) {
    const auto ramp = make_ramp(options, *users, duration, notes);
    if (!ramp) return std::unexpected(ramp.error());
    model.ramp = *ramp;
  }
  return model;
}

}  // namespace vajrapulse::app
