#include "vajrapulse/runtime/errors.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace vajrapulse::runtime {
namespace {

ErrorKind kind_of(int error) noexcept {
  switch (error) {
    case 0: return kNoError;
    case ECONNREFUSED:
    case ENOENT:  // a Unix socket that is not there
    case EAGAIN:  // a Unix socket whose backlog is full
      return kConnectionRefused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EAFNOSUPPORT: return kUnreachable;
    case ETIMEDOUT: return kConnectTimeout;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ENOTCONN: return kConnectionReset;
    case EMFILE:
    case ENFILE: return kNoDescriptors;
    case EADDRNOTAVAIL: return kNoPorts;
    case ECANCELED: return kCancelled;
    default: return kIo;
  }
}

struct Sentence {
  ErrorKind kind;
  std::string_view text;
};

constexpr std::array kSentences = {
    Sentence{kConnectionRefused, "connection refused: nothing listens there, or its backlog is full"},
    Sentence{kUnreachable, "no route to the host: check the address and the network"},
    Sentence{kDnsFailure, "the name cannot be resolved: check its spelling and the DNS server"},
    Sentence{kConnectTimeout, "no answer to the connection attempt in time: host down, or a firewall drops packets"},
    Sentence{kConnectionReset, "the peer reset the connection"},
    Sentence{kConnectionClosed, "the peer closed the connection before the answer was complete"},
    Sentence{kNoDescriptors, "this process is out of file descriptors: raise `ulimit -n`, or use fewer connections"},
    Sentence{kNoPorts,
             "no local port is free: reuse connections, or widen net.ipv4.ip_local_port_range on this machine"},
    Sentence{kTlsHandshake, "the TLS handshake failed"},
    Sentence{kTlsWrongName, "the certificate is for another name: check the host in the URL"},
    Sentence{kTlsExpired, "the certificate has expired, or is not valid yet"},
    Sentence{kTlsUntrusted, "the certificate's issuer is not trusted: give its CA, or allow insecure connections"},
    Sentence{kTlsNotTls, "the peer does not speak TLS on this port: check the scheme and the port"},
    Sentence{kTlsTruncated, "the peer ended the TLS connection without saying so: the data may be cut short"},
    Sentence{kTimeout, "no answer in time"},
    Sentence{kCancelled, "stopped before it ended"},
};

}  // namespace

IoResult from_errno(int error) noexcept { return {.kind = kind_of(error), .os_error = error}; }

std::string describe(IoResult result) {
  if (result.ok()) return "success";
  for (const Sentence& sentence : kSentences) {
    if (sentence.kind == result.kind) return std::string(sentence.text);
  }
  if (result.os_error == 0) return std::string(result.kind.name());
  return fmt::format("{} error: {} (errno {})", result.kind.name(), std::generic_category().message(result.os_error),
                     result.os_error);
}

}  // namespace vajrapulse::runtime
