#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/recording/recording.hpp"

// The first byte says in which pieces the rest comes and whether its format is given. What is read can be replayed, and
// does not depend on the pieces; what is not says where and how to mend it.
namespace {

using namespace vajrapulse;
using namespace vajrapulse::recording;

void require(bool holds) {
  if (!holds) std::abort();
}

Source source_of(std::string_view text, std::size_t piece) {
  return [text, piece](std::span<char> into) mutable -> Expected<std::size_t> {
    const std::size_t count = std::min({piece, into.size(), text.size()});
    std::copy_n(text.begin(), count, into.begin());
    text.remove_prefix(count);
    return count;
  };
}

void check(const Recording& recording) {
  require(!recording.starts.empty() && recording.starts.front() == Duration::zero());
  require(std::ranges::is_sorted(recording.starts) && recording.length > recording.starts.back());
  require(recording.starts.size() + recording.bad == recording.entries);
  require(recording.moved < recording.starts.size());
  require(recording.turns.size() == (recording.requests.empty() ? 0 : recording.starts.size()));
  for (const std::uint32_t turn : recording.turns)
    require(turn < recording.requests.size());
  for (const Request& each : recording.requests) {
    require(each.target.empty() || each.target.front() == '/');
    require(std::ranges::none_of(each.method + each.target, [](char c) { return c >= 0 && c <= ' '; }));
  }
  require((recording.bad > 0) == !recording.first_bad.message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0] % 64;
  Settings settings{.name = "FILE"};
  if (data[0] >= 192) settings.format = static_cast<Format>(data[0] % 3);
  const auto recording = read(source_of(text, piece), settings);
  const auto whole = read(source_of(text, size), settings);
  require(recording.has_value() == whole.has_value());
  if (!recording) {
    require(recording.error().text() == whole.error().text());
    require(recording.error().message.starts_with("FILE") && !recording.error().cure.empty());
    return 0;
  }
  check(*recording);
  require(recording->starts == whole->starts && recording->turns == whole->turns);
  require(recording->first_bad.message == whole->first_bad.message);
  return 0;
}
