#pragma once

#include <algorithm>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client_core.hpp"
#include "decompressor.hpp"
#include "vajrapulse/http/client.hpp"
#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/response_reader.hpp"
#include "vajrapulse/runtime/cancellation.hpp"
#include "vajrapulse/runtime/timers.hpp"

namespace vajrapulse::http {

/// One request on its way, from the wish to send it until it is recorded.
///
/// It lives in the frame of the coroutine that sends (or on the heap for a streamed response) and is driven by it:
/// this class holds every step that does not wait, and the awaitables for those that do. One timer and one OnCancel
/// serve the whole call, whatever it is waiting for.
///
///   do {
///     if (call.needs_connection()) co_await call.connect();
///     call.start();
///     while (call.expects_bytes()) { co_await call.bytes(); call.take_bytes(); }
///     if (call.still_sending()) co_await call.sent();
///   } while (call.again());
///   co_return call.finish();
class Call {
 public:
  Call(ClientCore& core, const Caller& caller, PreparedRequest& request);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// True when no idle connection could be taken; `connect` then opens one, or waits for one.
  bool needs_connection();
  runtime::Co<void> connect();
  /// Begins to send, unless the call has failed already.
  void start();
  /// True until the response is complete or the call has failed.
  [[nodiscard]] bool expects_bytes() const noexcept { return expects_bytes_; }
  /// The same, but ends with the head.
  [[nodiscard]] bool expects_head() const noexcept { return expects_bytes_ && !reader_.has_head(); }

  struct BytesAwaiter {
    Call& call;
    bool await_ready() const { return call.connection_->stream->start_receive(call.receive_); }
    void await_suspend(std::coroutine_handle<> waiter) const noexcept { call.receive_.resume_with(waiter); }
    static void await_resume() noexcept {}
  };
  BytesAwaiter bytes() noexcept { return {*this}; }
  /// Reads what `bytes` brought, to its end.
  void take_bytes();
  /// Reads what `bytes` brought as far as the head.
  void take_head();
  /// The next piece of the body out of what has come; empty: wait for `bytes` if any are expected, and `feed` them.
  std::string_view take_piece() { return has_piece() ? piece_ : std::string_view(); }
  /// Takes what `bytes` brought, for `take_piece`.
  void feed() { on_received(); }

  struct SentAwaiter {
    Call& call;
    [[nodiscard]] bool await_ready() const noexcept { return !call.sending_; }
    void await_suspend(std::coroutine_handle<> waiter) const noexcept { call.sent_waiter_ = waiter; }
    static void await_resume() noexcept {}
  };
  [[nodiscard]] bool still_sending() const noexcept { return sending_; }
  SentAwaiter sent() noexcept { return {*this}; }

  /// Whether there is another round: a retry on a fresh connection, or a redirect to follow.
  bool again();
  /// Records what happened and lets the connection go. Once.
  Response finish();
  /// What comes of a request that cannot even be prepared.
  static Response refused(ClientCore& core, const Caller& caller, std::string_view name, const Error& error);

  /// Gives up a streamed response: the call ends itself, now or when its pending send has completed.
  static void abandon(std::unique_ptr<Call> call) noexcept;

  [[nodiscard]] int status() const noexcept { return reader_.has_head() ? status_ : 0; }
  [[nodiscard]] std::string_view kept_head() const noexcept;

  // For the probe.
  [[nodiscard]] const std::string& request_head() const noexcept { return request_->head; }
  [[nodiscard]] const std::string& remote() const noexcept { return remote_; }
  [[nodiscard]] const std::optional<runtime::TlsFacts>& tls_facts() const noexcept { return tls_facts_; }
  [[nodiscard]] int minor() const noexcept { return minor_; }
  /// Keeps the remote address and TLS facts, and the error's own words.
  void watch() noexcept { watched_ = true; }
  /// Keeps at least `what` of the response.
  void keep(Keep what) noexcept { keep_ = std::max(keep_, what); }
  /// What the sender brings: a jar for cookies, memory for what is kept; null: none.
  void use(CookieJar* cookies, Kept* kept) noexcept {
    cookies_ = cookies;
    own_cookies_ = request_->seams.says_cookie;
    lent_ = kept;
  }
  /// Makes `request` live as long as the call.
  void hold(std::shared_ptr<PreparedRequest> request) noexcept { redirected_ = std::move(request); }

 private:
  enum class Stage : std::uint8_t { idle, queued, resolving, connecting, talking, finished };
  struct Alarm : runtime::Timer {
    explicit Alarm(Call& c) noexcept : Timer(&fire), call(c) {}
    static void fire(Timer& timer);
    Call& call;
  };
  struct StopWish : runtime::OnCancel {
    explicit StopWish(Call& c) : OnCancel(c.caller_.scope.cancellation(), &wish), call(c) {}
    static void wish(runtime::OnCancel& on_cancel, ErrorKind why);
    Call& call;
  };
  struct Sending : runtime::SendOp {
    explicit Sending(Call& c) noexcept : call(c) { notify_with(&done); }
    static void done(runtime::Operation& operation);
    Call& call;
  };
  struct WaitAwaiter {
    Waiter& waiter;
    [[nodiscard]] static constexpr bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const noexcept { waiter.resume_with(handle); }
    static void await_resume() noexcept {}
  };

  [[nodiscard]] TimePoint now() const noexcept { return core_.reactor.event_time(); }
  [[nodiscard]] metrics::Recorder& recorder() const noexcept { return caller_.scope.recorder(); }
  [[nodiscard]] Origin& origin() const noexcept { return *request_->origin; }

  void stop(ErrorKind why);
  void fail_with(ErrorKind kind, int os_error = 0);
  runtime::Co<void> wait_for_turn();
  void note_wait(TimePoint from, bool by_limit) noexcept;
  runtime::Co<void> resolve();
  runtime::Co<void> open_connection();
  runtime::Co<void> open_tls();
  void on_sent(TimePoint at);
  bool on_received();
  void on_head();
  void keep_piece();
  void keep_head(std::string_view text);
  void take_cookies(Request& request, const Url& to);
  void on_end(ErrorKind kind);
  bool has_piece();
  bool has_decoded_piece();
  void wake_waiter() noexcept;
  bool retry();
  bool redirect();
  [[nodiscard]] bool was_lost() const noexcept;
  [[nodiscard]] bool wants_redirect() const noexcept;
  TimePoint possible_end() noexcept;
  void release_connection(TimePoint free);
  void begin_round() noexcept;
  void record_round(Outcome outcome);
  [[nodiscard]] Outcome outcome() const noexcept;
  void measure_phases() noexcept;
  void show_pool();
  [[nodiscard]] std::string sentence() const;
  [[nodiscard]] std::string place() const;

  ClientCore& core_;
  const Caller caller_;
  PreparedRequest* request_;
  std::shared_ptr<PreparedRequest> redirected_;  // what request_ points to, where the call owns it
  RequestSeries* series_;
  std::unique_ptr<Connection> connection_;

  ResponseReader reader_;
  CookieJar* cookies_ = nullptr;
  Kept* lent_ = nullptr;
  std::string_view input_;    // received, not yet read
  std::string_view encoded_;  // of the body, not yet decoded
  std::string_view piece_;
  std::unique_ptr<Decompressor> decoder_;
  runtime::ReceiveOp receive_;
  Sending send_;
  std::coroutine_handle<> sent_waiter_;
  Waiter waiter_;
  runtime::Cancellation connect_stop_;

  TimePoint began_;
  TimePoint hop_began_;  // this redirect's own beginning
  TimePoint send_began_;
  TimePoint sent_at_;
  TimePoint first_byte_at_;
  TimePoint deadline_;
  Response response_;
  std::string own_words_;  // of a failure, where the kind alone says too little
  std::string remote_;
  std::optional<runtime::TlsFacts> tls_facts_;
  ErrorKind stopped_;  // by time-out or cancellation
  ErrorKind send_error_;
  std::uint64_t recorded_sent_ = 0;
  std::uint64_t recorded_received_ = 0;
  int os_error_ = 0;
  int status_ = 0;
  int minor_ = 1;
  Stage stage_ = Stage::idle;
  Keep keep_;
  bool own_cookies_ = false;
  bool has_slot_ = false;  // the right to open a connection, or what came of it
  bool sending_ = false;
  bool expects_bytes_ = false;
  bool has_first_byte_ = false;
  bool reusable_ = false;
  bool talked_ = false;  // has begun to send in this hop
  bool reused_ = false;  // the connection had carried a response before
  bool retried_ = false;
  bool watched_ = false;
  bool granted_ = false;     // the wait ended with a connection or a slot, not with a stop
  bool self_owned_ = false;  // abandoned: deletes itself when its send completes
  Alarm alarm_;
  std::optional<StopWish> stop_wish_;
};

}  // namespace vajrapulse::http
