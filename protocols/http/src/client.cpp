#include "vajrapulse/http/client.hpp"

#include <utility>

#include "call.hpp"
#include "client_core.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

using runtime::Co;

using Requests = std::shared_ptr<PreparedRequest>;

/// A request that nobody else keeps.
struct Held {
  Requests request;
  void join(Call& /*call*/) const noexcept {}
};

/// What a sender brings, beside a request that it keeps.
struct Brought {
  CookieJar* cookies;
  Kept* kept;
  void join(Call& call) const noexcept { call.use(cookies, kept); }
};

/// The same, with a request rendered for this sending: its memory goes back when that has ended.
class BroughtRendering : public Brought {
 public:
  BroughtRendering(const Brought& brought, PreparedRequest& base, std::unique_ptr<PreparedRequest> rendering) noexcept
      : Brought(brought), base_(&base), rendering_(std::move(rendering)) {}
  BroughtRendering(BroughtRendering&&) noexcept = default;
  BroughtRendering& operator=(BroughtRendering&&) = delete;
  ~BroughtRendering() {
    if (rendering_) base_->spare.push_back(std::move(rendering_));
  }

 private:
  PreparedRequest* base_;
  std::unique_ptr<PreparedRequest> rendering_;
};

// The hot path. With a connection at hand this is the only frame between a task and its response.
template <class With>
Co<Response> send_call(ClientCore* core, Caller caller, PreparedRequest* request, With with) {
  Call call(*core, caller, *request);
  with.join(call);
  do {
    if (call.needs_connection()) {
      auto connecting = call.connect();
      co_await connecting;
    }
    call.start();
    while (call.expects_bytes()) {
      co_await call.bytes();
      call.take_bytes();
    }
    if (call.still_sending()) co_await call.sent();
  } while (call.again());
  co_return call.finish();
}

Co<Response> refuse(ClientCore* core, Caller caller, std::string name, Error error) {
  co_return Call::refused(*core, caller, name, error);
}

Co<Response> send_held(ClientCore* core, Caller caller, std::string_view name, Expected<Requests> prepared) {
  if (!prepared) return refuse(core, caller, std::string(name), std::move(prepared.error()));
  PreparedRequest* const request = prepared->get();
  return send_call(core, caller, request, Held{std::move(*prepared)});
}

// As send_call, but ends with the head.
Co<std::unique_ptr<Call>> open_call(ClientCore* core, Caller caller, Requests held) {
  auto call = std::make_unique<Call>(*core, caller, *held);
  call->keep(Keep::head);
  call->hold(std::move(held));
  do {
    if (call->needs_connection()) {
      auto connecting = call->connect();
      co_await connecting;
    }
    call->start();
    while (call->expects_head()) {
      co_await call->bytes();
      call->take_head();
    }
    if (call->still_sending() && !call->expects_bytes()) co_await call->sent();
  } while (call->again());
  co_return std::move(call);
}

}  // namespace

std::string_view Response::header(std::string_view name) const noexcept { return find_field(head(), name); }

const std::string& Prepared::name() const noexcept { return request_->series->name; }
std::string_view Prepared::head() const noexcept { return request_->head; }

Client::Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;
Client::Client(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}

Expected<Client> Client::create(const Scope& where_it_lives, ClientSettings settings) {
  if (!settings.unix_socket.empty()) {
    if (auto address = runtime::Address::unix_socket(settings.unix_socket); !address) {
      return std::unexpected(std::move(address.error()));
    }
  }
  const bool names_files =
      !settings.tls.ca_file.empty() || !settings.tls.certificate_file.empty() || !settings.tls.key_file.empty();
  auto core = std::make_shared<ClientCore>(where_it_lives.reactor(), std::move(settings));
  if (names_files) {
    if (auto status = core->need_tls(); !status) return std::unexpected(std::move(status.error()));
  }
  return Client(std::move(core));
}

Expected<Prepared> Client::prepare(const Request& request) {
  auto prepared = core_->prepare(request);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  return Prepared(std::move(*prepared));
}

Expected<Prepared> Client::prepare(const Request& request, const Varies& varies) {
  auto prepared = core_->prepare(request, varies);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  return Prepared(std::move(*prepared));
}

Co<Response> Client::send(Caller caller, const Prepared& request) {
  return send_call(core_.get(), caller, request.request_.get(), Held{});
}

Co<Response> Client::send(Caller caller, const Prepared& request, CookieJar& cookies) {
  if (!cookies.empty()) return send(caller, request, Varying{.cookies = &cookies});
  return send_call(core_.get(), caller, request.request_.get(), Brought{&cookies, nullptr});
}

Co<Response> Client::send(Caller caller, const Prepared& request, const Varying& varying) {
  PreparedRequest& base = *request.request_;
  const Brought brought{varying.cookies, varying.kept};
  if (!core_->differs(base, varying)) return send_call(core_.get(), caller, &base, brought);
  auto rendering = core_->render(base, varying);
  if (!rendering) return refuse(core_.get(), caller, base.series->name, std::move(rendering.error()));
  PreparedRequest* const rendered = rendering->get();
  return send_call(core_.get(), caller, rendered, BroughtRendering(brought, base, std::move(*rendering)));
}

Co<Response> Client::send(Caller caller, Request request) {
  auto prepared = core_->prepare(request);
  return send_held(core_.get(), caller, request.name.empty() ? request.method : request.name, std::move(prepared));
}

Co<Response> Client::get(Caller caller, std::string_view url, Keep keep) {
  auto prepared = core_->prepare_url("GET", url, keep);
  return send_held(core_.get(), caller, "GET", std::move(prepared));
}

Co<Response> Client::post(Caller caller, std::string_view url, Body body, std::string_view content_type, Keep keep) {
  Request request{.method = "POST",
                  .url = std::string(url),
                  .headers = {{"content-type", std::string(content_type)}},
                  .body = std::move(body),
                  .keep = keep};
  return send(caller, std::move(request));
}

Co<ResponseStream> Client::open(Caller caller, const Prepared& request) {
  Requests held = request.request_;
  auto opening = open_call(core_.get(), caller, std::move(held));
  co_return ResponseStream(co_await opening);
}

ResponseStream::ResponseStream(std::unique_ptr<Call> call) : call_(std::move(call)) {}
ResponseStream::ResponseStream(ResponseStream&&) noexcept = default;

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  if (this != &other) {
    abandon();
    call_ = std::move(other.call_);
  }
  return *this;
}

ResponseStream::~ResponseStream() { abandon(); }

void ResponseStream::abandon() noexcept {
  if (call_) Call::abandon(std::move(call_));
}

int ResponseStream::status() const noexcept { return call_ ? call_->status() : 0; }

std::string_view ResponseStream::header(std::string_view name) const noexcept {
  return call_ ? find_field(call_->kept_head(), name) : std::string_view();
}

Co<std::string_view> ResponseStream::read() {
  Call& call = *call_;
  while (true) {
    const std::string_view piece = call.take_piece();
    if (!piece.empty()) co_return piece;
    if (!call.expects_bytes()) break;
    co_await call.bytes();
    call.feed();
  }
  if (call.still_sending()) co_await call.sent();
  co_return std::string_view();
}

Response ResponseStream::finish() { return call_->finish(); }

void Client::close_idle() {
  if (core_) core_->close_idle();
}

}  // namespace vajrapulse::http
