#pragma once

#include "../../integration/harness.hpp"

namespace vajrapulse::proofs {

/// A blocking socket, the least that a client can be: sends a request, waits for its answer, and tells when.
class Prober {
 public:
  explicit Prober(integration::DemoHost& server);
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  struct Asked {
    TimePoint sent;
    TimePoint answered;
    [[nodiscard]] Duration took() const noexcept { return answered - sent; }
  };
  Asked ask();
  /// Whether the last one was answered.
  [[nodiscard]] bool good() const noexcept { return good_; }

 private:
  const Clock& clock_;
  int fd_;
  bool connected_ = false;
  bool good_ = false;
};

}  // namespace vajrapulse::proofs
