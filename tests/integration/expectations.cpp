#include "expectations.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::integration {

void expect_failure(ClientHost& client, runtime::IoKind io, const std::string& url, ErrorKind kind,
                    const std::string& sentence) {
  namespace names = metrics::names;
  EXPECT_EQ(client.thread().reactor().name(), name_of(io));
  const http::Response response = client.get(url);
  EXPECT_EQ(response.error().name(), kind.name());
  EXPECT_EQ(response.message(), sentence);
  const metrics::Snapshot snapshot = client.snapshot();
  EXPECT_EQ(snapshot.counter(names::kErrors, {{"kind", std::string(kind.name())}}), 1u);
  EXPECT_EQ(snapshot.counter(names::kErrors), 1u);
  EXPECT_EQ(snapshot.counter(names::kRequestTotal, {{"status", "failure"}}), 1u);
  EXPECT_EQ(snapshot.counter(names::kRequestTotal), 1u);
  DemoHost demo(io);
  EXPECT_TRUE(client.get(demo.origin() + "/").ok()) << "the client goes on";
}

}  // namespace vajrapulse::integration
