// Code that blocks its thread runs on a pool of its own; what waits for a thread of the pool is measured.
#include <netdb.h>

#include <vajrapulse/vajrapulse.hpp>

class Lookup final : public vajrapulse::BlockingTask {
 public:
  Result execute(const Iteration& /*iteration*/) override {
    addrinfo* found = nullptr;
    const int error = getaddrinfo("localhost", nullptr, nullptr, &found);
    if (error != 0) return Result::failure(kLookupFailed, gai_strerror(error));
    freeaddrinfo(found);
    return Result::success();
  }

 private:
  static constexpr vajrapulse::ErrorKind kLookupFailed{"lookup-failed"};
};

int main(int argc, char** argv) { return vajrapulse::main(argc, argv, {vajrapulse::task<Lookup>("lookup")}); }
