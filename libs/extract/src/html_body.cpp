#include "html_body.hpp"

#include <csetjmp>

#include "html_depth.hpp"

namespace vajrapulse::extract {
namespace {

constexpr std::size_t kMostMemory = 64 << 20;
constexpr std::size_t kMostNodes = 60'000;

/// What the parser's allocator needs; C code cannot be told that memory is short, so it is left by a jump. Nothing
/// between the two ends has a destructor.
struct Parsing {
  Arena* arena;
  std::size_t nodes;
  std::jmp_buf out;
};

void* allocate(void* self, std::size_t bytes) {
  auto& parsing = *static_cast<Parsing*>(self);
  if (bytes == sizeof(GumboNode) && ++parsing.nodes > kMostNodes) std::longjmp(parsing.out, 1);
  void* taken = parsing.arena->take(bytes);
  if (taken == nullptr) std::longjmp(parsing.out, 1);
  return taken;
}

void release(void*, void*) {}

/// Null when it would become too large.
const GumboNode* parse(Arena& arena, const char* body, std::size_t size) {
  Parsing parsing{.arena = &arena, .nodes = 0, .out = {}};
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = release;
  options.userdata = &parsing;
  options.max_errors = 0;
  if (setjmp(parsing.out) != 0)
    return nullptr;  // NOLINT(cert-err52-cpp): the way out of gumbo, a C library; no destructor lies between
  return gumbo_parse_with_options(&options, body, size)->document;
}

}  // namespace

HtmlBody::HtmlBody() : arena_(kMostMemory) {}

std::expected<const GumboNode*, Miss> HtmlBody::document(const Reader::Parts& parts) {
  if (root_ != nullptr) return root_;
  if (parts.body.size() > Reader::kMostHtml)
    return std::unexpected(Miss{Reason::too_much, "the body has more than 4 MiB: too large for a CSS selector"});
  if (parts.body.empty()) return std::unexpected(Miss{Reason::unreadable, "the body is no HTML: it is empty"});
  if (!is_shallow(parts.body))
    return std::unexpected(Miss{Reason::too_much, "the body's HTML is nested more than 512 deep"});
  arena_.clear();
  root_ = parse(arena_, parts.body.data(), parts.body.size());
  if (root_ == nullptr) return std::unexpected(Miss{Reason::too_much, "the body's HTML has more than 60,000 nodes"});
  return root_;
}

}  // namespace vajrapulse::extract
