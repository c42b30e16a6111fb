#pragma once

#include <filesystem>
#include <string>

namespace vajrapulse::integration {

/// A self-signed certificate and its key, as PEM files in `folder`.
struct Certificate {
  std::string certificate_file;
  std::string key_file;
  std::string ends;  ///< as OpenSSL prints times: "Jan  2 03:04:05 2026 GMT"
};

enum class Validity { now, expired };

/// For `name` ("localhost", "127.0.0.1"), by OpenSSL alone.
Certificate make_certificate(const std::filesystem::path& folder, const std::string& name, Validity validity);

}  // namespace vajrapulse::integration
