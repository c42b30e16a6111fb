#include "generator.hpp"

#include <sched.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

namespace vajrapulse::app {

Expected<runtime::IoKind> io_kind(const std::string& text) {
  if (text == "auto") return runtime::IoKind::automatic;
  if (text == "io_uring") return runtime::IoKind::io_uring;
  if (text == "epoll") return runtime::IoKind::epoll;
  return fail(kUsage, "--io " + text + " is unknown", "give auto, io_uring or epoll");
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint64_t fresh_seed() {
  std::uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = std::uint64_t(getpid());
  return seed >> 11;
}

Status check_shards(std::optional<std::size_t> given, std::size_t most, const std::string& why) {
  constexpr std::size_t kMost = 1024;
  if (!given) return {};
  const std::string said = "--shards " + std::to_string(*given);
  if (*given == 0 || *given > kMost)
    return fail(kUsage, said + " is out of range", "give 1 to 1024, for example --shards 2");
  if (*given > most)
    return fail(kUsage, said + " is more than " + why + " feeds", "give --shards " + std::to_string(most) + " at most");
  return {};
}

std::size_t processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::size_t(CPU_COUNT(&set)) : 1;
}

}  // namespace vajrapulse::app
