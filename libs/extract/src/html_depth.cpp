#include "html_depth.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kDeepest = 512;

constexpr std::string_view kVoid[] = {"area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                      "input", "link", "meta", "param", "source", "track", "wbr"};
/// What follows them is no markup until they end.
constexpr std::string_view kRaw[] = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"};
/// No end tag within reaches beyond them (HTML, "has an element in scope").
constexpr std::string_view kScope[] = {"applet", "button",   "caption", "html", "marquee",
                                       "object", "template", "table",   "td",   "th"};
/// What items belong to: neither the next item nor a cell's end reaches beyond.
constexpr std::string_view kLists[] = {"table", "ul", "ol", "dl", "select", "button"};
constexpr std::string_view kTable[] = {"table", "tbody", "thead", "tfoot", "tr", "td", "th"};
/// Another one of a group ends the last, with all that stands in it.
constexpr std::string_view kGroups[][3] = {
    {"li", "", ""},   {"dd", "dt", ""}, {"option", "optgroup", ""}, {"p", "", ""},
    {"td", "th", ""}, {"tr", "", ""},   {"tbody", "thead", "tfoot"}};

template <std::size_t N>
bool is_one_of(const std::string_view (&words)[N], std::string_view word) {
  return std::ranges::find(words, word) != std::end(words);
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The elements that are open, as far as tags tell.
class Depth {
 public:
  explicit Depth(std::string_view html) : html_(html) {}

  bool is_shallow() {
    while ((at_ = html_.find('<', at_)) != html_.npos) {
      ++at_;
      const char c = at_ < html_.size() ? html_[at_] : '\0';
      if (c == '!')
        comment();
      else if (c == '/' && at_ + 1 < html_.size() && is_letter(html_[at_ + 1]))
        end_tag();
      else if (is_letter(c))
        start_tag();
      if (open_.size() > kDeepest) return false;
    }
    return true;
  }

 private:
  void comment() {
    if (!html_.substr(at_).starts_with("!--")) return;
    const std::size_t end = std::min(html_.find("-->", at_ + 1), html_.find("--!>", at_ + 1));
    at_ = end == html_.npos ? html_.size() : end;
  }

  std::string name() {
    std::string name;
    while (at_ < html_.size() && std::string_view(" \t\r\n\f/>").find(html_[at_]) == std::string_view::npos)
      name += is_letter(html_[at_]) ? char(html_[at_++] | 0x20) : html_[at_++];
    return name;
  }

  /// Moves behind the tag's >, past quoted values; whether it was closed by />.
  bool rest_of_tag() {
    bool slash = false;
    for (char quote = 0; at_ < html_.size(); ++at_) {
      const char c = html_[at_];
      if (quote != 0) {
        if (c == quote) quote = 0;
        continue;
      }
      if (c == '>') return slash;
      const bool value = at_ > 0 && html_[at_ - 1] == '=';
      if ((c == '"' || c == '\'') && value) quote = c;
      slash = c == '/';
    }
    return slash;
  }

  /// An open element; compared by its hash, as a page may have a million end tags.
  struct Open {
    std::size_t name;
    bool scope, list, drawing;
  };

  static std::size_t hash(std::string_view name) noexcept { return std::hash<std::string_view>()(name); }

  /// Ends the innermost of `name`, unless one that `stops` stands between.
  void pop(std::string_view name, bool Open::* stops) {
    const std::size_t wanted = hash(name);
    for (std::size_t i = open_.size(); i-- > 0;) {
      if (open_[i].name == wanted) return open_.resize(i);
      if (open_[i].*stops) return;
    }
  }

  void end_tag() {
    ++at_;
    const std::string closed = name();
    rest_of_tag();
    pop(closed, is_one_of(kTable, closed) ? &Open::list : &Open::scope);
  }

  void start_tag() {
    const std::string opened = name();
    const bool closed = rest_of_tag();
    if (is_one_of(kVoid, opened)) return;
    if (is_one_of(kRaw, opened) && !in_drawing()) return raw(opened);
    for (const auto& group : kGroups)
      if (is_one_of(group, opened))
        for (const std::string_view member : group)
          if (!member.empty()) pop(member, &Open::list);
    if (closed && in_drawing()) return;
    open_.push_back({.name = hash(opened),
                     .scope = is_one_of(kScope, opened),
                     .list = is_one_of(kLists, opened),
                     .drawing = opened == "svg" || opened == "math"});
  }

  /// Only there `<g/>` is an element without content.
  [[nodiscard]] bool in_drawing() const { return std::ranges::any_of(open_, &Open::drawing); }

  void raw(std::string_view name) {
    for (std::size_t end = html_.find("</", at_); end != html_.npos; end = html_.find("</", end + 2)) {
      const std::string_view found = html_.substr(end + 2, name.size());
      const bool same = std::ranges::equal(found, name, [](char a, char b) { return (a | 0x20) == b; });
      if (same) {
        at_ = end;
        return;
      }
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
};

}  // namespace

bool is_shallow(std::string_view html) { return Depth(html).is_shallow(); }

}  // namespace vajrapulse::extract
