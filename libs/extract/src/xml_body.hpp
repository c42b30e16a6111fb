#pragma once

#include <expected>
#include <pugixml.hpp>

#include "reader_parts.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

/// A body as XML, parsed once.
class XmlBody {
 public:
  void forget() noexcept { parsed_ = false; }
  std::expected<const pugi::xml_document*, Miss> document(const Reader::Parts& parts);

 private:
  pugi::xml_document document_;
  bool parsed_ = false;
};

}  // namespace vajrapulse::extract
