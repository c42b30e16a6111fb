#include "request_text.hpp"

#include <algorithm>
#include <utility>

#include "step_line.hpp"
#include "vajrapulse/http/encodings.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/http/url.hpp"

namespace vajrapulse::http_plan {
namespace {

using document::Node;
using plan::Compiler;
using plan::Encoding;
using plan::Template;

/// The part of a scalar that begins at this byte, as a scalar of its own.
Node part_of(const Node& whole, std::size_t at, std::string_view text) {
  Node part = whole;
  part.text = text;
  const auto before = std::string_view(whole.text).substr(0, at);
  const auto characters = static_cast<std::size_t>(
      std::ranges::count_if(before, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  part.place = plan::place_of(whole, {.column = characters + 1, .length = 1, .message = {}, .cure = {}});
  part.place.length = std::max<std::size_t>(1, text.size());
  part.style = document::Style::plain;
  return part;
}

/// A path that stands before that of `url`: one slash between them is enough.
std::string_view before(std::string_view path, const UrlText& url) noexcept {
  while (path.ends_with('/') && url.path.starts_with('/'))
    path.remove_suffix(1);
  return path;
}

/// Compiles one step; small steps of one long way, which share what they find.
class RequestCompiler {
 public:
  RequestCompiler(const StepText& step, const Section& section, const Files& files, Compiler& compiler)
      : step_(step), section_(section), files_(files), compiler_(compiler) {}

  std::optional<RequestText> compile() {
    const std::size_t errors = compiler_.diagnostics().errors();
    line();
    body();
    headers();
    limits();
    if (compiler_.diagnostics().errors() != errors) return std::nullopt;
    return std::move(result_);
  }

 private:
  // The URL.

  void line() {
    if (step_.line->kind != Node::Kind::scalar) {
      compiler_.wrong_kind(*step_.line, "a request", "a text", "write for example http: GET /items");
      return;
    }
    auto parsed = parse_step_line(step_.line->text);
    if (!parsed) {
      const auto& mistake = parsed.error();
      return compiler_.error(plan::place_of(*step_.line, mistake), mistake.message, mistake.cure);
    }
    result_.request.method = parsed->method;
    const UrlText url = take_apart(parsed->url);
    name(parsed->method, url);
    shown_ = parsed->method + " " + parsed->url;
    const std::size_t at = parsed->at;
    if (url.origin.empty()) {
      relative(url, at);
    } else {
      const Node origin = part_of(*step_.line, at, url.origin);
      absolute(origin, url, at);
    }
  }

  void name(const std::string& method, const UrlText& url) {
    std::string& name = result_.request.name;
    if (step_.name && step_.name->kind == Node::Kind::scalar) {
      if (auto known = compiler_.known(*step_.name, "the name of a request")) name = std::move(*known);
      if (!name.empty()) return;
    }
    const bool whole = url.path.empty() && url.origin.find("{{") != url.origin.npos;
    name = method + " " + std::string(whole ? url.origin : url.path.empty() ? "/" : url.path);
  }

  void relative(const UrlText& url, std::size_t at) {
    if (!section_.base_url) {
      const Node there = part_of(*step_.line, at, step_.line->text.substr(at));
      return compiler_.error(there.place, "'" + there.text + "' has no host, and the plan has no base-url",
                             "write base-url: http://HOST:PORT under http:, or the host here");
    }
    absolute(*section_.base_url, url, at);
  }

  /// `origin` may have a path, too, which stands before that of the URL.
  void absolute(const Node& origin, const UrlText& url, std::size_t at) {
    const std::size_t errors = compiler_.diagnostics().errors();
    const UrlText parts = take_apart(origin.text);
    const std::string host_text(parts.origin.empty() ? std::string_view(origin.text) : parts.origin);
    const Template host = compiler_.text(part_of(origin, 0, host_text), Encoding::url);
    if (compiler_.diagnostics().errors() != errors) return;
    secret_ = secret_ || host.secret();
    if (!host.constant()) return all_varies(origin, url, at);
    const UrlText fixed = take_apart(host.text());
    auto base = http::parse_url(fixed.origin.empty() ? host.text() : fixed.origin);
    if (!base) return compiler_.error(origin.place, base.error().message, base.error().cure);
    origin_ = fixed.origin;
    // Constant and known: what a variable brought of a path is text, not a template.
    result_.url.constant(http::percent_encoded(before(fixed.path, url), http::UrlPart::url));
    if (!parts.origin.empty()) add_url(origin, parts.origin.size(), before(parts.path, url));
    const bool whole_url = url.path.empty() && !fixed.query.empty();
    if (whole_url) result_.url.constant(fixed.query);
    target(url, at, whole_url);
    std::string all = result_.url.is_constant() ? result_.url.text() : std::string();
    result_.request.url = origin_;
    if (!result_.url.is_constant()) {
      result_.varies.url = http::Varies::Url::target;
      return;
    }
    if (!all.starts_with('/')) all.insert(0, "/");
    result_.request.url += all;
    if (compiler_.diagnostics().errors() != errors) return;
    if (auto whole = http::parse_url(result_.request.url); !whole)
      compiler_.error(step_.line->place, whole.error().message, whole.error().cure);
  }

  void all_varies(const Node& origin, const UrlText& url, std::size_t at) {
    result_.varies.url = http::Varies::Url::all;
    const bool own = &origin != (section_.base_url ? &*section_.base_url : nullptr);
    if (own && section_.base_url) relative_base();
    add_url(origin, 0, own ? std::string_view(origin.text) : before(origin.text, url));
    target(url, at, false);
  }

  /// A link that a server gave may turn out to be relative.
  void relative_base() {
    auto text = plan::Template::compile(section_.base_url->text, compiler_.vocabulary(), Encoding::url);
    if (!text || !text->constant()) return;
    if (auto base = http::parse_url(text->text())) result_.base = take_apart(text->text()).origin;
  }

  void target(const UrlText& url, std::size_t at, bool has_query) {
    const std::size_t path = at + url.origin.size();
    add_url(*step_.line, path, url.path);
    add_url(*step_.line, path + url.path.size(), url.query);
    if (!step_.query) return;
    result_.url.constant(!has_query && url.query.empty() ? "?" : url.query == "?" ? "" : "&");
    append_pairs(*step_.query, "query", result_.url, compiler_);
  }

  void add_url(const Node& whole, std::size_t at, std::string_view text) {
    if (text.empty()) return;
    Template part = encoded_text(part_of(whole, at, text), Encoding::url, compiler_);
    result_.url.filled(std::move(part));
  }

  // Headers.

  void headers() {
    if (step_.headers) read_headers(*step_.headers, true);
    const bool own_type = says("content-type");
    if (!own_type && body_ && body_->own_type) add("content-type", body_->content_type);
    auth(step_.auth, true);
    if (section_.headers) read_headers(*section_.headers, false);
    if (body_ && !body_->own_type && !says("content-type")) add("content-type", body_->content_type);
    if (!step_.auth && section_.auth) auth(&*section_.auth, false);
  }

  [[nodiscard]] bool says(std::string_view name) const {
    const auto same = [&](const std::string& each) { return http::same_text(each, name); };
    return std::ranges::any_of(result_.request.headers, same, &http::Header::name) ||
           std::ranges::any_of(result_.varies.headers, same);
  }

  void add(std::string name, std::string value) {
    result_.request.headers.push_back({std::move(name), std::move(value)});
  }
  void add(std::string name, HeaderText value) {
    result_.varies.headers.push_back(std::move(name));
    result_.headers.push_back(std::move(value));
  }
  void add(std::string name, Template value) {
    if (value.constant())
      add(std::move(name), value.text());
    else
      add(std::move(name), HeaderText{.kind = HeaderText::Kind::text, .text = std::move(value), .password = {}});
  }

  void read_headers(const Node& map, bool own) {
    if (map.kind != Node::Kind::map)
      return compiler_.wrong_kind(map, "headers", "a map", "write for example { accept: application/json }");
    std::vector<std::string_view> seen;
    for (const document::Entry& entry : map.entries) {
      const auto same = [&](std::string_view each) { return http::same_text(each, entry.key); };
      if (std::ranges::any_of(seen, same)) {
        compiler_.error(entry.place, "the header '" + entry.key + "' is said twice", "remove one");
        continue;
      }
      seen.push_back(entry.key);
      if (!good_name(entry) || (!own && says(entry.key))) continue;
      Template value =
          entry.value.kind == Node::Kind::null ? Template() : compiler_.text(entry.value, Encoding::header);
      if (value.constant() && !good_value(entry, value.text())) continue;
      add(entry.key, std::move(value));
    }
  }

  bool good_name(const document::Entry& entry) {
    if (!http::is_token(entry.key)) {
      compiler_.error(entry.place, "'" + entry.key + "' is no header name", "write letters, digits and -");
      return false;
    }
    if (http::same_text(entry.key, "content-length") || http::same_text(entry.key, "transfer-encoding")) {
      compiler_.error(entry.place, "the header " + entry.key + " follows from the body", "leave it out");
      return false;
    }
    return true;
  }

  bool good_value(const document::Entry& entry, std::string_view value) {
    if (http::find_control(value.data(), value.data() + value.size()) == value.data() + value.size()) return true;
    compiler_.error(entry.value.place, "the value of header " + entry.key + " holds a control character",
                    "take it out");
    return false;
  }

  void auth(const Node* node, bool own) {
    if (!node) return;
    const Node* const bearer = node->find("bearer");
    const Node* const basic = node->find("basic");
    if ((bearer != nullptr) == (basic != nullptr) || node->entries.size() != 1) {
      return compiler_.error(node->place, "auth is basic or bearer",
                             "write { bearer: \"{{token}}\" } or { basic: { user: ann, password: … } }");
    }
    if (says("authorization")) {
      if (own) compiler_.error(node->place, "the header authorization and auth say the same", "remove one of them");
      return;
    }
    if (bearer)
      bearer_auth(*bearer);
    else
      basic_auth(*basic);
  }

  void bearer_auth(const Node& token) {
    const Template plain = compiler_.text(token, Encoding::header);
    auto whole = Template::compile("Bearer " + token.text, compiler_.vocabulary(), Encoding::header);
    if (whole && token.kind == Node::Kind::scalar) add("authorization", std::move(*whole));
  }

  void basic_auth(const Node& basic) {
    const Node* const user = basic.find("user");
    const Node* const password = basic.find("password");
    if (!user || !password || basic.entries.size() != 2) {
      return compiler_.error(basic.place, "basic takes a user and a password",
                             "write { user: ann, password: \"{{secret.PASSWORD}}\" }");
    }
    HeaderText text{.kind = HeaderText::Kind::basic,
                    .text = compiler_.text(*user, Encoding::header),
                    .password = compiler_.text(*password, Encoding::header)};
    if (text.text.constant() && text.password.constant())
      add("authorization", "Basic " + http::base64(text.text.text() + ":" + text.password.text()));
    else
      add("authorization", std::move(text));
  }

  // The body.

  void body() {
    if (step_.json) body_ = json_body(*step_.json, compiler_);
    if (step_.form) body_ = form_body(*step_.form, compiler_);
    if (step_.multipart) body_ = multipart_body(*step_.multipart, files_, compiler_);
    if (step_.file) body_ = file_body(*step_.file, files_, compiler_);
    if (step_.body) body_ = raw_body(*step_.body, compiler_);
    if (!body_) return;
    if (body_->text.is_constant()) {
      result_.request.body = http::Body(body_->text.text());
    } else {
      result_.varies.body = true;
      result_.body = std::move(body_->text);
    }
  }

  void limits() {
    result_.request.timeout = step_.timeout;
    result_.request.redirects = step_.redirects;
    if (secret_ || result_.url.secret()) result_.request.shown = shown_;
  }

  const StepText& step_;
  const Section& section_;
  const Files& files_;
  Compiler& compiler_;
  RequestText result_;
  std::optional<Body> body_;
  std::string origin_;
  std::string shown_;
  bool secret_ = false;
};

}  // namespace

Status HeaderText::render(plan::Moment& moment, std::string& out) const {
  if (kind == Kind::text) return text.render(moment, out);
  std::string& pair = moment.scratch();
  if (auto status = text.render(moment, pair); !status) return status;
  pair += ':';
  if (auto status = password.render(moment, pair); !status) return status;
  out += "Basic ";
  http::append_base64(pair, out);
  return {};
}

std::optional<RequestText> compile_request(const StepText& step, const Section& section, const Files& files,
                                           Compiler& compiler) {
  return RequestCompiler(step, section, files, compiler).compile();
}

}  // namespace vajrapulse::http_plan
