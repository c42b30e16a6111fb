#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/document/node.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/template.hpp"

namespace vajrapulse::http_plan {

/// A text, put together of constant parts and templates; rendered for each request, unless all of it is constant.
class BodyText {
 public:
  void constant(std::string_view text);
  /// A template whose constant parts are encoded already.
  void filled(plan::Template text);
  /// A template that is one placeholder: a number, a truth or null stays one in JSON, a text is put in quotes.
  void typed(plan::Template value);
  /// From here on nothing that is rendered may hold `boundary`.
  void guard(std::string boundary) { boundary_ = std::move(boundary); }

  [[nodiscard]] bool is_constant() const noexcept;
  /// Whether a secret is in it.
  [[nodiscard]] bool secret() const noexcept { return secret_; }
  /// Of a constant one.
  [[nodiscard]] std::string text() const;
  /// Appends; an Error says which value is missing, or cannot stand there.
  Status render(plan::Moment& moment, std::string& out) const;

 private:
  enum class Kind : std::uint8_t { constant, filled, typed };
  struct Part {
    Kind kind = Kind::constant;
    std::string text;
    plan::Template filled;
  };
  std::vector<Part> parts_;
  std::string boundary_;
  bool secret_ = false;
};

/// A body with what it is.
struct Body {
  BodyText text;
  std::string content_type;
  bool own_type = true;  ///< what it is follows from the key: json, form, multipart; else a header may say otherwise
};

/// `node`'s text with its constant parts encoded as well; reports its mistakes and is then empty.
plan::Template encoded_text(const document::Node& node, plan::Encoding encoding, plan::Compiler& compiler);

// Each reports what is wrong; what is right is in the result all the same.
Body json_body(const document::Node& value, plan::Compiler& compiler);
Body form_body(const document::Node& fields, plan::Compiler& compiler);
Body multipart_body(const document::Node& fields, const Files& files, plan::Compiler& compiler);
Body file_body(const document::Node& path, const Files& files, plan::Compiler& compiler);
Body raw_body(const document::Node& text, plan::Compiler& compiler);

/// "a=1&b={{x}}", for queries and forms.
void append_pairs(const document::Node& map, std::string_view what, BodyText& out, plan::Compiler& compiler);

}  // namespace vajrapulse::http_plan
