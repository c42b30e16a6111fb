#include "vajrapulse/http/probe.hpp"

#include <utility>

#include "call.hpp"
#include "client_core.hpp"

namespace vajrapulse::http {
namespace {

using runtime::Co;

Exchange failed(Error error) {
  Exchange result;
  result.error = std::move(error);
  return result;
}

void keep_start(std::string& start, std::string_view piece) {
  start += piece.substr(0, Exchange::kBodyStart - start.size());
}

Exchange conclude(Call& call, std::string body_start) {
  Exchange result;
  result.request_head = call.request_head();
  result.remote = call.remote();
  result.tls = call.tls_facts();
  const Response response = call.finish();
  result.response_head = response.head();
  result.body_start = std::move(body_start);
  result.body_bytes = response.body_bytes();
  result.status = response.status();
  if (response.status() != 0) result.http_version = call.minor() == 0 ? "HTTP/1.0" : "HTTP/1.1";
  result.phases = response.phases();
  result.redirects = response.redirects();
  if (!response.ok()) result.error = Error{response.error(), std::string(response.message()), {}};
  return result;
}

}  // namespace

Co<Exchange> exchange(const Scope& scope, ClientSettings settings, Request request) {
  auto core = std::make_shared<ClientCore>(scope.reactor(), std::move(settings));
  auto prepared = core->prepare(request);
  if (!prepared) co_return failed(std::move(prepared.error()));
  const Caller caller(scope);
  Call call(*core, caller, **prepared);
  call.keep(Keep::head);
  call.watch();
  std::string body_start;
  do {
    if (call.needs_connection()) {
      auto connecting = call.connect();
      co_await connecting;
    }
    call.start();
    body_start.clear();
    while (call.expects_bytes()) {
      co_await call.bytes();
      call.feed();
      for (auto piece = call.take_piece(); !piece.empty(); piece = call.take_piece())
        keep_start(body_start, piece);
    }
    if (call.still_sending()) co_await call.sent();
  } while (call.again());
  co_return conclude(call, std::move(body_start));
}

}  // namespace vajrapulse::http
