#include "closed_options.hpp"

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
  if (error != std::errc() || end != text.data() + text.size() || number > engine::kMostUsers) return std::nullopt;
  return number;
}

/// "64" or "10..64".
Expected<Users> read_users(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return fail(kUsage, "--users " + text + " " + what,
                "give 1 to 10000000, for example --users 64, or --users 10..64 for a ramp");
  };
  const std::size_t dots = text.find(kTo);
  const auto to = count_of(dots == std::string::npos ? text : std::string_view(text).substr(dots + kTo.size()));
  if (!to) return wrong("is no number of users");
  if (dots == std::string::npos) return *to == 0 ? Expected<Users>(wrong("is out of range")) : Users{{}, *to};
  const auto from = count_of(std::string_view(text).substr(0, dots));
  if (!from) return wrong("is no number of users");
  if (*from == *to) return wrong("is no ramp");
  return Users{from, *to};
}

/// "500ms" or "500ms..2s".
Expected<engine::ClosedModel::Think> read_think(const std::string& text) {
  const std::size_t dots = text.find(kTo);
  const auto least = time_flag("--think", text.substr(0, dots), Duration::zero(), "500ms..2s");
  if (!least) return std::unexpected(least.error());
  if (dots == std::string::npos) return engine::ClosedModel::Think{*least, *least};
  const auto most = time_flag("--think", text.substr(dots + kTo.size()), Duration::zero(), "500ms..2s");
  if (!most) return std::unexpected(most.error());
  if (*most < *least)
    return fail(kUsage, "--think " + text + " begins with the longer time", "give the shorter one first: 500ms..2s");
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
  if (options.users.empty()) {
    notes.emplace_back("neither --tps nor --users given: one user, the next request when the last one ended");
    return model;
  }
  const auto users = read_users(options.users);
  if (!users) return std::unexpected(users.error());
  model.users = users->to;
  if (users->from || !options.ramp_users.empty()) {
    const auto ramp = make_ramp(options, *users, duration, notes);
    if (!ramp) return std::unexpected(ramp.error());
    model.ramp = *ramp;
  }
  return model;
}

}  // namespace vajrapulse::app
