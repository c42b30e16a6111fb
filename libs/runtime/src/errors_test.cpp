#include "vajrapulse/runtime/errors.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace vajrapulse::runtime {
namespace {

TEST(Errors, NamesWhatAnErrnoMeans) {
  EXPECT_TRUE(from_errno(0).ok());
  EXPECT_EQ(from_errno(ECONNREFUSED).kind, kConnectionRefused);
  EXPECT_EQ(from_errno(ENETUNREACH).kind, kUnreachable);
  EXPECT_EQ(from_errno(EHOSTUNREACH).kind, kUnreachable);
  EXPECT_EQ(from_errno(ECONNRESET).kind, kConnectionReset);
  EXPECT_EQ(from_errno(EPIPE).kind, kConnectionReset);
  EXPECT_EQ(from_errno(EMFILE).kind, kNoDescriptors);
  EXPECT_EQ(from_errno(ENFILE).kind, kNoDescriptors);
  EXPECT_EQ(from_errno(EADDRNOTAVAIL).kind, kNoPorts);
  EXPECT_EQ(from_errno(EIO).kind, kIo);
  EXPECT_EQ(from_errno(EIO).os_error, EIO);
}

TEST(Errors, DescribesEveryKindInWords) {
  for (const ErrorKind kind : {kConnectionRefused, kUnreachable, kDnsFailure, kConnectTimeout, kConnectionReset,
                               kConnectionClosed, kNoDescriptors, kNoPorts, kTlsHandshake, kTlsWrongName, kTlsExpired,
                               kTlsUntrusted, kTlsNotTls, kTlsTruncated, kTimeout, kCancelled}) {
    EXPECT_NE(describe({kind, 0}), kind.name());
  }
  EXPECT_NE(describe(from_errno(EIO)).find("errno 5"), std::string::npos);
  EXPECT_EQ(describe({}), "success");
}

}  // namespace
}  // namespace vajrapulse::runtime
