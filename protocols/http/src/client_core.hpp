#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "client_metrics.hpp"
#include "connection_pool.hpp"
#include "prepared_request.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::http {

/// What the requests of one client share: settings, origins with their connections, series.
class ClientCore : public std::enable_shared_from_this<ClientCore> {
 public:
  ClientCore(runtime::Reactor& on, ClientSettings with) : reactor(on), settings(std::move(with)) {}

  /// Reads the trust store and certificates, once.
  Status need_tls();
  Expected<std::shared_ptr<PreparedRequest>> prepare(const Request& request);
  Expected<std::shared_ptr<PreparedRequest>> prepare(const Request& request, const Varies& varies);
  Expected<std::shared_ptr<PreparedRequest>> prepare_at(Request request, Url url, Varies varies = {});
  /// Whether what is sent is not `base` as it is.
  [[nodiscard]] static bool differs(const PreparedRequest& base, const Varying& varying) noexcept;
  /// What `varying` makes of `base`; give it back to `base.spare` when it has been sent. Refuses (kUsage) what would
  /// end a line or be no URL.
  Expected<std::unique_ptr<PreparedRequest>> render(PreparedRequest& base, const Varying& varying);
  /// The same as `prepare`, remembered by method and URL.
  Expected<std::shared_ptr<PreparedRequest>> prepare_url(std::string_view method, std::string_view url, Keep keep);

  /// Asks for the addresses of `origin`, unless someone is asking already; wakes its `resolve_queue`.
  void resolve(Origin& origin);
  void close_idle();
  /// A message that stays as long as the client; after kRememberedMax different ones, any of them.
  std::string_view remember(std::string message);

  runtime::Reactor& reactor;
  const ClientSettings settings;
  std::unique_ptr<runtime::TlsContext> tls;
  SeriesBook book;
  PoolCounts counts;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  static constexpr std::size_t kRememberedMax = 1000;

  static constexpr std::size_t kOriginsMax = 10'000;

  /// An origin that came with a request, and the lines that go with it.
  struct Known {
    Url url;
    Origin* origin = nullptr;
    std::string host;           // "host: example.org\r\n"
    std::string authorization;  // of its user and password, if any
  };

  Expected<Origin*> origin_of(const Url& url);
  Expected<const Known*> known(std::string_view origin);
  Status address(PreparedRequest& rendering, std::string_view url, const Known*& known);
  void write_head(PreparedRequest& rendering, const PreparedRequest& base, const Varying& varying, const Known* known);
  [[nodiscard]] Expected<std::optional<runtime::Address>> fixed_address(const Url& url) const;
  static runtime::Co<void> resolve_now(std::shared_ptr<ClientCore> self, Origin* origin);

  std::unordered_map<std::string, std::unique_ptr<Origin>> origins_;
  std::unordered_map<std::string, Known, TextHash, std::equal_to<>> known_;
  std::unordered_set<std::string> messages_;
  std::unordered_map<std::string, std::shared_ptr<PreparedRequest>, TextHash, std::equal_to<>> remembered_[3];
};

}  // namespace vajrapulse::http
