#include "call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/connect.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http {
namespace {

// A body above this is worth a clock reading of its own for the end of its sending.
constexpr std::size_t kLargeBody = 16 * 1024;

runtime::Bytes as_bytes(std::string_view text) noexcept { return std::as_bytes(std::span(text)); }

std::string_view as_text(runtime::Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Call::Call(ClientCore& core, const Caller& caller, PreparedRequest& request)
    : core_(core),
      caller_(caller),
      request_(&request),
      series_(&core.book.series(*request.series, caller)),
      send_(*this),
      began_(now()),
      hop_began_(began_),
      deadline_(TimePoint::max()),
      keep_(request.request.keep),
      alarm_(*this) {
  if (request.timeout > Duration::zero()) {
    deadline_ = began_ + request.timeout;
    core.reactor.timers().arm(alarm_, deadline_);
  }
  runtime::Cancellation& cancellation = caller.scope.cancellation();
  if (cancellation.requested())
    stopped_ = cancellation.why();
  else
    stop_wish_.emplace(*this);
}

Call::~Call() {
  reusable_ = false;
  if (has_slot_) release_connection(now());  // its iteration may have ended long ago
}

void Call::Alarm::fire(runtime::Timer& timer) {
  Call& call = static_cast<Alarm&>(timer).call;
  if (call.stage_ == Stage::connecting) return;  // connect_any ends at the deadline by itself
  call.stop(kTimeout);
}

void Call::StopWish::wish(runtime::OnCancel& on_cancel, ErrorKind why) {
  static_cast<StopWish&>(on_cancel).call.stop(why);
}

void Call::Sending::done(runtime::Operation& operation) {
  Call& call = static_cast<Sending&>(operation).call;
  call.on_sent(call.now());
}

// Ends whatever is being waited for; what waits is resumed from the reactor's loop, not from here.
void Call::stop(ErrorKind why) {
  if (stopped_) return;
  stopped_ = why;
  switch (stage_) {
    case Stage::queued:
    case Stage::resolving: wake_waiter(); break;
    case Stage::connecting: connect_stop_.request(why); break;
    case Stage::talking: connection_->stream->abort(why); break;
    case Stage::idle:
    case Stage::finished: break;
  }
}

// One that has been taken from its queue is on its way already.
void Call::wake_waiter() noexcept {
  if (!waiter_.queued()) return;
  granted_ = false;
  if (stage_ == Stage::queued)
    origin().leave(waiter_);
  else
    WaiterQueue::leave(waiter_);
  core_.reactor.defer(waiter_);
}

void Call::fail_with(ErrorKind kind, int os_error) {
  response_.error_ = kind;
  os_error_ = os_error;
  expects_bytes_ = false;
}

bool Call::needs_connection() {
  if (stopped_) {
    fail_with(stopped_);
    return false;
  }
  if (has_slot_) return true;  // a retry: the slot is kept, the connection is to be a fresh one
  connection_ = origin().take_idle();
  if (!connection_) return true;
  has_slot_ = true;
  show_pool();
  return false;
}

runtime::Co<void> Call::connect() {
  if (!has_slot_) has_slot_ = origin().take_slot(core_.reactor);
  if (!has_slot_) co_await wait_for_turn();
  show_pool();
  if (connection_ || response_.error_) co_return;
  if (!origin().fixed) co_await resolve();
  if (response_.error_) co_return;
  co_await open_connection();
  if (!response_.error_ && stopped_) fail_with(stopped_);
}

runtime::Co<void> Call::wait_for_turn() {
  const TimePoint from = now();
  const bool by_limit = origin().at_limit();
  stage_ = Stage::queued;
  granted_ = true;
  waiter_.free.reset();
  origin().wait(waiter_);
  show_pool();
  co_await WaitAwaiter{waiter_};
  stage_ = Stage::idle;
  const Duration waited = now() - from;
  response_.phases_.set(Phase::blocked, waited);
  recorder().record(series_->client().wait_time, waited);
  note_wait(from, by_limit || origin().at_limit());
  has_slot_ = granted_;
  connection_ = std::move(waiter_.connection);
  if (stopped_) {
    reusable_ = true;  // nothing has happened on it
    fail_with(stopped_);
  }
}

/// Of the wait for a connection since `from`, what was for the generator. For a shard that had no pause: all of it. At
/// the user's limit: what it would not have been, had those before it in the connection never waited for the generator.
/// Where nobody but the pool kept it from opening one: what was in a line too long; a short one is for the target,
/// which has all there are.
void Call::note_wait(TimePoint from, bool by_limit) noexcept {
  const Scope& scope = caller_.scope;
  TimePoint own_from = now();
  if (by_limit && granted_ && waiter_.free) {
    const TimePoint turn = std::max(scope.possible(from), *waiter_.free);
    own_from -= std::clamp(scope.possible(now()) - turn, Duration::zero(), now() - from);
  }
  if (const auto busy = core_.reactor.saturated_since()) own_from = std::min(own_from, std::max(from, *busy));
  if (const auto since = origin().short_since(); since && !by_limit)
    own_from = std::min(own_from, std::max(from + Origin::kWatch, *since));
  scope.note_own_wait(own_from, now());
}

runtime::Co<void> Call::resolve() {
  const TimePoint from = now();
  core_.resolve(origin());
  if (origin().resolving) {
    stage_ = Stage::resolving;
    origin().resolve_queue.push(waiter_);
    co_await WaitAwaiter{waiter_};
    stage_ = Stage::idle;
    response_.phases_.set(Phase::dns, now() - from);
  }
  if (stopped_) {
    fail_with(stopped_);
  } else if (!origin().addresses) {
    own_words_ = origin().addresses.error().text();
    fail_with(origin().addresses.error().kind);
  }
}

runtime::Co<void> Call::open_connection() {
  std::vector<runtime::Address> addresses;
  if (origin().fixed)
    addresses.push_back(*origin().fixed);
  else
    addresses = *origin().addresses;
  const TimePoint from = now();
  stage_ = Stage::connecting;
  origin().begin_opening();
  auto connecting = runtime::connect_any(core_.reactor, addresses, deadline_, &connect_stop_);
  auto connected = co_await connecting;
  stage_ = Stage::idle;
  origin().end_opening(core_.reactor);
  response_.phases_.set(Phase::connect, now() - from);
  if (!connected.result.ok()) {
    if (addresses.size() == 1) remote_ = addresses.front().text();
    fail_with(stopped_ ? stopped_ : connected.result.kind, connected.result.os_error);
    co_return;
  }
  connection_ = std::make_unique<Connection>();
  connection_->stream = std::move(connected.stream);
  recorder().add(series_->client().connections);
  if (watched_) remote_ = connection_->stream->peer().text();
  if (now() >= deadline_)
    fail_with(runtime::kConnectTimeout);
  else if (stopped_)  // after the connection won its race, and before its rivals were gone
    fail_with(stopped_);
  else if (request_->url.scheme == Url::Scheme::https)
    co_await open_tls();
}

runtime::Co<void> Call::open_tls() {
  const TimePoint from = now();
  auto tls = core_.tls->wrap(core_.reactor, std::move(connection_->stream), request_->url.host);
  connection_->tls = tls.get();
  connection_->stream = std::move(tls);
  stage_ = Stage::talking;
  auto handshaking = connection_->tls->handshake();
  const runtime::IoResult result = co_await handshaking;
  stage_ = Stage::idle;
  response_.phases_.set(Phase::tls, now() - from);
  if (result.ok()) {
    if (watched_) tls_facts_ = connection_->tls->facts();
    co_return;
  }
  fail_with(stopped_ ? stopped_ : result.kind, result.os_error);
}

void Call::start() {
  expects_bytes_ = false;
  if (response_.error_) return;
  stage_ = Stage::talking;
  reused_ = connection_->used;
  begin_round();
  reader_.start(request_->is_head ? ResponseReader::Answers::head : ResponseReader::Answers::get);
  const std::string_view body = request_->body;
  send_.data = {as_bytes(request_->head), as_bytes(body)};
  expects_bytes_ = true;
  sending_ = true;
  if (connection_->stream->start_send(send_)) on_sent(body.size() > kLargeBody ? core_.reactor.now() : now());
}

void Call::begin_round() noexcept {
  send_began_ = now();
  sent_at_ = send_began_;
  input_ = encoded_ = {};
  send_error_ = kNoError;
  has_first_byte_ = reusable_ = false;
  talked_ = true;
  status_ = 0;
}

// A send that failed is not the end: the server may have answered before it hung up.
void Call::on_sent(TimePoint at) {
  sending_ = false;
  sent_at_ = at;
  if (send_.result.ok())
    response_.bytes_sent_ += request_->head.size() + request_->body.size();
  else
    send_error_ = send_.result.kind;
  if (self_owned_) {
    delete this;
    return;
  }
  if (const auto waiter = std::exchange(sent_waiter_, nullptr)) waiter.resume();
}

void Call::take_bytes() {
  if (!on_received()) return;
  while (has_piece()) {
    if (keep_ == Keep::body) keep_piece();
  }
}

void Call::keep_piece() {
  std::string& body = response_.kept_->body;
  if (piece_.size() > request_->request.keep_bytes - body.size())
    on_end(kHttpBodyTooLarge);
  else
    body += piece_;
}

void Call::take_head() {
  if (!on_received()) return;
  switch (reader_.next(input_, piece_)) {
    case ResponseReader::Step::head: on_head(); break;
    case ResponseReader::Step::bad: on_end(reader_.error()); break;
    default: break;
  }
}

// False when nothing came but an end.
bool Call::on_received() {
  if (!receive_.result.ok()) {
    os_error_ = receive_.result.os_error;
    on_end(stopped_ ? stopped_ : receive_.result.kind);
    return false;
  }
  if (receive_.data.empty()) {
    if (reader_.end() == ResponseReader::Step::done)
      on_end(kNoError);
    else
      on_end(!reader_.started() && send_error_ ? send_error_ : reader_.error());
    return false;
  }
  if (!has_first_byte_) {
    has_first_byte_ = true;
    first_byte_at_ = now();
  }
  response_.bytes_received_ += receive_.data.size();
  input_ = as_text(receive_.data);
  return true;
}

bool Call::has_piece() {
  while (expects_bytes_) {
    if (decoder_ && has_decoded_piece()) return true;
    if (!expects_bytes_) break;
    switch (reader_.next(input_, piece_)) {
      case ResponseReader::Step::more: return false;
      case ResponseReader::Step::head: on_head(); break;
      case ResponseReader::Step::body:
        response_.body_bytes_ += piece_.size();
        if (!decoder_) return true;
        encoded_ = piece_;
        break;
      case ResponseReader::Step::done: on_end(kNoError); break;
      case ResponseReader::Step::bad: on_end(reader_.error()); break;
    }
  }
  return false;
}

bool Call::has_decoded_piece() {
  switch (decoder_->next(encoded_, piece_)) {
    case Decompressor::Step::piece: return true;
    case Decompressor::Step::more: return false;
    case Decompressor::Step::bad: on_end(kHttpDecode); return false;
  }
  return false;
}

void Call::on_head() {
  const ResponseHead& head = reader_.head();
  status_ = head.status;
  minor_ = head.minor;
  const bool may_redirect = request_->redirects > 0 && !head.location.empty();
  if (keep_ != Keep::nothing || may_redirect) keep_head(head.text);
  if (head.sets_cookies && cookies_) cookies_->receive(request_->url, head.text, core_.reactor.wall_now());
  decoder_ = nullptr;
  if (core_.settings.decompress && head.framing != Framing::none && !head.content_encoding.empty()) {
    decoder_ = Decompressor::make(head.content_encoding);
  }
}

void Call::keep_head(std::string_view text) {
  if (!response_.kept_) {
    const bool borrows = lent_ != nullptr;
    response_.kept_ = {borrows ? lent_ : new Kept, LetGo{borrows}};
  }
  response_.kept_->head = text;
  response_.kept_->body.clear();
}

void Call::on_end(ErrorKind kind) {
  expects_bytes_ = false;
  if (!kind && decoder_ && !decoder_->complete()) kind = kHttpDecode;
  if (kind) response_.error_ = kind;
  reusable_ =
      !kind && reader_.head().keep_alive && core_.settings.keep_alive && input_.empty() && !sending_ && !send_error_;
  connection_->used = true;
  connection_->stream->release_received();
  if (sending_) connection_->stream->abort(kCancelled);  // answered before all was sent: the rest is not wanted
}

bool Call::again() { return retry() || redirect(); }

// The server closed an idle connection while the request was on its way: it never saw it, or may see it again.
bool Call::was_lost() const noexcept {
  const ErrorKind error = response_.error_;
  const bool hung_up =
      error == runtime::kConnectionClosed || error == runtime::kConnectionReset || error == runtime::kTlsTruncated;
  return hung_up && reused_ && connection_ && !reader_.started() && !stopped_;
}

bool Call::retry() {
  if (!was_lost() || retried_ || !request_->idempotent) return false;
  retried_ = true;
  recorder().add(series_->client().retries);
  connection_.reset();  // the slot is kept for the fresh one
  response_.error_ = kNoError;
  talked_ = false;
  os_error_ = 0;
  return true;
}

bool Call::wants_redirect() const noexcept {
  constexpr int kFollowed[] = {301, 302, 303, 307, 308};
  return !response_.error_ && !sending_ && request_->redirects > 0 &&
         std::ranges::find(kFollowed, status_) != std::end(kFollowed) && response_.kept_ &&
         !find_field(response_.kept_->head, "location").empty();
}

// Every hop is a request of its own to the server, and is recorded as one, under the name of the first.
bool Call::redirect() {
  if (!wants_redirect()) return false;
  if (response_.redirects_ >= request_->redirects) {
    fail_with(kHttpTooManyRedirects);
    return false;
  }
  auto to = resolve_reference(request_->url, find_field(response_.kept_->head, "location"));
  if (!to) {
    own_words_ = to.error().text();
    fail_with(kHttpBadRedirect);
    return false;
  }
  if (to->origin() == request_->url.origin() && to->credentials.empty()) to->credentials = request_->url.credentials;
  Request request = redirected(request_->as_sent(), request_->url, *to, status_);
  if (cookies_) take_cookies(request, *to);
  auto prepared = core_.prepare_at(std::move(request), std::move(*to));
  if (!prepared) {
    own_words_ = prepared.error().text();
    fail_with(prepared.error().kind);
    return false;
  }
  record_round(Outcome::success);
  expects_bytes_ = false;  // a streamed response is left at its head
  if (has_slot_) release_connection(possible_end());
  redirected_ = std::move(*prepared);
  request_ = redirected_.get();
  ++response_.redirects_;
  response_.phases_.clear();
  response_.body_bytes_ = 0;
  hop_began_ = now();
  retried_ = talked_ = false;
  return true;
}

// Of every hop its own; who says a cookie header in the request means that one.
void Call::take_cookies(Request& request, const Url& to) {
  if (own_cookies_) return;
  std::erase_if(request.headers, [](const Header& each) { return same_text(each.name, "cookie"); });
  std::string value;
  if (cookies_->write(to, core_.reactor.wall_now(), value)) request.headers.push_back({"cookie", std::move(value)});
}

Response Call::finish() {
  expects_bytes_ = false;  // a streamed response may be left early
  if (!response_.error_ && request_->fail_on(status_)) response_.error_ = status_kind(status_);
  record_round(outcome());
  response_.phases_.set(Phase::total, now() - began_);
  response_.status_ = status_;
  if (keep_ == Keep::nothing) response_.kept_ = nullptr;
  alarm_.cancel();
  stop_wish_.reset();
  if (sending_)
    connection_->stream->abort(kCancelled);
  else if (has_slot_)
    release_connection(possible_end());
  show_pool();
  stage_ = Stage::finished;
  return std::move(response_);
}

Response Call::refused(ClientCore& core, const Caller& caller, std::string_view name, const Error& error) {
  Response response;
  response.error_ = error.kind;
  response.message_ = core.remember(error.text());
  caller.scope.recorder().error(error.kind, name, response.message_);
  return response;
}

void Call::abandon(std::unique_ptr<Call> call) noexcept {
  if (call->stage_ != Stage::finished) {
    call->fail_with(kCancelled);
    call->stopped_ = kCancelled;
    static_cast<void>(call->finish());
  }
  if (!call->sending_) return;
  call->self_owned_ = true;
  [[maybe_unused]] Call* const owns_itself = call.release();
}

TimePoint Call::possible_end() noexcept {
  if (origin().has_line()) caller_.scope.note_unseen(std::max(send_began_, hop_began_), now());
  return caller_.scope.possible(now());
}

/// `free`: when it would have been let go, had the generator never been late.
void Call::release_connection(TimePoint free) {
  has_slot_ = false;
  if (connection_ && reusable_) {
    origin().give_back(std::move(connection_), core_.reactor, free);
  } else {
    if (connection_ && connection_->tls) connection_->tls->shutdown_send();  // close_notify, or it looks like an attack
    connection_ = nullptr;
    origin().free_slot(core_.reactor, free);
  }
}

Outcome Call::outcome() const noexcept {
  if (!response_.error_) return Outcome::success;
  const bool interrupted = stopped_ && stopped_ != kTimeout && response_.error_ == stopped_;
  return interrupted ? Outcome::interrupted : Outcome::failure;
}

void Call::record_round(Outcome outcome) {
  measure_phases();
  series_->record(recorder(), outcome, response_.phases_);
  series_->count(recorder(), outcome, status_);
  series_->count_bytes(recorder(), response_.bytes_sent_ - recorded_sent_,
                       response_.bytes_received_ - recorded_received_);
  recorded_sent_ = response_.bytes_sent_;
  recorded_received_ = response_.bytes_received_;
  if (!response_.error_) return;
  const std::string& sample = series_->sample(response_.error_, [this] { return sentence(); });
  response_.message_ = sample;
  if (outcome != Outcome::failure) return;
  recorder().error(response_.error_, series_->name(), sample);
  const bool too_late = response_.error_ == kTimeout || response_.error_ == runtime::kConnectTimeout;
  if (too_late) recorder().add(series_->client().timeouts);
}

// What was cut short counts as far as it came: a time-out that waited 5 s did wait 5 s.
void Call::measure_phases() noexcept {
  PhaseTimes& phases = response_.phases_;
  const TimePoint end = now();
  phases.set(Phase::total, end - hop_began_);
  if (!talked_) return;
  if (sending_) {
    phases.set(Phase::send, end - send_began_);
    return;
  }
  phases.set(Phase::send, sent_at_ - send_began_);
  // An answer may begin before the request has been sent to its end.
  const TimePoint begin_wait = std::min(sent_at_, has_first_byte_ ? first_byte_at_ : end);
  phases.set(Phase::wait, (has_first_byte_ ? first_byte_at_ : end) - begin_wait);
  if (has_first_byte_) phases.set(Phase::receive, end - first_byte_at_);
}

void Call::show_pool() {
  const ClientSeries& series = series_->client();
  recorder().set(series.active, double(core_.counts.active), now());
  recorder().set(series.idle, double(core_.counts.idle), now());
  if (core_.settings.connections > 0) recorder().set(series.waiting, double(core_.counts.waiting), now());
}

std::string_view Call::kept_head() const noexcept {
  return response_.kept_ ? std::string_view(response_.kept_->head) : std::string_view();
}

std::string Call::place() const {
  if (!remote_.empty()) return remote_;
  if (connection_) return connection_->stream->peer().text();
  const Url& url = request_->url;
  return (url.ipv6_literal ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

std::string Call::sentence() const {
  const ErrorKind kind = response_.error_;
  const Request& request = request_->request;
  const std::string what = request.shown.empty() ? request.method + " " + request_->url.text() : request.shown;
  if (status_ != 0 && kind == status_kind(status_))
    return fmt::format("{}{}{}{}{}: {}", status_, reason_phrase(status_).empty() ? "" : " ", reason_phrase(status_),
                       request.wanted.empty() ? "" : ", not ", request.wanted, what);
  if (kind == runtime::kConnectionRefused) return "connection refused: nothing listens on " + place();
  if (kind == kTimeout) {
    const double seconds = std::chrono::duration<double>(request_->timeout).count();
    return fmt::format("no complete answer within {} s: {}", seconds, what);
  }
  // A TLS 1.3 server refuses after the handshake has ended for us: then its alert is all that says why.
  const std::string_view tls_words = connection_ && connection_->tls ? connection_->tls->failure() : "";
  if (!tls_words.empty()) return fmt::format("{} ({}, {})", runtime::describe({kind, os_error_}), tls_words, place());
  if (!own_words_.empty()) return own_words_;
  if (std::string text = describe(kind); !text.empty()) return fmt::format("{} ({})", text, what);
  return fmt::format("{} ({})", runtime::describe({kind, os_error_}), place());
}

}  // namespace vajrapulse::http
