#include "connection.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <new>

#include "room.hpp"
#include "sim_reactor.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

enum What : std::uint32_t { kSegment, kWindow, kAborted };
constexpr std::uint32_t kSideBit = 8;

/// Copies `into.size()` bytes from `offset` of the two pieces.
void gather(const SendOp& op, std::size_t offset, std::span<std::byte> into) {
  for (const Bytes piece : op.data) {
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    const std::size_t size = std::min(piece.size() - offset, into.size());
    std::memcpy(into.data(), piece.data() + offset, size);
    into = into.subspan(size);
    offset = 0;
    if (into.empty()) return;
  }
}

}  // namespace

Segment* Segment::make(Kind kind, std::size_t size) {
  auto* segment = new (::operator new(sizeof(Segment) + size)) Segment;
  segment->kind = kind;
  segment->size = static_cast<std::uint32_t>(size);
  return segment;
}

void Segment::free(Segment* segment) noexcept { ::operator delete(segment); }

Incoming::~Incoming() {
  while (first_)
    Segment::free(std::exchange(first_, first_->next));
}

void Incoming::append(Segment& segment) noexcept {
  (first_ ? last_->next : first_) = &segment;
  last_ = &segment;
  if (!under_way_) under_way_ = &segment;
}

Segment& Incoming::arrive() noexcept {
  Segment& segment = *under_way_;
  under_way_ = segment.next;
  return segment;
}

Segment* Incoming::take() noexcept {
  Segment* segment = first_arrived();
  if (segment) first_ = segment->next;
  return segment;
}

void Incoming::drop_arrived() noexcept {
  while (Segment* segment = take())
    Segment::free(segment);
}

bool Incoming::has_unread_bytes() const noexcept {
  const Segment* segment = first_arrived();
  return segment && segment->kind == Segment::Kind::bytes;
}

Connection::Connection(Room& room, SimReactor& client, SimReactor& server, const Address& from, const Address& to)
    : room_(room), window_(std::max<std::size_t>(room.weather.window_bytes, 1)) {
  sides_[kClient].reactor = &client;
  sides_[kClient].peer = to;
  sides_[kServer].reactor = &server;
  sides_[kServer].peer = from;
  for (Side& side : sides_)
    side.room = window_;
  ++room_.connections;
}

Connection::~Connection() {
  --room_.connections;
  for (Side& side : sides_)
    if (side.held) Segment::free(side.held);
}

SimReactor* Connection::owner(std::uint32_t what) noexcept { return sides_[what >> kSideBit].reactor; }

void Connection::on_event(const Event& event) {
  const unsigned side = event.what >> kSideBit;
  switch (event.what & ((1U << kSideBit) - 1)) {
    case kSegment: return on_segment(side);
    case kWindow: return on_window(side, event.amount);
    default: return finish_broken(side);
  }
}

void Connection::schedule(TimePoint when, unsigned side, std::uint32_t what, std::uint32_t amount) {
  room_.schedule(when, *this, what | (side << kSideBit), amount);
}

void Connection::dispatch(unsigned to, Segment& segment, TimePoint from) {
  Incoming& incoming = sides_[to].incoming;
  incoming.append(segment);
  incoming.last_arrival = std::max(incoming.last_arrival, room_.arrival(from));
  schedule(incoming.last_arrival, to, kSegment);
}

void Connection::say(unsigned from, Segment::Kind kind) {
  Side& me = sides_[from];
  if (me.reset_sent || me.reset_seen) return;
  if (kind == Segment::Kind::reset) me.reset_sent = true;
  if (kind == Segment::Kind::end) me.end_sent = true;
  dispatch(other(from), *Segment::make(kind, 0), me.reactor->now());
}

bool Connection::start_receive(unsigned side, ReceiveOp& op) {
  Side& me = sides_[side];
  assert(me.open && !me.receiving);
  if (me.held) Segment::free(std::exchange(me.held, nullptr));
  if (me.broken.kind) {
    op.result = me.broken;
    op.data = {};
    return true;
  }
  if (take(side, op)) return true;
  me.receiving = &op;
  return false;
}

bool Connection::take(unsigned side, ReceiveOp& op) {
  Side& me = sides_[side];
  op.result = {};
  op.data = {};
  if (me.end_seen) return true;
  Segment* segment = me.incoming.take();
  if (!segment) return false;
  if (segment->kind == Segment::Kind::end) {
    me.end_seen = true;
    Segment::free(segment);
    return true;
  }
  me.held = segment;
  op.data = {segment->data(), segment->size};
  note_consumed(side, segment->size);
  return true;
}

/// The peer learns of free room a quarter of the window at a time: rarely, yet before it stands still for long.
void Connection::note_consumed(unsigned side, std::size_t bytes) {
  Side& me = sides_[side];
  me.consumed += bytes;
  if (me.consumed < std::max<std::size_t>(window_ / 4, 1)) return;
  const auto amount = static_cast<std::uint32_t>(std::exchange(me.consumed, 0));
  schedule(room_.arrival(me.reactor->now()), other(side), kWindow, amount);
}

bool Connection::start_send(unsigned side, SendOp& op) {
  Side& me = sides_[side];
  assert(me.open && !me.sending);
  if (me.broken.kind || me.end_sent) {
    op.result = me.broken.kind ? me.broken : from_errno(EPIPE);
    return true;
  }
  me.sent = 0;
  op.result = {};
  if (push(side, op)) return true;
  me.sending = &op;
  return false;
}

bool Connection::push(unsigned side, SendOp& op) {
  Side& me = sides_[side];
  const std::size_t total = op.data[0].size() + op.data[1].size();
  while (me.sent < total) {
    if (me.room == 0) return false;
    Segment* segment = cut_piece(me, op);
    dispatch(other(side), *segment, me.reactor->now());
  }
  return true;
}

Segment* Connection::cut_piece(Side& me, const SendOp& op) {
  const Weather& weather = room_.weather;
  const std::size_t total = op.data[0].size() + op.data[1].size();
  std::size_t size = std::min({total - me.sent, me.room, std::max<std::size_t>(weather.segment_max, 1)});
  if (weather.partial) size = 1 + room_.random.below(size);
  const bool lost = room_.chance(weather.reset_per_segment);
  Segment* segment = Segment::make(lost ? Segment::Kind::cut : Segment::Kind::bytes, size);
  gather(op, me.sent, {segment->data(), size});
  me.sent += size;
  me.room -= size;
  return segment;
}

void Connection::shutdown_send(unsigned side) {
  Side& me = sides_[side];
  if (me.end_sent) return;
  if (me.sending) {
    me.end_wanted = true;
  } else {
    say(side, Segment::Kind::end);
    me.end_sent = true;
  }
}

void Connection::abort(unsigned side, ErrorKind why) {
  Side& me = sides_[side];
  if (!me.broken.kind) me.broken.kind = why;
  if (me.receiving || me.sending) schedule(me.reactor->now(), side, kAborted);
}

bool Connection::idle_ok(unsigned side) const {
  const Side& me = sides_[side];
  return !me.broken.kind && !me.end_seen && !me.incoming.first_arrived();
}

void Connection::close(unsigned side, Goodbye goodbye) {
  Side& me = sides_[side];
  assert(me.open && !me.receiving && !me.sending);
  me.open = false;
  if (me.held) Segment::free(std::exchange(me.held, nullptr));
  // As TCP does (RFC 1122, section 4.2.2.13): who closes with bytes unread resets.
  const bool rude = goodbye == Goodbye::reset || me.incoming.has_unread_bytes();
  me.incoming.drop_arrived();
  if (rude) {
    say(side, Segment::Kind::reset);
  } else if (!me.end_sent) {
    say(side, Segment::Kind::end);
  }
}

void Connection::reset_both(TimePoint client_knows) {
  for (const unsigned side : {kServer, kClient}) {
    Incoming& incoming = sides_[side].incoming;
    incoming.append(*Segment::make(Segment::Kind::reset, 0));
    incoming.last_arrival = std::max(incoming.last_arrival, side == kClient ? client_knows : room_.now());
    schedule(incoming.last_arrival, side, kSegment);
  }
}

void Connection::on_segment(unsigned side) {
  Side& me = sides_[side];
  const Segment::Kind kind = me.incoming.arrive().kind;
  if (kind == Segment::Kind::reset || kind == Segment::Kind::cut) return on_reset(side, kind == Segment::Kind::cut);
  if (!me.open || me.reset_seen) {
    me.incoming.drop_arrived();
    if (kind == Segment::Kind::bytes) say(side, Segment::Kind::reset);
    return;
  }
  if (me.broken.kind) return finish_broken(side);
  if (!me.receiving) return;
  ReceiveOp& op = *me.receiving;
  take(side, op);
  me.receiving = nullptr;
  op.complete();
}

void Connection::on_reset(unsigned side, bool tell_peer) {
  Side& me = sides_[side];
  me.incoming.drop_arrived();
  if (tell_peer) say(side, Segment::Kind::reset);
  me.reset_seen = true;
  if (!me.broken.kind) me.broken = from_errno(ECONNRESET);
  finish_broken(side);
}

void Connection::on_window(unsigned side, std::size_t bytes) {
  Side& me = sides_[side];
  me.room += bytes;
  if (!me.sending) return;
  if (me.broken.kind) return finish_broken(side);
  SendOp& op = *me.sending;
  if (!push(side, op)) return;
  me.sending = nullptr;
  if (std::exchange(me.end_wanted, false)) shutdown_send(side);
  op.complete();
}

/// Whoever is resumed may destroy the stream; the event that brought us here keeps the connection.
void Connection::finish_broken(unsigned side) {
  Side& me = sides_[side];
  if (SendOp* op = std::exchange(me.sending, nullptr)) {
    op->result = me.broken;
    op->complete();
  }
  if (ReceiveOp* op = std::exchange(me.receiving, nullptr)) {
    op->result = me.broken;
    op->data = {};
    op->complete();
  }
}

}  // namespace vajrapulse::runtime::simulated
