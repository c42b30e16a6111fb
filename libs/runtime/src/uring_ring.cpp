#include "uring_ring.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "gathering.hpp"
#include "socket.hpp"
#include "uring_buffers.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr unsigned kRequests = 2048;
constexpr unsigned kCompletions = 16 * 1024;
// Newer than the library's header.
constexpr unsigned kFeatureMinTimeout = 1U << 15;  // Linux 6.12, which also brought:
constexpr unsigned kEnterAbsoluteTimer = 1U << 5;

// The library's own mark for a ring whose descriptor is registered.
constexpr unsigned kRegisteredRing = 1;

constexpr unsigned kFlags =
    IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

std::string words(int error) { return std::generic_category().message(error); }

int set_up(io_uring& ring, unsigned requests, unsigned completions, unsigned more_flags) noexcept {
  io_uring_params params{};
  params.flags = kFlags | more_flags;
  params.cq_entries = completions;
  const int error = io_uring_queue_init_params(requests, &ring, &params);
  return -error;
}

std::string explain_set_up(int error) {
  switch (error) {
    case ENOSYS: return "this kernel has no io_uring";
    case EPERM: return "io_uring is switched off here (kernel.io_uring_disabled, or a sandbox)";
    case EINVAL: return "io_uring lacks DEFER_TASKRUN: it needs Linux 6.1 or newer";
    default: return fmt::format("io_uring cannot be set up: {}", words(error));
  }
}

/// Sends a byte to ourselves and sees whether a multishot receive brings it in a provided buffer.
std::string try_receive(io_uring& ring) {
  if ((ring.features & IORING_FEAT_EXT_ARG) == 0) return "io_uring cannot wait with a time-out";
  UringBuffers buffers;
  if (const int error = buffers.register_with(ring); error != 0) {
    return fmt::format("io_uring takes no ring of receive buffers: {}", words(error));
  }
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return "no socket pair for the probe";
  const Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  [[maybe_unused]] const auto written = ::write(theirs.get(), "x", 1);
  io_uring_sqe* sqe = io_uring_get_sqe(&ring);
  io_uring_prep_recv_multishot(sqe, ours.get(), nullptr, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = UringBuffers::kGroup;
  __kernel_timespec patience{.tv_sec = 1, .tv_nsec = 0};
  io_uring_cqe* cqe = nullptr;
  const int result = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &patience, nullptr);
  if (result < 0 || !cqe) return fmt::format("io_uring did not complete a receive: {}", words(-result));
  if (cqe->res < 0) return fmt::format("io_uring cannot receive multishot: {}", words(-cqe->res));
  const bool as_needed =
      cqe->res == 1 && (cqe->flags & IORING_CQE_F_BUFFER) != 0 && (cqe->flags & IORING_CQE_F_MORE) != 0;
  return as_needed ? "" : "io_uring received, but not multishot into a provided buffer";
}

std::string probe() {
  io_uring ring{};
  if (const int error = set_up(ring, 8, 16, 0); error != 0) return explain_set_up(error);
  std::string why = try_receive(ring);
  io_uring_queue_exit(&ring);
  return why;
}

}  // namespace

const std::string& why_no_uring() {
  static const std::string why = probe();
  return why;
}

Expected<std::unique_ptr<UringRing>> UringRing::make() {
  auto ring = std::unique_ptr<UringRing>(new UringRing);
  // Disabled at first: the thread that runs the loop, not the one that makes it, becomes the issuer.
  const int error = set_up(ring->ring_, kRequests, kCompletions, IORING_SETUP_R_DISABLED);
  if (error != 0) {
    ring->ring_.ring_fd = -1;
    return fail(ErrorKind{"io"}, explain_set_up(error), "use --io epoll");
  }
  for (unsigned i = 0; i < ring->ring_.sq.ring_entries; ++i)
    ring->ring_.sq.array[i] = i;
  ring->absolute_timeouts_ = (ring->ring_.features & kFeatureMinTimeout) != 0;
  return ring;
}

UringRing::~UringRing() {
  if (ring_.ring_fd < 0) return;
  // The registration of the ring's descriptor belongs to the thread that ran the loop, and ended with it. The
  // same number here would be some other ring's.
  if (enabled_ && issuer_ != std::this_thread::get_id()) ring_.int_flags &= static_cast<__u8>(~kRegisteredRing);
  io_uring_queue_exit(&ring_);
}

void UringRing::enable() noexcept {
  if (enabled_) return;
  enabled_ = true;
  issuer_ = std::this_thread::get_id();
  io_uring_enable_rings(&ring_);
  io_uring_register_ring_fd(&ring_);  // saves looking the descriptor up at each entry; fine when refused
}

unsigned UringRing::unsubmitted() const noexcept {
  return ring_.sq.sqe_tail - io_uring_smp_load_acquire(ring_.sq.khead);
}

io_uring_sqe& UringRing::request() noexcept {
  while (unsubmitted() == ring_.sq.ring_entries) [[unlikely]] {
    enable();
    submit();
  }
  io_uring_sqe& sqe = ring_.sq.sqes[ring_.sq.sqe_tail & ring_.sq.ring_mask];
  ++ring_.sq.sqe_tail;
  std::memset(&sqe, 0, sizeof(sqe));
  return sqe;
}

void UringRing::publish() noexcept { io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail); }

int UringRing::enter(unsigned wait_for, unsigned flags, void* argument, std::size_t size) noexcept {
  publish();
  if ((ring_.int_flags & kRegisteredRing) != 0) flags |= IORING_ENTER_REGISTERED_RING;
  return io_uring_enter2(static_cast<unsigned>(ring_.enter_ring_fd), unsubmitted(), wait_for, flags,
                         static_cast<sigset_t*>(argument), size);
}

void UringRing::submit() noexcept {
  if (enabled_ && unsubmitted() != 0) enter(0, 0, nullptr, _NSIG / 8);
}

void UringRing::submit_at_end() noexcept {
  if (issuer_ == std::this_thread::get_id()) submit();
}

void UringRing::submit_and_wait(std::optional<TimePoint> until, const Clock& clock, unsigned wanted,
                                TimePoint now) noexcept {
  // Time-outs, signals and a full completion queue all end the wait early, which the turn handles anyway.
  if (until && *until == TimePoint::min()) {
    enter(0, IORING_ENTER_GETEVENTS, nullptr, _NSIG / 8);
    return;
  }
  if (!absolute_timeouts_) wanted = 1;  // what brought those brought the gathering, too
  if (!until && wanted == 1) {
    enter(1, IORING_ENTER_GETEVENTS, nullptr, _NSIG / 8);
    return;
  }
  io_uring_getevents_arg argument{};
  argument.sigmask_sz = _NSIG / 8;
  __kernel_timespec time{};
  unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
  if (until) {
    Duration wait = until->time_since_epoch();
    if (absolute_timeouts_) {
      flags |= kEnterAbsoluteTimer;
    } else {
      wait = std::max(Duration::zero(), *until - clock.now());
    }
    time = {.tv_sec = wait.count() / 1'000'000'000, .tv_nsec = wait.count() % 1'000'000'000};
    argument.ts = reinterpret_cast<std::uint64_t>(&time);
  }
  if (wanted > 1) {
    const Duration patience = until ? std::min(Gathering::kAtMost, *until - now) : Gathering::kAtMost;
    const auto microseconds = std::chrono::floor<std::chrono::microseconds>(patience).count();
    if (microseconds <= 0) wanted = 1;
    // min_wait_usec, the field that older headers call padding: after it, one completion is enough.
    argument.pad = static_cast<__u32>(std::max<std::int64_t>(microseconds, 0));
  }
  enter(wanted, flags, &argument, sizeof(argument));
}

unsigned UringRing::completions() const noexcept { return io_uring_smp_load_acquire(ring_.cq.ktail) - *ring_.cq.khead; }

io_uring_cqe UringRing::take() noexcept {
  const unsigned head = *ring_.cq.khead;
  const io_uring_cqe cqe = ring_.cq.cqes[head & ring_.cq.ring_mask];
  io_uring_smp_store_release(ring_.cq.khead, head + 1);
  return cqe;
}

}  // namespace vajrapulse::runtime
