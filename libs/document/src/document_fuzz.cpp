#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "same_node.hpp"
#include "vajrapulse/document/config.hpp"
#include "vajrapulse/document/read.hpp"

namespace {

using namespace vajrapulse::document;

/// Every place is in the text.
void check_places(const Node& node, const Source& source) {
  if (node.place.source.get() != &source || node.place.line == 0 || node.place.column == 0) std::abort();
  if (node.place.column > source.line(node.place.line).size() + 1) std::abort();
  for (const auto& item : node.items)
    check_places(item, source);
  for (const auto& entry : node.entries)
    check_places(entry.value, source);
}

void check(const std::string& name, const std::string& text) {
  const auto source = std::make_shared<Source>(name, text);
  Diagnostics diagnostics;
  const auto node = read(source, diagnostics);
  if (node.has_value() != diagnostics.ok()) std::abort();
  (void)diagnostics.written(Format::text);
  (void)diagnostics.written(Format::json);
  if (!node) return;
  check_places(*node, *source);
  if (text.find("${") != text.npos || text.find('$') != text.npos) return;  // `show` writes for who expands these
  Diagnostics none;
  const auto again = read(std::make_shared<Source>("shown.yml", show(*node)), none);
  if (!again || !is_same(*node, *again)) std::abort();
}

}  // namespace

/// Whatever is read has its places in the text, and is the same when it is shown and read again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 1 << 16) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check("plan.yml", text);
  check("plan.json", text);
  return 0;
}
