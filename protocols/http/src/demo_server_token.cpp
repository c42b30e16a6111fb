#include "demo_server_token.hpp"

#include <fmt/format.h>

#include <charconv>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::http::detail {
namespace {

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (; !digits.empty(); digits.remove_prefix(2)) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
    if (error != std::errc() || end != digits.data() + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace

// FNV-1a (Fowler, Noll and Vo), begun at the seed; the generator behind it spreads what the last letters changed.
std::uint64_t Tokens::checksum(Kind kind, std::string_view text) const noexcept {
  constexpr std::uint64_t kBasis = 0xcbf29ce484222325U;
  constexpr std::uint64_t kPrime = 0x100000001b3U;
  std::uint64_t sum = (kBasis ^ seed_ ^ static_cast<unsigned char>(kind)) * kPrime;
  for (const char c : text)
    sum = (sum ^ static_cast<unsigned char>(c)) * kPrime;
  return Random(sum).next();
}

std::string Tokens::of_user(std::string_view user, std::uint64_t serial) const {
  std::string token;
  for (const char c : user)
    token += fmt::format("{:02x}", static_cast<unsigned char>(c));
  token += fmt::format(".{}", serial);
  return token + fmt::format(".{:016x}", checksum(Kind::user, token));
}

std::optional<std::string> Tokens::user_of(std::string_view token) const {
  const std::size_t dot = token.rfind('.');
  if (dot == token.npos) return std::nullopt;
  const std::string_view said = token.substr(0, dot);
  if (token.substr(dot + 1) != fmt::format("{:016x}", checksum(Kind::user, said))) return std::nullopt;
  return from_hex(said.substr(0, said.find('.')));
}

std::string Tokens::of_form(std::string_view visitor) const {
  return fmt::format("{:016x}", checksum(Kind::form, visitor));
}

}  // namespace vajrapulse::http::detail
