#include "vajrapulse/runtime/simulated/world.hpp"

#include "room.hpp"
#include "sim_reactor.hpp"

namespace vajrapulse::runtime::simulated {

struct World::Impl {
  Impl(std::uint64_t seed, const Weather& weather) : room(seed, weather) {}
  ~Impl() {
    room.end();
    room.reactors.clear();
  }

  void begin_run() {
    room.thread = std::this_thread::get_id();
    for (auto& reactor : room.reactors)
      reactor->check_timers();
  }

  Room room;
};

World::World(std::uint64_t seed, Weather weather) : impl_(std::make_unique<Impl>(seed, weather)) {}
World::~World() = default;

Reactor& World::reactor(std::string_view) {
  auto& reactors = impl_->room.reactors;
  reactors.emplace_back(new SimReactor(impl_->room, static_cast<std::uint32_t>(reactors.size())));
  return *reactors.back();
}

const Clock& World::clock() const { return impl_->room; }
void World::set_weather(const Weather& weather) { impl_->room.weather = weather; }
std::size_t World::connections() const { return impl_->room.connections; }
std::uint64_t World::trace() const { return impl_->room.trace(); }

void World::freeze(Reactor& reactor, Duration duration) { static_cast<SimReactor&>(reactor).freeze(duration); }

void World::burden(Reactor& reactor, Duration each_event) { static_cast<SimReactor&>(reactor).burden(each_event); }

void World::compute(Reactor& reactor, Duration duration) { static_cast<SimReactor&>(reactor).compute(duration); }

World::Usage World::usage(const Reactor& reactor) const { return static_cast<const SimReactor&>(reactor).usage(); }

void World::step_calendar(Duration by) { impl_->room.calendar_step += by; }

void World::break_address(const Address& address, ErrorKind kind) {
  if (kind) {
    impl_->room.broken.insert_or_assign(address.text(), kind);
  } else {
    impl_->room.broken.erase(address.text());
  }
}

void World::name(std::string_view host, std::vector<Address> addresses) {
  impl_->room.names.insert_or_assign(std::string(host), std::move(addresses));
}

std::uint64_t World::run(TimePoint until) {
  Room& room = impl_->room;
  const std::uint64_t before = room.events();
  impl_->begin_run();
  while (room.step(until)) {
  }
  if (until != TimePoint::max()) room.move_to(until);
  return room.events() - before;
}

bool World::run_until(const std::function<bool()>& done) {
  impl_->begin_run();
  while (!done())
    if (!impl_->room.step(TimePoint::max())) return done();
  return true;
}

}  // namespace vajrapulse::runtime::simulated
