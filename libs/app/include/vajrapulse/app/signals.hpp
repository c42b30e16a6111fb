#pragma once

#include <signal.h>

#include <functional>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::app {

/// SIGINT, SIGTERM and SIGHUP (unless it is ignored: nohup) as events of a reactor instead of interruptions. Create it
/// before any thread starts: the signals are blocked in the creating thread and all that it starts. SIGPIPE is ignored
/// from then on.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Calls `on_signal(number)` on `reactor` for every signal until `forget`.
  void watch(runtime::Reactor& reactor, std::function<void(int)> on_signal);
  void forget();
  /// From now on they end the process, as they do by default. On the thread that made this.
  void release();

 private:
  struct Watch : runtime::PollOp {
    Signals* owner = nullptr;
  };
  void arm();
  void drain();
  void read_all();
  sigset_t set_{};
  int fd_ = -1;
  Watch poll_;
  runtime::Reactor* reactor_ = nullptr;
  std::function<void(int)> on_signal_;
};

}  // namespace vajrapulse::app
