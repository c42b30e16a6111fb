#include "uring_reactor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "uring_stream.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr std::uint64_t kTagMask = 7;
constexpr unsigned kMostSlots = 32 * 1024;
constexpr unsigned kShortBatch = 4;

using Tag = UringReactor::Tag;

template <class T>
T& object_of(std::uint64_t token) noexcept {
  return *reinterpret_cast<T*>(token & ~kTagMask);
}

/// Most sends were complete when they began, and nobody waits for a close: no clock reading for those.
bool resumes_someone(const io_uring_cqe& completion) noexcept {
  const auto tag = static_cast<Tag>(completion.user_data & kTagMask);
  if (tag == Tag::send) return object_of<UringStream>(completion.user_data).sends_user_memory();
  return tag == Tag::receive || tag == Tag::connect || tag == Tag::accept || tag == Tag::poll;
}

/// The kernel allows as many registered files as open ones.
unsigned slots_allowed() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, kMostSlots));
}

}  // namespace

Expected<std::unique_ptr<Reactor>> UringReactor::make() {
  if (const std::string& why = why_no_uring(); !why.empty()) return fail(kIo, why, "use --io epoll");
  auto ring = UringRing::make();
  if (!ring) return std::unexpected(std::move(ring.error()));
  auto reactor = std::unique_ptr<UringReactor>(new UringReactor(std::move(*ring)));
  if (const int error = reactor->buffers_.register_with(reactor->ring_->raw()); error != 0) {
    return fail(kIo, fmt::format("io_uring takes no receive buffers: {}", std::generic_category().message(error)),
                "use --io epoll");
  }
  reactor->register_files();
  return std::unique_ptr<Reactor>(std::move(reactor));
}

UringReactor::~UringReactor() {
  let_go();
  // Closes that were asked for go out before the ring ends; then nothing can name a stream any more.
  ring_->submit_at_end();
  ring_.reset();
  for (UringStream* stream : closing_)
    UringStream::free(*stream);
  for (UringListener* listener : closing_listeners_)
    UringListener::free(*listener);
}

void UringReactor::register_files() noexcept {
  const unsigned count = slots_allowed();
  if (io_uring_register_files_sparse(&ring_->raw(), count) != 0) return;  // then plain descriptors do
  free_slots_.reserve(count);
  for (unsigned slot = count; slot > 0; --slot)
    free_slots_.push_back(static_cast<int>(slot) - 1);
}

UringReactor::Socket UringReactor::adopt(Descriptor socket) noexcept {
  if (!free_slots_.empty()) {
    const int slot = free_slots_.back();
    const int fd = socket.get();
    if (io_uring_register_files_update(&ring_->raw(), static_cast<unsigned>(slot), &fd, 1) == 1) {
      free_slots_.pop_back();
      return {.number = slot, .registered = true};
    }
  }
  return {.number = socket.release(), .registered = false};
}

void UringReactor::forget(Socket socket) {
  if (socket.registered) free_slots_.push_back(socket.number);
}

io_uring_sqe& UringReactor::request(Tag tag, const void* object, int opcode) noexcept {
  io_uring_sqe& sqe = ring_->request();
  sqe.opcode = static_cast<std::uint8_t>(opcode);
  sqe.user_data = token(tag, object);
  return sqe;
}

io_uring_sqe& UringReactor::request(Tag tag, const void* object, int opcode, Socket socket) noexcept {
  io_uring_sqe& sqe = request(tag, object, opcode);
  sqe.fd = socket.number;
  if (socket.registered) sqe.flags = IOSQE_FIXED_FILE;
  return sqe;
}

void UringReactor::cancel(std::uint64_t target) noexcept {
  io_uring_sqe& sqe = request(Tag::other, nullptr, IORING_OP_ASYNC_CANCEL);
  sqe.fd = -1;
  sqe.addr = target;
}

bool UringReactor::start_connect(ConnectOp& op) {
  Descriptor socket = open_socket(op.address.family(), Blocking::yes);  // the kernel waits, not we
  if (!socket.valid()) {
    op.result = from_errno(errno);
    return true;
  }
  // The operation owns the stream from the start; when connecting fails it loses it again.
  auto* stream = new UringStream(*this, adopt(std::move(socket)), op.address);
  op.stream.reset(stream);
  stream->start_connect(op);
  return false;
}

void UringReactor::abort_connect(ConnectOp& op, ErrorKind why) {
  auto* stream = static_cast<UringStream*>(op.stream.get());
  if (stream && stream->connecting()) stream->abort_connect(why);
}

Expected<std::unique_ptr<Listener>> UringReactor::listen(const Address& address) {
  auto socket = open_listener(address, Blocking::yes);
  if (!socket) return std::unexpected(socket.error());
  auto* listener = new UringListener(*this, std::move(*socket));
  return std::unique_ptr<Listener>(listener);
}

bool UringReactor::start_poll(PollOp& op) {
  io_uring_sqe& sqe = request(Tag::poll, &op, IORING_OP_POLL_ADD);
  sqe.fd = op.fd;
  sqe.poll32_events = static_cast<std::uint16_t>(op.events);
  return false;
}

void UringReactor::cancel_poll(PollOp& op) { cancel(token(Tag::poll, &op)); }

void UringReactor::enter() {
  ring_->enable();
  if (!watching_wake_) watch_wake_descriptor();
}

void UringReactor::watch_wake_descriptor() noexcept {
  watching_wake_ = true;
  io_uring_sqe& sqe = request(Tag::wake, nullptr, IORING_OP_POLL_ADD);
  sqe.fd = wake_descriptor();
  sqe.poll32_events = POLLIN;
  sqe.len = IORING_POLL_ADD_MULTI;
}

void UringReactor::wait_and_handle(std::optional<TimePoint> until) {
  const unsigned wanted = gathering_.wanted(awaited_);
  ring_->submit_and_wait(until, *this, wanted, turn_end());
  ++turn_;
  begin_turn();
  const unsigned count = ring_->completions();
  if (wanted > 1) note_gathering(Gathering::kAtMost);
  gathering_.saw(count, event_time_);
  if (count == 0) return;
  note_work();
  handle_all(count);
  // After a short batch the time is still right enough; a timer that came due meanwhile has the next turn.
  if (count > kShortBatch) stamp_event();
}

void UringReactor::handle_all(unsigned count) {
  for (unsigned i = 1; i <= count; ++i) {
    const io_uring_cqe completion = ring_->take();
    if (i > 1 && resumes_someone(completion)) stamp_event();
    handle(completion);
    if (ring_->unsubmitted() >= kSubmitBatch) ring_->submit();
    if (i % kEventsBetweenTimers == 0) {
      stamp_event();
      fire_timers();
    }
  }
}

void UringReactor::handle(const io_uring_cqe& cqe) {
  const std::uint64_t token = cqe.user_data;
  switch (static_cast<Tag>(token & kTagMask)) {
    case Tag::receive: return object_of<UringStream>(token).on_receive(cqe.res, cqe.flags);
    case Tag::send: return object_of<UringStream>(token).on_send(cqe.res);
    case Tag::connect: return object_of<UringStream>(token).on_connect(cqe.res);
    case Tag::close: return object_of<UringStream>(token).on_close();
    case Tag::other:
      if ((token & ~kTagMask) != 0) object_of<UringStream>(token).on_shutdown();
      return;
    case Tag::accept: return object_of<UringListener>(token).on_accept(cqe.res);
    case Tag::poll: {
      auto& op = object_of<PollOp>(token);
      op.ready = static_cast<short>(std::max(cqe.res, 0));
      op.result = from_errno(cqe.res < 0 ? -cqe.res : 0);
      return op.complete();
    }
    case Tag::wake:
      if ((cqe.flags & IORING_CQE_F_MORE) == 0) watch_wake_descriptor();
      return;
  }
}

void UringReactor::handle_ready() {
  if (ready_.empty()) return;
  note_work();
  stamp_event();
  ready_.handle_all([](std::uint64_t token) {
    if (static_cast<Tag>(token & kTagMask) == Tag::accept) {
      object_of<UringListener>(token).on_ready();
    } else {
      object_of<UringStream>(token).on_ready();
    }
  });
}

void UringReactor::keep_until_complete(UringStream& stream) {
  stream.set_place(closing_.size());
  closing_.push_back(&stream);
}

void UringReactor::complete_at_last(UringStream& stream) {
  UringStream* const last = closing_.back();
  closing_[stream.place()] = last;
  last->set_place(stream.place());
  closing_.pop_back();
  UringStream::free(stream);
}

void UringReactor::complete_at_last(UringListener& listener) {
  std::erase(closing_listeners_, &listener);
  UringListener::free(listener);
}

}  // namespace vajrapulse::runtime
