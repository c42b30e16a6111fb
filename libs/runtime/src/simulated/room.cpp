#include "room.hpp"

#include <string_view>

#include "sim_reactor.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

/// Not zero, because no real monotonic clock ever reads zero.
constexpr Duration kStart = std::chrono::hours(1);
/// Time 0 of every world, on the calendar: 2026-01-01T00:00:00Z.
constexpr WallTime kEpoch{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
constexpr std::uint16_t kFirstPort = 32768;
constexpr std::uint16_t kLastPort = 60999;
/// A network that loses everything still delivers, late: TCP gives up on its own terms, not ours.
constexpr int kMaxRetransmissions = 15;

std::string wildcard_of(const Address& address) {
  const char* any = address.family() == AF_INET6 ? "[::]:" : "0.0.0.0:";
  return any + std::to_string(address.port());
}

}  // namespace

Room::Room(std::uint64_t seed, const Weather& w)
    : weather(w), random(seed), thread(std::this_thread::get_id()), now_ns_(to_ns(kStart)), trace_(seed) {}

TimePoint Room::now() const noexcept { return TimePoint{Duration{now_ns_.load(std::memory_order_relaxed)}}; }

WallTime Room::wall_at(TimePoint time) const noexcept {
  return kEpoch + (time.time_since_epoch() - kStart) + calendar_step;
}

void Room::move_to(TimePoint time) noexcept {
  if (time > now()) now_ns_.store(to_ns(time.time_since_epoch()), std::memory_order_relaxed);
}

void Room::note(TimePoint when, std::uint64_t what) noexcept {
  ++events_;
  // FNV-1a over whole words: enough to tell two histories apart.
  trace_ = (trace_ ^ static_cast<std::uint64_t>(to_ns(when.time_since_epoch()))) * 0x100000001b3U;
  trace_ = (trace_ ^ what) * 0x100000001b3U;
  trace_ ^= trace_ >> 29;
}

bool Room::step(TimePoint limit) {
  if (posted.load(std::memory_order_acquire)) distribute_messages();
  if (queue_.empty() || queue_.next_at() > limit) return false;
  const Event event = queue_.pop();
  move_to(event.when);
  SimReactor* owner = event.target->owner(event.what);
  if (owner) {
    owner->deliver(event);
  } else {
    event.target->on_event(event);
    event.target->release();
  }
  return true;
}

void Room::distribute_messages() {
  posted.store(false, std::memory_order_release);
  for (auto& reactor : reactors)
    reactor->wake_for_messages();
}

Duration Room::latency() {
  const Duration spread = weather.latency_max - weather.latency_min;
  if (spread <= Duration{0}) return weather.latency_min;
  return weather.latency_min + Duration{static_cast<Duration::rep>(random.below(to_ns(spread) + 1))};
}

TimePoint Room::arrival(TimePoint from) {
  TimePoint at = from + latency();
  for (int i = 0; i < kMaxRetransmissions && chance(weather.loss); ++i)
    at += weather.retransmit_after;
  return at;
}

Acceptor* Room::listening_at(const Address& address) {
  auto found = listeners_.find(address.text());
  if (found == listeners_.end() && address.family() != AF_UNIX) found = listeners_.find(wildcard_of(address));
  return found == listeners_.end() ? nullptr : found->second;
}

void Room::add_listener(const Address& address, Acceptor& acceptor) { listeners_[address.text()] = &acceptor; }
void Room::remove_listener(const Address& address) { listeners_.erase(address.text()); }

Address Room::bound(Address address) {
  if (address.family() == AF_UNIX || address.port() != 0) return address;
  do {
    address.set_port(next_port_);
    next_port_ = next_port_ == kLastPort ? kFirstPort : next_port_ + 1;
  } while (listeners_.contains(address.text()));
  return address;
}

Address Room::ephemeral(const Address& to) {
  if (to.family() == AF_UNIX) return to;
  Address local = *Address::ip(to.family() == AF_INET6 ? "::1" : "127.0.0.1", 0);
  local.set_port(next_port_);
  next_port_ = next_port_ == kLastPort ? kFirstPort : next_port_ + 1;
  return local;
}

}  // namespace vajrapulse::runtime::simulated
