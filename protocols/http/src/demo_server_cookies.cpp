#include "demo_server_site.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vajrapulse::http::detail {
namespace {

// What RFC 6265, section 4.1.1 lets a cookie's name and value hold.
bool is_cookie_name(std::string_view text) {
  static constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} ";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7f && kSeparators.find(c) == kSeparators.npos;
  });
}

bool is_cookie_value(std::string_view text) {
  static constexpr std::string_view kNot = "\",;\\";
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && kNot.find(c) == kNot.npos; });
}

std::string_view blanks_off(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// Gives `take(name, value)` each cookie of the header, until it says stop by `false`.
template <class Take>
void each_cookie(std::string_view header, Take take) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = blanks_off(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && !take(pair.substr(0, equals), pair.substr(equals + 1))) return;
  }
}

}  // namespace

std::optional<std::string_view> cookie_of(std::string_view header, std::string_view name) {
  std::optional<std::string_view> found;
  each_cookie(header, [&](std::string_view its_name, std::string_view value) {
    if (its_name == name) found = value;
    return !found;
  });
  return found;
}

SiteAnswer DemoSite::show_cookies(const SiteRequest& request) {
  std::string list;
  each_cookie(request.cookie, [&list](std::string_view name, std::string_view value) {
    list.append(list.empty() ? "" : ",").append(json_string(name)).append(":").append(json_string(value));
    return true;
  });
  return answer_json(fmt::format("{{\"cookies\":{{{}}}}}\n", list));
}

SiteAnswer DemoSite::set_cookies(const SiteRequest& request) {
  constexpr std::size_t kMost = 20;
  const auto query = read_form(request.query);
  const auto fits = [](const NamedValues::Entry& each) {
    return is_cookie_name(each.name) && is_cookie_value(each.value);
  };
  if (!query || query->entries().empty() || query->entries().size() > kMost ||
      !std::ranges::all_of(query->entries(), fits))
    return refusal(400, "give 1 to 20 cookies, for example ?name=value, without blanks, quotes, commas or semicolons");
  std::string list;
  SiteAnswer answer;
  for (const auto& [name, value] : query->entries()) {
    list.append(list.empty() ? "" : ",").append(json_string(name)).append(":").append(json_string(value));
    answer.headers.emplace_back("set-cookie", fmt::format("{}={}; Path=/", name, value));
  }
  answer.body = fmt::format("{{\"set\":{{{}}}}}\n", list);
  return answer;
}

}  // namespace vajrapulse::http::detail
