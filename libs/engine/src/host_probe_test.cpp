#include "vajrapulse/engine/host_probe.hpp"

#include <sys/resource.h>

#include <gtest/gtest.h>

namespace vajrapulse::engine {
namespace {

// The kernel's figures only grow: with no descriptor left to open /proc with, they still do.
TEST(HostProbe, ReadsTheSameFilesWhenDescriptorsHaveRunOut) {
  const auto probe = make_host_probe();
  probe->register_shard(0);
  HostProbe::Reading before = probe->read();
  for (int tries = 0; before.shard_cpu_s.at(0) <= 0 && tries < 1'000'000; ++tries)  // the kernel adds up at ticks
    before = probe->read();
  if (before.shard_cpu_s.at(0) <= 0) GTEST_SKIP() << "this kernel keeps no schedstat";

  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto after = probe->read();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);

  EXPECT_GE(after.steal_s, before.steal_s);
  EXPECT_GE(after.run_queue_wait_s, before.run_queue_wait_s);
  EXPECT_GE(after.shard_cpu_s.at(0), before.shard_cpu_s.at(0));
}

}  // namespace
}  // namespace vajrapulse::engine
