#include "resolver_hosts.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace vajrapulse::runtime {
namespace {

/// Whether the kernel has a route and a source address for `to`. Connecting a datagram socket sends nothing.
bool is_reachable(const Address& to) {
  const int fd = ::socket(to.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool reachable = ::connect(fd, to.data(), to.size()) == 0;
  ::close(fd);
  return reachable;
}

bool names(std::istringstream& rest, std::string_view lower_host) {
  std::string name;
  while (rest >> name) {
    if (lower_case(name) == lower_host) return true;
  }
  return false;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  }
  return lower;
}

std::vector<Address> read_hosts_file(const std::string& path, std::string_view host) {
  std::vector<Address> found;
  std::ifstream file(path);
  const std::string wanted = lower_case(host);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string text;
    if (!(words >> text) || !names(words, wanted)) continue;
    if (auto address = Address::ip(text, 0)) found.push_back(*address);
  }
  return found;
}

bool is_localhost(std::string_view host) {
  std::string lower = lower_case(host);
  if (lower.ends_with('.')) lower.pop_back();
  return lower == "localhost" || lower.ends_with(".localhost");
}

std::vector<Address> loopback_addresses() {
  std::vector<Address> addresses;
  if (auto v6 = Address::ip("::1", 9); v6 && is_reachable(*v6)) addresses.push_back(*v6);
  if (auto v4 = Address::ip("127.0.0.1", 9)) addresses.push_back(*v4);
  return addresses;
}

}  // namespace vajrapulse::runtime
