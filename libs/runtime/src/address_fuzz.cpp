#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/runtime/address.hpp"

namespace {

using vajrapulse::runtime::Address;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// An address that is accepted reads again from its text as the same one, and survives the kernel's form of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto address = Address::parse(text);
  if (!address) {
    require(!address.error().message.empty() && !address.error().cure.empty());
    return 0;
  }
  const auto again = Address::parse(address->text());
  require(again && *again == *address && again->is_loopback() == address->is_loopback());
  require(Address::from_sockaddr(address->data(), address->size()) == *address);
  Address moved = *address;
  moved.set_port(1);
  require(moved.port() == (address->text().starts_with("unix:") ? 0 : 1));
  return 0;
}
