#pragma once

#include <functional>
#include <string>

#include "vajrapulse/engine/control.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::app {

/// Keys pressed on the terminal that standard input is, one by one and not echoed, as events of a reactor. Ctrl-C and
/// Ctrl-Z stay what they are. The terminal is as it was after `forget`, and when a signal ends or halts the process.
///
/// In the background nothing is read and the terminal is left alone; brought back, it listens again. One at a time.
class Keyboard {
 public:
  /// Whether somebody can press keys here: standard input is a terminal and the process in its foreground.
  static bool present();

  Keyboard();
  ~Keyboard() { forget(); }
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;

  /// Calls `on_key` on `reactor` for every key until `forget`. On the reactor's thread.
  void watch(runtime::Reactor& reactor, std::function<void(char)> on_key);
  void forget();

 private:
  struct Watch : runtime::PollOp {
    Keyboard* owner = nullptr;
  };
  struct Later : runtime::Timer {
    explicit Later(Keyboard& of) : Timer(&ring), owner(of) {}
    static void ring(Timer& timer) { static_cast<Later&>(timer).owner.listen(); }
    Keyboard& owner;
  };
  void listen();
  bool take();
  Watch poll_;
  Later later_{*this};
  runtime::Reactor* reactor_ = nullptr;
  std::function<void(char)> on_key_;
};

}  // namespace vajrapulse::app
