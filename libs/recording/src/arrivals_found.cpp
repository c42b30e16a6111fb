#include "arrivals_found.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace vajrapulse::recording {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
constexpr const char* kTimeCure =
    "write times as 2026-01-31T13:55:36.5Z, 31/Jan/2026:13:55:36 +0000, or a number since 1970";

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || kMarks.find(c) != kMarks.npos;
  });
}

bool is_plain(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; }

bool is_absolute(std::string_view target) {
  const auto starts = [&](std::string_view scheme) {
    return std::ranges::equal(target.substr(0, scheme.size()), scheme, [](char a, char b) { return (a | 0x20) == b; });
  };
  constexpr std::string_view kHttp = "http";
  if (!starts(kHttp)) return false;
  const std::string_view rest = target.substr(kHttp.size());
  return rest.starts_with("://") || rest.starts_with("s://") || rest.starts_with("S://");
}

/// "/path?query" of a path or a URL, without its fragment, behind what `key` holds; nothing when it is neither.
bool append_target(std::string_view target, std::string& key) {
  target = target.substr(0, target.find('#'));
  if (is_absolute(target)) {
    const std::size_t end = target.find_first_of("/?", target.find("://") + 3);
    target = end == target.npos ? std::string_view() : target.substr(end);
    if (!target.starts_with('/')) key += '/';
  } else if (!target.starts_with('/')) {
    return false;
  }
  key += target;
  return true;
}

}  // namespace

/// What the first entry has, the others must have, and no more.
std::expected<void, Fault> ArrivalsFound::check_parts(const Entry& entry) {
  if (empty()) {
    has_method_ = entry.method.has_value();
    has_target_ = entry.target.has_value();
    return {};
  }
  const char* odd = entry.method.has_value() != has_method_   ? "method"
                    : entry.target.has_value() != has_target_ ? "path"
                                                              : nullptr;
  if (!odd) return {};
  const bool lacks = odd[0] == 'm' ? has_method_ : has_target_;
  return std::unexpected(
      Fault{0, lacks ? std::string("no ") + odd : std::string("a ") + odd + " where the first entry has none",
            "give every entry the same parts"});
}

Expected<std::expected<std::uint32_t, Fault>> ArrivalsFound::place_of(const Entry& entry) {
  using Place = std::expected<std::uint32_t, Fault>;
  const auto wrong = [](const Field& field, std::string_view what, const char* cure) {
    return Place(std::unexpected(Fault{field.at, shown(field.text) + std::string(what), cure}));
  };
  key_.clear();
  if (entry.method) {
    if (!is_token(entry.method->text)) return wrong(*entry.method, " is no method", "write GET, POST …");
    if (entry.method->text == "CONNECT") return wrong(*entry.method, " asks for a tunnel", "leave it out");
    key_ += entry.method->text;
  }
  const std::size_t method = key_.size();
  if (entry.target) {
    const Field& target = *entry.target;
    const auto bad = std::ranges::find_if_not(target.text, is_plain);
    if (bad != target.text.end())
      return wrong(target, " holds a blank or control character", "percent-encode it, as %20");
    if (!append_target(target.text, key_)) return wrong(target, " is no path", "write /path or a whole URL");
  }
  // A method holds no slash, so the target's first one divides the key.
  if (const auto known = places_.find(key_); known != places_.end()) return Place(known->second);
  Request request{key_.substr(0, method), key_.substr(method)};
  if (settings_.accepts) {
    if (auto accepted = settings_.accepts(request); !accepted)
      return Place(
          std::unexpected(Fault{entry.target ? entry.target->at : 0, accepted.error().message, accepted.error().cure}));
  }
  if (found_.requests.size() == kMostRequests)
    return fail(kUsage, settings_.name + " holds more than 100000 different requests",
                "replay a part of it, or cut the queries off");
  const auto place = std::uint32_t(found_.requests.size());
  places_.emplace(key_, place);
  found_.requests.push_back(std::move(request));
  return Place(place);
}

Expected<std::expected<void, Fault>> ArrivalsFound::add(const Entry& entry) {
  using Done = std::expected<void, Fault>;
  if (auto parts = check_parts(entry); !parts) return Done(std::unexpected(std::move(parts.error())));
  auto stamp = times_.read(entry.time.text);
  if (!stamp)
    return Done(std::unexpected(Fault{entry.time.at, shown(entry.time.text) + " " + stamp.error(), kTimeCure}));
  if (entry.method || entry.target) {
    auto place = place_of(entry);
    if (!place) return std::unexpected(std::move(place.error()));
    if (!*place) return Done(std::unexpected(std::move(place->error())));
    found_.turns.push_back(**place);
  }
  if (found_.starts.size() == kMostArrivals)
    return fail(kUsage, settings_.name + " holds more than 100000000 arrivals", "replay a part of it");
  const Duration at(stamp->ns);
  found_.moved += at < latest_ ? 1 : 0;
  latest_ = std::max(latest_, at);
  whole_seconds_ = whole_seconds_ && stamp->whole_second;
  found_.starts.push_back(at);
  return Done();
}

/// Logs are written when the answer is done; equal times keep their order.
void ArrivalsFound::sort() {
  if (found_.moved == 0) return;
  std::vector<std::uint32_t> order(found_.starts.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(found_.starts[i], i); });
  const auto reordered = [&order](auto& values) {
    auto sorted = values;
    std::ranges::transform(order, sorted.begin(), [&](std::uint32_t i) { return values[i]; });
    values = std::move(sorted);
  };
  reordered(found_.starts);
  if (!found_.turns.empty()) reordered(found_.turns);
}

/// Arrivals that share a whole second, because nothing finer was written, would be a burst that nobody recorded.
void ArrivalsFound::spread() {
  if (!whole_seconds_) return;
  auto& starts = found_.starts;
  for (std::size_t first = 0; first < starts.size();) {
    std::size_t end = first + 1;
    while (end < starts.size() && starts[end] == starts[first])
      ++end;
    const auto many = std::int64_t(end - first);
    for (std::int64_t i = 1; i < many; ++i)
      starts[first + std::size_t(i)] += i * kSecond / many;
    found_.spread = found_.spread || many > 1;
    first = end;
  }
}

void ArrivalsFound::measure() {
  const Duration last = found_.starts.back();
  const auto gaps = std::max<std::int64_t>(std::int64_t(found_.starts.size()) - 1, 1);
  const Duration behind = found_.spread              ? kSecond - last % kSecond
                          : last == Duration::zero() ? kSecond
                                                     : std::max(last / gaps, Duration(1));
  found_.length = last + std::min(behind, Duration::max() - last);  // two entries a century apart are two centuries
}

Recording ArrivalsFound::finish() && {
  places_.clear();
  sort();
  const Duration first = found_.starts.front();
  for (Duration& start : found_.starts)
    start -= first;
  spread();
  measure();
  return std::move(found_);
}

}  // namespace vajrapulse::recording
