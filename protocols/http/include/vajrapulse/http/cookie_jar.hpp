#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/http/url.hpp"

namespace vajrapulse::http {

/// What one Set-Cookie header says (RFC 6265 section 5.2); the views point into it.
struct SetCookie {
  std::string_view name;
  std::string_view value;
  std::optional<WallTime> expires;              ///< a date that could not be read is none
  std::optional<std::chrono::seconds> max_age;  ///< zero or less: at once; stronger than `expires`
  std::string_view domain;                      ///< as written, without a leading dot; empty: the host's own
  std::string_view path;                        ///< empty: the default path
  bool secure = false;
  bool http_only = false;
};

/// Reads the value of a Set-Cookie header; nothing where the RFC says to ignore it, or it is larger than 4,096 bytes.
std::optional<SetCookie> parse_set_cookie(std::string_view value);

/// A date as servers write it (RFC 6265 section 5.1.1): "Wed, 09 Jun 2021 10:18:14 GMT" and many others.
std::optional<WallTime> parse_cookie_date(std::string_view text);

/// The cookies that one user has, by the rules of RFC 6265 section 5.3 and 5.4, with these bounds: 180 cookies, of
/// 4,096 bytes at most; the oldest makes room.
///
/// Public suffixes are not known: a server at shop.co.uk may set a cookie for all of co.uk. A domain without a dot
/// (com) is refused unless it is the host itself. Nothing is allocated once the jar has had as many cookies before.
class CookieJar {
 public:
  static constexpr std::size_t kMost = 180;
  static constexpr std::size_t kBytesMost = 4096;

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  /// Empties it; keeps the memory.
  void clear() noexcept { count_ = 0; }

  /// Takes the cookies out of a response's head.
  void receive(const Url& from, std::string_view head, WallTime now);
  void set(const Url& from, const SetCookie& cookie, WallTime now);

  /// Appends what a request to `to` carries: "a=1; b=2", longer paths first, then older ones. False: nothing.
  bool write(const Url& to, WallTime now, std::string& out) const;
  /// The value of the first cookie called `name`, whatever its domain and path.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept;

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string domain;
    std::string path;
    WallTime expires;
    std::uint64_t made = 0;  // which came first
    bool host_only = true;
    bool secure = false;
  };

  [[nodiscard]] static bool goes_to(const Cookie& cookie, const Url& to, WallTime now) noexcept;
  Cookie* find(const Cookie& like) noexcept;
  void remove(std::size_t at) noexcept;
  void make_room(WallTime now) noexcept;
  void put(Cookie& cookie, WallTime now);

  std::vector<Cookie> cookies_;  // in the order in which they are sent; memory behind the first `count_`
  std::size_t count_ = 0;
  std::uint64_t made_ = 0;
  Cookie coming_;
};

}  // namespace vajrapulse::http
