#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "arena.hpp"
#include "vajrapulse/extract/reader.hpp"

namespace vajrapulse::extract {

class JsonBody;
class XmlBody;
class HtmlBody;

/// Each made when a Finder first asks for its kind.
struct Reader::Parts {
  Parts();
  ~Parts();

  JsonBody& json();
  XmlBody& xml();
  HtmlBody& html();

  std::string_view body;
  std::size_t readable = 0;
  Arena texts;  ///< what Values point to, when the body does not have it as it is

 private:
  friend class Reader;
  void forget() noexcept;

  std::unique_ptr<JsonBody> json_;
  std::unique_ptr<XmlBody> xml_;
  std::unique_ptr<HtmlBody> html_;
};

}  // namespace vajrapulse::extract
