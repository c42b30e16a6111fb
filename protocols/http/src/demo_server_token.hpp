#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vajrapulse::http::detail {

/// Proofs that this server gave something out, without keeping any of it: a checksum under the server's seed.
///
/// It keeps a load test honest, not an attacker out: the checksum is no cryptography, and a token never runs out.
class Tokens {
 public:
  explicit Tokens(std::uint64_t seed) noexcept : seed_(seed) {}

  /// Differs for each `serial`, so that each login has a token of its own. Letters a header and a cookie can hold.
  [[nodiscard]] std::string of_user(std::string_view user, std::uint64_t serial) const;
  /// Whom a token was given to; nothing for what `of_user` did not make.
  [[nodiscard]] std::optional<std::string> user_of(std::string_view token) const;

  /// The hidden field of the form that `visitor` was shown.
  [[nodiscard]] std::string of_form(std::string_view visitor) const;

 private:
  enum class Kind : unsigned char { user, form };
  [[nodiscard]] std::uint64_t checksum(Kind kind, std::string_view text) const noexcept;

  std::uint64_t seed_;
};

}  // namespace vajrapulse::http::detail
