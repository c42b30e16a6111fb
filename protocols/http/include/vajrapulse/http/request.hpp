#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/http/fail_on.hpp"

namespace vajrapulse::http {

struct Header {
  std::string name;
  std::string value;  ///< empty for host or user-agent: the header is left out
};

/// The bytes of a request's body, shared by every request that sends them, never copied.
class Body {
 public:
  Body() = default;
  Body(std::string text) : bytes_(std::make_shared<const std::string>(std::move(text))) {}
  Body(const char* text) : Body(std::string(text)) {}

  /// Reads a file, once; fails with what the system says.
  static Expected<Body> file(const std::string& path);

  [[nodiscard]] std::string_view view() const noexcept {
    return bytes_ ? std::string_view(*bytes_) : std::string_view();
  }
  [[nodiscard]] bool present() const noexcept { return static_cast<bool>(bytes_); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

/// What of a response is still there when `send` returns. What is not kept was read, counted and forgotten.
enum class Keep : std::uint8_t { nothing, head, body };

inline constexpr std::size_t kKeepBytes = std::size_t{64} << 20;

/// A request as people write it; `Client::prepare` renders it once for many sends.
struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers;
  Body body;
  std::string name;  ///< the `name` tag of its metrics; empty: method and path, without query
  Keep keep = Keep::nothing;
  std::size_t keep_bytes = kKeepBytes;  ///< of a body that is kept; a longer one is a failure
  // What it has of its own where the client's settings do not fit; as there.
  std::optional<Duration> timeout;
  std::optional<int> redirects;
  std::optional<FailOn> fail_on;
  std::string wanted;  ///< which statuses do not fail, for messages: "201"; may be empty
  std::string shown;   ///< what messages call it, where its URL holds a secret; empty: method and URL
};

/// Which parts of a request come with each sending (`Varying`) and not with the request.
struct Varies {
  enum class Url : std::uint8_t {
    nothing,  ///< the request's URL is always the same
    target,   ///< of the request's URL, only scheme, host and port are
    all,      ///< scheme, host and port vary, too; the request's own URL is empty
  };
  Url url = Url::nothing;
  std::vector<std::string> headers;  ///< their names, in the order in which the values come
  bool body = false;
};

}  // namespace vajrapulse::http
