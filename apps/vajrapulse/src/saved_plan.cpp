#include "saved_plan.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::commands {
namespace {

/// A YAML scalar that reads as exactly this text: nothing in it is a placeholder or a variable.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i, 2) == "{{") {
      out += "{{{{";
      ++i;
    } else if (text.substr(i, 2) == "${") {
      out += "$${";
      ++i;
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// The plan, line by line.
class Writer {
 public:
  explicit Writer(const SavedRun& run) : run_(run) {}

  Expected<std::string> write() {
    if (!run_.load.recorded.requests.empty() || !run_.options.load.replay.file.empty())
      return fail(kUsage, "--save-plan cannot write a --replay: plans have no recordings", "save the run without it");
    if (run_.load.adaptive)
      return fail(kUsage, "--save-plan cannot write an --adaptive load: plans have none",
                  "save it with a rate, for example --tps 1000");
    if (run_.options.load.closed.users.empty() && std::holds_alternative<engine::ClosedModel>(run_.load.model))
      users_ = "1";
    line(0, "# Written by vajrapulse http … --save-plan; run it with: vajrapulse run FILE");
    line(0, "name: " + quoted(run_.name));
    if (run_.options.seed) line(0, fmt::format("seed: {}", *run_.options.seed));
    if (run_.options.shards) line(0, fmt::format("shards: {}", *run_.options.shards));
    section();
    line(0, "tasks:");
    line(1, "main:");
    steps(0, 2);
    line(0, "scenarios:");
    scenario();
    outputs();
    return text_;
  }

 private:
  void line(int depth, const std::string& text) { text_ += std::string(std::size_t(depth) * 2, ' ') + text + "\n"; }

  void section() {
    const http::ClientSettings& settings = run_.settings;
    line(0, "http:");
    line(1, "timeout: " + format_exact(settings.timeout));
    line(1, "cookies: none");
    if (settings.connections > 0) line(1, fmt::format("connections: {}", settings.connections));
    if (!settings.keep_alive) line(1, "keep-alive: false");
    if (settings.redirects > 0) line(1, fmt::format("redirects: {}", settings.redirects));
    if (!run_.fail_on.empty()) line(1, "fail-on: " + quoted(run_.fail_on));
    if (settings.decompress) line(1, "compressed: true");
    if (!settings.unix_socket.empty()) line(1, "unix-socket: " + quoted(settings.unix_socket));
    if (!run_.resolve.empty()) {
      line(1, "resolve:");
      for (const std::string& pin : run_.resolve)
        line(2, "- " + quoted(pin));
    }
    tls();
  }

  void tls() {
    const runtime::TlsClientSettings& settings = run_.settings.tls;
    const bool checked = settings.verify == runtime::TlsVerify::peer;
    if (checked && settings.ca_file.empty() && settings.certificate_file.empty()) return;
    line(1, "tls:");
    if (!checked) line(2, "verify: false");
    if (!settings.ca_file.empty()) line(2, "ca: " + quoted(settings.ca_file));
    if (!settings.certificate_file.empty()) line(2, "cert: " + quoted(settings.certificate_file));
    if (!settings.key_file.empty()) line(2, "key: " + quoted(settings.key_file));
  }

  /// Of several requests, number k of n sends request k mod n.
  void steps(std::size_t number, int depth) {
    if (number + 1 == run_.requests.size()) return request(run_.requests[number], depth);
    line(depth, fmt::format("- if: iteration % {} == {}", run_.requests.size(), number));
    line(depth + 1, "then:");
    request(run_.requests[number], depth + 2);
    line(depth + 1, "else:");
    steps(number + 1, depth + 2);
  }

  void request(const http::Request& request, int depth) {
    line(depth, "- http: " + quoted(request.method + " " + request.url));
    if (!request.headers.empty()) {
      line(depth + 1, "headers:");
      for (const http::Header& header : request.headers)
        line(depth + 2, quoted(header.name) + ": " + quoted(header.value));
    }
    if (!run_.body_file.empty()) {
      line(depth + 1, "file: " + quoted(run_.body_file));
    } else if (request.body.present()) {
      line(depth + 1, "body: " + quoted(request.body.view()));
    }
  }

  void scenario() {
    const app::LoadOptions& options = run_.options.load;
    line(1, "- name: main");
    line(2, "task: main");
    if (const auto* open = std::get_if<engine::OpenModel>(&run_.load.model)) {
      line(2, "load: " + quoted(open->pattern->text()));
      if (open->arrivals == engine::ArrivalKind::poisson) line(2, "arrivals: poisson");
      if (options.max_in_flight) line(2, fmt::format("max-in-flight: {}", *options.max_in_flight));
      if (open->on_limit == engine::OnLimit::drop) line(2, "on-limit: drop");
      if (open->slack > Duration::zero()) line(2, "slack: " + format_exact(open->slack));
    } else {
      line(2, "users: " + (users_.empty() ? options.closed.users : users_));
      const std::pair<const char*, const std::string&> rest[] = {{"ramp-users", options.closed.ramp_users},
                                                                 {"think", options.closed.think},
                                                                 {"pacing", options.closed.pacing}};
      for (const auto& [key, value] : rest)
        if (!value.empty()) line(2, fmt::format("{}: {}", key, value));
    }
    times();
  }

  void times() {
    const app::Load& load = run_.load;
    if (load.duration > Duration::zero()) line(2, "duration: " + format_exact(load.duration));
    if (load.iterations) line(2, fmt::format("iterations: {}", *load.iterations));
    if (load.warmup > Duration::zero()) line(2, "warmup: " + format_exact(load.warmup));
    if (load.cooldown > Duration::zero()) line(2, "cooldown: " + format_exact(load.cooldown));
    if (load.drain_timeout) line(2, "drain-timeout: " + format_exact(*load.drain_timeout));
    if (load.force_timeout) line(2, "force-timeout: " + format_exact(*load.force_timeout));
  }

  void outputs() {
    if (run_.options.out.empty()) return;
    line(0, "outputs:");
    line(1, "- console");
    for (const std::string& out : run_.options.out) {
      const std::size_t equals = out.find('=');
      line(1, "- " + out.substr(0, equals) + ": " + quoted(out.substr(equals + 1)));
    }
  }

  const SavedRun& run_;
  std::string users_;
  std::string text_;
};

}  // namespace

Expected<std::string> plan_of(const SavedRun& run) { return Writer(run).write(); }

}  // namespace vajrapulse::commands
