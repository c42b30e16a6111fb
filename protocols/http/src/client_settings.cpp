#include "vajrapulse/http/client_settings.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

using Statuses = std::bitset<1000>;

constexpr int kFirstStatus = 100;

void skip_spaces(std::string_view& text) noexcept { text = trimmed(text); }

bool take(std::string_view& text, std::string_view word) noexcept {
  skip_spaces(text);
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<int> take_number(std::string_view& text) noexcept {
  skip_spaces(text);
  int number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || number < 0 || number > 999) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

template <class Compare>
Statuses statuses_where(Compare compare) {
  Statuses result;
  for (int status = kFirstStatus; status < 1000; ++status) {
    if (compare(status)) result.set(static_cast<std::size_t>(status));
  }
  return result;
}

// comparison = "status" ( ">=" | "<=" | "!=" | "==" | "=" | ">" | "<" ) number
std::optional<Statuses> take_comparison(std::string_view& text) {
  if (!take(text, "status")) return std::nullopt;
  constexpr std::string_view kOperators[] = {">=", "<=", "!=", "==", "=", ">", "<"};
  for (const std::string_view each : kOperators) {
    if (!take(text, each)) continue;
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    const int limit = *number;
    return statuses_where([&](int status) {
      if (each == ">=") return status >= limit;
      if (each == "<=") return status <= limit;
      if (each == "!=") return status != limit;
      if (each == ">") return status > limit;
      if (each == "<") return status < limit;
      return status == limit;
    });
  }
  return std::nullopt;
}

// all = comparison *( "and" comparison )
std::optional<Statuses> take_all(std::string_view& text) {
  auto result = take_comparison(text);
  while (result && take(text, "and")) {
    const auto next = take_comparison(text);
    if (!next) return std::nullopt;
    *result &= *next;
  }
  return result;
}

}  // namespace

FailOn::FailOn() noexcept {
  for (std::size_t status = 400; status < kStatuses; ++status)
    failed_.set(status);
}

FailOn FailOn::all_but(std::span<const int> statuses) noexcept {
  FailOn result;
  result.failed_.set();
  for (const int status : statuses) {
    if (status >= 0 && status < int(kStatuses)) result.failed_.reset(static_cast<std::size_t>(status));
  }
  return result;
}

Expected<FailOn> FailOn::parse(std::string_view text) {
  FailOn result;
  std::string_view rest = trimmed(text);
  if (rest == "never") {
    result.failed_.reset();
    return result;
  }
  auto any = take_all(rest);
  while (any && take(rest, "or")) {
    const auto next = take_all(rest);
    if (!next) {
      any = std::nullopt;
      break;
    }
    *any |= *next;
  }
  if (!any || !trimmed(rest).empty()) {
    return fail(kUsage, "\"" + std::string(text) + "\" does not say which statuses fail",
                "write for example 'status >= 400', 'status != 200 and status != 404', or 'never'");
  }
  result.failed_ = *any;
  return result;
}

Expected<Pin> Pin::parse(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(kUsage, "\"" + std::string(text) + "\" pins no address: " + std::string(why),
                "write host:port:address, for example example.org:443:127.0.0.1");
  };
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find("]:") : text.find(':');
  if (host_end == text.npos || host_end == (bracketed ? 1 : 0)) return refuse("the host is missing");
  const std::size_t port_begin = host_end + (bracketed ? 2 : 1);
  const std::size_t port_end = text.find(':', port_begin);
  if (port_end == text.npos) return refuse("the address is missing");
  const std::string_view port = text.substr(port_begin, port_end - port_begin);
  Pin pin;
  const auto [stop, failure] = std::from_chars(port.data(), port.data() + port.size(), pin.port);
  if (failure != std::errc() || stop != port.data() + port.size() || pin.port == 0)
    return refuse("the port is no number");
  pin.host = bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
  auto address = runtime::Address::ip(text.substr(port_end + 1), pin.port);
  if (!address) return refuse("the address is not numeric");
  pin.address = *address;
  return pin;
}

}  // namespace vajrapulse::http
