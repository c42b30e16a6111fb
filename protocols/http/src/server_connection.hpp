#pragma once

#include <optional>
#include <string>

#include "server_core.hpp"
#include "vajrapulse/runtime/cancellation.hpp"
#include "vajrapulse/runtime/timers.hpp"

namespace vajrapulse::http::detail {

/// One accepted connection: reads requests, runs the handler, sends answers, until either side ends it.
class ServerConnection {
 public:
  /// Serves `stream` to its end.
  static runtime::Co<void> serve(std::shared_ptr<ServerCore> core, std::unique_ptr<runtime::Stream> stream);

  ServerConnection(ServerCore& core, std::unique_ptr<runtime::Stream> stream);
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  /// Between requests, so that a stop may close it.
  [[nodiscard]] bool idle() const noexcept { return phase_ == Phase::idle || phase_ == Phase::handshake; }
  void close_idle();
  void abort(ErrorKind why);

  // What the handler's request and response call:
  [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
  [[nodiscard]] TimePoint received() const noexcept { return received_; }
  [[nodiscard]] const runtime::Address& peer() const noexcept { return stream_->peer(); }
  runtime::Co<void> sleep_until(TimePoint due);
  runtime::Co<ServerRequest::Piece> read_piece();
  runtime::Co<Expected<std::string_view>> read_body();
  void set_status(int code) noexcept { status_ = code; }
  void add_header(std::string_view name, std::string_view value);
  void close_after() noexcept { keep_ = false; }
  void send(std::string_view content_type, std::string_view body);
  void send(const PreparedAnswer& answer);
  void set_length(std::uint64_t bytes) noexcept { stream_length_ = bytes; }
  runtime::Co<bool> write(std::string_view piece);
  runtime::Co<bool> flush();
  void abandon();

  ServerConnection* next = nullptr;  // of the core's list
  ServerConnection* previous = nullptr;

 private:
  enum class Phase { handshake, idle, head, handling, body, sending, lingering };
  enum class Answer { none, whole, streaming_chunked, streaming_length, streaming_to_end };
  struct Deadline : runtime::Timer {
    explicit Deadline(ServerConnection& c) : Timer(&fire), connection(c) {}
    static void fire(Timer& timer) { static_cast<Deadline&>(timer).connection.on_timer(); }
    ServerConnection& connection;
  };
  /// The 408 that is sent while a receive is still pending.
  struct Farewell : runtime::SendOp {
    explicit Farewell(ServerConnection& c) : connection(c) { notify_with(&sent); }
    static void sent(Operation& op) { static_cast<Farewell&>(op).connection.on_farewell_sent(); }
    ServerConnection& connection;
  };
  struct FarewellAwaiter;

  runtime::Co<bool> handshake();
  runtime::Co<void> run();
  runtime::Co<void> handle();
  runtime::Co<bool> receive_more();
  runtime::Co<void> skip_body();
  runtime::Co<void> close();

  // Requests (server_connection.cpp)
  bool take_request();  // false: more bytes are needed, or refused_ says why not
  void begin_request(const RequestOutcome& outcome);
  void keep_what_is_left();
  bool take_received(const runtime::Stream::Received& received);
  void expect_head();
  void refuse(int status, std::string_view why) noexcept;
  [[nodiscard]] bool may_linger() const noexcept;

  // Answers (server_answer.cpp)
  void complete_answer();
  void append_refusal();
  void append_status_line(std::string_view content_type);
  void append_length(std::uint64_t bytes);
  void append_head_end();
  void begin_stream();
  void decide_keep() noexcept;
  bool note_sent(const runtime::IoResult& result);
  [[nodiscard]] bool something_to_send() const noexcept { return !out_.empty() || !tail_.empty(); }
  [[nodiscard]] bool is_head_request() const noexcept { return head_.method == "HEAD"; }

  // Time (server_deadline.cpp)

  void wait_at_most(Duration time) noexcept;
  void wait_forever() noexcept { deadline_ = TimePoint::max(); }
  void on_timer();
  void send_farewell();
  void on_farewell_sent();

  ServerCore& core_;
  std::unique_ptr<runtime::Stream> stream_;
  runtime::TlsStream* tls_ = nullptr;
  Phase phase_ = Phase::idle;

  RequestParser parser_;
  RequestHead head_;
  BodyDecoder body_;
  TimePoint received_;
  std::string_view input_;  // not yet consumed: in the stream's buffer, or in carry_
  std::string carry_;
  std::string stable_head_;  // the head of a request whose body is still to be received
  std::string whole_body_;
  std::uint64_t body_taken_ = 0;
  std::uint64_t requests_ = 0;
  bool continue_due_ = false;
  int refused_ = 0;
  std::string_view refused_why_;

  std::string out_;
  std::string_view tail_;  // a piece or a large prepared body, sent behind out_
  std::string headers_;    // what the handler added
  int status_ = 200;
  Answer answer_ = Answer::none;
  std::optional<std::uint64_t> stream_length_;
  std::uint64_t answers_pending_ = 0;
  bool keep_ = true;
  bool broken_ = false;      // nothing more can be sent
  bool peer_ended_ = false;  // nothing more will come

  runtime::Cancellation dropped_;
  TimePoint deadline_ = TimePoint::max();
  Deadline timer_;
  Farewell farewell_;
  bool farewell_pending_ = false;
  runtime::Operation* waits_for_farewell_ = nullptr;
};

}  // namespace vajrapulse::http::detail
