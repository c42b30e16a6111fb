#include "vajrapulse/app/signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace vajrapulse::app {

Signals::Signals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  struct sigaction hangup{};  // nohup ignores it, and a blocked signal would arrive all the same
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaddset(&set_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  fd_ = signalfd(-1, &set_, SFD_NONBLOCK | SFD_CLOEXEC);
  poll_.owner = this;
  poll_.fd = fd_;
  poll_.events = POLLIN;
  poll_.notify_with([](runtime::Operation& op) { static_cast<Watch&>(op).owner->drain(); });
}

Signals::~Signals() { close(fd_); }

void Signals::release() {
  read_all();  // one that came as the run ended must not end the report
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

void Signals::watch(runtime::Reactor& reactor, std::function<void(int)> on_signal) {
  reactor_ = &reactor;
  on_signal_ = std::move(on_signal);
  arm();
}

void Signals::forget() {
  if (!reactor_) return;
  runtime::Reactor& reactor = *std::exchange(reactor_, nullptr);
  reactor.cancel_poll(poll_);
}

void Signals::arm() {
  while (reactor_ && reactor_->start_poll(poll_))
    read_all();
}

void Signals::drain() {
  read_all();
  arm();
}

void Signals::read_all() {
  signalfd_siginfo info{};
  while (read(fd_, &info, sizeof info) == sizeof info)
    if (reactor_ && on_signal_) on_signal_(int(info.ssi_signo));
}

}  // namespace vajrapulse::app
