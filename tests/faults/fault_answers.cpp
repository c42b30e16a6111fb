#include "fault_server.hpp"

#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::faults {
namespace {

using runtime::Co;
using std::string_view_literals::operator""sv;
using Tls = FaultCase::Tls;

constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

Co<void> answer_well(Session& session) {
  for (;;) {
    const bool asked = co_await session.read_request();
    if (!asked) co_return;
    std::string hello(kHello);
    const bool said = co_await session.say(std::move(hello));
    if (!said) co_return;
  }
}

/// Reads a request, says `text`, and closes in due form.
Co<void> answer_and_close(Session& session, std::string_view text) {
  const bool asked = co_await session.read_request();
  if (!asked) co_return;
  std::string answer(text);
  co_await session.say(std::move(answer));
  session.stream.shutdown_send();
  co_await session.wait_for_the_end();
}

Co<void> say_and_reset(Session& session, std::string_view text) {
  co_await session.leave_request_unread();
  std::string answer(text);
  co_await session.say(std::move(answer));
  co_await session.reactor.sleep_for(session.script.patience);
}

Co<void> reset_before_head(Session& session) { return say_and_reset(session, ""); }
Co<void> reset_in_head(Session& session) { return say_and_reset(session, "HTTP/1.1 200 OK\r\ncontent-le"); }
Co<void> reset_in_body(Session& session) {
  return say_and_reset(session, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello");
}
Co<void> closed_before_head(Session& session) { return answer_and_close(session, ""); }
Co<void> closed_in_head(Session& session) { return answer_and_close(session, "HTTP/1.1 200 OK\r\ncontent-le"); }

Co<void> never_answers(Session& session) {
  const bool asked = co_await session.read_request();
  if (asked) co_await session.wait_for_the_end();
}

/// The peer's machine has gone without a word: the connection stands, and nobody is at its other end.
Co<void> half_open(Session& session) { return session.ignore_the_peer(); }

Co<void> stops_in_body(Session& session) {
  const bool asked = co_await session.read_request();
  if (!asked) co_return;
  std::string half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello";
  co_await session.say(std::move(half));
  co_await session.wait_for_the_end();
}

Co<void> one_byte_a_second(Session& session) {
  const bool asked = co_await session.read_request();
  if (!asked) co_return;
  for (const char c : kHello) {
    std::string byte(1, c);
    const bool said = co_await session.say(std::move(byte));
    if (!said) co_return;
    co_await session.reactor.sleep_for(session.script.pace);
  }
}

Co<void> truncated_body(Session& session) {
  return answer_and_close(session, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello");
}

Co<void> truncated_chunks(Session& session) {
  return answer_and_close(session, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe");
}

Co<void> oversized_head(Session& session) {
  const bool asked = co_await session.read_request();
  if (!asked) co_return;
  std::string head = "HTTP/1.1 200 OK\r\n";
  while (head.size() <= http::kHeadMax + 1024)
    head += "x-filler: " + std::string(500, 'x') + "\r\n";
  co_await session.say(std::move(head));
  co_await session.wait_for_the_end();
}

Co<void> garbage(Session& session) { return answer_and_close(session, "SSH-2.0-NotTheServerYouWanted\r\n\r\n"); }
Co<void> binary_garbage(Session& session) { return answer_and_close(session, "\x00\x01\x02\xff\r\n\r\n"sv); }
Co<void> bad_chunk(Session& session) {
  return answer_and_close(session, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n");
}
Co<void> bad_content_length(Session& session) {
  return answer_and_close(session, "HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\nhello");
}
Co<void> contradicting_content_lengths(Session& session) {
  return answer_and_close(session, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!");
}

Co<void> plain_text(Session& session) {
  std::string answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
  co_await session.say(std::move(answer));
  co_await session.wait_for_the_end();
}

/// The client has said hello, and that was all.
Co<void> closed_in_handshake(Session& session) {
  const auto [result, hello] = co_await session.stream.receive();
  if (!result.ok() || hello.empty()) co_return;
  session.stream.shutdown_send();
  co_await session.wait_for_the_end();
}

Co<void> reset_in_handshake(Session& session) { return say_and_reset(session, ""); }

/// A body that ends with the connection; the server then cuts that without a word of TLS.
Co<void> tls_truncated(Session& session) {
  const bool asked = co_await session.read_request();
  std::string answer = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello";
  if (asked) co_await session.say(std::move(answer));
}

constexpr FaultCase kCases[] = {
    {Fault::none, "none", kNoError, Tls::no, answer_well},
    {Fault::refused, "refused", runtime::kConnectionRefused},
    {Fault::unreachable, "unreachable", runtime::kUnreachable},
    {Fault::unknown_name, "unknown_name", runtime::kDnsFailure},
    {Fault::connect_timeout, "connect_timeout", runtime::kConnectTimeout},
    {Fault::no_descriptors, "no_descriptors", runtime::kNoDescriptors},
    {Fault::no_ports, "no_ports", runtime::kNoPorts},
    {Fault::reset_before_head, "reset_before_head", runtime::kConnectionReset, Tls::no, reset_before_head},
    {Fault::reset_in_head, "reset_in_head", runtime::kConnectionReset, Tls::no, reset_in_head},
    {Fault::reset_in_body, "reset_in_body", runtime::kConnectionReset, Tls::no, reset_in_body},
    {Fault::closed_before_head, "closed_before_head", runtime::kConnectionClosed, Tls::no, closed_before_head},
    {Fault::closed_in_head, "closed_in_head", http::kHttpTruncated, Tls::no, closed_in_head},
    {Fault::never_answers, "never_answers", kTimeout, Tls::no, never_answers},
    {Fault::half_open, "half_open", kTimeout, Tls::no, half_open},
    {Fault::stops_in_body, "stops_in_body", kTimeout, Tls::no, stops_in_body},
    {Fault::one_byte_a_second, "one_byte_a_second", kTimeout, Tls::no, one_byte_a_second},
    {Fault::truncated_body, "truncated_body", http::kHttpTruncated, Tls::no, truncated_body},
    {Fault::truncated_chunks, "truncated_chunks", http::kHttpTruncated, Tls::no, truncated_chunks},
    {Fault::oversized_head, "oversized_head", http::kHttpHeadTooLarge, Tls::no, oversized_head},
    {Fault::garbage, "garbage", http::kHttpMalformed, Tls::no, garbage},
    {Fault::binary_garbage, "binary_garbage", http::kHttpMalformed, Tls::no, binary_garbage},
    {Fault::bad_chunk, "bad_chunk", http::kHttpBadChunk, Tls::no, bad_chunk},
    {Fault::bad_content_length, "bad_content_length", http::kHttpBadContentLength, Tls::no, bad_content_length},
    {Fault::contradicting_content_lengths, "contradicting_content_lengths", http::kHttpBadContentLength, Tls::no,
     contradicting_content_lengths},
    {Fault::tls_none, "tls_none", kNoError, Tls::yes, answer_well, &Certificates::good},
    {Fault::tls_wrong_name, "tls_wrong_name", runtime::kTlsWrongName, Tls::yes, answer_well, &Certificates::wrong_name},
    {Fault::tls_expired, "tls_expired", runtime::kTlsExpired, Tls::yes, answer_well, &Certificates::expired},
    {Fault::tls_self_signed, "tls_self_signed", runtime::kTlsUntrusted, Tls::yes, answer_well,
     &Certificates::self_signed},
    {Fault::tls_plain_text, "tls_plain_text", runtime::kTlsNotTls, Tls::only_client, plain_text},
    {Fault::tls_closed_in_handshake, "tls_closed_in_handshake", runtime::kTlsHandshake, Tls::only_client,
     closed_in_handshake},
    {Fault::tls_reset_in_handshake, "tls_reset_in_handshake", runtime::kConnectionReset, Tls::only_client,
     reset_in_handshake},
    {Fault::tls_truncated, "tls_truncated", runtime::kTlsTruncated, Tls::yes, tls_truncated, &Certificates::good},
};

}  // namespace

std::span<const FaultCase> fault_cases() { return kCases; }

const FaultCase& fault_case(Fault fault) { return kCases[static_cast<std::size_t>(fault)]; }

}  // namespace vajrapulse::faults
