#pragma once

#include <vector>

namespace vajrapulse::runtime {

/// What is to be looked at later in the turn, without waiting for the kernel. What is added while the queue
/// is handled waits for the next turn, so that nobody keeps the loop to himself.
template <class T>
class ReadyQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  void push(T item) { items_.push_back(item); }

  template <class Handle>
  void handle_all(Handle handle) {
    handling_.swap(items_);
    for (const T& item : handling_)
      handle(item);
    handling_.clear();
  }

 private:
  std::vector<T> items_;
  std::vector<T> handling_;
};

}  // namespace vajrapulse::runtime
