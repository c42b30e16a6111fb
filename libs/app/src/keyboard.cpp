#include "keyboard.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>
#include <utility>

namespace vajrapulse::app {
namespace {

/// How often a process in the background looks whether it is in the foreground again.
constexpr Duration kBackground = std::chrono::seconds(1);

// What ends or halts a process without a word to anybody else; the rest comes to Signals.
constexpr std::array kFatal = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

// Signal handlers reach nothing else. They call only what POSIX calls safe there (2.4.3): tcsetattr, tcgetpgrp, raise.
termios as_it_was{};
termios by_keys{};
volatile std::sig_atomic_t listening = 0;

bool in_foreground() { return tcgetpgrp(STDIN_FILENO) == getpgrp(); }

/// Only in the foreground: from the background it would change the terminal under somebody else's hands.
void set(const termios& mode) {
  if (in_foreground()) tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

extern "C" void restore_and_die(int number) {
  if (listening) set(as_it_was);
  std::signal(number, SIG_DFL);
  raise(number);
}

extern "C" void restore_and_halt(int) {
  if (listening) set(as_it_was);
  raise(SIGSTOP);
}

extern "C" void listen_again(int) {
  if (listening) set(by_keys);
}

/// Takes a signal over, unless it is ignored (a shell's `&`) or somebody else's already (a sanitizer's).
void take_over(int number, void (*handler)(int)) {
  struct sigaction action{};
  if (sigaction(number, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

void give_back(int number, void (*handler)(int)) {
  struct sigaction action{};
  if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == handler) std::signal(number, SIG_DFL);
}

void each_handler(void (*apply)(int, void (*)(int))) {
  for (const int number : kFatal)
    apply(number, restore_and_die);
  apply(SIGTSTP, restore_and_halt);
  apply(SIGCONT, listen_again);
}

}  // namespace

bool Keyboard::present() { return isatty(STDIN_FILENO) == 1 && in_foreground(); }

Keyboard::Keyboard() {
  poll_.owner = this;
  poll_.fd = STDIN_FILENO;
  poll_.events = POLLIN;
  poll_.notify_with([](runtime::Operation& op) {
    Keyboard& keyboard = *static_cast<Watch&>(op).owner;
    if (keyboard.take()) keyboard.listen();
  });
}

void Keyboard::watch(runtime::Reactor& reactor, std::function<void(char)> on_key) {
  if (tcgetattr(STDIN_FILENO, &as_it_was) != 0) return;
  by_keys = as_it_was;
  by_keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  by_keys.c_cc[VMIN] = 1;
  by_keys.c_cc[VTIME] = 0;
  reactor_ = &reactor;
  on_key_ = std::move(on_key);
  listening = 1;
  each_handler(take_over);
  set(by_keys);
  listen();
}

void Keyboard::forget() {
  if (!reactor_) return;
  runtime::Reactor& reactor = *std::exchange(reactor_, nullptr);
  later_.cancel();
  reactor.cancel_poll(poll_);
  set(as_it_was);
  listening = 0;
  each_handler(give_back);
}

void Keyboard::listen() {
  while (reactor_ && reactor_->start_poll(poll_))
    if (!take()) return;
}

/// Reads what there is; false when it is not to be asked for at once again: there is no terminal any more, or it is
/// somebody else's for now.
bool Keyboard::take() {
  if (!reactor_) return false;
  if (!in_foreground()) {
    reactor_->timers().arm(later_, reactor_->now() + kBackground);
    return false;
  }
  std::array<char, 64> typed{};
  const ssize_t count = read(STDIN_FILENO, typed.data(), typed.size());
  if (count <= 0) return false;
  const std::string_view keys(typed.data(), std::size_t(count));
  for (const char key : keys.substr(0, keys.find('\x1b')))  // arrows and the like are no letters
    if (reactor_) on_key_(key);
  return reactor_ != nullptr;
}

}  // namespace vajrapulse::app
