#pragma once

#include <array>
#include <cstddef>

#include "event_queue.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime::simulated {

class Room;

/// Bytes on their way, or the word that there will be no more. The bytes follow it in memory.
struct Segment {
  enum class Kind : std::uint8_t {
    bytes,
    end,    ///< FIN
    reset,  ///< RST from the other end
    cut,    ///< the network loses the connection: both ends are told
  };

  static Segment* make(Kind kind, std::size_t size);
  static void free(Segment* segment) noexcept;
  [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }

  Segment* next = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::bytes;
};

/// Segments in order: those that have arrived, then those under way.
class Incoming {
 public:
  Incoming() = default;
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  ~Incoming();

  void append(Segment& segment) noexcept;
  /// The next segment under way has arrived.
  Segment& arrive() noexcept;
  [[nodiscard]] Segment* first_arrived() const noexcept { return first_ == under_way_ ? nullptr : first_; }
  Segment* take() noexcept;
  void drop_arrived() noexcept;
  [[nodiscard]] bool has_unread_bytes() const noexcept;

  TimePoint last_arrival;  ///< what is sent later never arrives earlier

 private:
  Segment* first_ = nullptr;
  Segment* last_ = nullptr;
  Segment* under_way_ = nullptr;
};

/// Two ends and what travels between them. Outlives both streams while anything is under way.
class Connection final : public Target {
 public:
  static constexpr unsigned kClient = 0;
  static constexpr unsigned kServer = 1;

  Connection(Room& room, SimReactor& client, SimReactor& server, const Address& from, const Address& to);
  ~Connection() override;

  [[nodiscard]] SimReactor* owner(std::uint32_t what) noexcept override;
  void on_event(const Event& event) override;

  bool start_receive(unsigned side, ReceiveOp& op);
  bool start_send(unsigned side, SendOp& op);
  void shutdown_send(unsigned side);
  void abort(unsigned side, ErrorKind why);
  [[nodiscard]] bool idle_ok(unsigned side) const;
  [[nodiscard]] const Address& peer(unsigned side) const noexcept { return sides_[side].peer; }
  /// The stream is gone, or nobody will ever take it: `reset` tells the peer so at once.
  enum class Goodbye { orderly, reset };
  void close(unsigned side, Goodbye goodbye = Goodbye::orderly);
  /// The network resets both ends, the client's not before `client_knows`.
  void reset_both(TimePoint client_knows);

 private:
  struct Side {
    SimReactor* reactor = nullptr;
    Address peer;
    Incoming incoming;
    Segment* held = nullptr;  ///< whose bytes the last receive gave
    ReceiveOp* receiving = nullptr;
    SendOp* sending = nullptr;
    std::size_t sent = 0;      ///< of `sending`
    std::size_t room = 0;      ///< bytes that may still be sent
    std::size_t consumed = 0;  ///< bytes received that the peer has not been told of
    IoResult broken{};
    bool open = true;
    bool end_sent = false;
    bool end_wanted = false;
    bool end_seen = false;
    bool reset_sent = false;
    bool reset_seen = false;
  };

  static constexpr unsigned other(unsigned side) noexcept { return 1 - side; }
  void schedule(TimePoint when, unsigned side, std::uint32_t what, std::uint32_t amount = 0);
  void dispatch(unsigned to, Segment& segment, TimePoint from);
  void say(unsigned from, Segment::Kind kind);
  bool push(unsigned side, SendOp& op);
  Segment* cut_piece(Side& me, const SendOp& op);
  bool take(unsigned side, ReceiveOp& op);
  void note_consumed(unsigned side, std::size_t bytes);
  void on_segment(unsigned side);
  void on_reset(unsigned side, bool tell_peer);
  void on_window(unsigned side, std::size_t bytes);
  void finish_broken(unsigned side);

  Room& room_;
  std::size_t window_;
  std::array<Side, 2> sides_;
};

/// One end of a Connection.
class SimStream final : public Stream {
 public:
  SimStream(Connection& connection, unsigned side) noexcept : connection_(&connection), side_(side) {}
  SimStream(const SimStream&) = delete;
  SimStream& operator=(const SimStream&) = delete;
  ~SimStream() override { connection_->close(side_); }

  bool start_receive(ReceiveOp& op) override { return connection_->start_receive(side_, op); }
  bool start_send(SendOp& op) override { return connection_->start_send(side_, op); }
  void shutdown_send() override { connection_->shutdown_send(side_); }
  void abort(ErrorKind why) override { connection_->abort(side_, why); }
  [[nodiscard]] bool idle_ok() const override { return connection_->idle_ok(side_); }
  [[nodiscard]] const Address& peer() const override { return connection_->peer(side_); }

 private:
  Ref<Connection> connection_;
  unsigned side_;
};

}  // namespace vajrapulse::runtime::simulated
