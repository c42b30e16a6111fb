#include "fault_server.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::faults {

using runtime::Co;
using runtime::IoResult;
using runtime::Stream;

Counts& Counts::operator+=(const Counts& other) noexcept {
  connections += other.connections;
  faults += other.faults;
  requests += other.requests;
  tls_handshakes += other.tls_handshakes;
  tls_resumed += other.tls_resumed;
  close_notify += other.close_notify;
  return *this;
}

Co<bool> Session::read_request() {
  std::string seen;
  while (!seen.ends_with("\r\n\r\n")) {
    const auto [result, data] = co_await stream.receive();
    if (!result.ok()) co_return false;
    if (data.empty()) {
      if (fault_case(script.fault).tls == FaultCase::Tls::yes) ++server.counts_.close_notify;
      co_return false;
    }
    seen.append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  ++server.counts_.requests;
  co_return true;
}

Co<bool> Session::say(std::string text) {
  if (text.empty()) co_return true;
  const runtime::Bytes bytes = std::as_bytes(std::span(text));
  const IoResult sent = co_await stream.send(bytes);
  co_return sent.ok();
}

Co<void> Session::wait_for_the_end() {
  for (;;) {
    const auto [result, data] = co_await stream.receive();
    if (!result.ok() || data.empty()) co_return;
  }
}

Co<void> Session::ignore_the_peer() {
  while (!server.stopped_)
    co_await reactor.sleep_for(script.patience);
}

Co<void> Session::leave_request_unread() {
  // A reactor that has not been asked to receive may not know what came: then patience has to do.
  constexpr int kLooks = 20;
  for (int i = 0; i < kLooks && stream.idle_ok(); ++i)
    co_await reactor.sleep_for(script.patience / 4);
}

Expected<std::unique_ptr<FaultServer>> FaultServer::start(runtime::Reactor& reactor, const runtime::Address& at,
                                                          const Certificates& certificates, const Script& script) {
  std::unique_ptr<FaultServer> server(new FaultServer(reactor, script));
  const FaultCase& what = fault_case(script.fault);
  if (what.certificate) {
    runtime::TlsServerSettings settings;
    settings.certificate_file = (certificates.*what.certificate)();
    auto tls = runtime::TlsContext::server(settings);
    if (!tls) return std::unexpected(std::move(tls.error()));
    server->tls_ = std::move(*tls);
  }
  auto listener = reactor.listen(at);
  if (!listener) return std::unexpected(std::move(listener.error()));
  server->listener_ = std::move(*listener);
  server->accepting_ = true;
  runtime::spawn(server->accept());
  return server;
}

void FaultServer::stop() {
  stopped_ = true;
  listener_->abort(kCancelled);
  for (Stream* stream : open_)
    stream->abort(kCancelled);
}

Co<void> FaultServer::accept() {
  while (!stopped_) {
    runtime::Listener::Accepted accepted = co_await listener_->accept();
    if (!accepted.result.ok()) break;
    runtime::spawn(serve(std::move(accepted.stream), counts_.connections++));
  }
  accepting_ = false;
}

Co<void> FaultServer::serve(std::unique_ptr<Stream> transport, std::uint64_t number) {
  const bool misbehaves = number % script_.every == 0;
  if (misbehaves) ++counts_.faults;
  Stream* const key = transport.get();
  open_.push_back(key);
  const FaultCase& what = fault_case(script_.fault);
  if (tls_) {
    Co<void> work = serve_tls(std::move(transport), what);
    co_await work;
  } else {
    Co<void> work = serve_open(*transport, fault_case(misbehaves ? script_.fault : Fault::none));
    co_await work;
  }
  std::erase(open_, key);
}

Co<void> FaultServer::serve_open(Stream& stream, const FaultCase& what) {
  Session session{*this, reactor_, stream, script_};
  Co<void> work = what.serve(session);
  co_await work;
}

Co<void> FaultServer::serve_tls(std::unique_ptr<Stream> transport, const FaultCase& what) {
  Stream& below = *transport;
  std::unique_ptr<runtime::TlsStream> stream = tls_->accept(reactor_, std::move(transport));
  const IoResult shaken = co_await stream->handshake();
  if (!shaken.ok()) co_return;
  ++counts_.tls_handshakes;
  if (stream->facts().resumed) ++counts_.tls_resumed;
  Session session{*this, reactor_, *stream, script_};
  Co<void> work = what.serve(session);
  co_await work;
  if (script_.fault == Fault::tls_truncated) below.shutdown_send();
}

}  // namespace vajrapulse::faults
