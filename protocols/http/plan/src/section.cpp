#include "section.hpp"

#include <utility>

#include "vajrapulse/schema/object.hpp"
#include "vajrapulse/schema/shapes.hpp"

namespace vajrapulse::http_plan {
namespace {

using document::Node;
using schema::object;
using schema::Placed;
using schema::Shape;

constexpr int kRedirectsMost = 100;
constexpr std::int64_t kConnectionsMost = 1'000'000;

struct Tls {
  bool verify = true;
  std::optional<Placed<std::string>> ca, cert, key;
};

struct Written {
  const Node* base_url = nullptr;
  const Node* headers = nullptr;
  const Node* auth = nullptr;
  Cookies cookies = Cookies::iteration;
  Duration timeout = http::ClientSettings{}.timeout;
  std::size_t connections = 0;
  bool keep_alive = true;
  int redirects = 0;
  bool compressed = false;
  http::FailOn fail_on;
  std::vector<http::Pin> resolve;
  std::string unix_socket;
  Tls tls;
};

Shape<http::FailOn> fail_on_shape() {
  return schema::custom<http::FailOn>({.name = "rule for statuses",
                                       .about = "Which statuses are failures, or `never`.",
                                       .examples = {"status >= 500", "status != 200 and status != 404", "never"},
                                       .numbers = schema::ScalarForm::Numbers::none},
                                      &http::FailOn::parse);
}

Shape<std::vector<http::Pin>> resolve_shape() {
  return schema::one_or_list(schema::custom<http::Pin>({.name = "pinned address",
                                                        .about = "host:port:address, whatever DNS says.",
                                                        .examples = {"example.org:443:127.0.0.1"},
                                                        .numbers = schema::ScalarForm::Numbers::none},
                                                       &http::Pin::parse));
}

schema::Object<Tls> tls_object() {
  auto tls = object<Tls>("tls section", "How servers are trusted, and who we are to them.");
  tls.field("verify", &Tls::verify, schema::boolean(), "Whether certificates and host names are checked.")
      .fallback("true")
      .field("ca", &Tls::ca, schema::text({.name = "file", .least = 1}),
             "Who signs: PEM, instead of the system's store.")
      .example("ca.pem")
      .field("cert", &Tls::cert, schema::text({.name = "file", .least = 1}), "The certificate we show: PEM, a chain.")
      .example("client.pem")
      .field("key", &Tls::key, schema::text({.name = "file", .least = 1}), "Its key, when it is in a file of its own.")
      .example("client.key")
      .needs("key", {"cert"});
  return tls;
}

Shape<Written> section_shape() {
  auto section = object<Written>("http section", "How requests are sent, for all http steps of the plan.");
  section
      .field("base-url", &Written::base_url,
             schema::untouched(described(schema::template_text({.name = "URL", .least = 1}))),
             "What stands before the URL of a step that has no host of its own.")
      .example("http://127.0.0.1:8080")
      .field("timeout", &Written::timeout, schema::duration(), "Of a whole request, redirects included; 0s: none.")
      .fallback("30s")
      .field("headers", &Written::headers, schema::untouched(headers_description()),
             "Of every request; one of the step's own with the same name wins.")
      .example("{ accept: application/json }")
      .field("connections", &Written::connections, schema::integer<std::size_t>(1, kConnectionsMost),
             "Open at once, per host, for all shards together; as many as are needed unless said.")
      .example("64")
      .field("keep-alive", &Written::keep_alive, schema::boolean(), "Whether a connection carries further requests.")
      .fallback("true")
      .field("redirects", &Written::redirects, schema::integer<int>(0, kRedirectsMost),
             "How many are followed; one more is a failure. With 0 a redirect is the answer.")
      .fallback("0")
      .field("cookies", &Written::cookies,
             schema::choice<Cookies>("keeper of cookies",
                                     {{"iteration", Cookies::iteration, "each iteration begins without any"},
                                      {"user", Cookies::user, "a user of a closed load keeps them for its next one"},
                                      {"none", Cookies::none, "cookies are not looked at"}}),
             "Who keeps the cookies that servers set.")
      .fallback("iteration")
      .field("auth", &Written::auth, schema::untouched(auth_description()),
             "Of every request that says nothing of its own.")
      .example("{ bearer: \"{{token}}\" }")
      .field("fail-on", &Written::fail_on, fail_on_shape(),
             "Which statuses are failures, where a step does not expect one.")
      .fallback("status >= 400")
      .field("compressed", &Written::compressed, schema::boolean(), "Whether to ask for gzip, br and zstd.")
      .fallback("false")
      .field("resolve", &Written::resolve, resolve_shape(), "Where hosts really are, whatever DNS says.")
      .field("unix-socket", &Written::unix_socket, schema::text({.name = "path", .least = 1}),
             "A socket that every connection goes to.")
      .example("/run/server.sock")
      .field("tls", &Written::tls, tls_object(), "For https.");
  return section;
}

const Shape<Written>& shape() {
  static const Shape<Written> kShape = section_shape();
  return kShape;
}

std::optional<Node> copy_of(const Node* node) { return node ? std::optional(*node) : std::nullopt; }

/// Where a file that the plan names is.
bool locate(const std::optional<Placed<std::string>>& file, const Files& files, schema::Reading& reading,
            std::string& into) {
  if (!file) return true;
  if (!files.locate) {
    into = file->value;
    return true;
  }
  auto path = files.locate(file->value);
  if (!path) {
    reading.diagnostics().error(file->place, path.error().message, path.error().cure);
    return false;
  }
  into = std::move(*path);
  return true;
}

}  // namespace

schema::DescriptionPtr headers_description() {
  return described(
      schema::map_of(schema::template_text({.name = "header value"}), {.key = "header", .ignore_case = true}));
}

schema::DescriptionPtr auth_description() {
  struct Basic {
    std::string user, password;
  };
  struct Auth {
    Basic basic;
    std::string bearer;
  };
  auto basic = object<Basic>("basic", "User and password (RFC 7617).");
  basic.field("user", &Basic::user, schema::template_text({.name = "user"}), "The user.")
      .required()
      .example("\"{{users.name}}\"")
      .field("password", &Basic::password, schema::template_text({.name = "password"}), "The password.")
      .required()
      .example("\"{{secret.PASSWORD}}\"");
  auto auth = object<Auth>("auth", "Who we are, as the authorization header says it.");
  auth.field("basic", &Auth::basic, basic, "User and password.")
      .field("bearer", &Auth::bearer, schema::template_text({.name = "token", .least = 1}), "A token (RFC 6750).")
      .example("\"{{token}}\"")
      .exactly_one({"basic", "bearer"});
  return described(auth.shape());
}

schema::DescriptionPtr section_description() { return described(shape()); }

bool read_section(const Node& node, const Files& files, schema::Reading& reading, Section& into) {
  Written written;
  bool good = shape()->read(node, written, reading);
  into = {.base_url = copy_of(written.base_url),
          .headers = copy_of(written.headers),
          .auth = copy_of(written.auth),
          .cookies = written.cookies,
          .client = {}};
  http::ClientSettings& client = into.client;
  client.timeout = written.timeout;
  client.connections = written.connections;
  client.keep_alive = written.keep_alive;
  client.redirects = written.redirects;
  client.fail_on = written.fail_on;
  client.decompress = written.compressed;
  client.resolve = std::move(written.resolve);
  client.unix_socket = std::move(written.unix_socket);
  if (!written.tls.verify) client.tls.verify = runtime::TlsVerify::nothing;
  good = locate(written.tls.ca, files, reading, client.tls.ca_file) && good;
  good = locate(written.tls.cert, files, reading, client.tls.certificate_file) && good;
  good = locate(written.tls.key, files, reading, client.tls.key_file) && good;
  return good;
}

}  // namespace vajrapulse::http_plan
