#pragma once

#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::http {

// The kinds of failure that HTTP adds to those of the network (runtime/errors.hpp).
inline constexpr ErrorKind kHttpMalformed{"http-malformed"};          ///< what came is no HTTP/1 response
inline constexpr ErrorKind kHttpHeadTooLarge{"http-head-too-large"};  ///< a head of more than kHeadMax bytes
inline constexpr ErrorKind kHttpBadChunk{"http-bad-chunk"};           ///< chunked framing that cannot be followed
inline constexpr ErrorKind kHttpBadContentLength{"http-bad-content-length"};  ///< no number, or several that differ
inline constexpr ErrorKind kHttpTruncated{"http-truncated"};                  ///< the peer closed inside a response
inline constexpr ErrorKind kHttpTooManyRedirects{"http-too-many-redirects"};
inline constexpr ErrorKind kHttpBadRedirect{"http-bad-redirect"};     ///< a redirect to what is no http or https URL
inline constexpr ErrorKind kHttpDecode{"http-decode"};                ///< a compressed body that cannot be decoded
inline constexpr ErrorKind kHttpBodyTooLarge{"http-body-too-large"};  ///< longer than what is kept of a body

/// `status-404` for 404: the kind of a response whose status counts as failed. `status` is 100 to 999.
[[nodiscard]] ErrorKind status_kind(int status) noexcept;

/// The phrase RFC 9110 gives a status ("Not Found"); empty for one it does not know.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// What a kind of HTTP failure means, in one sentence a person can act on; empty for kinds that are not
/// declared here.
[[nodiscard]] std::string describe(ErrorKind kind);

}  // namespace vajrapulse::http
