#include "epoll_reactor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>

#include "epoll_stream.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr std::uint64_t kTagBits = 3;
constexpr int kShortBatch = 4;
constexpr std::uint64_t kTagMask = (1U << kTagBits) - 1;

using Tag = EpollReactor::Tag;

Tag tag_of(std::uint64_t token) noexcept { return static_cast<Tag>(token & kTagMask); }
template <class T>
T& object_of(std::uint64_t token) noexcept {
  return *reinterpret_cast<T*>(token & ~kTagMask);
}

timespec to_timespec(Duration d) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d);
  return {.tv_sec = seconds.count(), .tv_nsec = (d - seconds).count()};
}

int epoll_pwait2_syscall(int epoll, epoll_event* events, int size, const timespec* timeout) noexcept {
  constexpr long kEpollPwait2 = 441;  // the same on every architecture; older headers lack the name
  return static_cast<int>(::syscall(kEpollPwait2, epoll, events, size, timeout, nullptr, std::size_t{0}));
}

/// epoll lets a sleep end late by up to a 200th of it, to save power. So long sleeps end early, and a short
/// one follows.
Duration shortened(Duration wait) noexcept {
  constexpr Duration kLong = std::chrono::milliseconds(4);
  return wait < kLong ? wait : wait - wait / 128;
}

}  // namespace

Expected<std::unique_ptr<Reactor>> EpollReactor::make(Sleep sleep) {
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) {
    return fail(from_errno(errno).kind,
                fmt::format("cannot make an epoll descriptor: {}", std::generic_category().message(errno)),
                "raise `ulimit -n`");
  }
  return std::unique_ptr<Reactor>(new EpollReactor(std::move(epoll), sleep));
}

EpollReactor::EpollReactor(Descriptor epoll, Sleep sleep) : epoll_(std::move(epoll)), sleep_(sleep) {
  watch(wake_descriptor(), EPOLLIN | EPOLLET, token(Tag::wake, nullptr));
}

EpollReactor::~EpollReactor() {
  let_go();
  handle_ready();
}

int EpollReactor::watch(int fd, std::uint32_t events, std::uint64_t token) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

bool EpollReactor::start_connect(ConnectOp& op) {
  Descriptor socket = open_socket(op.address.family(), Blocking::no);
  if (!socket.valid()) {
    op.result = from_errno(errno);
    return true;
  }
  // The operation owns the stream from the start; when connecting fails it loses it again.
  auto* stream = new EpollStream(*this, std::move(socket), op.address);
  op.stream.reset(stream);
  if (!stream->start_connect(op)) return false;
  if (!op.result.ok()) op.stream.reset();
  return true;
}

void EpollReactor::abort_connect(ConnectOp& op, ErrorKind why) {
  auto* stream = static_cast<EpollStream*>(op.stream.get());
  if (stream && stream->connecting()) stream->abort_connect(why);
}

Expected<std::unique_ptr<Listener>> EpollReactor::listen(const Address& address) {
  auto socket = open_listener(address, Blocking::no);
  if (!socket) return std::unexpected(socket.error());
  auto listener = std::unique_ptr<EpollListener>(new EpollListener(*this, std::move(*socket)));
  if (const int error = listener->watch(); error != 0) {
    return fail(from_errno(error).kind,
                fmt::format("cannot watch {}: {}", address.text(), describe(from_errno(error))));
  }
  return std::unique_ptr<Listener>(std::move(listener));
}

bool EpollReactor::start_poll(PollOp& op) {
  Watch& watch = watches_[op.fd];
  watch.ops.push_back(&op);
  int error = rearm_poll(op.fd, watch, EPOLL_CTL_MOD);
  if (error == ENOENT) error = rearm_poll(op.fd, watch, EPOLL_CTL_ADD);
  if (error == 0) return false;
  watch.ops.pop_back();
  if (watch.ops.empty()) watches_.erase(op.fd);
  // Regular files cannot be watched, because they are always ready.
  op.ready = error == EPERM ? op.events : short{0};
  op.result = error == EPERM ? IoResult{} : from_errno(error);
  return true;
}

int EpollReactor::rearm_poll(int fd, const Watch& watch, int how) noexcept {
  epoll_event event{};
  event.events = EPOLLONESHOT;
  for (const PollOp* op : watch.ops)
    event.events |= static_cast<std::uint32_t>(op->events);
  event.data.u64 = (static_cast<std::uint64_t>(fd) << kTagBits) | static_cast<std::uint64_t>(Tag::poll);
  return ::epoll_ctl(epoll_.get(), how, fd, &event) == 0 ? 0 : errno;
}

void EpollReactor::cancel_poll(PollOp& op) {
  const auto found = watches_.find(op.fd);
  if (found == watches_.end()) return;
  std::vector<PollOp*>& ops = found->second.ops;
  if (std::erase(ops, &op) == 0) return;
  if (ops.empty()) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, op.fd, nullptr);  // fails when its owner has closed it: fine
    watches_.erase(found);
  } else {
    rearm_poll(op.fd, found->second, EPOLL_CTL_MOD);
  }
  op.ready = 0;
  op.result = {.kind = kCancelled};
  defer(op);
}

void EpollReactor::handle_poll(int fd, std::uint32_t events) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  std::vector<PollOp*> done;
  const auto concerned = [events](const PollOp* op) {
    return (events & (static_cast<std::uint32_t>(op->events) | EPOLLERR | EPOLLHUP)) != 0;
  };
  std::copy_if(found->second.ops.begin(), found->second.ops.end(), std::back_inserter(done), concerned);
  std::erase_if(found->second.ops, concerned);
  if (found->second.ops.empty()) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    watches_.erase(found);
  } else {
    rearm_poll(fd, found->second, EPOLL_CTL_MOD);
  }
  for (PollOp* op : done) {
    op->ready = static_cast<short>(events & (static_cast<std::uint32_t>(op->events) | EPOLLERR | EPOLLHUP));
    op->result = {};
    op->complete();
  }
}

int EpollReactor::wait(std::optional<TimePoint> until) noexcept {
  if (!until) return ::epoll_wait(epoll_.get(), events_.data(), kEventsPerTurn, -1);
  if (*until == TimePoint::min()) return ::epoll_wait(epoll_.get(), events_.data(), kEventsPerTurn, 0);
  const Duration left = *until - now();
  if (left <= Duration::zero()) return ::epoll_wait(epoll_.get(), events_.data(), kEventsPerTurn, 0);
  if (sleep_ == Sleep::timer_descriptor) return wait_with_timer_descriptor(*until);
  const timespec timeout = to_timespec(shortened(left));
  const int count = epoll_pwait2_syscall(epoll_.get(), events_.data(), kEventsPerTurn, &timeout);
  if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
  sleep_ = Sleep::timer_descriptor;  // before Linux 5.11, or forbidden in a sandbox that does not know it
  return wait_with_timer_descriptor(*until);
}

int EpollReactor::wait_with_timer_descriptor(TimePoint until) noexcept {
  if (!timer_.valid()) {
    timer_ = Descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    watch(timer_.get(), EPOLLIN | EPOLLET, token(Tag::timer, nullptr));
  }
  itimerspec alarm{};
  alarm.it_value = to_timespec(until.time_since_epoch());
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &alarm, nullptr);
  return ::epoll_wait(epoll_.get(), events_.data(), kEventsPerTurn, -1);
}

void EpollReactor::wait_and_handle(std::optional<TimePoint> until) {
  const int count = wait(until);
  begin_turn();
  for (int i = 0; i < count; ++i) {
    if (i > 0) stamp_event();
    if (i > 0 && i % kEventsBetweenTimers == 0) fire_timers();
    handle(events_[i].data.u64, events_[i].events);
  }
  if (count <= 0) return;
  note_work();
  // After a short batch the time is still right enough; a timer that came due meanwhile has the next turn.
  if (count > kShortBatch) stamp_event();
}

void EpollReactor::handle(std::uint64_t token, std::uint32_t events) {
  switch (tag_of(token)) {
    case Tag::stream: return object_of<EpollStream>(token).on_events(events);
    case Tag::listener: return object_of<EpollListener>(token).on_events();
    case Tag::poll: return handle_poll(static_cast<int>(token >> kTagBits), events);
    case Tag::wake:
    case Tag::timer: return;  // the turn looks at messages and timers anyway
  }
}

void EpollReactor::handle_ready() {
  if (!ready_.empty()) {
    note_work();
    stamp_event();
    ready_.handle_all([](std::uint64_t token) {
      if (tag_of(token) == Tag::stream) {
        object_of<EpollStream>(token).on_ready();
      } else {
        object_of<EpollListener>(token).on_ready();
      }
    });
  }
  free_buried();
}

void EpollReactor::free_buried() {
  std::erase_if(buried_, [](std::uint64_t token) {
    return tag_of(token) == Tag::stream ? EpollStream::free(object_of<EpollStream>(token))
                                        : EpollListener::free(object_of<EpollListener>(token));
  });
}

}  // namespace vajrapulse::runtime
