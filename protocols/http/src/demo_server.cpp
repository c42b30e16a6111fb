#include "vajrapulse/http/demo_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "demo_server_body.hpp"
#include "demo_server_page.hpp"
#include "demo_server_site.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::http {

using runtime::Co;

namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 40;
constexpr std::uint64_t kChunksMax = 1'000'000;
constexpr std::uint64_t kRedirectsMax = 1'000;
constexpr Duration kDelayMax = std::chrono::hours(1);

std::string pattern(std::size_t bytes) {
  constexpr std::string_view kLine = "VajraPulse sends these bytes to be counted and thrown away ...\n";
  std::string text;
  text.reserve(bytes + kLine.size());
  while (text.size() < bytes)
    text += kLine;
  text.resize(bytes);
  return text;
}

using detail::whole_number;

/// The request as JSON; with what stands in `more` behind its headers.
std::string json_of(const RequestHead& head, std::string_view more = {}) {
  std::string text = fmt::format("{{\"method\":\"{}\",\"target\":\"{}\",\"headers\":[",
                                 detail::json_escaped(head.method), detail::json_escaped(head.target));
  std::string_view separator;
  for (const auto& field : head.fields) {
    text += fmt::format("{}{{\"name\":\"{}\",\"value\":\"{}\"}}", separator, detail::json_escaped(field.name),
                        detail::json_escaped(field.value));
    separator = ",";
  }
  return text.append("]").append(more).append("}\n");
}

}  // namespace

struct DemoServer::Impl {
  /// One request on its way through an endpoint.
  struct Call {
    ServerRequest& request;
    ServerResponse& response;
    std::string_view rest;  ///< of the path, behind the endpoint's name: "50ms" of /delay/50ms
  };
  struct Endpoint {
    std::string_view name;
    detail::EndpointText text;
    Co<void> (Impl::*answer)(Call);
  };

  /// Wakes when a stall ends, so that one that held nothing is in the log too; and some time before, to be awake then.
  struct StallEnd : runtime::Timer {
    explicit StallEnd(Impl& i) : Timer(&fire), impl(i) {}
    static void fire(Timer& self) { static_cast<StallEnd&>(self).impl.on_stall_end(); }
    Impl& impl;
  };

  Impl(runtime::Reactor& r, DemoSettings s)
      : reactor(r), settings(std::move(s)), random(settings.seed), stall_log(settings.stall_for) {}

  Status start();
  Co<void> handle(ServerRequest& request, ServerResponse& response);
  Co<void> hold(ServerRequest& request, TimePoint served);
  void await_stall_end();
  void on_stall_end();
  [[nodiscard]] std::size_t endpoint_of(std::string_view path, std::string_view& rest) const noexcept;
  [[nodiscard]] bool fails() noexcept { return settings.error_rate > 0 && random.uniform() < settings.error_rate; }
  static void refuse(const Call& call, std::string_view why);
  void prepare();
  [[nodiscard]] std::string stats() const;

  void answer_root(ServerRequest& request, ServerResponse& response);
  Co<void> answer_status(Call call);
  Co<void> answer_delay(Call call);
  Co<void> answer_bytes(Call call);
  Co<void> answer_chunked(Call call);
  Co<void> answer_gzip(Call call);
  Co<void> answer_br(Call call);
  Co<void> answer_zstd(Call call);
  Co<void> answer_echo(Call call);
  Co<void> answer_headers(Call call);
  Co<void> answer_redirect(Call call);
  Co<void> answer_close(Call call);
  Co<void> answer_stalls(Call call);
  Co<void> answer_stats(Call call);
  Co<void> answer_site(Call call);

  static constexpr std::size_t kEndpoints = 24;
  static constexpr std::size_t kRoot = 0;
  static constexpr std::size_t kOther = kEndpoints;
  static const std::array<Endpoint, kEndpoints> endpoints;

  runtime::Reactor& reactor;
  DemoSettings settings;
  Random random;
  Stall stall;
  StallLog stall_log;
  StallEnd stall_end{*this};
  detail::DemoSite site{settings.seed};
  TimePoint next_stall_end;
  std::optional<Slots> slots;
  std::string block;
  PreparedAnswer greeting;
  PreparedAnswer page;
  PreparedAnswer failure;
  PreparedAnswer gzip;
  PreparedAnswer br;
  PreparedAnswer zstd;
  std::array<std::uint64_t, kEndpoints + 1> requests{};
  std::unique_ptr<Server> server;
};

const std::array<DemoServer::Impl::Endpoint, DemoServer::Impl::kEndpoints> DemoServer::Impl::endpoints = {{
    {"", {"/", "a small JSON greeting; this list for a browser"}, nullptr},
    {"status", {"/status/503", "answers with that status"}, &Impl::answer_status},
    {"delay", {"/delay/50ms", "answers after that time"}, &Impl::answer_delay},
    {"bytes", {"/bytes/100000", "a body of that many bytes"}, &Impl::answer_bytes},
    {"chunked", {"/chunked/10", "a body in that many chunks, each sent on its own"}, &Impl::answer_chunked},
    {"gzip", {"/gzip", "a body compressed with gzip"}, &Impl::answer_gzip},
    {"br", {"/br", "a body compressed with brotli"}, &Impl::answer_br},
    {"zstd", {"/zstd", "a body compressed with zstd"}, &Impl::answer_zstd},
    {"echo", {"/echo", "the request's body and content type; /echo/json: all of it, as JSON"}, &Impl::answer_echo},
    {"headers", {"/headers", "the request's method, target and headers as JSON"}, &Impl::answer_headers},
    {"redirect", {"/redirect/3", "that many redirects, then 200"}, &Impl::answer_redirect},
    {"close", {"/close", "closes the connection after its answer"}, &Impl::answer_close},
    {"stalls", {"/stalls", "when each stall really began and ended, as JSON"}, &Impl::answer_stalls},
    {"stats", {"/stats", "what this server counted, as JSON"}, &Impl::answer_stats},
    {"login", {}, &Impl::answer_site},
    {"me", {}, &Impl::answer_site},
    {"logout", {}, &Impl::answer_site},
    {"api", {}, &Impl::answer_site},
    {"cart", {}, &Impl::answer_site},
    {"catalog.xml", {}, &Impl::answer_site},
    {"shop", {}, &Impl::answer_site},
    {"limited", {}, &Impl::answer_site},
    {"degrading", {}, &Impl::answer_site},
    {"cookies", {}, &Impl::answer_site},
}};

void DemoServer::Impl::prepare() {
  block = pattern(kBlockBytes);
  std::vector<detail::EndpointText> texts;
  for (const Endpoint& each : endpoints) {
    if (!each.text.path.empty()) texts.push_back(each.text);
  }
  const std::vector<detail::EndpointText> of_site = detail::DemoSite::texts();
  const std::array sections = {detail::PageSection{.title = "Answers of a known kind", .endpoints = texts},
                               detail::PageSection{.title = "A small shop, and limits", .endpoints = of_site}};
  const bool sized = settings.body_bytes > 0;
  greeting = sized ? prepare_answer(200, "text/plain", pattern(settings.body_bytes))
                   : prepare_answer(200, "application/json", "{\"message\":\"hello from VajraPulse\"}\n");
  page = prepare_answer(200, "text/html; charset=utf-8", detail::demo_page(sections));
  failure = prepare_answer(500, "application/json", "{\"error\":\"this demo server was told to fail at times\"}\n");
  const std::string text = detail::compressible_text();
  constexpr std::string_view kJson = "application/json";
  gzip = prepare_answer(200, kJson, detail::gzip_of(text), "content-encoding: gzip\r\n");
  br = prepare_answer(200, kJson, detail::brotli_of(text), "content-encoding: br\r\n");
  zstd = prepare_answer(200, kJson, detail::zstd_of(text), "content-encoding: zstd\r\n");
}

Status DemoServer::Impl::start() {
  if (Status valid = check(settings); !valid) return valid;
  prepare();
  ServerSettings of_server = settings.server;
  of_server.requests_per_connection = settings.close_after;
  if (settings.tls) {
    const runtime::TlsServerSettings tls{.certificate_file = settings.certificate_file, .key_file = settings.key_file};
    auto context = runtime::TlsContext::server(tls);
    if (!context) return std::unexpected(context.error());
    of_server.tls = std::move(*context);
  }
  server = std::make_unique<Server>(
      reactor, std::move(of_server),
      [this](ServerRequest& request, ServerResponse& response) { return handle(request, response); });
  if (settings.slots > 0) slots.emplace(settings.slots);
  stall = {.origin = reactor.now(), .every = settings.stall_every, .length = settings.stall_for};
  Status listening = server->listen(settings.listen);
  if (listening && settings.stall_every > Duration::zero()) await_stall_end();
  return listening;
}

// A processor that sleeps is woken late, by 50 us and more on a virtual machine. For timers nearer than 20 us a reactor
// does not let it: so the last half millisecond of a stall is spent in steps of that.
void DemoServer::Impl::await_stall_end() {
  constexpr Duration kAwake = std::chrono::microseconds(500);
  constexpr Duration kStep = std::chrono::microseconds(10);
  const TimePoint now = reactor.now();
  next_stall_end = stall.next_end(now);
  const TimePoint awake = std::max(next_stall_end - kAwake, now + kStep);
  reactor.timers().arm(stall_end, std::min(awake, next_stall_end));
}

void DemoServer::Impl::on_stall_end() {
  const TimePoint now = reactor.now();
  if (now >= next_stall_end) stall_log.ended(next_stall_end, now);
  await_stall_end();
}

/// Waits until an answer that is ready at `served` may leave.
Co<void> DemoServer::Impl::hold(ServerRequest& request, TimePoint served) {
  const TimePoint due = stall.release(served);
  co_await request.sleep_until(due);
  const TimePoint now = reactor.now();
  const bool dropped = now < due;  // with its connection
  if (due != served && !dropped) stall_log.released(due, now);
}

std::size_t DemoServer::Impl::endpoint_of(std::string_view path, std::string_view& rest) const noexcept {
  if (path == "/") return kRoot;
  const std::string_view inner = path.substr(1);
  const std::size_t slash = inner.find('/');
  rest = slash == inner.npos ? std::string_view() : inner.substr(slash + 1);
  const auto found = std::ranges::find(endpoints, inner.substr(0, slash), &Endpoint::name);
  return found == endpoints.end() || found->name.empty() ? kOther : static_cast<std::size_t>(found - endpoints.begin());
}

Co<void> DemoServer::Impl::handle(ServerRequest& request, ServerResponse& response) {
  std::string_view rest;
  const std::size_t index = endpoint_of(request.path(), rest);
  ++requests[index];
  const Duration service = settings.latency.draw(random);
  const TimePoint served = slots ? slots->serve(request.received(), service) : request.received() + service;
  if (stall.release(served) > reactor.event_time()) {
    co_await response.flush();
    auto holding = hold(request, served);
    co_await holding;
  }
  if (fails()) {
    response.send(failure);
  } else if (index == kRoot) {
    answer_root(request, response);
  } else if (index == kOther) {
    response.status(404);
    response.send("text/plain", "nothing here; GET / with accept: text/html lists what is\n");
  } else {
    const Call call{request, response, rest};
    Co<void> answer = (this->*endpoints[index].answer)(call);
    co_await answer;
  }
}

void DemoServer::Impl::answer_root(ServerRequest& request, ServerResponse& response) {
  const bool browser = request.header("accept").find("text/html") != std::string_view::npos;
  response.send(browser ? page : greeting);
}

void DemoServer::Impl::refuse(const Call& call, std::string_view why) {
  call.response.status(400);
  call.response.send("text/plain", why);
}

Co<void> DemoServer::Impl::answer_status(Call call) {
  const auto code = whole_number(call.rest, 599);
  if (!code || *code < 200) {
    refuse(call, "give a status from 200 to 599, for example /status/503\n");
    co_return;
  }
  call.response.status(static_cast<int>(*code));
  const std::string body = fmt::format("{}\n", *code);
  call.response.send("text/plain", body);
}

Co<void> DemoServer::Impl::answer_delay(Call call) {
  const auto delay = parse_duration(call.rest);
  if (!delay || *delay < Duration::zero() || *delay > kDelayMax) {
    refuse(call, "give a time up to 1h, for example /delay/50ms\n");
    co_return;
  }
  co_await call.response.flush();
  auto holding = hold(call.request, call.request.received() + *delay);
  co_await holding;
  call.response.send("text/plain", "done\n");
}

Co<void> DemoServer::Impl::answer_bytes(Call call) {
  const auto bytes = whole_number(call.rest, kBytesMax);
  if (!bytes) {
    refuse(call, "give a number of bytes, for example /bytes/100000\n");
    co_return;
  }
  if (*bytes <= kBlockBytes / 4) {
    call.response.send("text/plain", std::string_view(block).substr(0, *bytes));
    co_return;
  }
  call.response.header("content-type", "text/plain");
  call.response.length(*bytes);
  for (std::uint64_t left = *bytes; left > 0;) {
    const std::string_view piece = std::string_view(block).substr(0, std::min<std::uint64_t>(left, kBlockBytes));
    const bool sent = co_await call.response.write(piece);
    if (!sent) co_return;
    left -= piece.size();
  }
}

Co<void> DemoServer::Impl::answer_chunked(Call call) {
  const auto chunks = whole_number(call.rest, kChunksMax);
  if (!chunks) {
    refuse(call, "give a number of chunks, for example /chunked/10\n");
    co_return;
  }
  call.response.header("content-type", "text/plain");
  for (std::uint64_t i = 1; i <= *chunks; ++i) {
    const std::string piece = fmt::format("chunk {} of {}\n", i, *chunks);
    const bool sent = co_await call.response.write(piece);
    if (!sent) co_return;
  }
}

Co<void> DemoServer::Impl::answer_gzip(Call call) {
  call.response.send(gzip);
  co_return;
}

Co<void> DemoServer::Impl::answer_br(Call call) {
  call.response.send(br);
  co_return;
}

Co<void> DemoServer::Impl::answer_zstd(Call call) {
  call.response.send(zstd);
  co_return;
}

Co<void> DemoServer::Impl::answer_echo(Call call) {
  const auto body = co_await call.request.body();
  if (!body) co_return;
  if (call.rest == "json") {
    const std::string text = json_of(call.request.head(), ",\"body\":" + detail::json_string(*body));
    call.response.send("application/json", text);
    co_return;
  }
  const std::string_view type = call.request.header("content-type");
  call.response.send(type.empty() ? "application/octet-stream" : type, *body);
}

Co<void> DemoServer::Impl::answer_headers(Call call) {
  const std::string text = json_of(call.request.head());
  call.response.send("application/json", text);
  co_return;
}

Co<void> DemoServer::Impl::answer_redirect(Call call) {
  const auto left = whole_number(call.rest, kRedirectsMax);
  if (!left) {
    refuse(call, "give a number of redirects, for example /redirect/3\n");
    co_return;
  }
  if (*left > 0) {
    const std::string location = fmt::format("/redirect/{}", *left - 1);
    call.response.status(302);
    call.response.header("location", location);
    call.response.send("text/plain", "further on\n");
    co_return;
  }
  call.response.send("text/plain", "arrived\n");
}

Co<void> DemoServer::Impl::answer_close(Call call) {
  call.response.close();
  call.response.send("text/plain", "closing\n");
  co_return;
}

Co<void> DemoServer::Impl::answer_stalls(Call call) {
  std::string text = R"({"clock":"CLOCK_MONOTONIC","stalls":[)";
  std::string_view separator;
  for (const StallRecord& each : stall_log.records()) {
    text += fmt::format("{}{{\"begin_ns\":{},\"end_ns\":{},\"held\":{}}}", separator,
                        each.begin.time_since_epoch().count(), each.end.time_since_epoch().count(), each.held);
    separator = ",";
  }
  text += "]}\n";
  call.response.send("application/json", text);
  co_return;
}

Co<void> DemoServer::Impl::answer_stats(Call call) {
  const std::string text = stats();
  call.response.send("application/json", text);
  co_return;
}

Co<void> DemoServer::Impl::answer_site(Call call) {
  const auto body = co_await call.request.body();
  if (!body) co_return;
  const ServerRequest& request = call.request;
  const detail::SiteRequest asked{.method = request.method(),
                                  .path = request.path(),
                                  .query = request.query(),
                                  .authorization = request.header("authorization"),
                                  .cookie = request.header("cookie"),
                                  .content_type = request.header("content-type"),
                                  .body = *body,
                                  .received = request.received()};
  const detail::SiteAnswer answer = site.answer(asked);
  if (answer.delay > Duration::zero()) {
    co_await call.response.flush();
    auto holding = hold(call.request, call.request.received() + answer.delay);
    co_await holding;
  }
  call.response.status(answer.status);
  for (const auto& [name, value] : answer.headers)
    call.response.header(name, value);
  call.response.send(answer.type, answer.body);
}

std::string DemoServer::Impl::stats() const {
  const ServerCounts& c = server->counts();
  std::string text = fmt::format(
      "{{\"connections_accepted\":{},\"connections_open\":{},\"connections_refused\":{},\"requests\":{},"
      "\"answers_sent\":{},\"answers_failed\":{},\"bad_requests\":{},\"timeouts\":{},\"bytes_received\":{},"
      "\"bytes_sent\":{},\"tls_handshakes\":{},\"tls_resumed\":{},\"tls_failed\":{},\"tls_truncated\":{},"
      "\"closed_cleanly\":{},\"paths\":{{",
      c.connections_accepted, c.connections_open, c.connections_refused, c.requests, c.answers_sent, c.answers_failed,
      c.bad_requests, c.timeouts, c.bytes_received, c.bytes_sent, c.tls_handshakes, c.tls_resumed, c.tls_failed,
      c.tls_truncated, c.closed_cleanly);
  for (std::size_t i = 0; i < kEndpoints; ++i)
    text += fmt::format("\"/{}\":{},", endpoints[i].name, requests[i]);
  text += fmt::format("\"other\":{}}}}}\n", requests[kOther]);
  return text;
}

DemoServer::DemoServer(runtime::Reactor& reactor, DemoSettings settings)
    : impl_(std::make_unique<Impl>(reactor, std::move(settings))) {}
DemoServer::~DemoServer() = default;

Status DemoServer::start() { return impl_->start(); }

Co<void> DemoServer::stop(Duration grace) {
  impl_->stall_end.cancel();
  if (impl_->server) co_await impl_->server->stop(grace);
}

const runtime::Address& DemoServer::address() const noexcept {
  return impl_->server ? impl_->server->address() : impl_->settings.listen;
}

std::string DemoServer::url() const {
  return fmt::format("{}://{}/", impl_->settings.tls ? "https" : "http", address().text());
}

const ServerCounts& DemoServer::counts() const noexcept {
  static constexpr ServerCounts kNone;
  return impl_->server ? impl_->server->counts() : kNone;
}

std::vector<StallRecord> DemoServer::stalls() const {
  return {impl_->stall_log.records().begin(), impl_->stall_log.records().end()};
}

std::uint64_t DemoServer::requests_to(std::string_view endpoint) const noexcept {
  const auto found = std::ranges::find(Impl::endpoints, endpoint, &Impl::Endpoint::name);
  return impl_->requests[found == Impl::endpoints.end() ? Impl::kOther
                                                        : static_cast<std::size_t>(found - Impl::endpoints.begin())];
}

}  // namespace vajrapulse::http
