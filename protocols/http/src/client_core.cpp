#include "client_core.hpp"

#include <utility>

#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::http {

Status ClientCore::need_tls() {
  if (tls) return {};
  auto context = runtime::TlsContext::client(settings.tls);
  if (!context) return std::unexpected(std::move(context.error()));
  tls = std::move(*context);
  return {};
}

Expected<std::shared_ptr<PreparedRequest>> ClientCore::prepare(const Request& request) { return prepare(request, {}); }

Expected<std::shared_ptr<PreparedRequest>> ClientCore::prepare(const Request& request, const Varies& varies) {
  Url url;
  if (varies.url != Varies::Url::all) {
    auto parsed = parse_url(request.url);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    url = std::move(*parsed);
  }
  Request whole = with_headers_of(settings, request, varies);
  return prepare_at(std::move(whole), std::move(url), varies);
}

Expected<std::shared_ptr<PreparedRequest>> ClientCore::prepare_at(Request request, Url url, Varies varies) {
  auto head = http::render(request, url, settings, varies);
  if (!head) return std::unexpected(std::move(head.error()));
  auto prepared = std::make_shared<PreparedRequest>();
  if (varies.url != Varies::Url::all) {
    auto origin = origin_of(url);
    if (!origin) return std::unexpected(std::move(origin.error()));
    prepared->origin = *origin;
  }
  prepared->head = std::move(head->text);
  prepared->seams = head->seams;
  for (const std::string& name : varies.headers)
    prepared->value_names.push_back(name + ": ");
  prepared->series = &book.named(name_of(request, url));
  prepared->is_head = request.method == "HEAD";
  prepared->idempotent = is_idempotent(request.method);
  prepared->timeout = request.timeout.value_or(settings.timeout);
  prepared->redirects = request.redirects.value_or(settings.redirects);
  prepared->fail_on = request.fail_on.value_or(settings.fail_on);
  prepared->request = std::move(request);
  prepared->body = prepared->request.body.view();
  prepared->url = std::move(url);
  prepared->varies = std::move(varies);
  return prepared;
}

Expected<std::shared_ptr<PreparedRequest>> ClientCore::prepare_url(std::string_view method, std::string_view url,
                                                                   Keep keep) {
  auto& remembered = remembered_[static_cast<std::size_t>(keep)];
  if (const auto found = remembered.find(url); found != remembered.end()) return found->second;
  Request request{.method = std::string(method), .url = std::string(url), .keep = keep};
  auto prepared = prepare(request);
  if (prepared && remembered.size() < kRememberedMax) remembered.emplace(url, *prepared);
  return prepared;
}

Expected<Origin*> ClientCore::origin_of(const Url& url) {
  if (url.scheme == Url::Scheme::https) {
    if (auto status = need_tls(); !status) return std::unexpected(std::move(status.error()));
  }
  std::string name = url.origin();
  if (const auto found = origins_.find(name); found != origins_.end()) return found->second.get();
  if (origins_.size() >= kOriginsMax)
    return fail(kUsage, "requests go to more than 10,000 different hosts", "let the host come from a smaller list");
  auto origin = std::make_unique<Origin>(url, settings.connections, counts);
  auto fixed = fixed_address(url);
  if (fixed)
    origin->fixed = *fixed;
  else
    origin->addresses = std::unexpected(std::move(fixed.error()));
  return origins_.emplace(std::move(name), std::move(origin)).first->second.get();
}

Expected<std::optional<runtime::Address>> ClientCore::fixed_address(const Url& url) const {
  if (!settings.unix_socket.empty()) {
    auto address = runtime::Address::unix_socket(settings.unix_socket);
    if (!address) return std::unexpected(std::move(address.error()));
    return std::optional(*address);
  }
  for (const Pin& pin : settings.resolve) {
    if (pin.port != url.port || !same_text(pin.host, url.host)) continue;
    runtime::Address address = pin.address;
    address.set_port(url.port);
    return std::optional(address);
  }
  auto numeric = runtime::Address::ip(url.host, url.port);
  return numeric ? std::optional(*numeric) : std::nullopt;
}

void ClientCore::resolve(Origin& origin) {
  if (origin.resolving) return;
  origin.resolving = true;
  auto self = shared_from_this();
  auto work = resolve_now(std::move(self), &origin);
  runtime::spawn(std::move(work));
}

runtime::Co<void> ClientCore::resolve_now(std::shared_ptr<ClientCore> self, Origin* origin) {
  auto asked = self->reactor.resolver().resolve(origin->url().host, origin->url().port);
  origin->addresses = co_await asked;
  origin->resolving = false;
  while (Waiter* const waiter = origin->resolve_queue.pop())
    self->reactor.defer(*waiter);
}

std::string_view ClientCore::remember(std::string message) {
  if (messages_.size() >= kRememberedMax && !messages_.contains(message)) return *messages_.begin();
  return *messages_.insert(std::move(message)).first;
}

void ClientCore::close_idle() {
  for (auto& [name, origin] : origins_)
    origin->close_idle();
}

}  // namespace vajrapulse::http
