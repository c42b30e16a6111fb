#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "commands.hpp"
#include "http_target.hpp"
#include "once.hpp"
#include "replayed.hpp"
#include "saved_plan.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/run.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/http/url.hpp"
#include "vajrapulse/report/result_file.hpp"

namespace vajrapulse::commands {
namespace {

struct Options {
  std::vector<std::string> urls;
  std::string method;
  std::vector<std::string> headers;
  std::optional<std::string> data;
  std::string timeout = "5s";
  std::size_t connections = 0;
  bool no_keepalive = false;
  int redirects = 0;
  std::string fail_on;
  bool insecure = false;
  bool decompress = false;
  std::string cacert, cert, key;
  std::vector<std::string> resolve;
  std::string unix_socket;
  bool once = false;
  std::string save_plan;
  app::RunOptions run;
};

Expected<http::Header> parse_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0)
    return fail(kUsage, "-H '" + text + "' is no header",
                "write name: value, for example -H 'accept: application/json'");
  const std::size_t start = text.find_first_not_of(" \t", colon + 1);
  return http::Header{text.substr(0, colon), start == std::string::npos ? "" : text.substr(start)};
}

Expected<http::Body> body_of(const std::optional<std::string>& data) {
  if (!data) return http::Body{};
  if (!data->starts_with('@')) return http::Body(*data);
  auto body = http::Body::file(*data == "@-" ? "/dev/stdin" : data->substr(1));
  if (!body) return fail(kUsage, "-d " + *data + ": " + body.error().message, body.error().cure);
  return body;
}

Status check_files(const Options& options) {
  if (options.cert.empty() != options.key.empty())
    return fail(kUsage, "--cert and --key belong together", "give both, or neither");
  const std::pair<const char*, const std::string*> files[] = {
      {"--cacert", &options.cacert}, {"--cert", &options.cert}, {"--key", &options.key}};
  for (const auto& [flag, file] : files)
    if (!file->empty() && access(file->c_str(), R_OK) != 0)
      return fail(kUsage, std::string(flag) + " " + *file + " cannot be read: " + std::strerror(errno),
                  "name a PEM file that you may read");
  return {};
}

Expected<http::ClientSettings> settings_of(const Options& options) {
  if (auto status = check_files(options); !status) return std::unexpected(status.error());
  http::ClientSettings settings;
  auto timeout = parse_duration(options.timeout);
  if (!timeout)
    return fail(kUsage, "--timeout " + options.timeout + ": " + timeout.error().message, timeout.error().cure);
  if (*timeout <= Duration::zero())
    return fail(kUsage, "--timeout " + options.timeout + " gives no answer a chance",
                "give a time above zero, for example --timeout 5s");
  if (*timeout > app::kLongest)
    return fail(kUsage, "--timeout " + options.timeout + " is out of range", "give at most 366 days");
  settings.timeout = *timeout;
  settings.connections = options.connections;
  settings.keep_alive = !options.no_keepalive;
  settings.redirects = options.redirects;
  settings.decompress = options.decompress;
  if (!options.fail_on.empty()) {
    auto fail_on = http::FailOn::parse(options.fail_on);
    if (!fail_on)
      return fail(kUsage, "--fail-on '" + options.fail_on + "': " + fail_on.error().message, fail_on.error().cure);
    settings.fail_on = *fail_on;
  }
  settings.tls.verify = options.insecure ? runtime::TlsVerify::nothing : runtime::TlsVerify::peer;
  settings.tls.ca_file = options.cacert;
  settings.tls.certificate_file = options.cert;
  settings.tls.key_file = options.key;
  settings.unix_socket = options.unix_socket;
  for (const std::string& text : options.resolve) {
    auto pin = http::Pin::parse(text);
    if (!pin) return fail(kUsage, "--resolve " + text + ": " + pin.error().message, pin.error().cure);
    settings.resolve.push_back(*pin);
  }
  return settings;
}

Expected<std::vector<http::Request>> requests_of(const Options& options) {
  auto body = body_of(options.data);
  if (!body) return std::unexpected(body.error());
  std::vector<http::Header> headers;
  bool typed = false;
  for (const std::string& text : options.headers) {
    auto header = parse_header(text);
    if (!header) return std::unexpected(header.error());
    std::string lower = header->name;
    for (char& c : lower)
      c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    typed = typed || lower == "content-type";
    headers.push_back(*header);
  }
  if (body->present() && !typed) headers.push_back({"content-type", "application/x-www-form-urlencoded"});
  std::vector<http::Request> requests;
  for (const std::string& text : options.urls) {
    auto url = http::parse_url(text);
    if (!url) return std::unexpected(url.error());
    http::Request request;
    request.method = !options.method.empty() ? options.method : body->present() ? "POST" : "GET";
    request.url = text;
    request.headers = headers;
    request.body = *body;
    requests.push_back(std::move(request));
  }
  return requests;
}

/// A pin that fits no URL would be parsed and then do nothing; a redirect may still lead to it.
Status check_pins(const http::ClientSettings& settings, const Options& options) {
  if (settings.redirects > 0) return {};
  for (std::size_t i = 0; i < settings.resolve.size(); ++i) {
    const http::Pin& pin = settings.resolve[i];
    const bool fits = std::ranges::any_of(options.urls, [&](const std::string& text) {
      const auto url = http::parse_url(text);
      return url && url->port == pin.port && http::same_text(url->host, pin.host);
    });
    if (!fits)
      return fail(kUsage, "--resolve " + options.resolve[i] + " fits no URL here",
                  "its host and port must be those of a URL, 80 or 443 where it names none");
  }
  return {};
}

/// What only TLS asks for does nothing on plain connections; a redirect may still lead to TLS.
Status check_tls(const Options& options) {
  const char* flag = options.insecure          ? "--insecure"
                     : !options.cacert.empty() ? "--cacert"
                     : !options.cert.empty()   ? "--cert"
                                               : nullptr;
  if (!flag || options.redirects > 0) return {};
  const bool any = std::ranges::any_of(options.urls, [](const std::string& text) {
    const auto url = http::parse_url(text);
    return url && url->scheme == http::Url::Scheme::https;
  });
  if (any) return {};
  return fail(kUsage, std::string(flag) + " is for https, and no URL here begins with https://",
              "write https://…, or leave it out");
}

std::string target_name(const Options& options) {
  auto url = http::parse_url(options.urls.front());
  std::string first = url ? url->text() : options.urls.front();
  if (options.urls.size() == 1) return first;
  return first + " and " + std::to_string(options.urls.size() - 1) + " more";
}

/// "GET http://127.0.0.1:8080/"; without the method where there are several.
std::string name_of(const Options& options, const std::vector<http::Request>& requests) {
  return (requests.size() == 1 ? requests.front().method + " " : "") + target_name(options);
}

/// What is requested and how, once it is known to make sense.
struct Target {
  http::ClientSettings settings;
  std::vector<http::Request> requests;
};

Expected<Target> checked(const Options& options) {
  auto settings = settings_of(options);
  if (!settings) return std::unexpected(settings.error());
  auto requests = requests_of(options);
  if (!requests) return std::unexpected(requests.error());
  if (auto status = check_pins(*settings, options); !status) return std::unexpected(status.error());
  if (auto status = check_tls(options); !status) return std::unexpected(status.error());
  return Target{std::move(*settings), std::move(*requests)};
}

/// A shard without a connection could send nothing.
void limit_shards(const Options& options, auto& job) {
  if (options.connections == 0) return;
  job.most_shards = options.connections;
  job.most_shards_why = "--connections " + std::to_string(options.connections);
}

SaidBesides said_besides(const Options& options) {
  return {.method = !options.method.empty(), .body = options.data.has_value(), .body_is_stdin = options.data == "@-"};
}

/// Of a replay, what goes behind the URL must make one.
app::LoadOptions load_options(const Options& options) {
  app::LoadOptions load = options.run.load;
  load.replay.accepts = [&base = options.urls.front()](const recording::Request& recorded) -> Status {
    if (auto url = http::parse_url(replayed_url(base, recorded)); !url) return std::unexpected(url.error());
    return {};
  };
  return load;
}

/// Writes the run down instead of running it.
int save_plan(const Options& options, const Target& target, const app::Load& load) {
  if (options.data == "@-")
    return app::complain(
        {kUsage, "--save-plan cannot write a body from standard input", "put it into a file: -d @FILE"});
  const bool from_file = options.data && options.data->starts_with('@');
  const auto plan = plan_of({.name = name_of(options, target.requests),
                             .settings = target.settings,
                             .requests = target.requests,
                             .fail_on = options.fail_on,
                             .resolve = options.resolve,
                             .body_file = from_file ? options.data->substr(1) : "",
                             .options = options.run,
                             .load = load});
  if (!plan) return app::complain(plan.error());
  const Status written = report::write_text(*plan, options.save_plan);
  if (!written) return app::complain(written.error());
  if (options.save_plan != "-") std::printf("written; run it with: vajrapulse run %s\n", options.save_plan.c_str());
  return 0;
}

int run_http(const Options& options) {
  if (auto status = check_replay_input(options.run.load.replay, said_besides(options)); !status)
    return app::complain(status.error());
  auto target = checked(options);
  if (!target) return app::complain(target.error());
  auto& [settings, requests] = *target;
  if (options.once && requests.size() > 1)
    return app::complain({kUsage, "--once sends one request, and several URLs are given", "give one URL"});
  if (options.once) return show_once(settings, requests.front());
  auto load = app::make_load(load_options(options));
  if (!load) return app::complain(load.error());
  if (!options.save_plan.empty()) return save_plan(options, *target, *load);
  auto sent = replayed_requests(std::move(requests), load->recorded, said_besides(options));
  if (!sent) return app::complain(sent.error());
  const http::Turns turns = load->recorded.requests.empty() ? nullptr : load->recorded.turns;
  app::Job job =
      app::make_job(name_of(options, *sent), task<http::HttpTask>("http", settings, *sent, turns), std::move(*load));
  limit_shards(options, job);
  return app::run(options.run, std::move(job));
}

void declare_target(CLI::App& command, Options& options) {
  command.add_option("url", options.urls, "What to request; several take turns")->option_text("URL")->required();
  command.add_option("-X,--request", options.method, "Method (default GET, POST with a body)")
      ->option_text("METHOD")
      ->group("Request");
  command.add_option("-H,--header", options.headers, "A header, 'name: value'; may be repeated")
      ->option_text("HEADER")
      ->allow_extra_args(false)
      ->group("Request");
  command.add_option("-d,--data", options.data, "Request body, @FILE, or @- for standard input")
      ->option_text("BODY|@FILE")
      ->type_name(app::kMayBeEmpty)
      ->group("Request");
  command.add_option("--timeout", options.timeout, "For a whole request (default 5s)")
      ->option_text("TIME")
      ->group("Request");
  command.add_option("--redirects", options.redirects, "Follow up to this many redirects (default 0)")
      ->option_text("N")
      ->check(CLI::Range(0, 100))
      ->group("Request");
  command.add_option("--fail-on", options.fail_on, "Which answers count as failed (default 'status >= 400')")
      ->option_text("CONDITION")
      ->group("Request");
  command.add_flag("--compressed", options.decompress, "Ask for gzip, br and zstd, and decode them")->group("Request");

  command
      .add_option("--connections", options.connections, "Most connections at once, in all (default: as many as needed)")
      ->option_text("N")
      ->group("Connection");
  command.add_flag("--no-keepalive", options.no_keepalive, "A new connection for every request")->group("Connection");
  CLI::Option* insecure =
      command.add_flag("--insecure", options.insecure, "Accept any certificate")->group("Connection");
  command.add_option("--cacert", options.cacert, "Trust these authorities (PEM) instead of the system's")
      ->option_text("FILE")
      ->group("Connection")
      ->excludes(insecure);
  command.add_option("--cert", options.cert, "Client certificate, PEM")->option_text("FILE")->group("Connection");
  command.add_option("--key", options.key, "Its key, PEM")->option_text("FILE")->group("Connection");
  CLI::Option* resolve =
      command
          .add_option("--resolve", options.resolve, "Use this address for a host, whatever DNS says; may be repeated")
          ->option_text("HOST:PORT:ADDR")
          ->allow_extra_args(false)
          ->group("Connection");
  command.add_option("--unix-socket", options.unix_socket, "Connect to this socket instead")
      ->option_text("PATH")
      ->group("Connection")
      ->excludes(resolve);
}

void declare(CLI::App& command, Options& options) {
  declare_target(command, options);
  CLI::Option* once =
      command.add_flag("--once", options.once, "Send one request and show it, with the time of each phase")
          ->group("Request");
  CLI::Option* saved = command
                           .add_option("--save-plan", options.save_plan,
                                       "Write this run as a plan (- is standard output), and send nothing")
                           ->option_text("FILE")
                           ->group("Output")
                           ->excludes(once);
  app::add_run_options(command, options.run);
  for (const char* flag : {"--io", "--strict", "--quiet", "--no-color"})  // no matter of a plan: `run` takes them
    saved->excludes(command.get_option(flag));
  for (CLI::Option* option : command.get_options()) {
    const std::string& group = option->get_group();
    if (option->check_lname("connections")) once->excludes(option);
    const bool harmless = option->check_lname("quiet") || option->check_lname("no-color");
    if ((group.starts_with("Load") || group == "Generator" || group == "Output") && !harmless) once->excludes(option);
  }
}

}  // namespace

struct HttpTarget::Impl {
  Options options;
};

HttpTarget::HttpTarget() : impl_(std::make_unique<Impl>()) {}
HttpTarget::~HttpTarget() = default;

void HttpTarget::declare(CLI::App& command) { declare_target(command, impl_->options); }

Expected<HttpTarget::Job> HttpTarget::job() const {
  const Options& options = impl_->options;
  auto target = checked(options);
  if (!target) return std::unexpected(target.error());
  Job job{.name = name_of(options, target->requests),
          .task = task<http::HttpTask>("http", target->settings, target->requests)};
  limit_shards(options, job);
  return job;
}

Act http(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *root.add_subcommand("http", "Load a web server and say what it did");
  declare(command, *options);
  app::style_help(command,
                  "  vajrapulse http http://127.0.0.1:8080/ --once\n"
                  "  vajrapulse http http://127.0.0.1:8080/ --tps 1000 --duration 30s --out json=result.json\n"
                  "  vajrapulse http http://127.0.0.1:8080/ --users 64 --warmup 5s\n"
                  "  vajrapulse http http://127.0.0.1:8080/ --load 'ramp 0..1000/s 10s, hold 30s'\n"
                  "  vajrapulse http http://127.0.0.1:8080/ --replay access.log --time-scale 2\n"
                  "  vajrapulse http http://127.0.0.1:8080/a http://127.0.0.1:8080/b -X POST -d @body.json\n"
                  "\nWhile it runs, in the live view: p pauses and resumes, + and - change the rate or users,\n"
                  "0 is as planned again, q stops and reports.\n");
  return [options] { return run_http(*options); };
}

}  // namespace vajrapulse::commands
