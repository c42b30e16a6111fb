#pragma once

#include <string>
#include <unordered_map>

#include "tls_openssl.hpp"

namespace vajrapulse::runtime::tls {

/// The newest session of each host and port, for the next connection to resume. One shard's.
class Sessions {
 public:
  void keep(const std::string& host, Session session) { newest_[host] = std::move(session); }
  /// Null when there is none that can be resumed.
  [[nodiscard]] SSL_SESSION* newest(const std::string& host) const {
    const auto found = newest_.find(host);
    if (found == newest_.end() || !SSL_SESSION_is_resumable(found->second.get())) return nullptr;
    return found->second.get();
  }

 private:
  std::unordered_map<std::string, Session> newest_;
};

}  // namespace vajrapulse::runtime::tls
