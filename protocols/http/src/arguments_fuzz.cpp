#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prepared_request.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http/demo_server.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/http/request_parser.hpp"

// What a command line says in words of its own: --fail-on, --resolve, --latency, -H. What is accepted means the same
// when it is written down again, and a header stays one header.
namespace {

using namespace vajrapulse::http;
using vajrapulse::Duration;
using vajrapulse::TimePoint;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_fail_on(const std::string& text) {
  const auto fails = FailOn::parse(text);
  if (!fails) return require(!fails.error().cure.empty());
  const bool never = trimmed(text) == "never";
  const auto again = FailOn::parse(never ? " never\t" : "\t" + text + " or " + text + " ");
  require(again.has_value());
  for (int status = -1; status <= 1000; ++status) {
    require((*again)(status) == (*fails)(status));
    require(!(*fails)(status) || (!never && status >= 100 && status <= 999));
  }
}

void check_pin(const std::string& text) {
  const auto pin = Pin::parse(text);
  if (!pin) return require(!pin.error().cure.empty());
  require(!pin->host.empty() && pin->port != 0 && pin->address.port() == pin->port);
  const std::string address = pin->address.text();
  const std::string ip = address.substr(0, address.rfind(':'));
  const auto again = Pin::parse("[" + pin->host + "]:" + std::to_string(pin->port) + ":" + ip);
  require(again && again->host == pin->host && again->address == pin->address);
}

/// A stall lets nothing out early, and nothing while it lasts.
void check_stall(Duration every, Duration length) {
  DemoSettings settings;
  settings.stall_every = every;
  settings.stall_for = length;
  if (!check(settings)) return;
  const Stall stall{.origin = TimePoint(), .every = every, .length = length};
  for (const Duration due : {Duration::zero(), every, every + length / 2, 3 * every + length}) {
    const TimePoint out = stall.release(stall.origin + due);
    require(out >= stall.origin + due && out <= stall.origin + due + length);
    require(stall.release(out) == out);
  }
}

void check_latency(const std::string& text) {
  constexpr Duration kLongest = std::chrono::hours(1);
  const auto model = parse_latency(text);
  if (!model) return require(!model.error().cure.empty());
  require(model->mean >= Duration::zero() && model->mean <= kLongest);
  require(model->deviation >= Duration::zero() && model->deviation <= kLongest);
  vajrapulse::Random random(1);
  for (int i = 0; i < 8; ++i) {
    const Duration drawn = model->draw(random);
    require(drawn >= Duration::zero() && drawn <= 100 * kLongest);
  }
  check_stall(model->mean, model->deviation);
}

/// The command cuts at the first colon; the rest of what makes a header is decided here.
void check_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return;
  const Header header{.name = text.substr(0, colon), .value = text.substr(colon + 1)};
  const auto head = render_head({.headers = {header}}, {.host = "h"}, {});
  if (!head) return;
  require(head->find("\r\n\r\n") == head->size() - 4);
  const auto lines = std::ranges::count(*head, '\n');
  const bool own = same_text(header.name, "host") || same_text(header.name, "user-agent");
  require(lines == (own ? header.value.empty() ? 3 : 4 : 5));  // the request, Host, User-Agent, this one, the end
  if (!header.value.empty()) require(find_field(*head, header.name) == trimmed(header.value));
  RequestHead read;
  const RequestOutcome outcome = RequestParser({}).parse(*head, read);
  require(outcome.kind != RequestOutcome::Kind::incomplete);
  if (outcome.kind == RequestOutcome::Kind::complete) require(outcome.head_bytes == head->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_fail_on(text);
  check_pin(text);
  check_latency(text);
  check_header(text);
  return 0;
}
