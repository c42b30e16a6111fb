#include "vajrapulse/engine/host_probe.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace vajrapulse::engine {
namespace {

constexpr double kNs = 1e-9;

/// A file of /proc, open from the start: a run that has used up its descriptors could not open it at its end, and a
/// figure that is missing there would make a negative difference.
class ProcFile {
 public:
  explicit ProcFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ProcFile(ProcFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ProcFile& operator=(ProcFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~ProcFile() {
    if (fd_ >= 0) close(fd_);
  }
  /// Its first bytes as they are now; empty when there is no such file.
  [[nodiscard]] std::string text() const {
    char buffer[512];
    const ssize_t size = pread(fd_, buffer, sizeof buffer, 0);
    return size > 0 ? std::string(buffer, std::size_t(size)) : std::string();
  }

 private:
  int fd_;
};

/// /proc/PID/task/TID/schedstat: nanoseconds on a processor, nanoseconds runnable but waiting for one, slices.
struct SchedStat {
  double ran_s = 0;
  double waited_s = 0;
};

SchedStat schedstat_of(const ProcFile& file) {
  std::istringstream text(file.text());
  std::uint64_t ran_ns = 0, waited_ns = 0;
  if (!(text >> ran_ns >> waited_ns)) return {};
  return {double(ran_ns) * kNs, double(waited_ns) * kNs};
}

/// The eighth figure of /proc/stat's first line: ticks that the hypervisor gave to others, of all processors.
double steal_s_of(const ProcFile& file) {
  std::istringstream text(file.text());
  std::string cpu;
  std::uint64_t ticks = 0;
  text >> cpu;
  for (int i = 0; i < 8; ++i)
    text >> ticks;
  return text ? double(ticks) / double(sysconf(_SC_CLK_TCK)) : 0;
}

double seconds(const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; }

class ProcProbe final : public HostProbe {
 public:
  void register_shard(std::size_t shard) override {
    std::lock_guard lock(mutex_);
    while (threads_.size() <= shard)
      threads_.emplace_back("");
    threads_[shard] = ProcFile("/proc/self/task/" + std::to_string(gettid()) + "/schedstat");
  }

  Reading read() override {
    Reading reading;
    std::lock_guard lock(mutex_);
    for (const ProcFile& thread : threads_) {
      const SchedStat stat = schedstat_of(thread);
      reading.shard_cpu_s.push_back(stat.ran_s);
      reading.run_queue_wait_s += stat.waited_s;
    }
    reading.steal_s = steal_s_of(stat_);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    reading.process_cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    reading.max_rss_bytes = std::uint64_t(usage.ru_maxrss) * 1024;
    return reading;
  }

 private:
  std::mutex mutex_;
  ProcFile stat_{"/proc/stat"};
  std::vector<ProcFile> threads_;  ///< by shard; one that cannot be read where none has registered
};

}  // namespace

std::unique_ptr<HostProbe> make_host_probe() { return std::make_unique<ProcProbe>(); }

}  // namespace vajrapulse::engine
