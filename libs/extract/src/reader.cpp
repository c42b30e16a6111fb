#include "vajrapulse/extract/reader.hpp"

#include "html_body.hpp"
#include "json_body.hpp"
#include "reader_parts.hpp"
#include "xml_body.hpp"

namespace vajrapulse::extract {

/// Texts are parts of a body, decoded; a path may find the same one more than once.
constexpr std::size_t kMostTexts = 256 << 20;

Reader::Parts::Parts() : texts(kMostTexts) {}
Reader::Parts::~Parts() = default;

JsonBody& Reader::Parts::json() {
  if (!json_) json_ = std::make_unique<JsonBody>();
  return *json_;
}

XmlBody& Reader::Parts::xml() {
  if (!xml_) xml_ = std::make_unique<XmlBody>();
  return *xml_;
}

HtmlBody& Reader::Parts::html() {
  if (!html_) html_ = std::make_unique<HtmlBody>();
  return *html_;
}

void Reader::Parts::forget() noexcept {
  texts.clear();
  if (json_) json_->forget();
  if (xml_) xml_->forget();
  if (html_) html_->forget();
}

Reader::Reader() : parts_(std::make_unique<Parts>()) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::read(std::string_view body, std::size_t readable) {
  parts_->forget();
  parts_->body = body;
  parts_->readable = readable;
}

std::string_view Reader::body() const noexcept { return parts_->body; }

}  // namespace vajrapulse::extract
