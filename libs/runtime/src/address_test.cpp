#include "vajrapulse/runtime/address.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <string_view>

#include <string>

namespace vajrapulse::runtime {
namespace {

TEST(Address, ReadsIpv4AndIpv6WithPorts) {
  EXPECT_EQ(Address::parse("127.0.0.1:80")->text(), "127.0.0.1:80");
  EXPECT_EQ(Address::parse("[::1]:8443")->text(), "[::1]:8443");
  EXPECT_EQ(Address::ip("[::1]", 1)->text(), "[::1]:1");
  EXPECT_EQ(Address::ip("::1", 65535)->port(), 65535);
  EXPECT_EQ(Address::parse("unix:/tmp/a.sock")->text(), "unix:/tmp/a.sock");
}

TEST(Address, RefusesWhatIsNoNumericAddress) {
  for (const char* text : {"localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "::1:80", "",
                           ":80", "[::1]", "256.0.0.1:80", "unix:"}) {
    EXPECT_FALSE(Address::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(Address::unix_socket(std::string(108, 'x')).has_value());
  EXPECT_TRUE(Address::unix_socket(std::string(107, 'x')).has_value());
}

TEST(Address, ANulHidesNothing) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(Address::ip("::2\0x"sv, 80));
  EXPECT_FALSE(Address::ip("127.0.0.1\0"sv, 80));
}

TEST(Address, HasTheBytesTheKernelWants) {
  const Address address = *Address::parse("127.0.0.1:80");
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.data());
  EXPECT_EQ(address.size(), sizeof(sockaddr_in));
  EXPECT_EQ(v4->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  EXPECT_EQ(v4->sin_port, htons(80));
  EXPECT_EQ(Address::from_sockaddr(address.data(), address.size()), address);
}

TEST(Address, KnowsLoopback) {
  EXPECT_TRUE(Address::parse("127.8.9.1:1")->is_loopback());
  EXPECT_TRUE(Address::parse("[::1]:1")->is_loopback());
  EXPECT_TRUE(Address::parse("[::ffff:127.0.0.1]:1")->is_loopback());
  EXPECT_TRUE(Address::parse("unix:/x")->is_loopback());
  EXPECT_FALSE(Address::parse("10.0.0.1:1")->is_loopback());
  EXPECT_FALSE(Address::parse("[2001:db8::1]:1")->is_loopback());
}

TEST(Address, ComparesByWhatItNames) {
  Address a = *Address::parse("127.0.0.1:80");
  const Address b = *Address::parse("127.0.0.1:81");
  EXPECT_FALSE(a == b);
  a.set_port(81);
  EXPECT_EQ(a, b);
  EXPECT_FALSE(a == *Address::parse("unix:/x"));
}

}  // namespace
}  // namespace vajrapulse::runtime
