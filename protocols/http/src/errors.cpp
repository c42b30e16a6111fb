#include "vajrapulse/http/errors.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vajrapulse::http {
namespace {

constexpr int kFirst = 100;
constexpr int kLast = 999;
constexpr std::string_view kPrefix = "status-";
using Name = std::array<char, 10>;

// Kinds are compared and kept by name, so each status has its name for good.
constexpr auto kStatusNames = [] {
  std::array<Name, kLast - kFirst + 1> names{};
  for (int status = kFirst; status <= kLast; ++status) {
    Name& name = names[static_cast<std::size_t>(status - kFirst)];
    std::ranges::copy(kPrefix, name.begin());
    name[7] = static_cast<char>('0' + status / 100);
    name[8] = static_cast<char>('0' + status / 10 % 10);
    name[9] = static_cast<char>('0' + status % 10);
  }
  return names;
}();

// RFC 9110 section 15, and the statuses people meet from RFC 6585 and 4918.
constexpr std::pair<int, std::string_view> kPhrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {511, "Network Authentication Required"},
};

constexpr std::pair<ErrorKind, std::string_view> kTexts[] = {
    {kHttpMalformed, "the answer is no HTTP/1 response: is this the right port, and plain or TLS as the URL says"},
    {kHttpHeadTooLarge, "the response head is larger than 64 KiB"},
    {kHttpBodyTooLarge, "the response body is larger than what may be kept of one"},
    {kHttpBadChunk, "the chunked body is framed wrongly: the server, or something before it, is broken"},
    {kHttpBadContentLength, "the content-length is no number or is given twice with different values"},
    {kHttpTruncated, "the connection was closed before the response was complete"},
    {kHttpTooManyRedirects, "more redirects than allowed: raise the limit, or ask for the final URL"},
    {kHttpBadRedirect, "the redirect leads to what is no http or https URL"},
    {kHttpDecode, "the compressed body cannot be decoded: it is damaged, or not what content-encoding says"},
};

}  // namespace

ErrorKind status_kind(int status) noexcept {
  const Name& name = kStatusNames[static_cast<std::size_t>(std::clamp(status, kFirst, kLast) - kFirst)];
  return ErrorKind(std::string_view(name.data(), name.size()));
}

std::string_view reason_phrase(int status) noexcept {
  const auto* found = std::ranges::find(kPhrases, status, &std::pair<int, std::string_view>::first);
  return found == std::end(kPhrases) ? std::string_view() : found->second;
}

std::string describe(ErrorKind kind) {
  const auto* found = std::ranges::find(kTexts, kind, &std::pair<ErrorKind, std::string_view>::first);
  return found == std::end(kTexts) ? std::string() : std::string(found->second);
}

}  // namespace vajrapulse::http
