#include <llhttp.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "reading.hpp"

// Our reader against llhttp: where both take a response, they must read the same one.
//
// Both may refuse what the other takes: llhttp wants CR LF everywhere and no length beside chunked; we want "HTTP/1."
// and header values without control characters. 204 and 304 have no body for us, whatever length they carry (RFC 9112
// section 6.3); llhttp believes the length. Of a list of transfer codings we drop white space and empty elements
// (RFC 9110 sections 5.6.1 and 5.6.3: "chunked," and "chunked\t" are chunked); llhttp takes them for part of the name.
// So only a coding that stands alone is compared.
namespace {

using vajrapulse::http::Reading;

struct Opinion {
  std::string body;
  int status = 0;
  bool complete = false;
  bool keep_alive = false;
};

Opinion& opinion_of(llhttp_t* parser) { return *static_cast<Opinion*>(parser->data); }

int on_headers_complete(llhttp_t* parser) {
  opinion_of(parser).status = llhttp_get_status_code(parser);
  opinion_of(parser).keep_alive = llhttp_should_keep_alive(parser) != 0;
  return 0;
}

int on_body(llhttp_t* parser, const char* at, std::size_t length) {
  opinion_of(parser).body.append(at, length);
  return 0;
}

int on_message_complete(llhttp_t* parser) {
  if (opinion_of(parser).status < 200) return 0;  // interim
  opinion_of(parser).complete = true;
  return HPE_PAUSED;
}

Opinion ask(std::string_view bytes) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_headers_complete = on_headers_complete;
  settings.on_body = on_body;
  settings.on_message_complete = on_message_complete;
  llhttp_t parser;
  llhttp_init(&parser, HTTP_RESPONSE, &settings);
  Opinion opinion;
  parser.data = &opinion;
  if (llhttp_execute(&parser, bytes.data(), bytes.size()) == HPE_OK) llhttp_finish(&parser);
  return opinion;
}

bool names_codings_as_a_list(std::string head) {
  constexpr std::string_view kField = "transfer-encoding:";
  std::ranges::transform(head, head.begin(), [](unsigned char each) { return std::tolower(each); });
  std::size_t fields = 0;
  for (std::size_t at = head.find(kField); at != std::string::npos; at = head.find(kField, at + 1)) {
    const std::string_view value = std::string_view(head).substr(at + kField.size());
    if (++fields > 1 || value.substr(0, value.find('\n')).find_first_of(",\t") != std::string_view::npos) return true;
  }
  return false;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Reading ours = vajrapulse::http::read_whole(bytes);
  const Opinion theirs = ask(bytes);
  if (!ours.complete || !theirs.complete || ours.status < 200) return 0;
  require(ours.status == theirs.status);
  if (ours.status == 204 || ours.status == 304) return 0;
  if (names_codings_as_a_list(ours.head)) return 0;
  require(ours.body == theirs.body);
  // We are more careful about reuse, never less.
  require(!ours.keep_alive || theirs.keep_alive);
  return 0;
}
